"""How soon words are known, on the clock of the sound: the same on every machine."""

from __future__ import annotations

import json

import numpy as np
import pytest
from installed import demo_sound, excerpt_truth, write_wav

from tools.bench.word_delays import Delays, measure

pytestmark = [pytest.mark.replay, pytest.mark.slow]

EXCERPT_S = 45.0


@pytest.fixture(scope="module")
def delays(tmp_path_factory: pytest.TempPathFactory) -> Delays:
    folder = tmp_path_factory.mktemp("delays")
    write_wav(folder / "part.wav", demo_sound(0, EXCERPT_S))
    truth = json.dumps(excerpt_truth(0, EXCERPT_S))
    (folder / "part.json").write_text(truth, encoding="utf-8")
    found = Delays()
    measure(folder / "part.wav", found)
    return found


def test_final_words_come_at_most_a_tenth_after_the_silence_that_ends_a_chunk(
    delays: Delays,
) -> None:
    assert len(delays.final_ms) >= 8
    # 300 ms of silence, and how exactly the end of the voice was found
    assert 250.0 <= np.median(delays.final_ms) <= 340.0
    assert np.percentile(delays.final_ms, 90) <= 400.0


def test_most_words_are_on_show_before_the_sentence_is_over(delays: Delays) -> None:
    assert len(delays.partial_ms) >= 40
    assert np.median(delays.partial_ms) <= 250.0


def test_the_table_has_a_line_for_each_delay() -> None:
    table = Delays([300.0, 310.0], [9.0], [100.0, 200.0]).table().splitlines()
    assert (5, "| final words, on the audio clock | 2 | 305 ms | 310 ms | 310 ms | 300 ms |") == (
        len(table),
        table[2],
    )
