"""Recognisers that know what is said, for tests of what comes after recognition."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from device.audio.frames import SAMPLE_RATE, Samples
from device.detect.words import Transcript, Word


def spread(text: str, start_s: float, end_s: float, confidence: float = 1.0) -> tuple[Word, ...]:
    """The words of a text, evenly over a stretch of time."""
    texts = text.split()
    edges = [
        round((start_s + (end_s - start_s) * i / len(texts)) * SAMPLE_RATE)
        for i in range(len(texts) + 1)
    ]
    return tuple(Word(word, edges[i], edges[i + 1], confidence) for i, word in enumerate(texts))


class ScriptedRecogniser:
    """Hears the script's words whose middle lies in the sound that it was fed.

    Attributes:
        utterances: for each one decoded its number and the samples it was fed, first and end.
    """

    def __init__(self, script: Sequence[Word]) -> None:
        self._script = tuple(script)
        self._ready: list[Transcript] = []
        self._number: int | None = None
        self._first_sample = self._end_sample = 0
        self.utterances: list[tuple[int, int, int]] = []
        self.closed = False

    def begin(self, utterance: int, first_sample: int) -> None:
        """An utterance that was never finished is forgotten."""
        self._number = utterance
        self._first_sample = self._end_sample = first_sample

    def accept(self, samples: Samples) -> None:
        self._end_sample += len(samples)

    def finish(self) -> None:
        assert self._number is not None, "finish without begin"
        words = tuple(
            word
            for word in self._script
            if self._first_sample <= (word.first_sample + word.end_sample) // 2 < self._end_sample
        )
        self.utterances.append((self._number, self._first_sample, self._end_sample))
        self._ready.append(Transcript(self._number, words))
        self._number = None

    def transcripts(self) -> list[Transcript]:
        ready, self._ready = self._ready, []
        return ready

    def drain(self) -> list[Transcript]:
        return self.transcripts()

    def close(self) -> None:
        self.closed = True


class LateRecogniser(ScriptedRecogniser):
    """Answers late: each transcript waits for its number of further calls to ``transcripts``.

    The listener asks once per frame, so 50 calls are one second of sound. Transcripts still come
    in order: one that is late holds up those behind it.

    Args:
        delay_calls: number of calls to wait, for an utterance number.
    """

    def __init__(self, script: Sequence[Word], delay_calls: Callable[[int], int]) -> None:
        super().__init__(script)
        self._delay_calls = delay_calls
        self._waiting: list[tuple[int, Transcript]] = []
        self._calls = 0

    def transcripts(self) -> list[Transcript]:
        self._calls += 1
        for transcript in super().transcripts():
            due = self._calls + self._delay_calls(transcript.utterance)
            self._waiting.append((due, transcript))
        ready: list[Transcript] = []
        while self._waiting and self._waiting[0][0] <= self._calls:
            ready.append(self._waiting.pop(0)[1])
        return ready

    def drain(self) -> list[Transcript]:
        late = [transcript for _, transcript in self._waiting]
        self._waiting = []
        return late + super().transcripts()
