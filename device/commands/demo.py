"""``denkpauze demo``: a real lesson through the whole chain, in real time."""

from __future__ import annotations

import signal
import threading
import webbrowser

import click
from rich.console import Console

from device.app import LessonRun
from device.audio.paced import Paced
from device.audio.recording import Recording
from device.clock import Clock, SystemClock
from device.commands.context import CommandContext, pass_context
from device.commands.opening import opened
from device.commands.run import run_until_stopped, show_result
from device.demo import DEMO_FOLDER, DemoStage
from device.lesson_plan import LessonPlan
from device.settings import OutputSettings, Settings
from device.texts import text

WATCH_S = 0.5


@click.command("demo")
@click.option("--once", is_flag=True, help="Leave when the lesson is over.")
@click.option(
    "--speed",
    type=click.FloatRange(0.25, 20.0),
    default=1.0,
    show_default=True,
    help="Play faster or slower than real time.",
)
@click.option("--no-browser", is_flag=True, help="Only print the address of the pages.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Of the pages; 0: any.")
@pass_context
def command(context: CommandContext, once: bool, speed: float, no_browser: bool, port: int) -> None:
    """Play a Dutch lesson through the real chain: sound, words, pause, light, journal, MQTT,
    database and web page."""
    settings = _demo_settings(context.settings)
    plan = LessonPlan.make(settings, language="nl", roster=DEMO_FOLDER / "klas.txt")
    clock = SystemClock()
    console = context.console
    with DemoStage(settings, clock, port) as stage:
        line = text(plan.language, "demo.pages", url=stage.url)
        console.print(line, markup=False, highlight=False, soft_wrap=True)
        plan = opened(console, plan)
        if not no_browser:
            # A text browser would take the terminal; a window does not matter if it fails.
            threading.Thread(target=webbrowser.open, args=(stage.url,), daemon=True).start()
        source = Paced(Recording(DEMO_FOLDER / "les_nl.flac"), clock, speed)
        run = LessonRun(stage.settings, plan, source, clock, console, real_time=speed == 1.0)
        result = run_until_stopped(run)
        show_result(console, result, settings.device.language)
        if not once:
            _keep_open(console, stage, clock, settings)


def _demo_settings(settings: Settings) -> Settings:
    """No pins and no earpiece: the demo shows its light in the terminal."""
    return settings.model_copy(update={"outputs": OutputSettings(light=False, buttons=False)})


def _keep_open(console: Console, stage: DemoStage, clock: Clock, settings: Settings) -> None:
    """The pages stay until Ctrl-C."""
    stopped = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stopped.set())
    console.print(text(settings.device.language, "demo.stays", url=stage.url), markup=False)
    while not stopped.is_set():
        clock.sleep(WATCH_S)
        stage.check()
