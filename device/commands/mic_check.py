"""``denkpauze mic-check``: twelve seconds before the lesson, with the light as the guide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import click
import numpy as np
from rich.console import Console

from device.audio.frames import SAMPLE_RATE, Block, Gap, Samples, Source
from device.audio.microphone import Microphone
from device.clock import Clock, SystemClock
from device.commands.context import CommandContext, pass_context
from device.errors import OutputError, SourceError
from device.feedback.light import AMBER, DARK, GREEN, RED, Colour, CueLight, ListenLight
from device.mic_check import QUIET_S, SPEECH_S, MicCheck, check, verdict
from device.parts import pins_of
from device.settings import Settings

SHOWN_S = 3.0
SAID = {
    "nl": ("Wees 4 seconden stil (lampje uit) …", "Spreek nu 8 seconden gewoon (lampje amber) …"),
    "en": ("Be silent for 4 seconds (light dark) …", "Now speak for 8 seconds (light amber) …"),
}


@click.command("mic-check")
@pass_context
def command(context: CommandContext) -> int:
    """Hear whether the microphone is fit for the lesson: 4 s of silence, 8 s of speech.

    Level, clipping, noise, and the wearer against the room. Nothing is kept. The light is dark for
    silence, amber for speech, then green or red. Exit status 1 when something is to be done.
    """
    settings, clock = context.settings, SystemClock()
    found = guided(settings, Microphone(settings.microphone.card, clock), clock, context.console)
    return 1 if found.problem else 0


def guided(settings: Settings, source: Source, clock: Clock, console: Console) -> MicCheck:
    """Say what to do, listen, and tell the outcome by text and light.

    Args:
        source: not open yet; closed afterwards.

    Raises:
        SourceError: the sound ended too soon.
    """
    language: Literal["nl", "en"] = settings.device.language
    with _lights(settings, source) as show, source:
        items = blocks(source)
        console.print(SAID[language][0], markup=False)
        show(DARK)
        quiet = take(items, QUIET_S)
        console.print(SAID[language][1], markup=False)
        show(AMBER)
        speech = take(items, SPEECH_S)
        found = check(quiet, speech)
        console.print(verdict(found, language), markup=False, highlight=False)
        show(RED if found.problem else GREEN)
        clock.sleep(SHOWN_S)
    return found


def blocks(source: Source) -> Iterator[Samples]:
    """The sound of a source; where it gives none, zeros, so that a dead one is found out."""
    for item in source.items():
        if isinstance(item, Block):
            yield item.samples
        elif isinstance(item, Gap):
            yield np.zeros(item.missing_samples, dtype=np.int16)


def take(items: Iterator[Samples], seconds: float) -> Samples:
    """So much sound.

    Raises:
        SourceError: it ended before.
    """
    wanted = round(seconds * SAMPLE_RATE)
    parts: list[Samples] = []
    have = 0
    while have < wanted:
        samples = next(items, None)
        if samples is None:
            raise SourceError("the microphone gave too little sound: is it plugged in and on?")
        parts.append(samples)
        have += len(samples)
    return np.concatenate(parts)


@contextmanager
def _lights(settings: Settings, source: Source) -> Iterator[Callable[[Colour], None]]:
    """The light for the teacher, and the listening light; none of them is needed."""
    lights: list[CueLight | ListenLight] = []
    try:
        if settings.outputs.light:
            pins = pins_of(settings)
            cue = CueLight(pins, settings.outputs.light_brightness)
            lights.append(cue)
            listening = ListenLight(pins)
            lights.append(listening)
            if isinstance(source, Microphone):
                source.show_on(listening.stream)
    except OutputError:
        pass  # the text says the same
    shown = next((one for one in lights if isinstance(one, CueLight)), None)
    try:
        yield shown.rest if shown is not None else _dark
    finally:
        for light in lights:
            light.close()


def _dark(_colour: Colour) -> None:
    return
