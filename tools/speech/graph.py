"""The decoding graph: all words as one tree of sounds, and the files that Vosk looks for."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tools.speech import fst as openfst
from tools.speech.espeak import SILENCE
from tools.speech.fst import Fst
from tools.speech.kaldi_model import Phone
from tools.speech.language_model import TrigramModel
from tools.speech.lexicon import Pronunciation

EPSILON_WORD = "<eps>"


@dataclass(frozen=True)
class GraphSettings:
    """Costs are -log probabilities."""

    self_loop_scale: float = 0.5
    silence_cost: float = 1.2
    word_cost: float = 0.7


class TreeBuilder:
    """Sounds to words. A word is known where its sounds become unique; the rest is shared.

    Sounds enter over a phone's ``enter_label`` and stay on its ``stay_label``. The endings of words
    that are already decided share their states, which makes the tree a third smaller.
    """

    def __init__(self, phones: dict[str, Phone], settings: GraphSettings) -> None:
        """State 0 starts, state 1 lies between words."""
        self._phones, self._settings = phones, settings
        self.fst = Fst(state_count=2)
        self._endings: dict[tuple[str, ...], int] = {}
        self._silence = self._phone_state(SILENCE)
        self._enter(0, SILENCE, self._silence)
        self.fst.add(self._silence, 1, (0, 0))
        self.fst.add(0, 1, (0, 0), settings.silence_cost)
        for state in (0, 1, self._silence):
            self.fst.finals[state] = 0.0

    def build(self, lexicon: list[Pronunciation], numbers: dict[str, int]) -> Fst:
        """All words; homophones part at their last sound."""
        entries = [(positioned(item.sounds), item) for item in lexicon]
        crowd = Counter(names[: depth + 1] for names, _ in entries for depth in range(len(names)))
        inner: dict[tuple[str, ...], int] = {(): 1}
        for names, item in entries:
            depth = next(
                (place for place in range(len(names)) if crowd[names[: place + 1]] == 1),
                len(names) - 1,
            )
            for place in range(depth):
                prefix = names[: place + 1]
                if prefix not in inner:
                    inner[prefix] = self._phone_state(names[place])
                    self._enter(inner[prefix[:-1]], names[place], inner[prefix])
            cost = item.cost + self._settings.word_cost
            target = self._ending(names[depth:])
            self._enter(inner[names[:depth]], names[depth], target, numbers[item.word], cost)
        return self.fst

    def _phone_state(self, name: str) -> int:
        """A state in which a phone may last."""
        state = self.fst.new_state()
        phone = self._phones[name]
        cost = -self._settings.self_loop_scale * math.log(phone.stay)
        self.fst.add(state, state, (phone.stay_label, 0), cost)
        return state

    def _enter(
        self, source: int, name: str, target: int, word: int = 0, extra: float = 0.0
    ) -> None:
        phone = self._phones[name]
        cost = -self._settings.self_loop_scale * math.log(1 - phone.stay) + extra
        self.fst.add(source, target, (phone.enter_label, word), cost)

    def _ending(self, names: tuple[str, ...]) -> int:
        """The state inside the first of ``names`` with the rest of the word behind it."""
        if names in self._endings:
            return self._endings[names]
        state = self._endings[names] = self._phone_state(names[0])
        if len(names) > 1:
            self._enter(state, names[1], self._ending(names[1:]))
        else:
            self.fst.add(state, 1, (0, 0))
            self._enter(state, SILENCE, self._silence, extra=self._settings.silence_cost)
            self.fst.finals[state] = 0.0
        return state


def positioned(sounds: tuple[str, ...]) -> tuple[str, ...]:
    """Sounds with their place in the word: begin, internal, end, or singleton."""
    if len(sounds) == 1:
        return (f"{sounds[0]}_S",)
    inner = tuple(f"{sound}_I" for sound in sounds[1:-1])
    return (f"{sounds[0]}_B", *inner, f"{sounds[-1]}_E")


def write_graph(
    folder: Path,
    scratch: Path,
    phones: dict[str, Phone],
    lexicon: list[Pronunciation],
    model: TrigramModel,
    settings: GraphSettings,
) -> None:
    """Write HCLr.fst, Gr.fst, words.txt and the phone tables into ``folder``.

    No HCLG.fst: with one, Vosk would refuse grammars at run time.
    """
    (folder / "phones").mkdir(parents=True, exist_ok=True)
    scratch.mkdir(parents=True, exist_ok=True)
    words = sorted({item.word for item in lexicon})
    numbers = {word: number for number, word in enumerate(words, start=1)}
    tree = TreeBuilder(phones, settings).build(lexicon, numbers)
    openfst.write_vector(tree, scratch / "tree.fst", "olabel")
    renumbered = openfst.to_look_ahead(scratch / "tree.fst", folder / "HCLr.fst", scratch)
    final = {word: renumbered[number] for word, number in numbers.items()}
    known = set(numbers)
    acceptor = model.acceptor({word: final[word] for word in known})
    openfst.write_vector(acceptor, scratch / "grammar.fst", "ilabel")
    openfst.to_ngram(scratch / "grammar.fst", folder / "Gr.fst")
    rows = sorted([(0, EPSILON_WORD), *((number, word) for word, number in final.items())])
    _write_lines(folder / "words.txt", [f"{word} {number}" for number, word in rows])
    table = phones.values()
    _write_lines(
        folder / "phones.txt", ["<eps> 0", *(f"{phone.name} {phone.number}" for phone in table)]
    )
    _write_lines(
        folder / "phones" / "word_boundary.int",
        [f"{phone.number} {phone.boundary}" for phone in table],
    )
    _write_lines(folder / "disambig_tid.int", [str(2 * len(phones) + 1)])  # an id that is not used


def _write_lines(file: Path, lines: list[str]) -> None:
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
