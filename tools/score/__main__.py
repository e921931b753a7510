"""Compare events with the truth: ``python -m tools.score TRUTH EVENTS [--json OUT]``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tools.score.files import ScoreError, read_events, read_truth, tally_folder
from tools.score.report import Report, report
from tools.score.tally import Tally, tally

_COLUMNS = (
    ("question_precision", "Q prec"),
    ("question_recall", "Q rec"),
    ("question_f1", "Q F1"),
    ("open_check_accuracy", "type"),
    ("wait_mae_s", "w MAE"),
    ("wait_abs_p95_s", "w p95"),
    ("wait_within_150ms", "150 ms"),
    ("ender_accuracy", "ender"),
    ("order_accuracy", "order"),
    ("name_recall", "n rec"),
    ("name_precision", "n prec"),
    ("false_questions_per_10min", "FQ/10m"),
    ("led_latency_median_s", "led"),
    ("false_cues_per_10min", "FC/10m"),
    ("tick_abs_error_p95_s", "tick95"),
)


def _cell(figures: Report, key: str) -> str:
    value = figures.get(key)
    return f"{'-':>8}" if value is None else f"{value:8.2f}"


def table(rows: dict[str, Report]) -> str:
    """One line a lesson, the main figures in columns."""
    head = f"{'lesson':<10}" + "".join(f"{title:>8}" for _, title in _COLUMNS)
    lines = [
        f"{scene:<10}" + "".join(_cell(figures, key) for key, _ in _COLUMNS)
        for scene, figures in rows.items()
    ]
    return "\n".join([head, *lines])


def _print_folder(truth: Path, events: Path, tol: float, latency: float) -> dict[str, Report]:
    tallies, missing = tally_folder(truth, events, tol, latency)
    rows = {scene: report(counts) for scene, counts in tallies.items()}
    rows["ALL"] = report(sum(tallies.values(), Tally()))
    click.echo(table(rows))
    click.echo(json.dumps(rows["ALL"], indent=1))
    if missing:
        click.echo(f"without events, counted as empty: {', '.join(missing)}")
    return rows


@click.command()
@click.argument("truth", type=click.Path(exists=True, path_type=Path))
@click.argument("events", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "out", type=click.Path(dir_okay=False, path_type=Path), help="Write here.")
@click.option("--tol", default=0.5, show_default=True, help="Seconds between question ends.")
@click.option("--latency-tol", default=1.5, show_default=True, help="Seconds until the light.")
def main(truth: Path, events: Path, out: Path | None, tol: float, latency_tol: float) -> None:
    """Compare EVENTS (a .jsonl file or a folder) with TRUTH (a .json file or a folder)."""
    try:
        if truth.is_dir():
            rows = _print_folder(truth, events, tol, latency_tol)
        else:
            data = read_truth(truth)
            rows = {data["scene"]: report(tally(data, read_events(events), tol, latency_tol))}
            click.echo(json.dumps(rows[data["scene"]], indent=1))
    except (ScoreError, OSError) as error:
        raise click.ClickException(str(error)) from error
    if out is not None:
        out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
