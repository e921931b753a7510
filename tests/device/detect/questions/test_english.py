"""English questions of every form, and what only looks like one."""

from __future__ import annotations

import pytest
from questions_by_form import lines, score

from lesson.events import Focus, QuestionForm

pytestmark = pytest.mark.unit

ARMING = {
    "check": """
        who wrote this poem
        which planet is nearest to the sun
        how many legs does a spider have
        where is the capital of norway
        in which year did the war begin
        which word in this line tells us how she feels
        and what is the square root of nine
        when did the romans leave britain
    """,
    "open": """
        why do leaves change colour in autumn
        how would you solve this
        what do you notice about this graph
        what would happen if the sun disappeared
        why does ice float
    """,
    "choice": """
        is this a verb or a noun
        does the number get bigger or smaller
    """,
    "yesno": """
        is a whale a fish
        does every triangle have three corners
        are these numbers prime
        do children need more sleep
        if the lake freezes could the fish survive
    """,
    "completion": """
        a shape like this is called
        seven times eight equals
        the largest planet is
        an animal that eats plants is called a
    """,
    "in_situ": """
        a cube has how many edges
        so ten minus seven is what
        the longest river is which one
    """,
    "without_a_verb": """
        any other examples
        any thoughts on why the ice cracked
        warmer or colder
    """,
    "indirect": """
        can you explain how that works
        could you tell me what this word means
        i wonder what happens to the salt
    """,
    "followup": """
        and why
        how do you know that
        why not
    """,
    "elicit_imperative": """
        name three causes of the war
        explain why that is
        describe what you see
        compare these two maps
    """,
}

NOT_ARMING = {
    "meta": """
        does everyone understand
        any questions
        is that clear
    """,
    "tag": """
        we did this yesterday didn't we
        that is a fraction right
    """,
    "request": """
        can you close the door please
        would you fold these for me
        shall we begin
        would you mind closing that window
        can i have your attention
    """,
    "hortative": """
        let me show you the next page
        let's look at the map together
        lets put our things away
    """,
    "misheard": """
        am i will write it on the board
        can't hear you at the back
    """,
    "exclamation": """
        what a lovely drawing
        how nice is that
        how clever of you
    """,
    "pseudo_cleft": """
        what we will do now is read
        what you see here is a map
        what counts is that you tried
    """,
    "quoted": """
        the knight asked who was there
        then she said what is this
    """,
    "free_relative": """
        when you are ready put your pen down
        where it says page ten start there
    """,
    "embedded": """
        i don't know what the answer is
        remember what we said about this
    """,
    "statement": """
        so that is half past two
        today we look at fractions
        the capital of norway is oslo
    """,
    "command": """
        put your books away
        do the last two at home
        open your books on page ten
    """,
}


def cases(table: dict[str, str]) -> list[object]:
    return [
        pytest.param(clause, id=f"{form}: {clause}")
        for form, clauses in table.items()
        for clause in lines(clauses)
    ]


@pytest.mark.parametrize("clause", cases(ARMING))
def test_a_question_for_the_class_arms_the_think_timer(clause: str) -> None:
    assert score("en", clause).arms


@pytest.mark.parametrize("clause", cases(NOT_ARMING))
def test_what_asks_nobody_to_think_does_not(clause: str) -> None:
    assert not score("en", clause).arms


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("choice", QuestionForm.CHOICE),
        ("yesno", QuestionForm.YESNO),
        ("completion", QuestionForm.COMPLETION),
        ("elicit_imperative", QuestionForm.ELICIT_IMPERATIVE),
        ("indirect", QuestionForm.INDIRECT),
    ],
)
def test_the_form_is_told(form: str, expected: QuestionForm) -> None:
    assert {expected} == {score("en", clause).form for clause in lines(ARMING[form])}


@pytest.mark.parametrize("form", ["meta", "tag"])
def test_forms_with_a_line_of_their_own_are_questions_all_the_same(form: str) -> None:
    for clause in lines(NOT_ARMING[form]):
        assert (True, form) == (score("en", clause).is_question, score("en", clause).form.value)


@pytest.mark.parametrize(
    "clause",
    [
        "let me ask you this what is a fraction",
        "can everyone hear me",
        "did that make sense to everyone",
    ],
)
def test_what_asks_behind_such_words_is_still_a_question(clause: str) -> None:
    assert score("en", clause).is_question


@pytest.mark.parametrize("clause", lines(ARMING["open"]))
def test_questions_that_ask_for_thinking_are_open(clause: str) -> None:
    assert Focus.OPEN is score("en", clause).focus


@pytest.mark.parametrize("clause", lines(ARMING["check"]))
def test_a_check_question_is_never_taken_for_an_open_one(clause: str) -> None:
    assert Focus.OPEN is not score("en", clause).focus


@pytest.mark.parametrize(
    "clause", ["what is the difference between ice and", "why do you think that the", "which of"]
)
def test_a_sentence_that_stops_half_way_is_not_finished(clause: str) -> None:
    assert not score("en", clause).finished
    assert score("en", "why does ice float").finished


@pytest.mark.parametrize("clause", ["", "uh", "okay"])
def test_nothing_said_is_no_question(clause: str) -> None:
    assert not score("en", clause).is_question


def test_wondering_asks_behind_a_statement_too() -> None:
    assert score("en", "we saw the fox and i wonder why he hid").is_question


def test_existential_there_before_its_verb_is_subordinate() -> None:
    assert not score("en", "how many chairs there are in this hall").is_question
    assert score("en", "how many chairs are there in this hall").is_question


@pytest.mark.parametrize("clause", ["you will never guess what", "let me see what"])
def test_phrases_that_end_in_what_ask_nothing(clause: str) -> None:
    assert not score("en", clause).is_question
