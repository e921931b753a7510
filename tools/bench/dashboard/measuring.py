"""All figures of the dashboard, and the pages that tell them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tools.bench.dashboard.gallery import take_pictures
from tools.bench.dashboard.load import Size, load_figures
from tools.bench.dashboard.scale import scale_figures
from tools.bench.dashboard.speed import speed_figures
from tools.bench.dashboard.thousand_schools import thousand_schools
from tools.bench.figures import DASHBOARD_KINDS, Figure, Figures
from tools.bench.lessons import ROOT
from tools.bench.live_page import chromium
from tools.bench.page import write_page
from tools.bench.table import Table
from tools.bench.targets import DASHBOARD, DASHBOARD_TARGETS, target_table

PAGE = ROOT / "docs" / "scale.md"
PICTURES = "pages"


def dashboard_figures(out: Path) -> dict[str, Figure]:
    """Load, speed and cost of an event; pictures of all pages go to ``out``."""
    click.echo("dashboard: 30 devices and 200 viewers, for a minute")
    figures = load_figures(Size())
    click.echo("dashboard: pages, and events into PostgreSQL")
    return {**figures, **speed_figures(), **scale_figures(), **pictures(out)}


def pictures(out: Path) -> dict[str, Figure]:
    """Pictures of all pages in all looks, and how many barriers axe-core finds on them."""
    if chromium() is None:
        click.echo("No pictures of the pages: Chromium is not installed.")
        return {}
    click.echo("dashboard: pictures of all pages")
    taken = take_pictures(out / PICTURES)
    for picture, rule, piece in taken.barriers:
        click.echo(f"  {picture}: {rule}: {piece}")
    click.echo(f"{taken.pictures} pictures of all pages: {out / PICTURES}")
    return {"barriers": Figure(float(len(taken.barriers)), n=taken.pictures)}


def dashboard_tables(figures: dict[str, Figure]) -> list[Table]:
    """What must be reached, what was measured, and what follows for a thousand schools."""
    all_figures: Figures = {DASHBOARD: figures}
    measured = [
        [kind.title, kind.unit.write(figures[key].value), _count(figures[key])]
        for key, kind in DASHBOARD_KINDS.items()
        if key in figures
    ]
    return [
        target_table("What the dashboard must reach", DASHBOARD_TARGETS, all_figures),
        Table("What was measured", ["figure", "measured", "n"], measured),
        thousand_schools(figures),
    ]


def write_scale_page(figures: dict[str, Figure], machine: str) -> None:
    """Put the tables into ``docs/scale.md``."""
    tables = "\n\n".join(table.markdown() for table in dashboard_tables(figures))
    write_page(PAGE, f"Measured on {machine}.\n\n{tables}")


def machine_of(results: Path) -> str:
    """On what the kept figures were measured, for people."""
    machine = json.loads(results.read_text(encoding="utf-8"))["machine"]
    return f"{machine['system']}, {machine['cores']} cores, Python {machine['python']}"


def _count(figure: Figure) -> str:
    return "–" if figure.n is None else f"{figure.n:,.0f}"
