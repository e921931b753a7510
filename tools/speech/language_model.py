"""A back-off trigram from weighted sentences (interpolated absolute discounting)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tools.speech.fst import Fst

START, END = "<s>", "</s>"
History = tuple[str, ...]
Counts = dict[History, dict[str, float]]


@dataclass(frozen=True)
class Pruning:
    """N-grams seen less often than this are left to the shorter history."""

    bigram_least: float = 2.0
    trigram_least: float = 3.0


class TrigramModel:
    """Counts, pruned; probabilities of a word after up to two words."""

    def __init__(
        self,
        sentences: Iterable[tuple[list[str], float]],
        vocabulary: Iterable[str],
        pruning: Pruning,
        discount: float = 0.75,
        floor_count: float = 0.3,
    ) -> None:
        """Count ``(words, weight)``; a word outside the vocabulary breaks its sentence in two.

        Every word of the vocabulary is given ``floor_count``, so that none is impossible.
        """
        self._discount = discount
        known = set(vocabulary)
        self._counts: list[Counts] = [defaultdict(lambda: defaultdict(float)) for _ in range(3)]
        for words, weight in sentences:
            self._count(words, weight, known)
        for word in known:
            self._counts[0][()][word] += floor_count
        self._totals: dict[History, float] = {
            history: sum(counter.values())
            for order in self._counts
            for history, counter in order.items()
        }
        self._prune(pruning)
        self._backoffs: dict[History, float] = {}

    def _count(self, words: list[str], weight: float, known: set[str]) -> None:
        piece = [START]
        pieces = [piece]
        for word in [*words, END]:
            if word in known or word == END:
                piece.append(word)
            else:
                piece = []
                pieces.append(piece)
        for piece in pieces:
            for place, word in enumerate(piece):
                for order in range(min(place, 2) + 1):
                    if word != START:
                        self._counts[order][tuple(piece[place - order : place])][word] += weight

    def _prune(self, pruning: Pruning) -> None:
        """Drop rare n-grams; the totals stay, so their share goes to the back-off."""
        trigrams, bigrams = self._counts[2], self._counts[1]
        _drop_rare(trigrams, pruning.trigram_least)
        # A history of two words is reached over its own bigram: that one stays.
        needed = {history for history in trigrams if history[0] != START or history[1] != END}
        _drop_rare(bigrams, pruning.bigram_least, needed)
        for history in [history for history in trigrams if history[1:] not in bigrams]:
            del trigrams[history]

    @property
    def histories(self) -> list[History]:
        """All histories with words of their own; the empty one is among them."""
        start: list[History] = [(START,)]
        rest = [h for order in self._counts for h in order if h != (START,)]
        return start + rest

    @property
    def sizes(self) -> tuple[int, int, int]:
        """How many unigrams, bigrams and trigrams are kept."""
        first, second, third = (sum(len(c) for c in order.values()) for order in self._counts)
        return first, second, third

    def words_after(self, history: History) -> dict[str, float]:
        """The words that this history lists itself."""
        return self._counts[len(history)].get(history, {})

    def backoff(self, history: History) -> float:
        """The share of this history that the shorter one distributes."""
        if history not in self._backoffs:
            kept = sum(
                max(count - self._discount, 0) for count in self.words_after(history).values()
            )
            self._backoffs[history] = max(1e-6, 1 - kept / self._totals[history])
        return self._backoffs[history]

    def probability(self, word: str, history: History) -> float:
        """P(word | history); the probabilities of all words and the end sum to one."""
        if not history:
            return self._counts[0][()].get(word, 0.0) / self._totals[()]
        counts = self.words_after(history)
        if not counts:
            return self.probability(word, history[1:])
        own = max(counts.get(word, 0.0) - self._discount, 0.0) / self._totals[history]
        return own + self.backoff(history) * self.probability(word, history[1:])

    def acceptor(self, numbers: dict[str, int]) -> Fst:
        """As a transducer with epsilon arcs for backing off; ends are final costs."""
        histories = self.histories
        states = {history: state for state, history in enumerate(histories)}
        fst = Fst(state_count=len(histories))
        for history, state in states.items():
            for word in self.words_after(history):
                cost = -math.log(self.probability(word, history))
                if word == END:
                    fst.finals[state] = cost
                    continue
                longer = (*history, word)[-2:]
                while longer not in states:
                    longer = longer[1:]
                fst.add(state, states[longer], (numbers[word], numbers[word]), cost)
            if history:
                fst.add(state, states[history[1:]], (0, 0), -math.log(self.backoff(history)))
        return fst


def _drop_rare(counts: Counts, least: float, needed: set[History] | None = None) -> None:
    """Remove words counted less than ``least``, and histories that become empty, in place."""
    for history in list(counts):
        counter = counts[history]
        for word in [word for word, count in counter.items() if count < least]:
            if needed is None or (*history, word) not in needed:
                del counter[word]
        if not counter:
            del counts[history]
