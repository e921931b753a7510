"""``denkpauze hardware-test``: light, buttons, tone, vibration and microphone, one by one."""

from __future__ import annotations

import queue
from collections.abc import Callable
from contextlib import ExitStack

import click
from rich.console import Console

from device.audio.frames import Source
from device.audio.microphone import Microphone
from device.clock import Clock, SystemClock
from device.commands.context import CommandContext, pass_context
from device.commands.mic_check import guided
from device.errors import DenkpauzeError
from device.feedback.buttons import Button, Buttons, Press
from device.feedback.earpiece import Earpiece
from device.feedback.haptic import Haptic
from device.feedback.light import RESTING, BoxState, CueLight, ListenLight
from device.feedback.outputs import Output
from device.parts import pins_of
from device.settings import Settings
from device.texts import text

STATE_S = 2.5
BUTTON_S = 15.0
LOOK_S = 0.05
#: a step that is due in no time at all must not stand still
LEAST_S = 0.005
Ask = Callable[[str], bool]


@click.command("hardware-test")
@pass_context
def command(context: CommandContext) -> int:
    """Walk through light, buttons, tone, vibration and microphone; nothing is kept.

    What the settings leave out is left out here too. Exit status 1 when a part is not there or was
    not noticed.
    """
    settings, clock = context.settings, SystemClock()
    walk = Walk(settings, clock, context.console, lambda asked: click.confirm(asked, default=True))
    return 0 if walk.all(lambda: Microphone(settings.microphone.card, clock)) else 1


class Walk:
    """The walk along the parts.

    Args:
        settings: which parts there are, and on which pins.
        clock: time.
        console: says what to look at.
        ask: a question that is answered with yes or no.
    """

    def __init__(self, settings: Settings, clock: Clock, console: Console, ask: Ask) -> None:
        self._settings = settings
        self._clock = clock
        self._console = console
        self._ask = ask
        self._dutch = settings.device.language == "nl"

    def all(self, microphone: Callable[[], Source]) -> bool:
        """Every part that the settings have; whether all of them are well."""
        outputs = self._settings.outputs
        parts = {
            self._said("Lampjes", "Lights"): self._lights if outputs.light else None,
            self._said("Knoppen", "Buttons"): self._buttons if outputs.buttons else None,
            self._said("Tikje", "Tick"): self._tick if outputs.earpiece else None,
            self._said("Trilling", "Vibration"): self._vibration if outputs.haptic else None,
            self._said("Microfoon", "Microphone"): lambda: self._microphone(microphone),
        }
        well = [self._part(title, test) for title, test in parts.items() if test is not None]
        return all(well)

    def _part(self, title: str, test: Callable[[], bool]) -> bool:
        self._console.rule(title, align="left")
        try:
            well = test()
        except DenkpauzeError as error:
            self._console.print(str(error), style="yellow", markup=False, soft_wrap=True)
            well = False
        attention = self._said("vraagt aandacht", "asks for attention")
        self._say(f"{title}: {'✓' if well else attention}")
        return well

    def _lights(self) -> bool:
        with ExitStack() as parts:
            pins = pins_of(self._settings)
            cue = CueLight(pins, self._settings.outputs.light_brightness)
            parts.callback(cue.close)
            listening = ListenLight(pins)
            parts.callback(listening.close)
            for state in BoxState:
                if state is BoxState.STOPPED:
                    continue
                self._say(text(self._settings.device.language, f"box.{state}"))
                listening.state(state)
                began_s = self._clock.monotonic()
                while (now_s := self._clock.monotonic()) - began_s < STATE_S:
                    cue.rest(RESTING[state].at(now_s))
                    self._clock.sleep(LOOK_S)
            cue.rest(RESTING[BoxState.LISTENING].colour)
            self._say(self._said("Denkpauze, dan: geef de beurt", "Think pause, then: go"))
            self._play(cue, wait_s=STATE_S)
        return self._ask(self._said("Klopte elk lampje?", "Was every light as it said?"))

    def _buttons(self) -> bool:
        presses: queue.Queue[Press] = queue.Queue(16)
        buttons = Buttons(presses, self._clock, pins_of(self._settings))
        try:
            pressed = [self._button(button, buttons, presses) for button in Button]
            return all(pressed)  # each had its turn
        finally:
            buttons.close()

    def _button(self, wanted: Button, buttons: Buttons, presses: queue.Queue[Press]) -> bool:
        """Whether this button was pressed in time; one that is not built in is passed over."""
        press = self._said("Druk kort op de knop", "Press briefly the button")
        self._say(f"{press}: {wanted} ({BUTTON_S:.0f} s)")
        until_s = self._clock.monotonic() + BUTTON_S
        while self._clock.monotonic() < until_s:
            self._clock.sleep(LOOK_S)
            buttons.look()
            while not presses.empty():
                got = presses.get_nowait().button
                if got is wanted:
                    return True
                self._say(self._said(f"Dat was {got}.", f"That was {got}."))
        return False

    def _tick(self) -> bool:
        outputs = self._settings.outputs
        earpiece = Earpiece(outputs.earpiece or "", outputs.earpiece_volume)
        try:
            self._play(earpiece)
        finally:
            earpiece.close()
        return self._ask(self._said("Hoorde u één tikje?", "Did you hear one tick?"))

    def _vibration(self) -> bool:
        haptic = Haptic(pins_of(self._settings))
        try:
            self._play(haptic)
        finally:
            haptic.close()
        return self._ask(self._said("Voelde u één trilling?", "Did you feel one pulse?"))

    def _microphone(self, microphone: Callable[[], Source]) -> bool:
        found = guided(self._settings, microphone(), self._clock, self._console)
        return found.problem is None

    def _play(self, output: Output, wait_s: float = 0.0) -> None:
        """*Wait* for so long, then *go* to its end, as in a lesson."""
        if wait_s:
            output.wait()
            began_s = self._clock.monotonic()
            while (elapsed_s := self._clock.monotonic() - began_s) < wait_s:
                self._clock.sleep(output.step(elapsed_s) or LOOK_S)
        output.go()
        began_s = self._clock.monotonic()
        while (due_s := output.step(self._clock.monotonic() - began_s)) is not None:
            self._clock.sleep(max(due_s, LEAST_S))
        self._clock.sleep(0.5)

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False)

    def _said(self, dutch: str, english: str) -> str:
        return dutch if self._dutch else english
