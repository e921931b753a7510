"""With the real recogniser too, the events depend on the sound alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from spoken_lesson import Heard, hear

from device.audio.blocks import reblock
from device.audio.frames import SAMPLE_RATE, Block, Samples
from device.audio.recording import Recording
from device.detect.listener import Listener
from device.detect.recogniser import InlineRecogniser, ThreadedRecogniser
from device.detect.words import Recogniser
from device.roster import Roster

pytestmark = [pytest.mark.replay, pytest.mark.slow]

DATA = Path(__file__).resolve().parents[3] / "device" / "data"
EXCERPT_S = 60


@cache
def excerpt() -> Samples:
    """The beginning of the demo lesson."""
    with Recording(DATA / "demo" / "les_nl.flac") as recording:
        samples = np.concatenate([i.samples for i in recording.items() if isinstance(i, Block)])
    return samples[: EXCERPT_S * SAMPLE_RATE]


def heard_by(recogniser: Recogniser, block_samples: int) -> Heard:
    roster = Roster.read(DATA / "demo" / "klas.txt")
    listener = Listener(recogniser, roster, "nl")
    heard = hear(reblock([Block(excerpt())], block_samples), listener)
    recogniser.close()
    return heard


def inline(as_it_comes: bool = True) -> InlineRecogniser:
    return InlineRecogniser(DATA / "models" / "nl", as_it_comes=as_it_comes)


@cache
def reference() -> Heard:
    return heard_by(inline(), 320)


def test_the_excerpt_holds_something_to_compare() -> None:
    assert {"question", "pause", "name", "turn"} <= {event.kind for event in reference().events}


@pytest.mark.parametrize("block_samples", [1, 160, 4096, 100_000])
def test_the_length_of_the_blocks_changes_nothing(block_samples: int) -> None:
    heard = heard_by(inline(), block_samples)
    assert reference().json() == heard.json()
    assert reference().phases == heard.phases


def test_a_lesson_heard_again_gives_the_same_events() -> None:
    assert reference().json() == heard_by(inline(), 320).json()


def test_decoding_each_utterance_when_it_is_over_changes_nothing() -> None:
    heard = heard_by(inline(as_it_comes=False), 4096)
    assert reference().json() == heard.json()
    assert reference().phases == heard.phases


def test_a_recogniser_in_a_thread_that_lags_changes_no_event() -> None:
    """The sound comes as fast as it can be analysed, so the thread is always behind."""
    threaded = ThreadedRecogniser(inline, most_pieces=10_000)
    heard = heard_by(threaded, 320)
    assert 0 == threaded.dropped_utterances
    assert by_source(reference()) == by_source(heard)


def by_source(heard: Heard) -> tuple[list[str], list[str]]:
    """What needs words, and what is known from the sound alone: each in its own order."""
    at_once = [e.model_dump_json() for e in heard.events if e.kind in ("turn", "health")]
    worded = [e.model_dump_json() for e in heard.events if e.kind not in ("turn", "health")]
    return worded, at_once
