"""What ended a pause, when the teacher speaks first."""

from __future__ import annotations

import pytest
from said import chunk

from device.detect.feedback_talk import FeedbackReader
from device.detect.ledger import Ledger
from device.detect.reading import Reader
from device.roster import Roster
from lesson.events import Ender, Pause, PauseOutcome, Question

pytestmark = pytest.mark.unit


def pauses(*said: str, language: str = "nl", gap_s: float = 2.0, clear: float = 0.99) -> Ledger:
    ledger = Ledger(Reader(Roster.empty(), language), FeedbackReader(language))
    start_s = 1.0
    for number, text in enumerate(said):
        ledger.teacher(chunk(number, text, start_s, clear if number else 0.99))
        start_s += 0.3 * len(text.split()) + gap_s
    ledger.finish()
    return ledger


def first_pause(ledger: Ledger) -> Pause:
    return next(event for event in ledger.take() if isinstance(event, Pause))


@pytest.mark.parametrize(
    ("asked", "said", "language"),
    [
        ("wat eet een egel", "hij eet slakken en kevers", "nl"),
        ("waarom drijft ijs op water", "omdat het lichter is", "nl"),
        ("waar slaapt de egel", "onder bladeren slaapt de egel graag", "nl"),
        ("hoeveel poten heeft een spin", "acht", "nl"),
        ("what is the name of the village", "it is called saltmarsh", "en"),
    ],
)
def test_what_points_back_to_the_question_answers_it(asked: str, said: str, language: str) -> None:
    assert Ender.SELF_ANSWER is first_pause(pauses(asked, said, language=language)).ended_by


@pytest.mark.parametrize(
    ("asked", "said", "language"),
    [
        ("waarom waren kruiden zo duur", "rembrandt schilderde in die tijd", "nl"),
        ("wat eet een egel", "schrijf dat woord even op in je schrift", "nl"),
        ("wat eet een egel", "vandaag lezen we verder over de vos", "nl"),
        ("what is the name of the village", "write the date and underline it", "en"),
    ],
)
def test_other_talk_is_no_answer(asked: str, said: str, language: str) -> None:
    assert Ender.TEACHER_CONTINUES is first_pause(pauses(asked, said, language=language)).ended_by


def test_words_that_were_not_heard_clearly_are_never_taken_for_an_answer() -> None:
    ledger = pauses("wat eet een egel", "hij eet slakken en kevers", clear=0.6)
    assert Ender.TEACHER_CONTINUES is first_pause(ledger).ended_by


def test_praise_tells_of_an_answer_that_nobody_heard_and_leaves_the_wait_open() -> None:
    pause = first_pause(pauses("wat eet een egel", "ja dat klopt"))
    assert (Ender.PUPIL, PauseOutcome.UNMEASURED) == (pause.ended_by, pause.outcome)
    assert (None, "answer_unheard") == (pause.t_end, pause.reason)


def test_a_verb_straight_behind_a_clause_in_front_makes_no_question() -> None:
    ledger = pauses("wie daar is geweest in de zomer", "herkent dit vast wel", gap_s=0.4)
    assert [] == [event for event in ledger.take() if isinstance(event, Question)]


@pytest.mark.parametrize(
    ("asked", "said", "language", "gap_s", "pauses_measured"),
    [
        # the verb that the question lacked, and a second sentence
        ("why do the two angles at the bottom", "have to be the same", "en", 1.2, 0),
        ("why do the two angles add up", "have a look at the board", "en", 1.4, 1),
        # a piece without a verb goes on a whole question soon, and not later
        ("waarom drijft ijs op water", "op een grote blauwe plas", "nl", 0.8, 0),
        ("waarom drijft ijs op water", "op een grote blauwe plas", "nl", 1.4, 1),
        # a lone word is the teacher's own answer, but not at once
        ("is het woord voor tafel mannelijk", "vrouwelijk", "nl", 0.35, 0),
        ("is het woord voor tafel mannelijk", "vrouwelijk", "nl", 0.6, 1),
    ],
)
def test_a_hesitation_is_no_pause(
    asked: str, said: str, language: str, gap_s: float, pauses_measured: int
) -> None:
    ledger = pauses(asked, said, language=language, gap_s=gap_s)
    ended = [event.outcome for event in ledger.take() if isinstance(event, Pause)]
    assert pauses_measured == ended.count(PauseOutcome.MEASURED)
