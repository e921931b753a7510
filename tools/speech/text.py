"""Sentences: what is read, what is kept apart, and what the voices are made to say."""

from __future__ import annotations

import gzip
import json
import random
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.speech.languages import Language
from tools.speech.numbers import number_words

WORD = re.compile(r"[a-zà-ÿ]([a-zà-ÿ']*[a-zà-ÿ])?|'[a-z]{1,2}")
NAME_SLOT = "{naam}"
DEMO_SCRIPT = "tools/demo_lesson/script_{code}.toml"


@dataclass(frozen=True)
class Sentence:
    """Words in lower case without punctuation; ``question`` as its source marked it."""

    text: str
    question: bool


def words_of(text: str) -> list[str]:
    """The words as a recogniser gives them: lower case, no punctuation."""
    plain = text.lower().replace("’", "'").replace("-", " ")
    return [word for word in re.sub(r"[^a-zà-ÿ' ]", " ", plain).split() if WORD.fullmatch(word)]


def normal(text: str) -> str:
    """``words_of`` as one string."""
    return " ".join(words_of(text))


@dataclass(frozen=True)
class Corpus:
    """All text of one language, the sentences of the test lessons left out."""

    sentences: tuple[Sentence, ...]
    lesson_lines: tuple[Sentence, ...]
    names: tuple[str, ...]
    phrases: tuple[str, ...]
    demo: tuple[Sentence, ...]
    code: str = "nl"
    extra_words: tuple[str, ...] = ()
    """Of school subjects and numbers: known whether or not the sentences have them."""
    rare_names: tuple[str, ...] = ()


def test_sentences(lessons: Path | None) -> set[str]:
    """Everything said in the test lessons and the single human clips: never trained on."""
    if lessons is None:
        return set()
    texts: set[str] = set()
    for file in sorted(lessons.glob("p*.json")):
        texts |= {normal(item["text"]) for item in json.loads(file.read_text())["utterances"]}
    clips = lessons / "human_clips" / "labels.json"
    if clips.exists():
        texts |= {normal(item["text"]) for item in json.loads(clips.read_text())}
    return texts


def read_corpus(language: Language, data: Path, lessons: Path | None, root: Path) -> Corpus:
    """Read the text folder (docs/data.md says how it looks).

    Raises:
        FileNotFoundError: a file of the folder is missing.
    """
    apart = {text for text in test_sentences(lessons) if len(text.split()) > 2}
    sentences = []
    table = data / "text" / f"{language.code}_question.tsv.gz"
    with gzip.open(table, "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            text, label = line.rstrip("\n").split("\t")[:2]
            if text not in apart:
                sentences.append(Sentence(text, label == "1"))
    spoken = []
    for line in (data / "text" / "utterances_dev.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["lang"] == language.code and row["asr"] not in apart:
            spoken.append(Sentence(row["asr"], bool(row.get("question", False))))
    name_lines = (data / "text" / "nl_pupil_names.tsv").read_text("utf-8").splitlines()[1:]
    names = [*language.names(), *(line.split("\t")[0] for line in name_lines)]
    rare_names = [name for name in language.rare_names() if name not in names]
    phrases = [phrase for phrase in language.phrases() if phrase not in apart]
    return Corpus(
        tuple(sentences),
        tuple(spoken),
        tuple(name for name in dict.fromkeys(names) if WORD.fullmatch(name)),
        tuple(phrases),
        tuple(demo_sentences(root / DEMO_SCRIPT.format(code=language.code))),
        language.code,
        (*language.subject_words(), *sorted(number_words(language.code))),
        tuple(rare_names),
    )


def demo_sentences(script: Path) -> Iterable[Sentence]:
    """The utterances of the demo lesson: they may be expected, the card says so."""
    if not script.exists():
        return
    for turn in tomllib.loads(script.read_text("utf-8"))["turn"]:
        text = normal(turn["text"])
        if text:
            yield Sentence(text, "question" in turn["kind"] or turn["kind"] == "rephrase")


@dataclass(frozen=True)
class Script:
    """One utterance for the synthesiser; punctuation gives pauses and melody."""

    spoken: str

    @property
    def text(self) -> str:
        """The words alone, in the order in which they are spoken."""
        return re.sub(r"[^\w' ]", "", self.spoken)


class ScriptWriter:
    """Draws what the voices say: much of it short, with names, questions and plain feedback."""

    def __init__(self, corpus: Corpus, seed: int) -> None:
        """``seed`` decides every draw."""
        self._random = random.Random(seed)
        fitting = [
            item
            for item in corpus.sentences
            if 2 <= len(item.text.split()) <= 15
            and all(WORD.fullmatch(word) for word in item.text.split())
        ]
        self._questions = [item.text for item in fitting if item.question]
        self._short_questions = [text for text in self._questions if len(text.split()) <= 5]
        self._statements = [item.text for item in fitting if not item.question]
        self._phrases = corpus.phrases
        self._names = corpus.names
        self._vocabulary = sorted({word for item in fitting for word in item.text.split()})

    def held_out(self, count: int) -> list[str]:
        """Take ``count`` ordinary sentences away for the evaluation; never drawn afterwards."""
        pool = sorted(set(self._questions + self._statements))
        chosen = self._random.sample(pool, count)
        apart = set(chosen)
        self._questions = [text for text in self._questions if text not in apart]
        self._short_questions = [text for text in self._short_questions if text not in apart]
        self._statements = [text for text in self._statements if text not in apart]
        return chosen

    def draw(self) -> Script:
        """The next utterance."""
        draw = self._random
        kind = draw.random()
        name = draw.choice(self._names)
        if kind < 0.06:
            words = [draw.choice(self._vocabulary) for _ in range(draw.randint(1, 6))]
            return Script(" ".join(words))
        if kind < 0.15:
            return Script(name + draw.choice("?.!,"))
        if kind < 0.25:
            phrase = draw.choice(self._phrases)
            spoken = phrase.replace(NAME_SLOT, name)
            return Script(spoken + draw.choice(("", ".", "?", "!")))
        if kind < 0.31:
            question = draw.choice(self._short_questions)
            spoken = f"{name}, {question}" if draw.random() < 0.5 else f"{question}, {name}"
            return Script(spoken + draw.choice("??."))
        if kind < 0.6:
            return Script(self._decorated(draw.choice(self._questions), name) + draw.choice("??."))
        return Script(self._decorated(draw.choice(self._statements), name) + ".")

    def _decorated(self, text: str, name: str) -> str:
        """Now and then a name before or after, or a breath in the middle."""
        draw = self._random
        words = text.split()
        choice = draw.random()
        if choice < 0.08:
            return f"{name}, {text}"
        if choice < 0.16:
            return f"{text}, {name}"
        if choice < 0.28 and len(words) > 5:
            words[draw.randint(1, len(words) - 3)] += ","
        return " ".join(words)
