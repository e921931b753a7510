"""What the terminal shows, as one frozen picture, and how phases and events make it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from device.feedback.light import BoxState
from device.texts import Language
from lesson.episodes import Episode, build_episodes
from lesson.events import Cue, CueMode, LessonEvent, Signal
from lesson.metrics import summarise
from lesson.phases import Phase, PhaseName
from lesson.summary import LessonSummary

Link = Literal["none", "up", "down"]

SHOWN_EPISODES = 6
#: A terminal is looked at less steadily than a light, so its green stays a little longer.
GREEN_SHOWN_S = 1.0


@dataclass(frozen=True, slots=True)
class Header:
    """The line about the device. ``source`` and ``model`` are shown as they are.

    ``speech_behind``: the recogniser cannot keep up, and some speech has no words.
    """

    source: str
    model: str
    mode: CueMode = CueMode.CUE
    box: BoxState = BoxState.LISTENING
    link: Link = "none"
    cues_muted: bool = False
    speech_behind: bool = False


@dataclass(frozen=True, slots=True)
class ViewState:
    """All that one picture of the lesson needs.

    Attributes:
        position_s: how far the lesson is on its audio clock.
        phase: what is going on.
        think_s: length of the running think pause, ``None`` outside one.
        light: ``WAIT`` while it glows, ``GO`` while it is green, ``OFF`` when it is dark.
        light_s: seconds since the light began to show that.
        episodes: the last six that are decided, oldest first.
        summary: the counts and figures, ``None`` before the first event.
        names: names to show for aliases; stays on the teacher's own screen.
    """

    language: Language
    header: Header
    target_s: float
    position_s: float = 0.0
    phase: PhaseName = PhaseName.LISTENING
    think_s: float | None = None
    light: Signal = Signal.OFF
    light_s: float = 0.0
    episodes: tuple[Episode, ...] = ()
    summary: LessonSummary | None = None
    names: Mapping[str, str] = field(default_factory=dict)


class LessonView:
    """Gathers phases and events into a ``ViewState``. Not thread-safe.

    Args:
        language: of all texts.
        header: about the device.
        target_s: target think pause.
        names: aliases and names, for the teacher's own terminal only.
    """

    def __init__(
        self,
        language: Language,
        header: Header,
        target_s: float = 3.0,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._state = ViewState(language, header, target_s, names=dict(names or {}))
        self._events: list[LessonEvent] = []
        self._new_events = False
        self._think_since_s: float | None = None
        self._light_since_s = 0.0

    @property
    def header(self) -> Header:
        return self._state.header

    @header.setter
    def header(self, header: Header) -> None:
        self._state = replace(self._state, header=header)

    def update(
        self, position_s: float, phases: Iterable[Phase], events: Iterable[LessonEvent]
    ) -> None:
        """Take what one frame brought; cheap enough for every frame."""
        state = replace(self._state, position_s=position_s)
        for phase in phases:
            thinking = phase.name is PhaseName.THINK
            self._think_since_s = phase.since if thinking else None
            state = replace(state, phase=phase.name)
        for event in events:
            if isinstance(event, Cue):
                state = replace(state, light=event.signal)
                self._light_since_s = event.t
            else:
                self._events.append(event)
                self._new_events = True
        self._state = state

    def state(self) -> ViewState:
        """The picture of now; episodes and figures are computed only after new events."""
        if self._new_events:
            self._new_events = False
            target_s = self._state.target_s
            decided = [e for e in build_episodes(self._events, target_s) if not e.open]
            self._state = replace(
                self._state,
                episodes=tuple(decided[-SHOWN_EPISODES:]),
                summary=summarise(self._events, target_s),
            )
        state = self._state
        think_s = None
        if self._think_since_s is not None:
            think_s = max(0.0, state.position_s - self._think_since_s)
        light_s = max(0.0, state.position_s - self._light_since_s)
        burnt_out = state.light is Signal.GO and light_s >= GREEN_SHOWN_S
        return replace(
            state,
            think_s=think_s,
            light=Signal.OFF if burnt_out else state.light,
            light_s=light_s,
        )
