"""What the recogniser hears, stamped in samples, and the protocol it is asked through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from device.audio.frames import Samples


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word.

    Attributes:
        text: lower case, as in the recogniser's vocabulary.
        first_sample, end_sample: where it lies, on the recogniser's 30 ms grid.
        confidence: 0 to 1.
    """

    text: str
    first_sample: int
    end_sample: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of one utterance; ``heard`` is False when the recogniser could not take it."""

    utterance: int
    words: tuple[Word, ...]
    heard: bool = True


class Recogniser(Protocol):
    """Takes one utterance at a time, in order, and hands transcripts back in that order.

    ``begin``, ``accept`` and ``finish`` return at once; ``transcripts`` gives what is ready,
    ``drain`` waits for everything that was begun.
    """

    def begin(self, utterance: int, first_sample: int) -> None: ...

    def accept(self, samples: Samples) -> None: ...

    def finish(self) -> None: ...

    def transcripts(self) -> list[Transcript]: ...

    def drain(self) -> list[Transcript]: ...

    def close(self) -> None: ...


class Deaf:
    """No speech model: every utterance comes back unheard, and the voice alone must decide."""

    def __init__(self) -> None:
        self._ready: list[Transcript] = []
        self._utterance = 0

    def begin(self, utterance: int, first_sample: int) -> None:
        del first_sample
        self._utterance = utterance

    def accept(self, samples: Samples) -> None:
        del samples

    def finish(self) -> None:
        self._ready.append(Transcript(self._utterance, (), heard=False))

    def transcripts(self) -> list[Transcript]:
        ready, self._ready = self._ready, []
        return ready

    def drain(self) -> list[Transcript]:
        return self.transcripts()

    def close(self) -> None:
        pass


def text_of(words: Sequence[Word]) -> list[str]:
    """The bare words."""
    return [word.text for word in words]
