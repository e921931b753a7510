"""Training of the question scorer: gradients, noise, holding out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from device.detect.question_network import QuestionNetwork, Vocabulary
from tools.questions.build import thresholds
from tools.questions.corpus import Sentence, plain_words
from tools.questions.corpus import test_material as lines_for_testing
from tools.questions.network import Examples, Trained, _backward, _forward
from tools.questions.noise import Recogniser

pytestmark = pytest.mark.unit


@pytest.fixture
def batch() -> Examples:
    generator = np.random.default_rng(1)
    lengths = np.array([3, 5, 1], np.int32)
    inside = np.arange(5)[None, :] < lengths[:, None]
    rows = np.where(inside, generator.integers(0, 20, (3, 5)), -1).astype(np.int32)
    return Examples(
        rows,
        np.where(inside, rows % 5, -1).astype(np.int32),
        lengths,
        generator.random((3, 4)).astype(np.float32),
        np.array([1.0, 0.0, 1.0], np.float32),
        np.ones(3, np.float32),
    )


@pytest.mark.parametrize("name", ["table", "classes", "front", "end", "convolution", "hidden"])
def test_the_gradient_is_that_of_the_logits(batch: Examples, name: str) -> None:
    trained = Trained.fresh(20, 4, 6, 5, 4, seed=3)
    arrays = {key: value.astype(np.float64) for key, value in trained.arrays.items()}
    error = np.array([0.3, -0.2, 0.5])
    gradient = _backward(arrays, batch, _forward(arrays, batch), error)[name]
    place = np.unravel_index(int(np.abs(gradient).argmax()), gradient.shape)
    step = 1e-3
    above, below = ({k: v.copy() for k, v in arrays.items()} for _ in range(2))
    above[name][place] += step
    below[name][place] -= step

    change = error @ (_forward(above, batch)["logits"] - _forward(below, batch)["logits"])

    assert gradient[place] == pytest.approx(change / (2 * step), rel=0.05)


def test_learning_lowers_the_loss(batch: Examples) -> None:
    trained = Trained.fresh(20, 4, 6, 5, 4, seed=3)
    first = trained.learn(batch, 0.01)
    for _ in range(60):
        last = trained.learn(batch, 0.01)

    assert last < first / 2


def test_saved_weights_differ_by_rounding_only(tmp_path: Path) -> None:
    arrays = Trained.fresh(2, 4, 6, 5, 4, seed=3).arrays
    arrays = {**arrays, "focus": np.ones((8, 1), np.float32)}
    QuestionNetwork(Vocabulary(["wat", "is"]), ("tag",), arrays).save(tmp_path / "w.npz")

    loaded = QuestionNetwork.load(tmp_path / "w.npz")

    assert ("wat", "is") == loaded.vocabulary.words
    for name, expected in arrays.items():
        limit = np.abs(expected).max() / 127 + 1e-7
        assert np.abs(expected - loaded.arrays[name]).max() <= limit


def test_errors_come_at_the_given_rate_and_the_first_word_suffers_most() -> None:
    words = tuple(f"woord{letter}" for letter in "abcdefghij")
    recogniser = Recogniser(["ander", "iets", *words], np.random.default_rng(2))
    heard = [recogniser.hear(words, 0.1) for _ in range(600)]

    first_wrong = np.mean([line[0] != words[0] for line in heard])
    all_right = np.mean([line == words for line in heard])

    assert 0.14 < first_wrong < 0.26
    assert 0.2 < all_right < 0.45


def test_without_errors_nothing_changes() -> None:
    recogniser = Recogniser(["wat", "is"], np.random.default_rng(2))

    assert ("wat", "is") == recogniser.hear(("wat", "is"), 0.0)


def test_lines_of_the_test_material_are_found_as_words(tmp_path: Path) -> None:
    line = {"text": "Wat is dit?", "asr": "wat is dit"}
    (tmp_path / "utterances_dev.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    lesson = {"utterances": [{"text": "Hoe komt dat?"}]}
    (scenes / "p01.json").write_text(json.dumps(lesson), encoding="utf-8")

    found = lines_for_testing(tmp_path, scenes)

    assert {("wat", "is", "dit"), ("hoe", "komt", "dat")} == found


def test_a_sentence_stays_in_its_bucket() -> None:
    one = Sentence(plain_words("Wat is dit?"), True, "a")
    other = Sentence(plain_words("wat is dit"), False, "b")

    assert one.bucket == other.bucket


def test_thresholds_rise_and_the_cue_is_precise() -> None:
    logits = np.linspace(4.0, -4.0, 81).astype(np.float32)
    truth = np.array([True] * 30 + [False, True] * 10 + [False] * 31)
    ones = np.ones(81, np.float32)

    best, cue, sure = thresholds(logits, truth, ones, ones)

    assert best < cue < sure
    assert truth[logits >= cue].mean() >= 0.95
