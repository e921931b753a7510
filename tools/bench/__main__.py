"""Accuracy, speed and memory: ``make bench``, or ``python -m tools.bench --help``."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import click

from tools.bench.demo_process import DemoProcess
from tools.bench.lessons import (
    DEMO_SOUND,
    ROOT,
    Json,
    Lesson,
    Measured,
    find_lessons,
    measure,
    take,
)
from tools.bench.live_page import chromium, live_page
from tools.bench.long_recording import write_long_recording
from tools.bench.page import PAGE, speed_table, write_page
from tools.score.__main__ import table
from tools.score.report import Report, report
from tools.score.tally import Tally

HOUR_S = 3600.0
LARGEST_MEMORY_BYTES = 300e6
SLOWEST_TIMES_REAL_TIME = 10.0
PICTURE = "live-page.png"
PAUSE_TIMEOUT_S = 120.0


@click.command()
@click.option(
    "--shared",
    type=click.Path(path_type=Path),
    default=lambda: os.environ.get("DENKPAUZE_SHARED", str(ROOT.parent / "shared")),
    help="Folder of the test lessons (docs/data.md); they are left out when it is not there.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=ROOT / "out")
@click.option("--official", is_flag=True, help="Use official speech models where installed.")
@click.option("--quick", is_flag=True, help="Without the hour and the picture of the live page.")
@click.option("--write-docs", is_flag=True, help="Put the figures into docs/accuracy.md.")
def main(shared: Path, out: Path, official: bool, quick: bool, write_docs: bool) -> None:
    """Measure on the demo lesson and the test lessons; everything goes to the folder OUT."""
    there = (shared / "scenes").is_dir()
    if write_docs and (quick or official or not there):
        raise click.UsageError("--write-docs takes the test lessons, the hour and built-in models")
    if not there:
        click.echo(f"No test lessons in {shared}: the demo lesson only.")
    measured = [
        _measure(lesson, out, official) for lesson in find_lessons(shared if there else None)
    ]
    figures: Json = {"lessons": _accuracy(measured), "machine": _machine()}
    figures["taken"] = {each.lesson.name: each.taken for each in measured}
    if not quick:
        figures["taken"]["one hour"] = _hour(out)
    click.echo("\n" + speed_table(figures["taken"]) + "\n")
    if not quick:
        _keep_picture(out)
    (out / "bench.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if write_docs:
        write_page(PAGE, measured, figures)
    sys.exit(0 if quick else _verdict(figures["taken"]["one hour"]))


def _measure(lesson: Lesson, out: Path, official: bool) -> Measured:
    click.echo(f"{lesson.name}: {lesson.condition}", nl=False)
    done = measure(lesson, out / ("demo" if lesson.demo else "events"), official)
    click.echo(f" ({done.taken['wall_s']:.0f} s, model {done.taken['model']})")
    return done


def _accuracy(measured: list[Measured]) -> dict[str, Report]:
    """Prints the scorer's table and, over the test lessons together, all of its figures."""
    rows = {each.lesson.name: report(each.tally) for each in measured}
    tests = [each.tally for each in measured if not each.lesson.demo]
    if tests:
        rows["ALL"] = report(sum(tests, Tally()))
    click.echo("\n" + table(rows))
    if tests:
        click.echo("\nALL (the test lessons, without the demo lesson):")
        click.echo(json.dumps(rows["ALL"]))
    return rows


def _hour(out: Path) -> Json:
    """A real file of an hour, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="denkpauze-bench-") as folder:
        hour = Path(folder) / "hour.flac"
        click.echo("\none hour: the demo lesson over and over", nl=False)
        write_long_recording(DEMO_SOUND, hour, HOUR_S)
        taken = take(hour, "nl", DEMO_SOUND.with_name("klas.txt"), out / "hour")
    click.echo(f" ({taken['wall_s']:.0f} s)")
    return taken


def _verdict(hour: Json) -> int:
    """Exit status: 1 when the hour took too much memory, or too much time of one core."""
    memory, speed = hour["peak_memory_bytes"], hour["audio_s"] / hour["cpu_s"]
    well = memory < LARGEST_MEMORY_BYTES and speed > SLOWEST_TIMES_REAL_TIME
    click.echo(
        f"one hour: {memory / 1e6:.0f} MB (limit {LARGEST_MEMORY_BYTES / 1e6:.0f}), "
        f"{speed:.0f} times real time on one core (limit {SLOWEST_TIMES_REAL_TIME:.0f}): "
        f"{'within the limits' if well else 'BEYOND THE LIMITS'}"
    )
    return 0 if well else 1


def _keep_picture(out: Path) -> None:
    """The live page of the demo while a pause runs."""
    if chromium() is None:
        click.echo("No picture of the live page: Chromium is not installed.")
        return
    with (
        tempfile.TemporaryDirectory(prefix="denkpauze-bench-") as folder,
        DemoProcess(Path(folder), environment=os.environ) as demo,
        live_page(demo.url) as page,
    ):
        page.running_pause(PAUSE_TIMEOUT_S)
        page.picture(out / PICTURE)
    click.echo(f"The live page while a pause runs: {out / PICTURE}")


def _machine() -> Json:
    uname = os.uname()
    return {
        "system": f"{uname.sysname} {uname.machine}",
        "cores": os.cpu_count(),
        "python": sys.version.split()[0],
    }


if __name__ == "__main__":
    main()
