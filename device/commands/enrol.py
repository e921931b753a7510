"""``denkpauze enrol``: the teacher reads the class list aloud once."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import click
from rich.console import Console

from device.audio.framer import Framer
from device.audio.frames import Frame, Source
from device.audio.microphone import Microphone
from device.audio.recording import Recording
from device.clock import Clock, SystemClock
from device.commands.context import CommandContext, pass_context
from device.commands.names import plan_with_names
from device.commands.options import language_option, roster_option
from device.detect.recogniser import InlineRecogniser
from device.feedback.build import build_box
from device.lesson_plan import LessonPlan
from device.names.check import NameCheck, phrases
from device.names.enrolled import enrolled_path, forget, model_mark, write_enrolled
from device.names.judge import judge
from device.names.reading_aloud import NameEar, Said, kept_words, matched
from device.names.show import names_line, names_table
from device.names.sounds import best_sounds
from device.names.vocabulary import read_vocabulary
from device.parts import pins_of
from device.roster import Pupil, called, plain
from device.texts import text

#: a name that nobody reads is passed over
WAIT_S = 6.0


@click.command("enrol")
@click.option(
    "--input",
    "recording",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A recording of the list, read in its order, instead of the microphone.",
)
@click.option(
    "--forget",
    "forget_name",
    metavar="NAME",
    help="Only forget what was read of this name.",
)
@click.option("--forget-all", is_flag=True, help="Only forget everything that was read.")
@language_option
@roster_option
@pass_context
def command(
    context: CommandContext,
    recording: Path | None,
    forget_name: str | None,
    forget_all: bool,
    language: Literal["nl", "en"] | None,
    roster: Path | None,
) -> int:
    """Read the class list aloud once, so that more names are heard. Takes about a minute.

    Lees de klassenlijst een keer voor. Geluid wordt niet bewaard, alleen de verstane woorden.
    """
    if forget_name is not None or forget_all:
        return _forget(context, None if forget_all else forget_name)
    plan = plan_with_names(context, language, roster)
    assert plan.model is not None
    pupils = list(plan.roster)
    recogniser = InlineRecogniser(plan.model.path, language=plan.language)
    ear = NameEar(recogniser, recogniser.spotter(phrases(plan.names)))
    sounds = best_sounds(plan.language)
    if recording is not None:
        with Recording(recording) as source:
            stretches = [said for frame in _frames(source) for said in ear.feed(frame)]
        stretches += ear.finish()
        names = sounds.of([called(pupil.names[0]).casefold() for pupil in pupils])
        found = matched(stretches, pupils, names, sounds)
    else:
        with listening(context, SystemClock()) as microphone:
            found = read_with_prompts(context.console, plan, pupils, microphone, ear)
    rules = NameCheck(plan.roster, read_vocabulary(plan.model.path), plan.language, sounds)
    return _keep(context, plan, pupils, found, rules)


@contextmanager
def listening(context: CommandContext, clock: Clock) -> Iterator[Microphone]:
    """The open microphone, with the listen light as in a lesson."""
    settings = context.settings
    microphone = Microphone(settings.microphone.card, clock)
    box = build_box(
        queue.Queue(1), clock, light=settings.outputs.light, buttons=False, pins=pins_of(settings)
    )
    try:
        if box.listen_light is not None:
            microphone.show_on(box.listen_light.stream)
        for warning in box.warnings:
            context.console.print(warning, markup=False, soft_wrap=True, style="yellow")
        with microphone:
            yield microphone
    finally:
        box.close()


def _forget(context: CommandContext, name: str | None) -> int:
    """Exit status 1 when nothing was kept: the name may be misspelt."""
    device = context.settings.device
    found = forget(device.data_folder, name)
    key = "none_kept" if not found else "all_forgotten" if name is None else "forgotten"
    line = text(device.language, f"enrol.{key}", **({"name": name} if key == "forgotten" else {}))
    context.console.print(line, markup=False, highlight=False)
    return 0 if found else 1


def _frames(source: Source) -> list[Frame]:
    framer = Framer(remove_offset=True)
    items = [frame for item in source.items() for frame in framer.feed(item)]
    items += framer.flush()
    return [frame for frame in items if isinstance(frame, Frame)]


def read_with_prompts(
    console: Console, plan: LessonPlan, pupils: Sequence[Pupil], source: Source, ear: NameEar
) -> list[Said | None]:
    """One name after the other: shown, read, and shown as it was understood."""
    console.print(text(plan.language, "enrol.start"), markup=False)
    found: list[Said | None] = []
    framer = Framer(remove_offset=True)
    _prompt(console, plan, pupils, 0)
    since_s = 0.0
    for item in source.items():
        for frame in framer.feed(item):
            if not isinstance(frame, Frame):
                continue
            said = ear.feed(frame)
            late = ear.position_s - since_s > WAIT_S and not ear.busy
            if not said and not late:
                continue
            found.append(said[-1] if said else None)
            _answer(console, plan, found[-1])
            since_s = ear.position_s
            if len(found) == len(pupils):
                return found
            _prompt(console, plan, pupils, len(found))
    return found + [None] * (len(pupils) - len(found))


def _prompt(console: Console, plan: LessonPlan, pupils: Sequence[Pupil], place: int) -> None:
    name = called(pupils[place].names[0])
    line = text(plan.language, "enrol.prompt", k=place + 1, n=len(pupils), name=name)
    console.print(line, markup=False, highlight=False, style="bold")


def _answer(console: Console, plan: LessonPlan, said: Said | None) -> None:
    if said is None or not said.words:
        line = text(plan.language, "enrol.unheard")
    else:
        line = text(plan.language, "enrol.heard", words=f"«{said.text}»")
    console.print(line, markup=False, highlight=False)


def _keep(
    context: CommandContext,
    plan: LessonPlan,
    pupils: Sequence[Pupil],
    found: Sequence[Said | None],
    rules: NameCheck,
) -> int:
    """Store what may stand for the names, and show what that makes of the list."""
    assert plan.model is not None
    assert plan.data_folder is not None
    heard: dict[str, tuple[str, ...]] = {}
    understood: dict[str, str] = {}
    for pupil, said, verdict in zip(pupils, found, plan.names, strict=True):
        if said is not None:
            understood[pupil.alias] = said.text
            heard[plain(pupil.names[0])] = kept_words(said, verdict, pupil, rules)
    path = enrolled_path(plan.data_folder, plan.model.name)
    if heard:
        write_enrolled(path, model_mark(plan.model.path), heard)
    verdicts = judge(plan.roster, plan.model, plan.language, plan.data_folder)
    key = "enrol.stored" if any(heard.values()) else "enrol.nothing"
    console = context.console
    console.print(names_table(verdicts, plan.language, understood))
    for line in (
        names_line(verdicts, plan.language),
        text(plan.language, key, **({"path": path} if key == "enrol.stored" else {})),
    ):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return 0 if all(verdict.heard for verdict in verdicts if verdict.counted) else 1
