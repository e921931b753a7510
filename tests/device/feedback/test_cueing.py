"""Policy, timeline and driver together, on simulated time."""

from __future__ import annotations

import queue
from collections.abc import Callable

import pytest
from cue_outputs import TIMEOUT_S, RecordingOutput, await_idle

from device.audio.frames import FRAME_SAMPLES, SAMPLE_RATE
from device.clock import SimulatedClock
from device.feedback.cueing import Cueing
from device.feedback.driver import CueDriver, Fired
from device.feedback.policy import CuePolicy
from device.feedback.timeline import AudioTimeline
from lesson.events import Cue, CueMode, Signal
from lesson.phases import Phase, PhaseName

pytestmark = pytest.mark.unit

ZERO_S = 100.0


def think(t: float, since: float) -> Phase:
    return Phase(t, PhaseName.THINK, since, "question_decided")


class Chain:
    """A pipeline that is ``lag_s`` behind the sound, with a driver on the same simulated time."""

    def __init__(self, lag_s: float) -> None:
        self.clock = SimulatedClock(start_s=ZERO_S)
        self.lag_s = lag_s
        self.fired: queue.Queue[Fired] = queue.Queue()
        self.output = RecordingOutput(self.clock, mask=3000)
        self.driver = CueDriver([self.output], self.clock, on_fired=self.fired.put)
        self.timeline = AudioTimeline()
        self.cueing = Cueing(CuePolicy(CueMode.CUE), self.driver, self.timeline)

    def frame(self, position_s: float, *phases: Phase) -> list[Cue]:
        """The frame that ends at ``position_s`` reaches the pipeline ``lag_s`` late."""
        self.clock.advance(ZERO_S + position_s + self.lag_s - self.clock.monotonic())
        self.timeline.observe(round(position_s * SAMPLE_RATE), ZERO_S + position_s)
        return self.cueing.step(position_s, phases)


def _with_chain(lag_s: float, lesson: Callable[[Chain], None]) -> list[str]:
    chain = Chain(lag_s)
    with chain.driver:
        lesson(chain)
    return chain.output.names


def test_go_comes_at_the_right_moment_although_the_frames_are_late() -> None:
    def lesson(chain: Chain) -> None:
        chain.frame(1.5, think(1.5, 1.0))
        assert chain.fired.get(timeout=TIMEOUT_S).signal is Signal.WAIT
        await_idle(chain.driver)
        chain.clock.advance(ZERO_S + 4.0 - chain.clock.monotonic())
        # No frame after 1.5 s has arrived, and yet the light turns green at 4.0 s.
        assert chain.fired.get(timeout=TIMEOUT_S) == Fired(Signal.GO, 104.0, 104.0)
        assert [cue.signal for cue in chain.frame(4.0)] == [Signal.GO]

    assert _with_chain(0.25, lesson) == ["wait", "go", "off", "close"]


def test_a_name_in_time_cancels_the_armed_go() -> None:
    def lesson(chain: Chain) -> None:
        chain.frame(1.5, think(1.5, 1.0))
        chain.fired.get(timeout=TIMEOUT_S)
        cues = chain.frame(3.0, Phase(3.0, PhaseName.NAMED, 3.0, "name"))
        assert [cue.signal for cue in cues] == [Signal.OFF]
        assert chain.fired.get(timeout=TIMEOUT_S).signal is Signal.OFF
        chain.clock.advance(60.0)
        chain.frame(70.0)
        assert chain.fired.empty()

    _with_chain(0.05, lesson)


def test_a_corrected_question_end_arms_go_anew() -> None:
    def lesson(chain: Chain) -> None:
        chain.frame(1.5, think(1.5, 1.0))
        chain.fired.get(timeout=TIMEOUT_S)
        chain.frame(1.75, think(1.75, 1.25))
        chain.clock.advance(ZERO_S + 4.25 - chain.clock.monotonic())
        assert chain.fired.get(timeout=TIMEOUT_S) == Fired(Signal.GO, 104.25, 104.25)

    _with_chain(0.05, lesson)


