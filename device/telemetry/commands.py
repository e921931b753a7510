"""Commands of the dashboard: each is carried out once, in the lesson that it names."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from device.clock import Clock
from lesson.wire import (
    WATCHED_FOR_S,
    Command,
    CommandDone,
    MarkMoment,
    MuteCues,
    SetTarget,
    Watched,
)

#: Ids that are remembered: a command expires within seconds, so it cannot come again later.
REMEMBERED = 256
#: Dashboards that may say how many watch.
MOST_SOURCES = 16


@dataclass(frozen=True, slots=True)
class Actions:
    """What a running lesson can do for whoever watches; called in the telemetry's thread."""

    mark: Callable[[Literal["fragment", "deliberate_name_first"]], None]
    mute_cues: Callable[[bool], None]
    set_target: Callable[[float], None]


class CommandDesk:
    """Between the telemetry, which brings commands, and the lesson, which carries them out.

    Args:
        allowed: whether the teacher lets anybody watch this device at all.
    """

    def __init__(self, clock: Clock, *, allowed: bool = True) -> None:
        self._clock = clock
        self._allowed = allowed
        self._lock = threading.Lock()
        self._lesson = ""
        self._actions: Actions | None = None
        self._answers: OrderedDict[str, CommandDone] = OrderedDict()
        self._viewers: dict[str, tuple[int, float]] = {}

    def open(self, lesson: str, actions: Actions) -> None:
        """A lesson runs from now on."""
        with self._lock:
            self._lesson, self._actions = lesson, actions

    def close(self) -> None:
        """The lesson is over: nothing is done for anybody any more."""
        with self._lock:
            self._lesson, self._actions = "", None
            self._viewers.clear()

    def take(self, command: Command) -> CommandDone:
        """Carry out a command and answer it; one that came before gets the same answer again."""
        with self._lock:
            answer = self._answers.get(command.id)
            if answer is None:
                answer = CommandDone(id=command.id, result=self._carry_out(command))
                self._answers[command.id] = answer
                if len(self._answers) > REMEMBERED:
                    self._answers.popitem(last=False)
            return answer

    @property
    def watched(self) -> bool:
        """Whether somebody watches the lesson live, as far as was said lately."""
        now = self._clock.monotonic()
        with self._lock:
            return any(count > 0 and now < until for count, until in self._viewers.values())

    def _carry_out(self, command: Command) -> Literal["done", "no_lesson", "not_allowed"]:
        if not self._allowed:
            return "not_allowed"
        if self._actions is None or command.lesson != self._lesson:
            return "no_lesson"
        order = command.order
        if isinstance(order, MarkMoment):
            self._actions.mark(order.label)
        elif isinstance(order, MuteCues):
            self._actions.mute_cues(order.muted)
        elif isinstance(order, SetTarget):
            self._actions.set_target(order.target_s)
        else:
            self._note_viewers(order)
        return "done"

    def _note_viewers(self, said: Watched) -> None:
        now = self._clock.monotonic()
        self._viewers = {s: known for s, known in self._viewers.items() if now < known[1]}
        if said.source in self._viewers or len(self._viewers) < MOST_SOURCES:
            self._viewers[said.source] = (said.viewers, now + WATCHED_FOR_S)
