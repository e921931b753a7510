"""What a built model hears: held-out voices, test lessons, a person it has not met."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import vosk

from tools.speech.augmentation import SAMPLE_RATE, Samples
from tools.speech.clips import (
    ROSTER_SIZE,
    Clip,
    after_mute,
    human_clips,
    lesson_clips,
    synthetic_clips,
)
from tools.speech.languages import Language
from tools.speech.numbers import number_sentences
from tools.speech.question_class import question_class
from tools.speech.text import Corpus

CHUNK_BYTES = 3200
MUTE_S = 5.0
LONG_WORD = 10
MUTED_CLIPS = NUMBER_CLIPS = SUBJECT_CLIPS = 50
UNKNOWN = "[unk]"
Progress = Callable[[str], None]


@dataclass
class Tally:
    """Sums over one set of clips."""

    words: int = 0
    errors: int = 0
    unknown: int = 0
    clips: int = 0
    first_right: int = 0
    first_inserted: int = 0
    questions: int = 0
    class_right: int = 0
    statements: int = 0
    statements_as_question: int = 0
    names: int = 0
    names_heard: int = 0
    names_false: int = 0
    listed_heard: int = 0
    listed_false: int = 0
    right_confidence: list[float] = field(default_factory=list)
    wrong_confidence: list[float] = field(default_factory=list)
    start_errors_ms: list[float] = field(default_factory=list)
    end_errors_ms: list[float] = field(default_factory=list)

    def __add__(self, other: Tally) -> Tally:
        """Both sets together."""
        mine, theirs = vars(self), vars(other)
        return Tally(**{name: mine[name] + theirs[name] for name in mine})

    def figures(self) -> dict[str, float | int]:
        """Percentages, each with its n."""
        result: dict[str, float | int] = {
            "wer_pct": _percent(self.errors, self.words),
            "words": self.words,
            "out_of_vocabulary_pct": _percent(self.unknown, self.words),
            "first_word_pct": _percent(self.first_right, self.clips),
            "inserted_first_pct": _percent(self.first_inserted, self.clips),
            "clips": self.clips,
        }
        if self.questions:
            result |= {
                "question_class_pct": _percent(self.class_right, self.questions),
                "questions": self.questions,
                "statements": self.statements,
                "statements_taken_for_questions": self.statements_as_question,
            }
        for name, errors in (("start", self.start_errors_ms), ("end", self.end_errors_ms)):
            if errors:
                median, most = np.percentile(np.abs(errors), [50, 90])
                result[f"{name}_median_ms"] = round(float(median))
                result[f"{name}_p90_ms"] = round(float(most))
        if self.names:
            result |= {
                "names": self.names,
                "names_heard": self.names_heard,
                "names_false": self.names_false,
                "names_heard_in_grammar": self.listed_heard,
                "names_false_in_grammar": self.listed_false,
            }
        if self.right_confidence:
            result["confidence_right"] = round(float(np.mean(self.right_confidence)), 3)
        if self.wrong_confidence:
            result["confidence_wrong"] = round(float(np.mean(self.wrong_confidence)), 3)
        return result


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def pairs(wanted: list[str], heard: list[str]) -> tuple[int, list[tuple[int, int]]]:
    """Word errors of the best alignment, and which places were put together."""
    cost = np.zeros((len(wanted) + 1, len(heard) + 1), int)
    cost[:, 0], cost[0] = range(len(wanted) + 1), range(len(heard) + 1)
    for i, word in enumerate(wanted, 1):
        for j, other in enumerate(heard, 1):
            swap = cost[i - 1, j - 1] + (word != other)
            cost[i, j] = min(swap, cost[i - 1, j] + 1, cost[i, j - 1] + 1)
    i, j, matched = len(wanted), len(heard), []
    while i and j:
        if cost[i, j] == cost[i - 1, j - 1] + (wanted[i - 1] != heard[j - 1]):
            i, j = i - 1, j - 1
            matched.append((i, j))
        elif cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
    return int(cost[-1, -1]), matched[::-1]


def recognise(
    model: vosk.Model, samples: Samples, grammar: list[str] | None = None
) -> list[dict[str, Any]]:
    """The words that a fresh recogniser hears, streamed in blocks of 100 ms."""
    arguments = [model, SAMPLE_RATE] + ([json.dumps(grammar)] if grammar else [])
    recogniser = vosk.KaldiRecognizer(*arguments)
    recogniser.SetWords(True)
    sound = np.clip(np.round(samples), -32768, 32767).astype("<i2").tobytes()
    heard: list[dict[str, Any]] = []
    for start in range(0, len(sound), CHUNK_BYTES):
        if recogniser.AcceptWaveform(sound[start : start + CHUNK_BYTES]):
            heard += json.loads(recogniser.Result()).get("result", [])
    heard += json.loads(recogniser.FinalResult()).get("result", [])
    return [word for word in heard if word["word"] != UNKNOWN]


def assess(model: vosk.Model, clips: Iterable[Clip], code: str) -> Tally:
    """Word errors, first words, questions, times and names over a set of clips."""
    tally = Tally()
    for clip in clips:
        result = recognise(model, clip.samples)
        heard = [word["word"] for word in result]
        errors, matched = pairs(clip.words, heard)
        tally.errors += errors
        tally.words += len(clip.words)
        tally.clips += 1
        tally.unknown += sum(model.vosk_model_find_word(word) < 0 for word in clip.words)
        tally.first_right += bool(heard) and heard[0] == clip.words[0]
        tally.first_inserted += any(i == 0 and j > 0 for i, j in matched)
        _count_class(clip, heard, code, tally)
        if clip.bounds_s and result:
            tally.start_errors_ms.append(1000 * (result[0]["start"] - clip.bounds_s[0]))
            tally.end_errors_ms.append(1000 * (result[-1]["end"] - clip.bounds_s[1]))
        for i, j in matched:
            right = clip.words[i] == heard[j]
            store = tally.right_confidence if right else tally.wrong_confidence
            store.append(result[j]["conf"])
        if clip.roster:
            _count_names(model, clip, heard, tally)
    return tally


def _count_class(clip: Clip, heard: list[str], code: str, tally: Tally) -> None:
    """Whether the first words heard say the same of the utterance as those spoken."""
    spoken, taken = (question_class(words, code, clip.roster) for words in (clip.words, heard))
    tally.questions += clip.question
    tally.class_right += clip.question and spoken == taken
    tally.statements += not clip.question
    tally.statements_as_question += not clip.question and spoken == "other" != taken


def _count_names(model: vosk.Model, clip: Clip, heard: list[str], tally: Tally) -> None:
    """Names heard by the open vocabulary and by a grammar of the roster."""
    roster = [name for name in clip.roster if model.vosk_model_find_word(name) >= 0]
    listed = [word["word"] for word in recognise(model, clip.samples, [*roster, UNKNOWN])]
    called = [word for word in clip.words if word in clip.roster]
    tally.names += len(called)
    right, false = _found(called, [word for word in heard if word in clip.roster])
    tally.names_heard += right
    tally.names_false += false
    right, false = _found(called, listed)
    tally.listed_heard += right
    tally.listed_false += false


def _found(wanted: list[str], heard: list[str]) -> tuple[int, int]:
    left, right = wanted.copy(), 0
    for name in heard:
        if name in left:
            left.remove(name)
            right += 1
    return right, len(heard) - right


def _long_words(language: Language, draw: random.Random) -> list[str]:
    """Long words of school subjects; in Dutch nearly all of them are compounds."""
    return draw.sample(
        [word for word in language.subject_words() if len(word) >= LONG_WORD], SUBJECT_CLIPS
    )


def evaluate(
    folder: Path,
    language: Language,
    corpus: Corpus,
    held_out: list[str],
    lessons: Path | None,
    progress: Progress,
) -> dict[str, Any]:
    """All figures of a model; those that need the test lessons only where these are."""
    vosk.SetLogLevel(-1)
    model = vosk.Model(str(folder))
    tallies: dict[str, Tally] = {}

    def measure(name: str, clips: list[Clip]) -> None:
        tallies[name] = assess(model, clips, language.code)
        progress(f"{name}: {tallies[name].figures()['wer_pct']} %")

    for label, snr_db in (("clean", None), ("20 dB", 20.0), ("10 dB", 10.0)):
        clips = synthetic_clips(language, held_out, 4, snr_db, ())
        measure(f"held-out voices, {label}", clips)
        if snr_db is None:
            muted = after_mute(clips[:MUTED_CLIPS], MUTE_S)
            measure(f"the first {len(muted)} of these", clips[:MUTED_CLIPS])
            measure(f"the same, behind {MUTE_S:g} s of digital zeros", muted)
    draw = random.Random(6)
    numbers = list(number_sentences(language.code, draw, NUMBER_CLIPS))
    measure("numbers", synthetic_clips(language, numbers, 6, None, ()))
    subjects = [language.subject_sentence(word) for word in _long_words(language, draw)]
    measure("words of school subjects", synthetic_clips(language, subjects, 7, None, ()))
    roster = corpus.names[:ROSTER_SIZE]
    calls = [f"{name}?" for name in roster for _ in range(3)]
    for label, snr_db in (("clean", None), ("20 dB", 20.0)):
        clips = synthetic_clips(language, calls, 5, snr_db, roster)
        measure(f"single names, {label}", clips)
    if lessons is not None:
        for lesson in language.lessons:
            measure(f"lesson {lesson}", lesson_clips(lessons, lesson, corpus.names))
        together = [tallies[f"lesson {lesson}"] for lesson in language.lessons]
        tallies["lessons together"] = sum(together[1:], start=together[0])
        for lesson in language.reader_lessons:
            clips = lesson_clips(lessons, lesson, corpus.names)
            measure(f"lesson {lesson} (the reader, other sentences)", clips)
        if language.held_out_speaker:
            name = f"a person never met ({language.held_out_speaker})"
            measure(name, human_clips(lessons, language.held_out_speaker))
    zeros = np.zeros(5 * SAMPLE_RATE, np.float32)
    results: dict[str, Any] = {name: tally.figures() for name, tally in tallies.items()}
    results["words in 5 s of digital zeros"] = len(recognise(model, zeros))
    return results
