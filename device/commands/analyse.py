"""``denkpauze analyse``: recordings or films to events and figures."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from device.analysis import analyse
from device.audio.recording import Recording
from device.clock import SystemClock
from device.commands.context import CommandContext, pass_context
from device.commands.options import language_option, mode_option, roster_option
from device.detect.words import Recogniser
from device.errors import DenkpauzeError, ModelError, SourceError
from device.event_lines import to_jsonl
from device.lesson_plan import LessonPlan, MicrophonePlace
from lesson.events import CueMode
from lesson.lesson_file import FileEntry, LessonFile

ROOM_NOTE = (
    "Microphone in the room: who speaks cannot be told by level. Measured: questions, pauses up "
    "to the next speech of anybody, names and their order. Not measured: how long teacher and "
    "pupils speak, answer time, time after the name, wait time 2, answers of the teacher, and "
    "what ended a pause where the words do not tell. Where a room echoes, pauses come out up to "
    "0.2 s too short. All speech is recognised, pupils' too; "
    "no word of it is kept."
)


@click.command("analyse")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@language_option
@roster_option
@mode_option
@click.option(
    "--mic",
    "microphone",
    type=click.Choice(["clip", "room"]),
    default="clip",
    show_default=True,
    help="Where the microphone was: worn by the teacher, or in the room, as a camera's is. "
    "In a room nobody can be told apart, and figures that need it are left out.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("out"),
    show_default=True,
    help="Folder for NAME.jsonl, NAME.summary.json and NAME.lesson.json.",
)
@click.option(
    "--without-words", is_flag=True, help="Pauses only, by voice alone: no speech model is used."
)
@pass_context
def command(
    context: CommandContext,
    files: tuple[Path, ...],
    language: Literal["nl", "en"] | None,
    roster: Path | None,
    mode: CueMode | None,
    microphone: MicrophonePlace,
    out: Path,
    without_words: bool,
) -> int:
    """Analyse recordings or films of lessons.

    A file that cannot be read is reported in one line; the others are analysed all the same.
    """
    plan = LessonPlan.make(
        context.settings,
        language=language,
        mode=mode,
        roster=roster,
        words="none" if without_words else "needed",
        microphone=microphone,
    )
    _refuse_same_stems(files)
    _make_folder(out)
    errors = Console(stderr=True)
    model = plan.model.worth if plan.model else "none: pauses only, questions by voice alone"
    context.console.print(f"Speech model: {model}", markup=False, highlight=False, soft_wrap=True)
    if microphone == "room":
        context.console.print(ROOM_NOTE, markup=False, highlight=False)
    recogniser = _recogniser(plan)
    failed = 0
    for path in files:
        try:
            _analyse_one(context.console, path, plan, recogniser, out)
        except DenkpauzeError as error:
            failed += 1
            errors.print(f"denkpauze: {error}", style="red", markup=False, soft_wrap=True)
    return 1 if failed else 0


def _recogniser(plan: LessonPlan) -> Recogniser:
    """A recording can wait for a model that works; it is not analysed with less, unasked."""
    try:
        return plan.recogniser(threaded=False)
    except ModelError as error:
        raise ModelError(f"{error}, or analyse with --without-words") from None


def _analyse_one(
    console: Console, path: Path, plan: LessonPlan, recogniser: Recogniser, out: Path
) -> None:
    with Recording(path) as recording, _progress(console) as progress:
        task = progress.add_task(path.name, total=recording.duration_s)
        result = analyse(
            recording,
            plan,
            recogniser,
            SystemClock().now(),
            lambda position_s: progress.update(task, completed=position_s),
        )
        progress.update(task, total=result.duration_s, completed=result.duration_s)
    _write(out / f"{path.stem}.jsonl", to_jsonl(result.lines(plan)))
    _write(out / f"{path.stem}.summary.json", result.summary().model_dump_json(indent=1) + "\n")
    file = LessonFile(events=tuple(FileEntry(event=event) for event in result.events))
    _write(out / f"{path.stem}.lesson.json", file.with_figures().to_json())
    questions = sum(event.kind == "question" for event in result.events)
    console.print(
        f"{path.name}: {result.duration_s:.0f} s, {questions} questions -> {out / path.stem}.jsonl",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:.0f} s"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _refuse_same_stems(files: tuple[Path, ...]) -> None:
    seen: dict[str, Path] = {}
    for path in files:
        other = seen.setdefault(path.stem, path)
        if other is not path:
            raise SourceError(
                f"{other} and {path} would both be written to {path.stem}.jsonl: "
                "rename one, or analyse them into different folders with --out"
            )


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(f"the folder {out} cannot be made: {error.strerror}") from error


def _write(path: Path, text: str) -> None:
    """Whole or not at all: a result that was cut off would be taken for a short lesson."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        shutil.move(part, path)
    except OSError as error:
        raise SourceError(f"{path} cannot be written: {error.strerror}") from error
