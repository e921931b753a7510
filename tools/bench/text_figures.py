"""How well single lines are read: the question scorer on sentences that it has not met."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from device.detect.questions.network import QuestionNetwork
from device.detect.questions.scoring import QuestionScorer, question_scorer
from device.detect.questions.trained import weights_path
from tools.bench.figures import Figure
from tools.questions.build import Options, read_corpus, rules_of
from tools.questions.corpus import Sentence, frequent_words, plain_words, test_material
from tools.questions.evaluation import figures, heard, lights, milliseconds_per_word
from tools.questions.focus import judged_apart, macro_f1

#: sentences that were written to be read aloud, and talk of teachers
PROMPTS = "commonvoice"
TEACHERS = "ncte_teacher"
FREQUENT_WORDS = 8000
#: first words are wrong so much more often than others, where they are the first after a silence
FIRST_WORD = 2.0
#: single recordings that are no sentence
NO_SENTENCE = "name token cut from a sentence"
LANGUAGES = ("nl", "en")


def text_figures(shared: Path) -> dict[str, Figure]:
    """Everything that is measured on text alone; ``shared`` holds the tables and the lessons."""
    data, scenes = shared / "data" / "text", shared / "scenes"
    dutch = read_corpus(Options("nl", data, scenes)).test
    english = read_corpus(Options("en", data, scenes)).test
    prompts = [sentence for sentence in dutch if sentence.source.startswith(PROMPTS)]
    teachers = [sentence for sentence in english if sentence.source == TEACHERS]
    scorer = question_scorer("nl")
    recorded = recorded_prompts(scenes / "human_clips" / "labels.json")
    frequent = frequent_words(dutch, FREQUENT_WORDS, least=1)
    weights_kb = [weights_path(code).stat().st_size / 1e3 for code in LANGUAGES]
    found = {
        "prompts_nl_f1": _f1(prompts, [s.words for s in prompts], scorer),
        "prompts_nl_f1_errors": _f1(prompts, heard(prompts, frequent), scorer),
        "prompts_nl_f1_first": _f1(prompts, heard(prompts, frequent, FIRST_WORD), scorer),
        "recorded_nl_f1": _f1(recorded, [s.words for s in recorded], scorer),
        "recorded_nl_f1_errors": _f1(recorded, heard(recorded, frequent), scorer),
        "classroom_en_f1": _f1(teachers, [s.words for s in teachers], question_scorer("en")),
        "lookalikes_armed": _lookalikes(data / "utterances_dev.jsonl"),
        "word_s": Figure(milliseconds_per_word(prompts, scorer) / 1e3),
        "weights_kb": Figure(max(weights_kb)),
    }
    for code in LANGUAGES:
        found |= _focus(data, scenes, code)
    return found


def _f1(
    sentences: Sequence[Sentence], clauses: Sequence[Sequence[str]], scorer: QuestionScorer
) -> Figure:
    truth = [sentence.question for sentence in sentences]
    asked = figures(truth, [scorer.score(words).is_question for words in clauses])
    return Figure(asked.f1, asked.low, asked.high, asked.n)


def recorded_prompts(path: Path) -> list[Sentence]:
    """What two people read aloud in Dutch, each sentence once: two in five are questions."""
    read = {
        plain_words(row["text"]): bool(row["question"])
        for row in json.loads(path.read_text(encoding="utf-8"))
        if row["lang"] == "nl" and row["form"] != NO_SENTENCE
    }
    return [Sentence(words, question, "recorded") for words, question in read.items()]


def _lookalikes(path: Path) -> Figure:
    """The share of lines that only look like a question and yet start the light."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["cat"] == "N"]
    lit = [lights(question_scorer(row["lang"]).score(row["asr"].split())) for row in rows]
    return Figure(sum(lit) / len(rows), n=len(rows))


def _focus(data: Path, scenes: Path, language: str) -> dict[str, Figure]:
    """Open or check, each fifth judged by weights and limit from the others.

    The question alone and, where the labels were given to whole turns, with what was said before.
    """
    vocabulary = QuestionNetwork.load(weights_path(language)).vocabulary
    left_out = test_material(data, scenes)
    rows, found = judged_apart(data, language, left_out, vocabulary, rules_of(language))
    truth, turns = np.array([row.open for row in rows]), np.array([row.turn for row in rows])
    parts = {f"focus_{language}_macro_f1": ~turns, f"focus_{language}_turns_macro_f1": turns}
    return {
        name: Figure(macro_f1(truth[part], found[part]), n=int(part.sum()))
        for name, part in parts.items()
        if part.any()
    }
