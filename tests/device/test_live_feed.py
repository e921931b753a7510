"""How often the live message is sent, and what it says."""

from __future__ import annotations

import pytest

from device.live_feed import LiveFeed
from device.pipeline import Step
from lesson.phases import Phase, PhaseName
from lesson.wire import LiveState

pytestmark = pytest.mark.unit

LESSON = "01hzdemolesson0001"
FRAME_S = 0.02


class Bench:
    """A feed, stepped frame by frame, with everything that it published."""

    def __init__(self) -> None:
        self.sent: list[LiveState] = []
        self._feed = LiveFeed(LESSON, 3.0, self.sent.append)
        self._frame = 0

    @property
    def now(self) -> float:
        return self._frame * FRAME_S

    def run(self, seconds: float, **state: bool) -> list[LiveState]:
        """Let time pass without a change of phase; gives what was sent meanwhile."""
        before = len(self.sent)
        for _ in range(round(seconds / FRAME_S)):
            self._step((), **state)
        return self.sent[before:]

    def phase(self, name: PhaseName, since: float | None = None, **state: bool) -> LiveState:
        """The message that a change of phase brings at once."""
        before = len(self.sent)
        at = self.now + FRAME_S
        self._step((Phase(at, name, at if since is None else since, "test"),), **state)
        (message,) = self.sent[before:]
        return message

    def _step(self, phases: tuple[Phase, ...], **state: bool) -> None:
        self._frame += 1
        self._feed.step(Step(self.now, phases, ()), **state)


def test_the_first_frame_says_that_the_device_listens() -> None:
    bench = Bench()
    (first,) = bench.run(FRAME_S)
    assert (LESSON, "listening", None, 3.0) == (
        first.lesson,
        first.phase,
        first.think_s,
        first.target_s,
    )


def test_while_nothing_happens_there_is_a_sign_of_life_now_and_then() -> None:
    bench = Bench()
    bench.run(1.0)
    sent = bench.run(30.0)
    assert 10 == len(sent)
    assert {"listening"} == {message.phase for message in sent}


def test_a_running_pause_is_told_at_once_and_every_second() -> None:
    bench = Bench()
    bench.run(5.0)
    end_of_question = bench.now - 0.4
    first = bench.phase(PhaseName.THINK, since=end_of_question)
    assert ("think", pytest.approx(0.42)) == (first.phase, first.think_s)
    lengths = [message.think_s for message in bench.run(3.1)]
    assert pytest.approx([1.42, 2.42, 3.42], abs=FRAME_S) == lengths


def test_every_change_of_phase_is_told_at_once() -> None:
    bench = Bench()
    bench.run(1.0)
    changes = [PhaseName.THINK, PhaseName.NAMED, PhaseName.LISTENING, PhaseName.LOST]
    assert [name.value for name in changes] == [bench.phase(name).phase for name in changes]


def test_a_pause_that_is_over_has_no_length() -> None:
    bench = Bench()
    bench.phase(PhaseName.THINK)
    bench.run(2.0)
    assert bench.phase(PhaseName.NAMED).think_s is None


def test_a_correction_of_the_end_of_the_question_is_told_although_the_phase_is_the_same() -> None:
    bench = Bench()
    bench.run(5.0)
    bench.phase(PhaseName.THINK, since=4.0)
    assert pytest.approx(0.54, abs=FRAME_S) == bench.phase(PhaseName.THINK, since=4.5).think_s


def test_muting_and_trouble_are_told_at_once_and_once() -> None:
    bench = Bench()
    bench.run(1.0)
    (muted,) = bench.run(0.5, muted=True)
    assert (True, "ok") == (muted.muted, muted.microphone)
    (trouble,) = bench.run(0.5, trouble=True)
    assert (False, "trouble") == (trouble.muted, trouble.microphone)
    (well,) = bench.run(0.5)
    assert (False, "ok") == (well.muted, well.microphone)


def test_of_several_changes_in_one_frame_the_last_one_counts() -> None:
    sent: list[LiveState] = []
    feed = LiveFeed(LESSON, 3.0, sent.append)
    both = (
        Phase(1.0, PhaseName.THINK, 0.5, "test"),
        Phase(1.0, PhaseName.LISTENING, 1.0, "test"),
    )
    feed.step(Step(1.0, both, ()))
    assert ["listening"] == [message.phase for message in sent]


def test_with_nobody_to_tell_nothing_happens() -> None:
    LiveFeed(LESSON, 3.0, None).step(Step(1.0, (), ()))


@pytest.mark.parametrize("name", list(PhaseName))
def test_every_phase_has_a_word_on_the_wire(name: PhaseName) -> None:
    assert name.value == Bench().phase(name).phase
