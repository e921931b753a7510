"""The audio clock laid over the monotonic clock."""

from __future__ import annotations

import random

import pytest

from device.audio.frames import FRAME_SAMPLES, SAMPLE_RATE
from device.feedback.timeline import AudioTimeline

pytestmark = pytest.mark.unit


def feed(
    timeline: AudioTimeline, seconds: float, *, zero_s: float, late_s: float, drift: float = 0.0
) -> None:
    """Frames whose capture is stamped up to ``late_s`` too late, on a card off by ``drift``."""
    chance = random.Random(1)
    for number in range(1, round(seconds * 50) + 1):
        end = number * FRAME_SAMPLES
        true_s = zero_s + end / SAMPLE_RATE * (1.0 + drift)
        timeline.observe(end, true_s + chance.uniform(0.0, late_s))


def test_nothing_is_known_before_the_first_frame() -> None:
    timeline = AudioTimeline()
    assert timeline.monotonic_at(1.0) is None
    assert timeline.position_at(1.0) is None


def test_late_stamps_do_not_move_the_clock() -> None:
    timeline = AudioTimeline()
    feed(timeline, 10.0, zero_s=500.0, late_s=0.06)
    assert timeline.monotonic_at(12.0) == pytest.approx(512.0, abs=0.003)
    assert timeline.position_at(512.0) == pytest.approx(12.0, abs=0.003)


@pytest.mark.parametrize("drift", [-200e-6, 200e-6])
def test_a_drifting_sound_card_is_followed_for_an_hour(drift: float) -> None:
    timeline = AudioTimeline()
    feed(timeline, 3600.0, zero_s=500.0, late_s=0.03, drift=drift)
    expected_s = 500.0 + 3600.0 * (1.0 + drift)
    assert timeline.monotonic_at(3600.0) == pytest.approx(expected_s, abs=0.003)


def test_sound_that_went_missing_unnoticed_is_forgotten_after_the_window() -> None:
    timeline = AudioTimeline(window_s=5.0)
    feed(timeline, 10.0, zero_s=500.0, late_s=0.0)
    for number in range(501, 501 + 260):
        end = number * FRAME_SAMPLES
        timeline.observe(end, 500.7 + end / SAMPLE_RATE)
    assert timeline.monotonic_at(16.0) == pytest.approx(516.7)


def test_a_reset_forgets_all() -> None:
    timeline = AudioTimeline()
    feed(timeline, 1.0, zero_s=500.0, late_s=0.0)
    timeline.reset()
    assert timeline.monotonic_at(1.0) is None


def test_the_memory_is_bounded_by_the_window() -> None:
    timeline = AudioTimeline(window_s=1.0)
    # Steadily rising offsets are the worst case: every one might become the smallest.
    feed(timeline, 100.0, zero_s=0.0, late_s=0.0, drift=0.001)
    assert len(timeline._offsets) <= 51
