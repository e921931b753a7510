"""Writes the measured part of docs/questions.md, so that no figure is typed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from device.detect.questions.network import QuestionNetwork
from device.detect.questions.scoring import QuestionScorer
from device.detect.questions.trained import TrainedQuestions, weights_path
from tools.questions.build import Options, read_corpus, rules_of
from tools.questions.corpus import test_material
from tools.questions.evaluation import (
    milliseconds_per_word,
    report,
    report_focus,
    report_light,
    report_lines,
)
from tools.questions.focus import judged_apart

PAGE = Path(__file__).resolve().parents[2] / "docs" / "questions.md"
BEGIN = "<!-- measured: python -m tools.questions report -->"
END = "<!-- end of what was measured -->"
NAMES = {"nl": "Dutch", "en": "English"}


def write_page(data: Path, scenes: Path | None, page: Path = PAGE) -> None:
    """Measure both languages and put the tables between the page's two marks.

    Raises:
        ValueError: the page has no marks.
    """
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} lacks the marks between which the figures go")
    lines = [line for language in NAMES for line in tables(language, data, scenes)]
    page.write_text(
        "\n".join([before + BEGIN, "", *lines, END + after.rstrip("\n"), ""]), encoding="utf-8"
    )


def tables(language: str, data: Path, scenes: Path | None) -> Iterator[str]:
    """The tables of one language, line by line."""
    options = Options(language, data, scenes)
    test = read_corpus(options).test
    rules = rules_of(language)
    summed = TrainedQuestions(language, rules)
    scorers: dict[str, QuestionScorer] = {"rules": rules, "sum": summed}
    yield f"### {NAMES[language]}"
    yield ""
    yield "| source | n (questions) | rules, clean | sum, clean | rules, errors | sum, errors |"
    yield "| --- | --- | --- | --- | --- | --- |"
    yield from report(test, scorers)
    yield ""
    yield "| the light | n (should light) | rules | sum | look-alikes that light it (sum) |"
    yield "| --- | --- | --- | --- | --- |"
    yield report_lines(data / "utterances_dev.jsonl", language, scorers)
    yield report_light(test, scorers)
    yield ""
    yield "| open or check | keywords, macro-F1 | with the trained part, macro-F1 |"
    yield "| --- | --- | --- |"
    yield from _focus(language, data, scenes, rules)
    yield ""
    size_kb = weights_path(language).stat().st_size / 1000
    spent_ms = milliseconds_per_word(test, summed)
    yield f"Weights {size_kb:.0f} kB; {spent_ms:.2f} ms of one core a word, scored word by word."
    yield ""


def _focus(language: str, data: Path, scenes: Path | None, rules: QuestionScorer) -> Iterator[str]:
    vocabulary = QuestionNetwork.load(weights_path(language)).vocabulary
    rows, found = judged_apart(data, language, test_material(data, scenes), vocabulary, rules)
    yield from report_focus(rows, rules, found)
