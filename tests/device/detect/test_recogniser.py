"""Recognisers behind one protocol, and the thread that keeps the pipeline from waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
from recogniser_contract import ONE_SECOND, RecogniserContract, say
from scripted import LateRecogniser, ScriptedRecogniser, spread

from device.audio.frames import SAMPLE_RATE, Samples
from device.detect.recogniser import ThreadedRecogniser
from device.detect.words import Deaf, Recogniser, text_of

pytestmark = pytest.mark.contract

SCRIPT = (
    *spread("wat is dit", 7.0, 8.0),
    *spread("en dat daar", 100.0, 101.0),
)
BOUND_S = 10.0


class TestDeaf(RecogniserContract):
    heard = False

    def make(self) -> Recogniser:
        return Deaf()


class TestScripted(RecogniserContract):
    def make(self) -> Recogniser:
        return ScriptedRecogniser(SCRIPT)

    def test_words_are_those_of_the_sound_that_was_fed(self) -> None:
        recogniser = self.make()
        say(recogniser, 1, 7 * SAMPLE_RATE)
        (transcript,) = recogniser.drain()
        assert SCRIPT[:3] == transcript.words
        assert ["wat", "is", "dit"] == text_of(transcript.words)


class TestLate(RecogniserContract):
    def make(self) -> Recogniser:
        return LateRecogniser(SCRIPT, lambda utterance: 3 * utterance)


class TestThreadedScripted(RecogniserContract):
    def make(self) -> Recogniser:
        return ThreadedRecogniser(lambda: ScriptedRecogniser(SCRIPT))

    def test_the_thread_does_not_change_the_words(self) -> None:
        recogniser = self.make()
        say(recogniser, 1, 7 * SAMPLE_RATE)
        (transcript,) = recogniser.drain()
        assert SCRIPT[:3] == transcript.words
        recogniser.close()

    def test_closing_ends_the_thread_and_the_recogniser_in_it(self) -> None:
        inner = ScriptedRecogniser(())
        recogniser = ThreadedRecogniser(lambda: inner)
        say(recogniser, 1, 0)
        recogniser.drain()
        recogniser.close()
        recogniser.close()
        assert inner.closed


class Gated(ScriptedRecogniser):
    """Decodes nothing until the test opens the gate."""

    def __init__(self) -> None:
        super().__init__(())
        self.gate = threading.Event()
        self.entered = threading.Event()

    def begin(self, utterance: int, first_sample: int) -> None:
        self.entered.set()
        assert self.gate.wait(BOUND_S)
        super().begin(utterance, first_sample)


class Failing(ScriptedRecogniser):
    def __init__(self, at: Callable[[], bool]) -> None:
        super().__init__(())
        self._at = at

    def accept(self, samples: Samples) -> None:
        if self._at():
            raise OSError("out of memory")
        super().accept(samples)


def test_a_full_queue_gives_the_whole_utterance_up_and_the_pipeline_never_waits() -> None:
    gated = Gated()
    recogniser = ThreadedRecogniser(lambda: gated, most_pieces=20)
    say(recogniser, 1, 0, piece_samples=16_000)
    assert gated.entered.wait(BOUND_S)
    say(recogniser, 2, SAMPLE_RATE)  # 52 pieces: more than the queue takes
    assert 1 == recogniser.dropped_utterances
    gated.gate.set()
    heard = {transcript.utterance: transcript.heard for transcript in recogniser.drain()}
    assert {1: True, 2: False} == heard
    recogniser.close()


def test_it_is_behind_until_a_later_utterance_is_done_and_passes_the_lost_one_over() -> None:
    gated = Gated()
    recogniser = ThreadedRecogniser(lambda: gated, most_pieces=20)
    say(recogniser, 1, 0, piece_samples=16_000)
    assert gated.entered.wait(BOUND_S)
    say(recogniser, 2, SAMPLE_RATE)
    assert recogniser.behind
    gated.gate.set()
    recogniser.drain()
    say(recogniser, 3, 2 * SAMPLE_RATE, piece_samples=16_000)
    recogniser.drain()
    recogniser.close()
    decoded = [number for number, _, _ in gated.utterances]
    assert ([1, 3], False) == (decoded, recogniser.behind)


def test_after_an_overflow_the_next_utterance_is_heard_again() -> None:
    gated = Gated()
    recogniser = ThreadedRecogniser(lambda: gated, most_pieces=20)
    say(recogniser, 1, 0, piece_samples=16_000)
    assert gated.entered.wait(BOUND_S)
    say(recogniser, 2, SAMPLE_RATE)
    gated.gate.set()
    before = [transcript.utterance for transcript in recogniser.drain()]
    say(recogniser, 3, 2 * SAMPLE_RATE, piece_samples=16_000)
    (third,) = recogniser.drain()
    assert ([1, 2], 3, True) == (sorted(before), third.utterance, third.heard)
    # what was left of the one given up is no part of the next
    assert (3, 2 * SAMPLE_RATE, 3 * SAMPLE_RATE) == gated.utterances[-1]
    assert 0 == recogniser.queued
    recogniser.close()


def test_after_giving_up_a_recogniser_that_hangs_everything_comes_back_unheard_once() -> None:
    gated = Gated()
    recogniser = ThreadedRecogniser(lambda: gated)
    say(recogniser, 1, 0)
    say(recogniser, 2, SAMPLE_RATE)
    assert gated.entered.wait(BOUND_S)
    assert (True, 0, []) == (recogniser.busy, recogniser.steps, recogniser.transcripts())
    recogniser.give_up()
    say(recogniser, 3, 2 * SAMPLE_RATE)
    back = recogniser.drain()
    assert [(1, False), (2, False), (3, False)] == [(t.utterance, t.heard) for t in back]
    gated.gate.set()  # it answers after all: too late
    recogniser.close()
    assert [] == recogniser.transcripts()


def test_a_recogniser_that_fails_is_known_and_every_utterance_comes_back_unheard() -> None:
    recogniser = ThreadedRecogniser(lambda: Failing(lambda: True))
    say(recogniser, 1, 0)
    say(recogniser, 2, SAMPLE_RATE)
    transcripts = recogniser.drain()
    assert [(1, False), (2, False)] == [(t.utterance, t.heard) for t in transcripts]
    assert "out of memory" in str(recogniser.failure)
    recogniser.close()


def test_a_recogniser_that_cannot_be_built_is_known_and_nothing_hangs() -> None:
    def build() -> Recogniser:
        raise OSError("no model")

    recogniser = ThreadedRecogniser(build)
    say(recogniser, 1, 0)
    assert [False] == [transcript.heard for transcript in recogniser.drain()]
    assert "no model" in str(recogniser.failure)
    recogniser.close()


def test_sound_before_any_utterance_is_dropped() -> None:
    inner = ScriptedRecogniser(())
    recogniser = ThreadedRecogniser(lambda: inner)
    recogniser.accept(ONE_SECOND)
    recogniser.finish()
    assert [] == recogniser.drain()
    recogniser.close()
    assert [] == inner.utterances


def test_drained_transcripts_of_many_utterances_are_complete() -> None:
    recogniser = ThreadedRecogniser(lambda: ScriptedRecogniser(()), most_pieces=100_000)
    for utterance in range(200):
        recogniser.begin(utterance, utterance * 320)
        recogniser.accept(np.zeros(320, dtype=np.int16))
        recogniser.finish()
    assert list(range(200)) == [transcript.utterance for transcript in recogniser.drain()]
    recogniser.close()
