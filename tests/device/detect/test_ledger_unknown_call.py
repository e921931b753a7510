"""A short word that the recogniser doubts, straight after a question, is a name it lacks."""

from __future__ import annotations

import pytest

from device.audio.frames import SAMPLE_RATE
from device.detect.feedback_talk import FeedbackReader
from device.detect.ledger import Ledger, VerdictKind
from device.detect.reading import Chunk, Reader
from device.detect.words import Word
from device.roster import Roster
from lesson.events import Ender, Name, NameRole, Pause

pytestmark = pytest.mark.unit


def chunk(number: int, text: str, start_s: float, end_s: float, confidence: float) -> Chunk:
    first, last = round(start_s * SAMPLE_RATE), round(end_s * SAMPLE_RATE)
    words = text.split()
    step = (last - first) // len(words)
    return Chunk(
        number=number,
        first_sample=first,
        end_sample=last,
        clause_starts=(first,),
        rise_semitones=None,
        snr_db=30.0,
        words=tuple(
            Word(word, first + i * step, first + (i + 1) * step, confidence)
            for i, word in enumerate(words)
        ),
    )


def after_a_question(text: str, length_s: float, confidence: float) -> Ledger:
    ledger = Ledger(Reader(Roster.empty(), "nl"), FeedbackReader("nl"))
    ledger.teacher(chunk(1, "waarom drijft ijs op water", 1.0, 3.0, 0.99))
    ledger.teacher(chunk(2, text, 6.2, 6.2 + length_s, confidence))
    ledger.finish()
    return ledger


def test_a_doubtful_short_word_ends_the_pause_as_a_call_of_somebody() -> None:
    events = after_a_question("kaan", 0.4, 0.6).take()
    (pause,) = [event for event in events if isinstance(event, Pause)]
    (name,) = [event for event in events if isinstance(event, Name)]
    assert (6.2, Ender.NAME) == (pause.t_end, pause.ended_by)
    assert (None, NameRole.CALL) == (name.pupil, name.role)


@pytest.mark.parametrize(
    ("text", "length_s", "confidence"),
    [("oslo", 0.4, 0.97), ("oslo", 1.2, 0.6), ("goed", 0.4, 0.6), ("ja", 0.4, 0.5)],
)
def test_sure_long_and_everyday_words_are_no_names(
    text: str, length_s: float, confidence: float
) -> None:
    events = after_a_question(text, length_s, confidence).take()
    assert [] == [event for event in events if isinstance(event, Name)]


def test_without_a_question_a_doubtful_word_calls_nobody() -> None:
    ledger = Ledger(Reader(Roster.empty(), "nl"), FeedbackReader("nl"))
    verdict = ledger.teacher(chunk(1, "kaan", 1.0, 1.4, 0.6))
    assert VerdictKind.CALLED is not verdict.kind
    assert [] == ledger.take()