def test_without_a_timeline_go_comes_with_its_frame() -> None:
    clock = SimulatedClock(start_s=ZERO_S)
    fired: queue.Queue[Fired] = queue.Queue()
    with CueDriver([], clock, on_fired=fired.put) as driver:
        cueing = Cueing(CuePolicy(CueMode.CUE), driver)
        cueing.step(1.5, [think(1.5, 1.0)])
        assert fired.get(timeout=TIMEOUT_S).signal is Signal.WAIT
        clock.advance(5.0)
        cueing.step(4.0, [])
        assert fired.get(timeout=TIMEOUT_S) == Fired(Signal.GO, 105.0, 105.0)


def test_the_mute_button_darkens_before_the_next_frame() -> None:
    def lesson(chain: Chain) -> None:
        chain.frame(1.5, think(1.5, 1.0))
        chain.fired.get(timeout=TIMEOUT_S)
        before_s = chain.clock.monotonic()
        chain.cueing.mute_cues(True)
        assert chain.fired.get(timeout=TIMEOUT_S) == Fired(Signal.OFF, before_s, None)
        assert [cue.signal for cue in chain.frame(1.52)] == [Signal.OFF]
        assert chain.frame(4.0) == []

    _with_chain(0.05, lesson)


def test_the_mask_covers_the_go_that_is_armed_and_nothing_else() -> None:
    def lesson(chain: Chain) -> None:
        assert chain.cueing.mask() is None
        chain.frame(1.5, think(1.5, 1.0))
        assert chain.cueing.mask() == (4 * SAMPLE_RATE, 4 * SAMPLE_RATE + 3000)
        chain.frame(1.75, think(1.75, 1.25))
        assert chain.cueing.mask() == (68000, 71000)
        chain.frame(2.0, Phase(2.0, PhaseName.NAMED, 2.0, "name"))
        assert chain.cueing.mask() is None

    _with_chain(0.05, lesson)


def test_silent_outputs_need_no_mask() -> None:
    with CueDriver([], SimulatedClock()) as driver:
        cueing = Cueing(CuePolicy(CueMode.CUE), driver)
        cueing.step(1.5, [think(1.5, 1.0)])
        assert cueing.mask() is None


def test_without_a_driver_the_decisions_are_the_same() -> None:
    def cues(cueing: Cueing) -> list[Cue]:
        found: list[Cue] = []
        for number in range(1, 400):
            position_s = number * FRAME_SAMPLES / SAMPLE_RATE
            phases = [think(position_s, 1.0)] if number == 70 else []
            found += cueing.step(position_s, phases)
        return found

    clock = SimulatedClock()
    with CueDriver([], clock) as driver:
        driven = cues(Cueing(CuePolicy(CueMode.CUE), driver))
    alone = cues(Cueing(CuePolicy(CueMode.CUE)))
    assert alone == driven
    assert [(cue.t, cue.signal) for cue in alone] == [(1.4, Signal.WAIT), (4.0, Signal.GO)]


def test_a_silent_lesson_cannot_have_a_driver() -> None:
    clock = SimulatedClock()
    output = RecordingOutput(clock)
    driver = CueDriver([output], clock)
    with pytest.raises(ValueError, match="silent"):
        Cueing(CuePolicy(CueMode.SILENT), driver)
    assert output.calls == []


def test_a_silent_lesson_gives_no_cue_where_a_lesson_with_cues_would() -> None:
    phases = [think(1.5, 1.0)]
    silent = Cueing(CuePolicy(CueMode.SILENT))
    assert silent.step(1.5, phases) + silent.step(4.0, []) == []
    assert silent.mask() is None
    audible = Cueing(CuePolicy(CueMode.CUE))
    assert len(audible.step(1.5, phases) + audible.step(4.0, [])) == 2
