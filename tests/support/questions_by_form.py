"""A shorthand for tables of clauses: a list of sentences, one a line, and how they are scored."""

from __future__ import annotations

from device.detect.questions import QuestionScore, question_scorer


def lines(text: str) -> list[str]:
    """The non-empty lines of a text."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def score(language: str, clause: str) -> QuestionScore:
    """How the language's scorer takes a clause."""
    return question_scorer(language).score(clause.split())
