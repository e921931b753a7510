"""Training of the question scorer: gradients, noise, holding out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from device.detect.questions.dutch import DutchQuestions
from device.detect.questions.network import QuestionNetwork, Vocabulary
from tools.questions.build import best_f1, precisions
from tools.questions.classroom import Pattern, Patterns
from tools.questions.corpus import TEST_BUCKETS, TRAINING_BUCKETS, Sentence, plain_words
from tools.questions.corpus import test_material as lines_for_testing
from tools.questions.evaluation import figures
from tools.questions.examples import starts_timer
from tools.questions.focus import (
    FOLDS,
    FocusRow,
    features,
    held_out_opens,
    read_focus,
    train_focus,
)
from tools.questions.network import Examples, Trained, _backward, _forward
from tools.questions.noise import Recogniser
from tools.questions.page import write_page

pytestmark = pytest.mark.unit

ALL = range(100)


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
        np.array([[1.0, 1.0], [0.0, 0.0], [1.0, 0.0]], np.float32),
        np.ones(3, np.float32),
    )


@pytest.mark.parametrize("name", ["table", "classes", "front", "end", "convolution", "hidden"])
def test_the_gradient_is_that_of_the_logits(batch: Examples, name: str) -> None:
    trained = Trained.fresh(20, 4, 6, 5, 4, seed=3)
    arrays = {key: value.astype(np.float64) for key, value in trained.arrays.items()}
    error = np.array([[0.3, 0.1], [-0.2, 0.4], [0.5, -0.3]])
    gradient = _backward(arrays, batch, _forward(arrays, batch), error)[name]
    place = np.unravel_index(int(np.abs(gradient).argmax()), gradient.shape)
    step = 1e-3
    above, below = ({k: v.copy() for k, v in arrays.items()} for _ in range(2))
    above[name][place] += step
    below[name][place] -= step

    change = (error * (_forward(above, batch)["logits"] - _forward(below, batch)["logits"])).sum()

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
    heard = [recogniser.hear(words, 0.1, first_word=2.0) for _ in range(600)]

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


def test_the_limit_of_the_statistics_is_that_of_the_best_f1() -> None:
    logits = np.array([3.0, 2.0, 1.0, 0.0, -1.0], np.float32)
    truth = np.array([True, True, False, True, False])
    ones = np.ones(5, np.float32)

    assert 0.0 == best_f1(logits, truth, ones)
    assert 2.0 == best_f1(logits, truth, np.array([1, 1, 9, 1, 1], np.float32))


def test_the_cue_is_precise_among_what_was_counted() -> None:
    logits = np.linspace(4.0, -4.0, 81).astype(np.float32)
    truth = np.array([True] * 30 + [False, True] * 10 + [False] * 31)
    counted = logits >= 0.0

    cue, sure = precisions(logits, truth, np.ones(81, np.float32), counted)

    assert 0.0 <= cue <= sure
    assert truth[logits >= cue].mean() >= 0.94


@pytest.mark.parametrize("language", ["nl", "en"])
def test_patterns_make_different_sentences_by_function(language: str) -> None:
    patterns = Patterns.read(language)
    made = list(patterns.sentences(3, np.random.default_rng(1), frozenset(), range(100)))

    assert len({sentence.words for sentence, _ in made}) > 1.5 * len(patterns.patterns)
    assert not any("{" in word or "|" in word for sentence, _ in made for word in sentence.words)
    assert {(True, True), (True, False), (False, False)} == {(s.question, s.arm) for s, _ in made}


def test_a_pattern_is_held_out_as_a_whole() -> None:
    patterns = Patterns.read("nl")

    def chosen(buckets: range) -> set[str]:
        generator = np.random.default_rng(1)
        return {p.text for _, p in patterns.sentences(2, generator, frozenset(), buckets)}

    assert set() == chosen(TEST_BUCKETS) & chosen(TRAINING_BUCKETS)
    assert chosen(TEST_BUCKETS)


def test_test_material_is_never_made() -> None:
    patterns = Patterns([Pattern("wat is {ding}", True, True, "check")], {"ding": ["dit", "dat"]})

    made = list(
        patterns.sentences(20, np.random.default_rng(1), frozenset({("wat", "is", "dit")}), ALL)
    )

    assert [("wat", "is", "dat")] == [sentence.words for sentence, _ in made]


def test_the_light_is_not_taught_by_the_question_mark_of_a_request() -> None:
    rules = DutchQuestions()

    def taught(text: str, arm: bool | None = None) -> bool:
        return starts_timer(Sentence(plain_words(text), True, "a", arm), rules)

    assert taught("Waarom drijft ijs?")
    assert not taught("Kun je even de deur dichtdoen?")
    assert not taught("Snapt iedereen dit?")
    assert not taught("Waarom drijft ijs?", arm=False)


def test_open_or_check_is_learnt_from_sparse_rows() -> None:
    rules = DutchQuestions()
    asked = ["waarom smelt ijs", "waarom drijft hout", "wie is dat", "wie was hier"] * 3
    rows = [FocusRow(Sentence(plain_words(a), True, "a"), a.startswith("waarom"), 0) for a in asked]
    matrix = features(rows, Vocabulary(["waarom", "wie"]), rules)

    weights = train_focus(matrix, rows, 0.1)

    assert (matrix.size, 1) == weights.shape
    assert [row.open for row in rows] == list(matrix.times(weights[:, 0]) > 0)


def test_a_fifth_is_judged_without_its_own_labels() -> None:
    """Neither weights nor limit may know them: turning them round changes nothing there."""
    asked = [f"{word} {thing}" for thing in "abcdefghij" for word in ("waarom", "hoeveel", "wie")]
    rows = [
        FocusRow(Sentence(plain_words(a), True, "a"), a.startswith("waarom"), place // 3 % FOLDS)
        for place, a in enumerate(asked)
    ]
    turned = [replace(row, open=not row.open) if row.fold == 0 else row for row in rows]
    matrix = features(rows, Vocabulary(["waarom", "wie", "hoeveel"]), DutchQuestions())
    first = np.array([row.fold == 0 for row in rows])

    found = held_out_opens(matrix, rows, 0.1)

    assert found[first].tolist() == held_out_opens(matrix, turned, 0.1)[first].tolist()
    assert [row.open for row in rows if row.fold == 0] == found[first].tolist()


def test_a_question_and_its_turn_are_held_out_together(tmp_path: Path) -> None:
    (tmp_path / "en_openclosed_ncte.tsv").write_text(
        "text\toc\tturn\tsource\n"
        "why is that\topen\tso it floats why is that\ta\n"
        "how many\tclosed\tlook at these how many\ta\n",
        encoding="utf-8",
    )

    rows = read_focus(tmp_path, "en", frozenset({("how", "many")}))

    assert [("why", "is", "that"), ("so", "it", "floats", "why", "is", "that")] == [
        row.sentence.words for row in rows
    ]
    assert [False, True] == [row.turn for row in rows]
    assert rows[0].fold == rows[1].fold


def test_the_figures_have_an_interval_around_them() -> None:
    found = figures([True] * 40 + [False] * 60, [True] * 30 + [False] * 60 + [True] * 10)

    assert (0.75, 0.75) == (found.precision, found.recall)
    assert found.low < found.f1 < found.high


def test_figures_go_between_the_marks_of_the_page(tmp_path: Path) -> None:
    page = tmp_path / "questions.md"
    page.write_text("# No marks\n", encoding="utf-8")

    with pytest.raises(ValueError, match="lacks the marks"):
        write_page(tmp_path, None, page)
