"""``denkpauze serve``: stand by, and hear a lesson whenever the button is pressed."""

from __future__ import annotations

import os
import signal

import click

from device.audio.frames import Source
from device.audio.patient import PatientMicrophone, look_again
from device.clock import SystemClock
from device.commands.context import CommandContext, pass_context
from device.lesson_plan import LessonPlan
from device.service import Lasting, Service


@click.command("serve")
@pass_context
def command(context: CommandContext) -> None:
    """Stand by; the lesson button begins and ends lessons. This is what the service runs.

    SIGUSR1 does what the button does, SIGTERM ends the service.
    """
    settings = context.settings
    clock = SystemClock()
    # PortAudio cannot look for new cards while our own earpiece plays through it
    refresh = look_again if settings.outputs.earpiece is None else lambda: None

    def make_source() -> Source:
        refresh()
        return PatientMicrophone(settings.microphone.card, clock, refresh=refresh)

    service = Service(
        settings,
        lambda: LessonPlan.make(settings, words="wanted"),
        make_source,
        clock,
        context.console,
        Lasting.from_environment(os.environ, os.getpid()),
    )
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, service.stop)
    signal.signal(signal.SIGUSR1, service.press)
    service.run()
