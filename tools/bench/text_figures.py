"""How well single lines are read: the question scorer on sentences that it has not met."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from device.detect.question_network import QuestionNetwork
from device.detect.questions import CUE_THRESHOLD, QuestionScorer, text_scorer
from device.detect.trained_questions import weights_path
from tools.bench.figures import Figure
from tools.questions.build import Options, read_corpus, rules_of
from tools.questions.corpus import Sentence, frequent_words, test_material
from tools.questions.evaluation import ERROR_RATE, figures
from tools.questions.focus import (
    SHRINK,
    best_limit,
    features,
    held_out_logits,
    macro_f1,
    read_focus,
)
from tools.questions.noise import Recogniser

#: sentences that were written to be read aloud, and talk of teachers
PROMPTS = "commonvoice"
TEACHERS = "ncte_teacher"
FREQUENT_WORDS = 8000
SEED = 7


def text_figures(shared: Path) -> dict[str, Figure]:
    """Everything that is measured on text alone; ``shared`` holds the tables and the lessons."""
    data, scenes = shared / "data" / "text", shared / "scenes"
    dutch = read_corpus(Options("nl", data, scenes)).test
    english = read_corpus(Options("en", data, scenes)).test
    prompts = [sentence for sentence in dutch if sentence.source.startswith(PROMPTS)]
    teachers = [sentence for sentence in english if sentence.source == TEACHERS]
    scorer = text_scorer("nl")
    hearing = Recogniser(frequent_words(dutch, FREQUENT_WORDS, 1), np.random.default_rng(SEED))
    noisy = [hearing.hear(sentence.words, ERROR_RATE) for sentence in prompts]
    found = {
        "prompts_nl_f1": _f1(prompts, [s.words for s in prompts], scorer),
        "prompts_nl_f1_errors": _f1(prompts, noisy, scorer),
        "classroom_en_f1": _f1(teachers, [s.words for s in teachers], text_scorer("en")),
        "lookalikes_armed": _lookalikes(data / "utterances_dev.jsonl"),
        "word_s": _decision_time(prompts, scorer),
        "weights_kb": Figure(max(weights_path(code).stat().st_size for code in ("nl", "en")) / 1e3),
    }
    for code in ("nl", "en"):
        found[f"focus_{code}_macro_f1"] = _focus(data, scenes, code)
    return found


def _f1(
    sentences: Sequence[Sentence], heard: Sequence[Sequence[str]], scorer: QuestionScorer
) -> Figure:
    truth = [sentence.question for sentence in sentences]
    said = [scorer.score(words).is_question for words in heard]
    return Figure(figures(truth, said).f1, n=sum(truth))


def _lookalikes(path: Path) -> Figure:
    """The share of lines that only look like a question and yet start the light."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["cat"] == "N"]
    scores = [text_scorer(row["lang"]).score(row["asr"].split()) for row in rows]
    armed = sum(score.arms and score.probability >= CUE_THRESHOLD for score in scores)
    return Figure(armed / len(rows), n=len(rows))


def _decision_time(sentences: Sequence[Sentence], scorer: QuestionScorer) -> Figure:
    """Processor time per word when a sentence comes in word by word."""
    scorer.score(("ja",))
    words = 0
    begun = time.process_time()
    for sentence in sentences[:500]:
        for end in range(1, len(sentence.words) + 1):
            scorer.score(sentence.words[:end])
        words += len(sentence.words)
    return Figure((time.process_time() - begun) / words, n=words)


def _focus(data: Path, scenes: Path, language: str) -> Figure:
    """Open or check, each fifth of the labelled questions judged by weights from the others."""
    rows = read_focus(data, language, test_material(data, scenes))
    network = QuestionNetwork.load(weights_path(language))
    matrix = features(rows, network.vocabulary, rules_of(language))
    logits = held_out_logits(matrix, rows, SHRINK[language])
    truth = np.array([row.open for row in rows])
    return Figure(macro_f1(truth, logits > best_limit(truth, logits)), n=len(rows))
