"""How well single lines are read: the question scorer on sentences that it has not met."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from device.detect.question_network import QuestionNetwork
from device.detect.questions import QuestionScorer, question_scorer
from device.detect.trained_questions import weights_path
from tools.bench.figures import Figure
from tools.questions.build import Options, read_corpus, rules_of
from tools.questions.corpus import Sentence, frequent_words, test_material
from tools.questions.evaluation import figures, heard, lights, milliseconds_per_word
from tools.questions.focus import (
    SHRINK,
    best_limit,
    features,
    held_out_logits,
    macro_f1,
    made_rows,
    read_focus,
)

#: sentences that were written to be read aloud, and talk of teachers
PROMPTS = "commonvoice"
TEACHERS = "ncte_teacher"
FREQUENT_WORDS = 8000
LANGUAGES = ("nl", "en")


def text_figures(shared: Path) -> dict[str, Figure]:
    """Everything that is measured on text alone; ``shared`` holds the tables and the lessons."""
    data, scenes = shared / "data" / "text", shared / "scenes"
    dutch = read_corpus(Options("nl", data, scenes)).test
    english = read_corpus(Options("en", data, scenes)).test
    prompts = [sentence for sentence in dutch if sentence.source.startswith(PROMPTS)]
    teachers = [sentence for sentence in english if sentence.source == TEACHERS]
    scorer = question_scorer("nl")
    noisy = heard(prompts, frequent_words(dutch, FREQUENT_WORDS, least=1))
    weights_kb = [weights_path(code).stat().st_size / 1e3 for code in LANGUAGES]
    found = {
        "prompts_nl_f1": _f1(prompts, [s.words for s in prompts], scorer),
        "prompts_nl_f1_errors": _f1(prompts, noisy, scorer),
        "classroom_en_f1": _f1(teachers, [s.words for s in teachers], question_scorer("en")),
        "lookalikes_armed": _lookalikes(data / "utterances_dev.jsonl"),
        "word_s": Figure(milliseconds_per_word(prompts, scorer) / 1e3),
        "weights_kb": Figure(max(weights_kb)),
    }
    for code in LANGUAGES:
        found[f"focus_{code}_macro_f1"] = _focus(data, scenes, code)
    return found


def _f1(
    sentences: Sequence[Sentence], clauses: Sequence[Sequence[str]], scorer: QuestionScorer
) -> Figure:
    truth = [sentence.question for sentence in sentences]
    asked = figures(truth, [scorer.score(words).is_question for words in clauses])
    return Figure(asked.f1, asked.low, asked.high, asked.n)


def _lookalikes(path: Path) -> Figure:
    """The share of lines that only look like a question and yet start the light."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["cat"] == "N"]
    lit = [lights(question_scorer(row["lang"]).score(row["asr"].split())) for row in rows]
    return Figure(sum(lit) / len(rows), n=len(rows))


def _focus(data: Path, scenes: Path, language: str) -> Figure:
    """Open or check, each fifth of the labelled questions judged by weights from the others."""
    left_out = test_material(data, scenes)
    rows, made = read_focus(data, language, left_out), made_rows(language, left_out)
    network, rules = QuestionNetwork.load(weights_path(language)), rules_of(language)
    matrix, more = (features(some, network.vocabulary, rules) for some in (rows, made))
    logits = held_out_logits(matrix, rows, SHRINK[language], (more, made))
    truth = np.array([row.open for row in rows])
    return Figure(macro_f1(truth, logits > best_limit(truth, logits)), n=len(rows))
