"""A shorthand for tables of clauses: a list of sentences, one a line, and how they are scored."""

from __future__ import annotations

from device.detect.questions.dutch import DutchQuestions
from device.detect.questions.english import EnglishQuestions
from device.detect.questions.scoring import QuestionScore


def lines(text: str) -> list[str]:
    """The non-empty lines of a text."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def score(language: str, clause: str) -> QuestionScore:
    """How the language's rules take a clause."""
    rules = EnglishQuestions() if language == "en" else DutchQuestions()
    return rules.score(clause.split())
