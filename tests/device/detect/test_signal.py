"""Whether the microphone gives anything that can be measured."""

from __future__ import annotations

import pytest

from device.detect.features import FrameFeatures
from device.detect.signal import SignalGuard
from device.detect.spans import Span, SpanTracker
from lesson.events import Health, HealthPart, HealthState

pytestmark = pytest.mark.unit

FRAMES_PER_S = 50


class Bench:
    """A guard with levels set by hand."""

    def __init__(self) -> None:
        self.guard = SignalGuard()
        self.tracker = SpanTracker()
        self.frame = 0

    def learn(self, wearer_db: float) -> None:
        while not self.tracker.wearer.learnt:
            self.tracker.wearer.hear_frame(wearer_db)
        self.tracker.wearer.level_db = wearer_db

    def run(
        self, seconds: float, room_db: float, speaks: bool = True, peak: int = 1000
    ) -> list[Health]:
        self.tracker.background.level_db = room_db
        self.tracker.open = Span(0, 0.0, room_db) if speaks else None
        heard: list[Health] = []
        for _ in range(round(seconds * FRAMES_PER_S)):
            features = FrameFeatures(320 * self.frame, True, 60.0, 60.0, 0.9, 120.0, peak)
            heard += self.guard.step(features, self.tracker)
            self.frame += 1
        return heard


def states(health: list[Health]) -> list[HealthState]:
    assert {HealthPart.SIGNAL} >= {each.part for each in health}
    return [each.state for each in health]


def test_a_good_signal_says_nothing() -> None:
    bench = Bench()
    bench.learn(66)
    assert [] == bench.run(60, room_db=30)
    assert bench.guard.trusted


def test_before_the_wearer_is_known_nothing_is_judged() -> None:
    assert [] == Bench().run(60, room_db=60)


def test_a_noisy_class_is_told_once_after_ten_seconds_and_is_not_trusted() -> None:
    bench = Bench()
    bench.learn(66)
    assert [] == bench.run(9.9, room_db=60)
    assert bench.guard.trusted
    (told,) = bench.run(30, room_db=60)
    assert (HealthState.TOO_NOISY, 10.0) == (told.state, told.t)
    assert not bench.guard.trusted


def test_a_class_that_calms_down_is_trusted_again() -> None:
    bench = Bench()
    bench.learn(66)
    bench.run(15, room_db=60)
    assert [HealthState.OK] == states(bench.run(15, room_db=30))
    assert bench.guard.trusted


def test_a_bout_of_noise_shorter_than_ten_seconds_is_no_news() -> None:
    bench = Bench()
    bench.learn(66)
    bench.run(15, room_db=30)
    assert [] == bench.run(8, room_db=60) + bench.run(15, room_db=30)


def test_a_microphone_turned_down_is_told_and_still_measured() -> None:
    bench = Bench()
    bench.learn(30)
    assert [HealthState.TOO_QUIET] == states(bench.run(15, room_db=5))
    assert bench.guard.trusted


def test_clipping_is_told() -> None:
    bench = Bench()
    bench.learn(80)
    assert [HealthState.CLIPPING] == states(bench.run(15, room_db=30, peak=32_767))


def test_a_loud_bang_while_nobody_speaks_is_no_clipping() -> None:
    bench = Bench()
    bench.learn(66)
    assert [] == bench.run(30, room_db=30, speaks=False, peak=32_767)


def test_while_nobody_speaks_the_last_judgement_stands() -> None:
    bench = Bench()
    bench.learn(80)
    bench.run(15, room_db=30, peak=32_767)
    assert [] == bench.run(30, room_db=30, speaks=False)
    assert HealthState.CLIPPING is bench.guard.state
