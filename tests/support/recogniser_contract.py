"""What every recogniser must do, whatever it hears; inherited by the tests of each."""

from __future__ import annotations

import numpy as np
from synthetic_sound import noise, to_samples

from device.audio.frames import SAMPLE_RATE
from device.detect.words import Recogniser, Transcript

ONE_SECOND = to_samples(noise(1.0, 50.0))


def say(
    recogniser: Recogniser, utterance: int, first_sample: int, piece_samples: int = 320
) -> None:
    """One second of sound as one utterance."""
    recogniser.begin(utterance, first_sample)
    for start in range(0, SAMPLE_RATE, piece_samples):
        recogniser.accept(ONE_SECOND[start : start + piece_samples])
    recogniser.finish()


class RecogniserContract:
    """``make`` is called for a new recogniser; ``heard`` tells whether it hears at all."""

    heard = True

    def make(self) -> Recogniser:
        raise NotImplementedError

    def test_every_utterance_comes_back_once_and_in_order(self) -> None:
        recogniser = self.make()
        for utterance in range(1, 6):
            say(recogniser, utterance, utterance * SAMPLE_RATE)
        numbers = [transcript.utterance for transcript in recogniser.drain()]
        assert numbers == [1, 2, 3, 4, 5]
        assert recogniser.transcripts() == []
        recogniser.close()

    def test_what_is_ready_can_be_taken_on_the_way(self) -> None:
        recogniser = self.make()
        taken: list[Transcript] = []
        for utterance in range(1, 4):
            say(recogniser, utterance, utterance * SAMPLE_RATE)
            taken += recogniser.transcripts()
        taken += recogniser.drain()
        assert [transcript.utterance for transcript in taken] == [1, 2, 3]
        recogniser.close()

    def test_it_says_whether_it_heard(self) -> None:
        recogniser = self.make()
        say(recogniser, 1, 0)
        (transcript,) = recogniser.drain()
        assert transcript.heard is self.heard
        recogniser.close()

    def test_an_utterance_without_sound_comes_back_empty(self) -> None:
        recogniser = self.make()
        recogniser.begin(1, 0)
        recogniser.finish()
        (transcript,) = recogniser.drain()
        assert transcript.words == ()
        recogniser.close()

    def test_an_utterance_begun_and_never_finished_does_not_harm_the_next(self) -> None:
        recogniser = self.make()
        recogniser.begin(1, 0)
        recogniser.accept(ONE_SECOND)
        say(recogniser, 2, 5 * SAMPLE_RATE)
        transcripts = []
        while not transcripts:
            transcripts = recogniser.transcripts()
        assert transcripts[-1].utterance == 2
        for word in transcripts[-1].words:
            assert word.first_sample >= 5 * SAMPLE_RATE
        recogniser.close()

    def test_words_lie_inside_the_sound_that_was_fed(self) -> None:
        recogniser = self.make()
        first_sample = 100 * SAMPLE_RATE
        say(recogniser, 1, first_sample)
        (transcript,) = recogniser.drain()
        edges = [edge for word in transcript.words for edge in (word.first_sample, word.end_sample)]
        assert edges == sorted(edges)
        assert all(first_sample <= edge <= first_sample + SAMPLE_RATE for edge in edges)
        recogniser.close()

    def test_the_length_of_the_pieces_does_not_change_the_words(self) -> None:
        found = []
        for piece_samples in (320, 1601, SAMPLE_RATE):
            recogniser = self.make()
            say(recogniser, 1, 7 * SAMPLE_RATE, piece_samples)
            found.append(recogniser.drain())
            recogniser.close()
        assert found[0] == found[1] == found[2]

    def test_the_samples_given_are_left_alone(self) -> None:
        before = ONE_SECOND.copy()
        recogniser = self.make()
        say(recogniser, 1, 0)
        recogniser.drain()
        recogniser.close()
        assert np.array_equal(before, ONE_SECOND)
