"""What the first words say of an utterance."""

from __future__ import annotations

import pytest

from tools.speech.question_class import question_class

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("nl", "hoe komt dat", "wh"),
        ("nl", "en waarom dan", "wh"),
        ("nl", "oké dus wat is het verschil", "wh"),
        ("nl", "kun je dat uitleggen", "verb"),
        ("nl", "sanne weet jij het", "verb"),
        ("nl", "de prijs stijgt", "other"),
        ("nl", "", "other"),
        ("nl", "en maar dus wat", "other"),
        ("en", "what's the area", "wh"),
        ("en", "isn't it hot", "verb"),
        ("en", "so do you know why", "verb"),
        ("en", "the answer is four", "other"),
    ],
)
def test_class_of_the_first_words(code: str, text: str, expected: str) -> None:
    assert expected == question_class(text.split(), code, ("sanne",))
