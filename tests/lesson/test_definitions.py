"""The page of definitions speaks of everything that the code can say."""

from __future__ import annotations

from pathlib import Path

import pytest

from lesson import thresholds
from lesson.episodes import EpisodeEnd, Flag, Order
from lesson.events import QuestionForm

pytestmark = pytest.mark.contract

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "definitions.md").read_text("utf-8")


@pytest.mark.parametrize("word", [*Order, *EpisodeEnd, *Flag])
def test_every_code_is_defined(word: str) -> None:
    assert f"`{word}`" in PAGE


@pytest.mark.parametrize("form", QuestionForm)
def test_every_form_of_question_is_listed(form: QuestionForm) -> None:
    assert any(line.startswith("| ") and form in line for line in PAGE.splitlines())


@pytest.mark.parametrize(
    "name", [name for name in vars(thresholds) if name.endswith("_S") and name != "BIN_LIMITS_S"]
)
def test_every_threshold_in_seconds_is_stated(name: str) -> None:
    value = getattr(thresholds, name)
    stated = {f"{value:g} s", f"{value:.1f} s", f"{value:.2f} s", f"{value:.2f} ◇"}
    assert any(form in PAGE for form in stated), f"{name} = {value} s is not on the page"
