"""``denkpauze run``: hear a lesson now, from the microphone or from a recording in real time."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Literal

import click
from rich.console import Console

from device.app import LessonResult, LessonRun
from device.audio.frames import Source
from device.audio.paced import Paced
from device.audio.patient import PatientMicrophone, look_again
from device.audio.recording import Recording
from device.clock import Clock, SystemClock
from device.commands.context import CommandContext, pass_context
from device.commands.opening import opened
from device.commands.options import language_option, mode_option, roster_option
from device.errors import JournalError
from device.lesson_plan import LessonPlan
from device.texts import seconds, text
from device.watchdog import ServiceManager
from lesson.events import CueMode


@click.command("run")
@click.option(
    "--input",
    "recording",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A recording or film instead of the microphone, in real time.",
)
@language_option
@roster_option
@mode_option
@pass_context
def command(
    context: CommandContext,
    recording: Path | None,
    language: Literal["nl", "en"] | None,
    roster: Path | None,
    mode: CueMode | None,
) -> None:
    """Hear a lesson: question, pause and name, with the light. Ctrl-C ends it."""
    plan = LessonPlan.make(
        context.settings, language=language, mode=mode, roster=roster, words="wanted"
    )
    plan = opened(context.console, plan)
    clock = SystemClock()
    source = _source(context, recording, clock)
    run = LessonRun(
        context.settings,
        plan,
        source,
        clock,
        context.console,
        resumes=recording is None,
        manager=ServiceManager.from_environment(os.environ, os.getpid()),
    )
    result = run_until_stopped(run)
    show_result(context.console, result, plan.language)
    if not result.written:
        raise JournalError(
            "the disk refused the last events of this lesson until its end, and they are lost: "
            "make room on it, or look at the card"
        )


def _source(context: CommandContext, recording: Path | None, clock: Clock) -> Source:
    if recording is not None:
        return Paced(Recording(recording), clock)
    # PortAudio cannot look for new cards while our own earpiece plays through it
    refresh = look_again if context.settings.outputs.earpiece is None else lambda: None
    return PatientMicrophone(context.settings.microphone.card, clock, refresh=refresh)


def run_until_stopped(run: LessonRun) -> LessonResult:
    """Run; Ctrl-C and SIGTERM end the lesson, so that it is written down as ended."""
    before = {sign: signal.signal(sign, run.stop) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        return run.run()
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def show_result(console: Console, result: LessonResult, language: Literal["nl", "en"]) -> None:
    """One line with the figure that matters, and its n."""
    pause = result.summary.pauses.denkpauze_gross
    median = pause.median_s
    if median.value is None or not median.enough:
        line = text(language, "counts.too_few", n=pause.n)
    else:
        line = text(language, "counts.median", seconds=seconds(language, median.value), n=pause.n)
    console.print(line, markup=False, highlight=False)
