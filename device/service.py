"""What the service does all day: stands by with the microphone closed, and hears lessons.

Everything that takes long is done before the button is pressed: class list, names and speech model
are ready, so that the box listens at once.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from rich.console import Console

from device.app import MAIN_LOOP_S, LessonResult, LessonRun
from device.audio.frames import Source
from device.clock import Clock
from device.detect.words import Recogniser
from device.errors import DenkpauzeError, ModelError
from device.feedback.build import Box, build_outputs
from device.feedback.buttons import Button, Press
from device.feedback.light import RESTING, BoxState, CueLight
from device.journal import Journal
from device.lesson_plan import LessonPlan
from device.parts import build_telemetry, journal_path, open_box, pins_of
from device.settings import Settings
from device.telemetry.client import Telemetry
from device.watchdog import Progress, ServiceManager, Watchdog

log = logging.getLogger(__name__)

#: How often it is looked whether the microphone is there.
LOOK_AGAIN_S = 5.0
#: Closing a lesson may take this long: speech that was heard is still decoded.
CLOSING_S = 120.0


class Lasting(ServiceManager):
    """The service manager of a service that outlives its lessons.

    The end of a lesson is not the end of the service: it is given time instead, and when the next
    thing begins the usual limit holds again.
    """

    _closing = False

    def tell(self, *lines: str) -> bool:
        told = [line for line in lines if line != "STOPPING=1"]
        if self.limit_s and len(told) < len(lines):
            self._closing = True
            told.append(f"WATCHDOG_USEC={round(CLOSING_S * 1e6)}")
        elif self._closing and self.limit_s:
            self._closing = False
            told.append(f"WATCHDOG_USEC={round(self.limit_s * 1e6)}")
        return super().tell(*told)

    def leaving(self) -> bool:
        """The service itself ends."""
        return super().tell("STOPPING=1", "STATUS=stopped")


@dataclass(frozen=True, slots=True)
class PreparedPlan(LessonPlan):
    """A plan whose recogniser has its model loaded already; it is handed out once."""

    prepared: list[Recogniser] = field(default_factory=list, kw_only=True, repr=False)

    def recogniser(self, *, threaded: bool) -> Recogniser:
        if threaded and self.model is not None and self.prepared:
            return self.prepared.pop()
        return LessonPlan.recogniser(self, threaded=threaded)

    def close(self) -> None:
        """Let go of a recogniser that no lesson came for."""
        while self.prepared:
            self.prepared.pop().close()


def prepared(plan: LessonPlan) -> PreparedPlan:
    """The plan, ready to listen; without words when its model cannot be used."""
    fields = {name: getattr(plan, name) for name in LessonPlan.__dataclass_fields__}
    ready = PreparedPlan(**fields)
    if plan.model is None:
        return ready
    try:
        ready.prepared.append(plan.recogniser(threaded=True))
    except ModelError as error:
        return replace(ready, model=None, problem=str(error))
    return ready


class Service:
    """Stand-by and lessons in turn, until it is stopped. All of it runs in the main thread.

    Args:
        settings: as for a lesson.
        make_plan: reads class list and enrolment; called before each stand-by.
        make_source: the microphone, closed; its ``problem`` says why there is none.
        clock: time.
        console: warnings go there; the service has no other screen.
        manager: the service manager.
    """

    def __init__(
        self,
        settings: Settings,
        make_plan: Callable[[], LessonPlan],
        make_source: Callable[[], Source],
        clock: Clock,
        console: Console,
        manager: Lasting,
    ) -> None:
        self._settings = settings
        self._make_plan = make_plan
        self._make_source = make_source
        self._clock = clock
        self._console = console
        self._manager = manager
        self._loops = 0
        self._stopping = False
        self._pressed = False
        self._run: LessonRun | None = None

    def stop(self, *_signal: object) -> None:
        """End the lesson, if there is one, and the service; for a signal handler."""
        self._stopping = True
        if self._run is not None:
            self._run.stop()

    def press(self, *_signal: object) -> None:
        """As the lesson button: begin a lesson, or end the one that is; for a signal handler."""
        if self._run is not None:
            self._run.stop(reason="button")
        else:
            self._pressed = True

    def run(self) -> None:
        """Until ``stop``.

        Raises:
            DenkpauzeError: a lesson failed for good; started again soon, it goes on.
        """
        while not self._stopping:
            plan = self._stand_by()
            if not self._stopping:
                self._hear(plan)
            plan.close()
        self._manager.leaving()

    def _hear(self, plan: PreparedPlan) -> LessonResult:
        source = self._make_source()
        self._run = LessonRun(
            self._settings,
            plan,
            source,
            self._clock,
            self._console,
            resumes=True,
            manager=self._manager,
        )
        try:
            return self._run.run()
        finally:
            self._run = None

    def _stand_by(self) -> PreparedPlan:
        """Wait for the button; at once over when an interrupted lesson is to go on."""
        presses: queue.Queue[Press] = queue.Queue(maxsize=64)
        self._pressed = False
        with ExitStack() as parts:
            box = open_box(self._settings, presses, self._clock)
            parts.callback(box.close)
            light = self._light(parts)
            self._show(light, BoxState.STARTING)
            for warning in box.warnings:
                self._warn(warning)
            plan = prepared(self._make_plan())
            if plan.problem:
                self._warn(plan.problem)
            telemetry, goes_on = self._journal(parts, plan)
            if not goes_on:
                self._wait(box, presses, light, telemetry)
        return plan

    def _journal(self, parts: ExitStack, plan: LessonPlan) -> tuple[Telemetry | None, bool]:
        """What was not sent yet is sent now; and whether a lesson was broken off just now."""
        path = journal_path(self._settings)
        journal = parts.enter_context(Journal.open(path, self._settings.device.id, self._clock))
        unfinished = journal.unfinished
        started = plan.started(self._clock.now())
        if unfinished is not None and unfinished.continues_as(started):
            return None, True
        telemetry = build_telemetry(
            self._settings, plan, journal, self._clock, lambda _state, said: log.info("%s", said)
        )
        if telemetry is not None:
            telemetry.start()
            parts.callback(telemetry.stop)
            telemetry.set_status("sleeping")
        return telemetry, False

    def _wait(
        self,
        box: Box,
        presses: queue.Queue[Press],
        light: CueLight | None,
        telemetry: Telemetry | None,
    ) -> None:
        watchdog = Watchdog(self._manager, self._clock)  # one that says its status anew
        problem, due_s = "", self._clock.monotonic()
        while not self._stopping and not self._pressed:
            if self._clock.monotonic() >= due_s:
                problem = self._microphone_problem()
                due_s = self._clock.monotonic() + LOOK_AGAIN_S
            self._show(light, BoxState.TROUBLE if problem else BoxState.READY)
            status = f"stand-by; no microphone ({problem})" if problem else "stand-by"
            if telemetry is not None and not telemetry.connected:
                status += "; no broker, events are kept"
            self._loops += 1
            watchdog.look(Progress(self._loops), status)
            self._clock.sleep(MAIN_LOOP_S)
            if box.buttons is not None:
                box.buttons.look()
            while not presses.empty():
                press = presses.get_nowait()
                # held to end a lesson a moment too long, it must not begin another
                self._pressed |= press.button is Button.LESSON and not press.long

    def _microphone_problem(self) -> str:
        """Why no lesson could be heard now; a microphone is looked for, not opened."""
        try:
            source = self._make_source()
        except DenkpauzeError as error:
            return str(error)
        source.close()
        return str(getattr(source, "problem", ""))

    def _light(self, parts: ExitStack) -> CueLight | None:
        """The light for the teacher, here without any cue."""
        outputs = self._settings.outputs
        if not outputs.light:
            return None
        built = build_outputs(
            light=True, pins=pins_of(self._settings), brightness=outputs.light_brightness
        )
        light = next((one for one in built.outputs if isinstance(one, CueLight)), None)
        if light is not None:
            parts.callback(light.close)
        return light

    def _show(self, light: CueLight | None, state: BoxState) -> None:
        if light is not None:
            light.rest(RESTING[state].at(self._clock.monotonic()))

    def _warn(self, line: str) -> None:
        self._console.print(line, style="yellow", markup=False, soft_wrap=True)
