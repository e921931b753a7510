"""Accuracy, speed and memory: ``make bench``, or ``python -m tools.bench --help``."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from tools.bench.cost import HOUR, cost_figures, cost_table
from tools.bench.dashboard.measuring import (
    dashboard_figures,
    dashboard_tables,
    machine_of,
    write_scale_page,
)
from tools.bench.demo_process import DemoProcess
from tools.bench.figures import Figures, Json
from tools.bench.history import RESULTS, Change, changes, read_figures, write_results
from tools.bench.lesson_tables import (
    change_table,
    confusion_tables,
    lesson_tables,
    set_tables,
    worst_table,
)
from tools.bench.lessons import DEMO_SOUND, ROOT, Lesson, Measured, find_lessons, measure, take
from tools.bench.live_page import chromium, live_page
from tools.bench.long_recording import write_long_recording
from tools.bench.name_figures import names_by_group
from tools.bench.page import PAGE, tables, write_page
from tools.bench.sets import lesson_figures, sets
from tools.bench.speech_figures import speech_figures
from tools.bench.targets import (
    COST,
    DASHBOARD,
    LESSON_TARGETS,
    RECOGNISER,
    SPEECH_TARGETS,
    TEXT,
    target_table,
)
from tools.bench.text_figures import text_figures
from tools.bench.word_delays import delay_figures

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
@click.option("--quick", is_flag=True, help="Lessons alone: no text, no hour, no picture.")
@click.option("--write-docs", is_flag=True, help="Keep the figures, and put them into the docs.")
def main(shared: Path, out: Path, official: bool, quick: bool, write_docs: bool) -> None:
    """Measure on the demo lesson and the test lessons; everything goes to the folder OUT.

    Exit status 1 when a figure is worse than last time beyond its interval, or when an hour takes
    too much memory or time.
    """
    there = (shared / "scenes").is_dir()
    if write_docs and (quick or official or not there):
        raise click.UsageError("--write-docs takes the test lessons, the hour and built-in models")
    if not there:
        click.echo(f"No test lessons in {shared}: the demo lesson only.")
    lessons = find_lessons(shared if there else None)
    measured = [_measure(lesson, out, official) for lesson in lessons]
    taken = {each.lesson.name: each.taken for each in measured}
    figures: Figures = {name: lesson_figures(members) for name, members in sets(measured).items()}
    figures |= {} if official else speech_figures()
    if there and not official:
        for group, more in names_by_group(lessons, shared).items():
            figures[group] = figures.get(group, {}) | more
    if not quick:
        taken[HOUR] = _hour(out)
        heard = [lesson.sound for lesson in lessons if lesson.demo != there]
        figures[RECOGNISER] = delay_figures(heard)
        if (shared / "data" / "text").is_dir():
            figures[TEXT] = text_figures(shared)
        _keep_picture(out)
        figures[DASHBOARD] = dashboard_figures(out)
    figures[COST] = cost_figures(measured, taken.get(HOUR))
    # Other lessons or another model would differ from last time for no fault of the code.
    before = read_figures(RESULTS) if there and not official else {}
    steps_back = _tell(measured, figures, taken, changes(before, figures))
    about: Json = {"models": sorted({each.taken["model"] for each in measured})}
    about["machine"] = _machine()
    write_results(out / "bench.json", figures, {**about, "taken": taken})
    if write_docs:
        write_results(RESULTS, figures, about)
        write_page(PAGE, tables(measured, figures, about, taken))
        write_scale_page(figures[DASHBOARD], machine_of(RESULTS))
    well = quick or _within_limits(taken[HOUR])
    sys.exit(0 if well and not steps_back else 1)


def _tell(
    measured: Sequence[Measured], figures: Figures, taken: Json, changed: Sequence[Change]
) -> int:
    """Prints all tables; how many figures stepped back since last time."""
    shown = [
        *lesson_tables(measured),
        *set_tables(measured, figures),
        *confusion_tables(measured),
        worst_table(measured),
        target_table("What hearing lessons must reach", LESSON_TARGETS, figures),
        target_table("What the speech models must reach", SPEECH_TARGETS, figures),
        cost_table(taken),
        *(dashboard_tables(figures[DASHBOARD]) if DASHBOARD in figures else ()),
        change_table(changed),
    ]
    click.echo("\n" + "\n\n".join(table.plain() for table in shown) + "\n")
    steps_back = sum(change.step_back for change in changed)
    if steps_back:
        click.echo(f"{steps_back} figures stepped back since the last committed ones.")
    return steps_back


def _measure(lesson: Lesson, out: Path, official: bool) -> Measured:
    click.echo(f"{lesson.name}: {lesson.condition}", nl=False)
    done = measure(lesson, out / ("demo" if lesson.demo else "events"), official)
    click.echo(f" ({done.taken['wall_s']:.0f} s, model {done.taken['model']})")
    return done


def _hour(out: Path) -> Json:
    """A real file of an hour, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="denkpauze-bench-") as folder:
        hour = Path(folder) / "hour.flac"
        click.echo("\none hour: the demo lesson over and over", nl=False)
        write_long_recording(DEMO_SOUND, hour, HOUR_S)
        taken = take(hour, "nl", DEMO_SOUND.with_name("klas.txt"), out / "hour")
    click.echo(f" ({taken['wall_s']:.0f} s)")
    return taken


def _within_limits(hour: Json) -> bool:
    """Whether the hour took too much memory, or too much time of one core; told in one line."""
    memory, speed = hour["peak_memory_bytes"], hour["audio_s"] / hour["cpu_s"]
    well = bool(memory < LARGEST_MEMORY_BYTES and speed > SLOWEST_TIMES_REAL_TIME)
    click.echo(
        f"one hour: {memory / 1e6:.0f} MB (limit {LARGEST_MEMORY_BYTES / 1e6:.0f}), "
        f"{speed:.0f} times real time on one core (limit {SLOWEST_TIMES_REAL_TIME:.0f}): "
        f"{'within the limits' if well else 'BEYOND THE LIMITS'}"
    )
    return well


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
