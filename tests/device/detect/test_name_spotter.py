"""A second look at doubtful words: the real Vosk on spoken names, and the rules that judge it.

The voices are variants of espeak-ng that no model was trained on and no lesson speaks with.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import vosk
from spoken_names import VOICES, in_soft_noise, spoken

from device.audio.frames import SAMPLE_RATE, Samples
from device.detect.name_spotter import NameSpotter
from device.detect.recogniser import InlineRecogniser
from device.detect.words import Word, text_of

pytestmark = [pytest.mark.replay, pytest.mark.slow]

MODEL = Path(__file__).resolve().parents[3] / "device" / "data" / "models" / "nl"
NAMES = ("fatima", "bob", "kay", "romy", "sanne", "lotte", "bram", "guusje", "tess", "jip")


class FixedEar(NameSpotter):
    """Hears what it is told to, alone and beside other words; the rules that judge it are real."""

    def __init__(
        self, model: vosk.Model, heard: Sequence[Word], beside: Sequence[Word] = ()
    ) -> None:
        super().__init__(model, {name: name for name in NAMES}, "nl")
        self._heard, self._beside = heard, beside

    def spot(self, sound: Samples, first_sample: int, rival: str | None = None) -> list[Word]:
        return list(self._heard if rival is None else self._beside)


@pytest.fixture(scope="module")
def model() -> vosk.Model:
    vosk.SetLogLevel(-1)
    return vosk.Model(str(MODEL))


def word(text: str, begin_s: float, end_s: float, confidence: float) -> Word:
    return Word(text, round(begin_s * SAMPLE_RATE), round(end_s * SAMPLE_RATE), confidence)


def said(model: vosk.Model, words: Sequence[Word], *heard: Word) -> list[str]:
    sound = np.zeros(2 * SAMPLE_RATE, np.int16)
    return text_of(FixedEar(model, heard).refine(sound, 0, words))


def said_beside(model: vosk.Model, words: Sequence[Word], name: Word) -> list[str]:
    sound = np.zeros(2 * SAMPLE_RATE, np.int16)
    return text_of(FixedEar(model, [name], [name]).refine(sound, 0, words))


BOB = word("bob", 0.4, 0.7, 0.95)
KAY = word("kay", 0.4, 0.7, 0.95)


@pytest.mark.parametrize(
    ("words", "heard", "expected"),
    [
        # an unsure word that sounds like the name, alone, at the start and at the end
        ([word("op", 0.4, 0.7, 0.4)], BOB, ["bob"]),
        ([word("op", 0.4, 0.7, 0.4), word("waarom", 0.8, 1.2, 1.0)], BOB, ["bob", "waarom"]),
        ([word("waarom", 0.0, 0.3, 1.0), word("bo", 0.4, 0.7, 0.4)], BOB, ["waarom", "bob"]),
        ([], BOB, ["bob"]),
        # a confident ordinary word, a word unlike the name, and a name that is itself unsure
        ([word("op", 0.4, 0.7, 0.98)], BOB, ["op"]),
        ([word("komisch", 0.4, 0.7, 0.3)], word("romy", 0.4, 0.7, 1.0), ["komisch"]),
        ([word("op", 0.4, 0.7, 0.4)], word("bob", 0.4, 0.7, 0.7), ["op"]),
        # alone less is enough than in a sentence, of doubt and of certainty
        ([word("op", 0.4, 0.7, 0.7)], word("bob", 0.4, 0.7, 0.8), ["bob"]),
        ([word("op", 0.4, 0.7, 0.7), word("waarom", 0.8, 1.2, 1.0)], BOB, ["op", "waarom"]),
        (
            [word("op", 0.4, 0.7, 0.4), word("waarom", 0.8, 1.2, 1.0)],
            word("bob", 0.4, 0.7, 0.8),
            ["op", "waarom"],
        ),
        # a first name that nobody in the class bears, alone; in a sentence it may be meant
        ([word("jet", 0.4, 0.7, 0.98)], word("tess", 0.4, 0.7, 0.95), ["jet"]),
        ([word("kai", 0.4, 0.7, 0.98)], KAY, ["kay"]),
        ([word("thomas", 0.4, 0.7, 0.98)], word("tess", 0.4, 0.7, 0.95), ["thomas"]),
        ([word("wie", 0.0, 0.3, 1.0), word("kai", 0.4, 0.7, 0.98)], KAY, ["wie", "kai"]),
        # the name lies elsewhere
        ([word("op", 0.4, 0.7, 0.4)], word("bob", 1.2, 1.5, 1.0), ["op"]),
    ],
)
def test_an_unsure_word_becomes_a_name_only_when_all_agrees(
    model: vosk.Model, words: list[Word], heard: Word, expected: list[str]
) -> None:
    assert expected == said(model, words, heard)


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        # sure, but only as common words are: the first, the last and the only one
        ([word("op", 0.4, 0.7, 0.98)], BOB, ["bob"]),
        ([word("op", 0.4, 0.7, 0.98), word("wie", 0.8, 1.2, 1.0)], BOB, ["bob", "wie"]),
        ([word("wie", 0.0, 0.3, 1.0), word("op", 0.4, 0.7, 0.98)], BOB, ["wie", "bob"]),
        # certain, hardly surer than the word, quite unlike it, and not at an edge
        ([word("op", 0.4, 0.7, 1.0)], BOB, ["op"]),
        ([word("op", 0.4, 0.7, 0.98)], word("bob", 0.4, 0.7, 0.6), ["op"]),
        ([word("bom", 0.4, 0.7, 0.9)], word("romy", 0.4, 0.7, 1.0), ["bom"]),
        ([word("natuurlijk", 0.4, 0.7, 0.98)], BOB, ["natuurlijk"]),
        (
            [word("ik", 0, 0.3, 1.0), word("op", 0.4, 0.7, 0.98), word("ga", 0.8, 1.0, 1.0)],
            BOB,
            ["ik", "op", "ga"],
        ),
    ],
)
def test_a_sure_word_becomes_the_name_that_wins_beside_it(
    model: vosk.Model, words: list[Word], name: Word, expected: list[str]
) -> None:
    assert expected == said_beside(model, words, name)


@pytest.mark.parametrize(
    ("confidence", "heard", "expected"),
    [
        (0.5, [], []),
        (0.7, [], ["kay"]),
        (0.5, [word("kay", 0.4, 0.7, 0.5)], ["kay"]),
        (0.8, [word("tess", 0.4, 0.7, 0.95)], ["tess"]),
        (0.8, [word("tess", 0.4, 0.7, 0.6)], ["kay"]),
        (0.95, [word("tess", 0.4, 0.7, 1.0)], ["kay"]),
    ],
)
def test_a_name_is_confirmed_replaced_or_left_out(
    model: vosk.Model, confidence: float, heard: list[Word], expected: list[str]
) -> None:
    assert expected == said(model, [word("kay", 0.4, 0.7, confidence)], *heard)


class NothingElse:
    """A model whose vocabulary has no word for all other sounds."""

    def vosk_model_find_word(self, word: str) -> int:
        return -1 if word == "[unk]" else 1


def test_without_a_word_for_everything_else_there_is_no_second_look() -> None:
    words = [word("op", 0.4, 0.7, 0.4), word("kay", 1.0, 1.3, 0.4)]
    assert ["op", "kay"] == said(NothingElse(), words, BOB)
    spotter = NameSpotter(NothingElse(), {"bob": "bob"}, "nl")
    assert [] == spotter.spot(np.zeros(SAMPLE_RATE, np.int16), 0)


def test_an_unsure_word_in_the_middle_is_left_alone(model: vosk.Model) -> None:
    words = [word("ik", 0, 0.3, 1.0), word("op", 0.4, 0.7, 0.3), word("ga", 0.8, 1.0, 1.0)]
    assert ["ik", "op", "ga"] == said(model, words, BOB)


def test_words_keep_their_order_and_never_overlap_the_name(model: vosk.Model) -> None:
    words = [word("op", 0.3, 0.55, 0.3), word("op", 0.55, 0.8, 0.3), word("wie", 1.0, 1.3, 1.0)]
    refined = FixedEar(model, [word("bob", 0.35, 0.7, 1.0)]).refine(
        np.zeros(2 * SAMPLE_RATE, np.int16), 0, words
    )
    edges = [edge for item in refined for edge in (item.first_sample, item.end_sample)]
    assert edges == sorted(edges)


def hear(
    recogniser: InlineRecogniser, number: int, sound: Samples, piece_samples: int
) -> list[str]:
    recogniser.begin(number, 0)
    for start in range(0, len(sound), piece_samples):
        recogniser.accept(sound[start : start + piece_samples])
    recogniser.finish()
    (transcript,) = recogniser.transcripts()
    return text_of(transcript.words)


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Samples]]:
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed: apt install espeak-ng")
    folder = tmp_path_factory.mktemp("calls")
    return [
        (name, in_soft_noise([spoken(folder, voice, name)], 0.3))
        for voice in VOICES
        for name in NAMES
    ]


def test_spoken_names_are_heard_more_often_and_never_as_another(
    calls: list[tuple[str, Samples]],
) -> None:
    alone = InlineRecogniser(MODEL)
    both = InlineRecogniser(MODEL, {name: name for name in NAMES})
    heard = {
        ear: [(name, hear(ear, n, sound, 320)) for n, (name, sound) in enumerate(calls)]
        for ear in (alone, both)
    }
    right = {ear: sum(name in words for name, words in heard[ear]) for ear in heard}
    others = [words for name, words in heard[both] if set(words) & set(NAMES) - {name}]
    assert right[both] >= right[alone]
    assert right[both] >= 0.8 * len(calls)
    assert [] == others


def test_the_length_of_the_pieces_does_not_change_what_is_spotted(
    calls: list[tuple[str, Samples]],
) -> None:
    found = []
    for piece_samples in (160, 1601, 100_000):
        recogniser = InlineRecogniser(MODEL, {name: name for name in NAMES})
        found.append(
            [hear(recogniser, n, sound, piece_samples) for n, (_, sound) in enumerate(calls[:8])]
        )
    assert found[0] == found[1] == found[2]
