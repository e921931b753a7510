"""The class list read aloud: which stretch of sound is which name, and what was made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from device.audio.frames import SAMPLE_RATE, Frame, Samples
from device.detect.chunks import ChunkBuilder, is_teacher, with_transcript
from device.detect.features import FrameAnalyser
from device.detect.name_spotter import SURE, NameSpotter
from device.detect.reading import Chunk
from device.detect.recogniser import InlineRecogniser
from device.detect.spans import SpanEnd, SpanTracker
from device.detect.words import Transcript
from device.names.check import NameCheck, NameVerdict
from device.names.distance import distance
from device.names.lookalikes import MOST_WORDS
from device.names.sounds import Sounds
from device.roster import Pupil

#: a name that was not read, or a cough between two names, costs as much as quite another sound
SKIP_COST = 0.7


@dataclass(frozen=True, slots=True)
class Said:
    """One stretch of the reading.

    Attributes:
        words: what the recogniser made of it.
        name: the name or stand-in that the grammar of names is sure of, else ``None``.
    """

    words: tuple[str, ...] = field(repr=False)
    name: str | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        return " ".join(self.words)


class _Keeping:
    """A recogniser that keeps the sound of each utterance for a second look."""

    def __init__(self, inner: InlineRecogniser) -> None:
        self._inner = inner
        self._utterance = 0
        self._pieces: dict[int, list[Samples]] = {}

    def begin(self, utterance: int, first_sample: int) -> None:
        self._utterance = utterance
        self._pieces[utterance] = []
        self._inner.begin(utterance, first_sample)

    def accept(self, samples: Samples) -> None:
        self._pieces[self._utterance].append(samples)
        self._inner.accept(samples)

    def finish(self) -> None:
        self._inner.finish()

    def transcripts(self) -> list[Transcript]:
        return self._inner.transcripts()

    def drain(self) -> list[Transcript]:
        return self._inner.drain()

    def close(self) -> None:
        self._inner.close()

    def sound(self, utterance: int) -> Samples:
        """The sound of an utterance, given once."""
        pieces = self._pieces.pop(utterance, [])
        return np.concatenate(pieces) if pieces else np.zeros(0, np.int16)


class NameEar:
    """Cuts the reading into stretches, by the same means as a lesson. Steps once per frame.

    Args:
        recogniser: hears freely, without names to look for.
        spotter: hears the names only.
    """

    def __init__(self, recogniser: InlineRecogniser, spotter: NameSpotter) -> None:
        self._recogniser = _Keeping(recogniser)
        self._spotter = spotter
        self._analyser = FrameAnalyser()
        self._tracker = SpanTracker()
        self._chunks = ChunkBuilder(self._recogniser)
        self._position = 0

    @property
    def position_s(self) -> float:
        """Seconds of sound taken."""
        return self._position / SAMPLE_RATE

    @property
    def busy(self) -> bool:
        """Whether somebody is speaking."""
        return self._chunks.open_since is not None

    def feed(self, frame: Frame) -> list[Said]:
        """Take a frame; the stretches that ended with it."""
        self._position = frame.end_sample
        features = self._analyser.analyse(frame, self._tracker.wearer.vad_gain)
        self._take(self._tracker.step(features, False))
        self._chunks.feed(frame, self._tracker)
        return self._said(self._chunks.take())

    def finish(self) -> list[Said]:
        """End of the sound."""
        self._take(self._tracker.flush())
        self._chunks.flush()
        return self._said(self._chunks.take())

    def _take(self, events: Sequence[object]) -> None:
        for event in events:
            if isinstance(event, SpanEnd) and event.span.lexical and is_teacher(event.span):
                self._chunks.add(event.span, True)

    def _said(self, chunks: Sequence[Chunk]) -> list[Said]:
        transcripts = {item.utterance: item for item in self._recogniser.transcripts()}
        said = []
        for chunk in chunks:
            heard = with_transcript(chunk, transcripts[chunk.number]).words or ()
            names = self._spotter.spot(self._recogniser.sound(chunk.number), chunk.first_sample)
            sure = [name for name in names if name.confidence >= SURE]
            best = max(sure, key=lambda name: name.confidence, default=None)
            said.append(Said(tuple(word.text for word in heard), best.text if best else None))
        return said


def matched(
    stretches: Sequence[Said], pupils: Sequence[Pupil], said_names: Sequence[str], sounds: Sounds
) -> list[Said | None]:
    """For each pupil the stretch in which the name was read, in order; ``None``: not found.

    As many stretches as names are taken one for one. Otherwise those are left out that sound least
    like a name in their place: a cough, a page turned, a name that was forgotten.
    """
    if len(stretches) == len(pupils):
        return list(stretches)
    heard = sounds.of([stretch.text for stretch in stretches])
    costs = np.full((len(heard) + 1, len(said_names) + 1), np.inf)
    costs[0, 0] = 0.0
    steps: dict[tuple[int, int], str] = {}
    for i in range(len(heard) + 1):
        for j in range(len(said_names) + 1):
            options = []
            if i:
                options.append((costs[i - 1, j] + SKIP_COST, "stretch"))
            if j:
                options.append((costs[i, j - 1] + SKIP_COST, "name"))
            if i and j:
                unlike = _unlike(heard[i - 1], said_names[j - 1])
                options.append((costs[i - 1, j - 1] + unlike, "both"))
            if options:
                costs[i, j], steps[i, j] = min(options)
    found: list[Said | None] = [None] * len(pupils)
    i, j = len(heard), len(said_names)
    while i or j:
        step = steps[i, j]
        i -= step != "name"
        j -= step != "stretch"
        if step == "both":
            found[j] = stretches[i]
    return found


def _unlike(one: str, other: str) -> float:
    """Cost for each sound, at most 1."""
    return min(1.0, distance(one, other) / max(1, len(one), len(other)))


def kept_words(said: Said, verdict: NameVerdict, pupil: Pupil, rules: NameCheck) -> tuple[str, ...]:
    """Which of the words that were made of a name may stand for it in a lesson."""
    candidates = []
    if said.words and len(said.words) <= MOST_WORDS:
        candidates.append(said.text)
    if said.name in verdict.aliases:
        candidates.append(said.name)
    return tuple(
        words
        for words in dict.fromkeys(candidates)
        if words not in verdict.forms and rules.usable(words, pupil)
    )
