"""The trigram model is a probability distribution, before and after pruning."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.speech.language_model import END, START, Pruning, TrigramModel

pytestmark = pytest.mark.unit

WORDS = ["wie", "weet", "het", "ja", "nee", "sanne"]
SENTENCES = st.lists(
    st.tuples(
        st.lists(st.sampled_from([*WORDS, "onbekend"]), min_size=1, max_size=6),
        st.sampled_from([1.0, 2.0, 4.0]),
    ),
    min_size=1,
    max_size=30,
)


@pytest.mark.slow
@settings(deadline=None, max_examples=50)
@given(SENTENCES, st.integers(1, 4), st.integers(1, 4))
def test_probabilities_after_every_history_sum_to_one(
    sentences: list[tuple[list[str], float]], bigram_least: int, trigram_least: int
) -> None:
    model = TrigramModel(sentences, WORDS, Pruning(bigram_least, trigram_least))
    for history in model.histories:
        total = sum(model.probability(word, history) for word in [*WORDS, END])
        assert pytest.approx(1.0) == total


def test_word_never_seen_keeps_a_chance() -> None:
    model = TrigramModel([(["ja"], 1.0)], WORDS, Pruning())
    assert model.probability("sanne", (START,)) > 0


def test_word_outside_the_vocabulary_joins_nothing_across_it() -> None:
    model = TrigramModel([(["wie", "onbekend", "het"], 9.0)], WORDS, Pruning(1, 1))
    assert "het" not in model.words_after(("wie",))
    assert "wie" in model.words_after((START,))


def test_pruning_keeps_the_bigram_that_leads_to_a_trigram() -> None:
    sentences = [(["wie", "weet", "het"], 2.0)]
    model = TrigramModel(sentences, WORDS, Pruning(bigram_least=5, trigram_least=1))
    assert "weet" in model.words_after(("wie",))
    assert "het" in model.words_after(("wie", "weet"))


def test_acceptor_has_one_way_back_from_every_history_but_the_empty() -> None:
    sentences = [(["wie", "weet", "het"], 3.0), (["ja"], 2.0)]
    model = TrigramModel(sentences, WORDS, Pruning(1, 1))
    numbers = {word: number for number, word in enumerate(WORDS, start=1)}
    fst = model.acceptor(numbers)
    back = [arc.source for arc in fst.arcs if arc.input_label == 0]
    assert len(back) == len(set(back)) == fst.state_count - 1
    assert all(math.isfinite(arc.cost) for arc in fst.arcs)
