"""A long lesson takes no more memory than a short one."""

from __future__ import annotations

from pathlib import Path

import pytest
from installed import LESSON, ROSTER

from tools.bench.lessons import take
from tools.bench.long_recording import write_long_recording

pytestmark = [pytest.mark.replay, pytest.mark.slow]

LONG_S = 720.0
SHORT_S = 120.0
#: what the words and events of ten more minutes may take
LARGEST_GROWTH_BYTES = 20e6
LARGEST_BYTES = 300e6


def test_twelve_minutes_take_hardly_more_memory_than_two(tmp_path: Path) -> None:
    peaks = []
    for seconds in (SHORT_S, LONG_S):
        recording = tmp_path / f"{seconds:.0f}.flac"
        write_long_recording(LESSON, recording, seconds)
        taken = take(recording, "nl", ROSTER, tmp_path)
        assert pytest.approx(seconds, abs=0.1) == taken["audio_s"]
        peaks.append(taken["peak_memory_bytes"])
    short, long = peaks
    assert long < LARGEST_BYTES
    assert long - short < LARGEST_GROWTH_BYTES
