"""Altered copies of recordings: the same from the same seed, and sounds that stay in place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("kaldi_native_fbank", reason="kaldi-native-fbank is not installed")

from tools.speech import copies
from tools.speech.copies import write_copies
from tools.speech.espeak import SILENCE, Segment
from tools.speech.readers import Reading
from tools.speech.shards import read_shards

pytestmark = [pytest.mark.unit, pytest.mark.slow]


def reading(number: int) -> Reading:
    """A hum between silences of 0.3 s; the higher its number the better it was aligned."""
    sound = np.random.default_rng(number).normal(size=16_000).astype(np.float32)
    sound[4_800:11_200] += 3_000 * np.sin(np.arange(6_400) * 0.1)
    parts = (
        Segment(None, SILENCE, 0.0, 0.3),
        Segment(0, "m", 0.3, 0.7),
        Segment(None, SILENCE, 0.7, 1.0),
    )
    return Reading(sound, f"hum {number}", parts, float(number))


@pytest.fixture(autouse=True)
def shards_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "SHARD_READINGS", 2)


def test_copies_are_the_same_whatever_the_processes(tmp_path: Path) -> None:
    readings = [reading(number) for number in range(5)]
    for processes in (1, 2):
        told = list(write_copies(readings, tmp_path / str(processes), 2, 7, (0.9, 1.1), processes))
        assert [(1, 4), (2, 4), (3, 4), (4, 4)] == [(done, total) for done, total, _ in told]
    one, two = (read_shards(tmp_path / processes) for processes in "12")
    assert len(one) == 8 == len(two)
    for first, second in zip(one, two, strict=True):
        assert (first.text, first.segments) == (second.text, second.segments)
        assert np.array_equal(first.features, second.features)


def test_first_copy_keeps_its_voice_and_the_worst_alignment_is_left_out(tmp_path: Path) -> None:
    list(write_copies([reading(number) for number in range(5)], tmp_path, 2, 7, (0.9, 1.1), 1))
    written = read_shards(tmp_path)
    assert {f"hum {number}" for number in range(1, 5)} == {item.text for item in written}
    for item in written[:4]:
        assert reading(0).segments == item.segments
    for item in written[4:]:
        length_s = item.segments[-1].end_s
        assert pytest.approx(length_s, abs=0.03) == len(item.features) / 100
        assert pytest.approx(0.4, abs=0.001) == (
            (item.segments[1].end_s - item.segments[1].start_s) / length_s
        )
