"""What the attacked device hears: a part of the demo lesson, with its words taken down once.

Decoding speech costs twenty times as much as all the rest, so the real recogniser hears the part
once, and every run replays its words in the recogniser's place and thread.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from device.audio.frames import SAMPLE_RATE, Block, Samples
from device.audio.recording import Recording
from device.clock import Clock
from device.detect.recogniser import ThreadedRecogniser
from device.detect.words import Recogniser, Transcript, Word
from device.feedback.cueing import Cueing
from device.feedback.policy import CuePolicy
from device.lesson_plan import LessonPlan
from device.models import find_model
from device.pipeline import Pipeline
from device.roster import Roster
from lesson.events import CueMode, LessonEvent

DEMO = Path(__file__).resolve().parents[2] / "device" / "data" / "demo"
TARGET_S = 3.0
#: of the demo lesson
LESSON_S = 239.0
QUESTION_FROM_S, QUESTION_TO_S = 39.5, 48.0


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Sound, its words, and the events that an undisturbed device makes of it."""

    samples: Samples
    words: tuple[Word, ...]
    events: tuple[LessonEvent, ...]

    @property
    def length_s(self) -> float:
        return len(self.samples) / SAMPLE_RATE


class ReplayedWords:
    """Hears the words whose middle lies in the sound of the utterance.

    Args:
        slowness: seconds of work for each second of speech; above 1 it cannot keep up.
        ahead_samples: how much higher the numbers of the words are than those of the lesson.
    """

    def __init__(
        self,
        words: tuple[Word, ...],
        clock: Clock | None = None,
        slowness: float = 0.0,
        ahead_samples: Callable[[], int] = lambda: 0,
    ) -> None:
        self._words = words
        self._clock = clock
        self._slowness = slowness
        self._ahead_samples = ahead_samples
        self._ready: list[Transcript] = []

    def begin(self, utterance: int, first_sample: int) -> None:
        self._utterance = utterance
        self._first = self._end = first_sample

    def accept(self, samples: Samples) -> None:
        self._end += len(samples)
        if self._clock is not None and self._slowness:
            self._clock.sleep(self._slowness * len(samples) / SAMPLE_RATE)

    def finish(self) -> None:
        ahead = self._ahead_samples()
        moved = (
            replace(
                word, first_sample=word.first_sample - ahead, end_sample=word.end_sample - ahead
            )
            for word in self._words
        )
        words = tuple(
            word
            for word in moved
            if self._first <= (word.first_sample + word.end_sample) // 2 < self._end
        )
        self._ready.append(Transcript(self._utterance, words))

    def transcripts(self) -> list[Transcript]:
        ready, self._ready = self._ready, []
        return ready

    drain = transcripts

    def close(self) -> None:
        self._words = ()


@dataclass(frozen=True)
class ReplayPlan(LessonPlan):
    """A plan whose recogniser replays words, in the real recogniser's thread."""

    words: tuple[Word, ...] = ()
    clock: Clock | None = None
    slowness: float = 0.0
    ahead_samples: Callable[[], int] = lambda: 0

    def recogniser(self, *, threaded: bool) -> Recogniser:
        replayed = ReplayedWords(self.words, self.clock, self.slowness, self.ahead_samples)
        return ThreadedRecogniser(lambda: replayed) if threaded else replayed


def replay_plan(
    excerpt: Excerpt, clock: Clock, slowness: float, ahead_samples: Callable[[], int]
) -> ReplayPlan:
    """The plan of the demo lesson, with the excerpt's words."""
    roster = Roster.read(DEMO / "klas.txt")
    return ReplayPlan(
        *("nl", CueMode.CUE, TARGET_S, roster, None),
        words=excerpt.words,
        clock=clock,
        slowness=slowness,
        ahead_samples=ahead_samples,
    )


def take_down(start_s: float, end_s: float) -> Excerpt:
    """Hear the part with the built-in speech model.

    Raises:
        ModelError: there is none.
    """
    with Recording(DEMO / "les_nl.flac") as recording:
        blocks = [item.samples for item in recording.items() if isinstance(item, Block)]
    sound = np.concatenate(blocks)[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)]
    model = find_model("nl", None, environ={}, usual_folders=())
    roster = Roster.read(DEMO / "klas.txt")
    plan = LessonPlan("nl", CueMode.CUE, TARGET_S, roster, model)
    heard = _Heard(plan.recogniser(threaded=False))
    hear(sound, plan, heard)
    words = tuple(heard.words)
    return Excerpt(sound, words, hear(sound, plan, ReplayedWords(words)))


def whole_lesson() -> Excerpt:
    """The demo lesson from its beginning to its end."""
    return take_down(0.0, LESSON_S)


def question() -> Excerpt:
    """The part of it that holds one question, a pause of 3.4 s, a name and an answer."""
    return take_down(QUESTION_FROM_S, QUESTION_TO_S)


def repeated(excerpt: Excerpt, rounds: int) -> Excerpt:
    """The same so many times in a row, without events."""
    length = len(excerpt.samples)
    words = tuple(
        replace(
            word,
            first_sample=word.first_sample + number * length,
            end_sample=word.end_sample + number * length,
        )
        for number in range(rounds)
        for word in excerpt.words
    )
    return Excerpt(np.tile(excerpt.samples, rounds), words, ())


def hear(sound: Samples, plan: LessonPlan, recogniser: Recogniser) -> tuple[LessonEvent, ...]:
    """The events of the sound, as an undisturbed device finds them."""
    pipeline = Pipeline(plan.listener(recogniser), Cueing(CuePolicy(plan.mode, plan.target_s)))
    steps = [*pipeline.feed(Block(sound)), *pipeline.finish()]
    return tuple(event for step in steps for event in step.events)


def save(excerpt: Excerpt, folder: Path) -> None:
    """For other processes; ``load`` reads it."""
    np.save(folder / "sound.npy", excerpt.samples)
    words = [[w.text, w.first_sample, w.end_sample, w.confidence] for w in excerpt.words]
    (folder / "words.json").write_text(json.dumps(words), encoding="utf-8")


def load(folder: Path) -> Excerpt:
    """Sound and words as saved, without the events."""
    rows = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    words = tuple(Word(*row) for row in rows)
    return Excerpt(np.load(folder / "sound.npy", mmap_mode="r"), words, ())


class _Heard:
    """Passes everything on and keeps the words."""

    def __init__(self, inner: Recogniser) -> None:
        self._inner = inner
        self.words: list[Word] = []

    def begin(self, utterance: int, first_sample: int) -> None:
        self._inner.begin(utterance, first_sample)

    def accept(self, samples: Samples) -> None:
        self._inner.accept(samples)

    def finish(self) -> None:
        self._inner.finish()

    def transcripts(self) -> list[Transcript]:
        ready = self._inner.transcripts()
        self.words += [word for transcript in ready for word in transcript.words]
        return ready

    def drain(self) -> list[Transcript]:
        return self.transcripts()

    def close(self) -> None:
        self._inner.close()
