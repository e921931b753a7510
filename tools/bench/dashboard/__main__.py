"""The dashboard's part of ``make bench`` alone: ``python -m tools.bench.dashboard``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from tools.bench.dashboard.measuring import (
    dashboard_figures,
    dashboard_tables,
    machine_of,
    pictures,
    write_scale_page,
)
from tools.bench.figures import Figures
from tools.bench.history import RESULTS, changes, read_figures, write_results
from tools.bench.lesson_tables import change_table
from tools.bench.lessons import ROOT
from tools.bench.targets import DASHBOARD


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=ROOT / "out")
@click.option("--pictures", "pictures_only", is_flag=True, help="Pictures of all pages, no more.")
@click.option("--write-docs", is_flag=True, help="Keep the figures, and put them into the docs.")
def main(out: Path, pictures_only: bool, write_docs: bool) -> None:
    """Exit status 1 when a figure is worse than last time beyond its slack.

    With ``--pictures`` when a page has a barrier that axe-core knows of.
    """
    if pictures_only:
        sys.exit(1 if any(figure.value for figure in pictures(out).values()) else 0)
    figures: Figures = {DASHBOARD: dashboard_figures(out)}
    before = read_figures(RESULTS)
    changed = changes(before, figures)
    tables = [*dashboard_tables(figures[DASHBOARD]), change_table(changed)]
    click.echo("\n" + "\n\n".join(table.plain() for table in tables) + "\n")
    if write_docs:
        about = json.loads(RESULTS.read_text(encoding="utf-8"))
        del about["figures"]
        write_results(RESULTS, {**before, **figures}, about)
        write_scale_page(figures[DASHBOARD], machine_of(RESULTS))
    sys.exit(1 if any(change.step_back for change in changed) else 0)


if __name__ == "__main__":
    main()
