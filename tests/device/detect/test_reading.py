"""What a stretch of the teacher's speech says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scripted import spread
from spoken_lesson import ROSTER

from device.audio.frames import SAMPLE_RATE
from device.detect.completeness import Completeness
from device.detect.questions.scoring import QuestionScore
from device.detect.reading import Chunk, Reader, Reading
from device.detect.words import Word
from lesson.events import QuestionForm

pytestmark = pytest.mark.unit


def chunk(
    words: tuple[Word, ...] | None,
    end_s: float = 2.0,
    starts_s: tuple[float, ...] = (0.0,),
    rise: float | None = None,
) -> Chunk:
    starts = tuple(round(start * SAMPLE_RATE) for start in starts_s)
    return Chunk(1, starts[0], round(end_s * SAMPLE_RATE), starts, rise, 30.0, words)


def read(text: str, end_s: float = 2.0, **more: object) -> Reading:
    return Reader(ROSTER, "nl").read(chunk(spread(text, 0.0, end_s), end_s, **more))


@pytest.mark.parametrize("text", ["eh", "eh uh hm"])
def test_only_fillers_say_nothing(text: str) -> None:
    assert read(text, 0.4).filler


def test_no_words_at_all_say_nothing() -> None:
    assert Reader(ROSTER, "nl").read(chunk(())).filler


def test_unheard_speech_is_no_filler_and_judged_by_its_voice() -> None:
    reader = Reader(ROSTER, "nl")
    assert not reader.read(chunk(None)).filler
    assert not reader.read(chunk(None, rise=-3.0)).score.is_question
    assert reader.read(chunk(None, rise=6.0)).score.is_question


@pytest.mark.parametrize("text", ["denk even na", "neem even de tijd", "oké denk eens goed na"])
def test_a_short_call_to_think_is_a_prompt(text: str) -> None:
    assert read(text, 1.2).prompt


def test_a_long_speech_is_no_prompt() -> None:
    assert not read("denk even na over wat we vorige week over ijs hebben gezegd", 3.5).prompt


@pytest.mark.parametrize("text", ["waarom drijft ijs", "sanne", "het antwoord is tien"])
def test_other_words_are_no_prompt(text: str) -> None:
    assert not read(text, 1.2).prompt


def test_the_question_ends_before_the_name_behind_it() -> None:
    reading = read("waarom drijft ijs sanne", 2.0)
    assert 1.5 * SAMPLE_RATE == reading.question_end_sample
    assert ["p01"] == [call.found.pupil for call in reading.calls]


def test_without_a_name_the_question_ends_where_the_sound_ends() -> None:
    assert 2 * SAMPLE_RATE == read("waarom drijft ijs").question_end_sample


def test_a_question_behind_a_statement_is_found_and_starts_at_its_own_clause() -> None:
    words = (*spread("dat is een goed plan", 0.0, 1.5), *spread("waarom", 1.75, 2.5))
    reading = Reader(ROSTER, "nl").read(chunk(words, 2.5, (0.0, 1.75)))
    assert reading.score.is_question
    assert 1.75 * SAMPLE_RATE == reading.question_first_sample


def test_an_unsure_first_word_may_be_made_up() -> None:
    made_up = spread("de", 0.0, 0.2, confidence=0.4)
    rest = spread("waarom drijft ijs op water", 0.2, 2.0)
    assert Reader(ROSTER, "nl").read(chunk((*made_up, *rest))).score.is_question


def test_words_said_before_belong_to_the_clause() -> None:
    before = spread("wat is het verschil tussen", 0.0, 1.0)
    after = spread("water en ijs", 2.0, 3.0)
    late = Chunk(2, 2 * SAMPLE_RATE, 3 * SAMPLE_RATE, (2 * SAMPLE_RATE,), None, 30.0, after)
    reading = Reader(ROSTER, "nl").read(late, before=before)
    assert reading.score.is_question
    assert (0, 3 * SAMPLE_RATE) == (reading.question_first_sample, reading.question_end_sample)


@pytest.mark.parametrize("text", ["water en ijs", "op de kaart", "in de zomer"])
def test_a_piece_of_a_sentence_goes_on_with_the_one_before(text: str) -> None:
    assert Reader(ROSTER, "nl").is_continuation(read(text))


@pytest.mark.parametrize(
    "text",
    ["waarom drijft ijs", "ijs is lichter dan water", "sanne", "goed zo", "we gaan nu naar buiten"],
)
def test_a_sentence_of_its_own_does_not(text: str) -> None:
    assert not Reader(ROSTER, "nl").is_continuation(read(text))


@pytest.mark.parametrize("text", ["goed zo", "ja precies", "bijna"])
def test_feedback_is_told_by_its_first_word(text: str) -> None:
    assert read(text).feedback


def test_another_scorer_can_take_the_place_of_the_rules() -> None:
    class Everything:
        def score(self, words: object) -> QuestionScore:
            return QuestionScore(0.99, reasons=("always",))

    reading = Reader(ROSTER, "nl", Everything()).read(chunk(spread("ga zitten", 0.0, 1.0)))
    assert ("always",) == reading.score.reasons


def test_a_tag_behind_a_sentence_asks_and_alone_says_nothing() -> None:
    assert QuestionForm.TAG is read("deze lijnen lopen evenwijdig hè").score.form
    assert read("deze lijnen lopen evenwijdig hè").score.is_question
    assert read("hè", 0.4).filler


@pytest.mark.parametrize("text", ["wie in noorwegen is geweest", "als je harder trapt", "klopt"])
def test_a_clause_that_waits_for_its_verb_or_its_rest_goes_on(text: str) -> None:
    assert Reader(ROSTER, "nl").opens_clause(read(text))


@pytest.mark.parametrize(
    "text", ["als het vriest dan barst de fles", "wat de buurman zei klopt helemaal"]
)
def test_a_clause_whose_main_clause_was_said_does_not(text: str) -> None:
    assert not Reader(ROSTER, "nl").opens_clause(read(text))


def test_an_order_is_no_rest_of_the_question_before() -> None:
    assert not Reader(ROSTER, "nl").is_continuation(read("denk aan kasteel toren gracht"))


def test_the_light_waits_for_the_last_word_of_a_completion() -> None:
    assert Completeness.BROKEN_OFF is read("vier keer zes is").completeness


@pytest.mark.parametrize(
    ("text", "patience_s"),
    [
        ("wat is het verschil met een eend", 0.0),
        ("wat is het verschil tussen", 1.4),
        ("twaalf in het kwadraat is", 0.55),  # soon: pupils are to end it
        ("vandaag lezen we verder", None),
    ],
)
def test_how_long_the_light_waits_for_more(text: str, patience_s: float | None) -> None:
    assert patience_s == read(text).patience_s


@pytest.mark.parametrize(
    ("confidence", "level_end", "patience_s"),
    [(0.9, True, 1.4), (0.9, False, 0.0), (1.0, True, 0.0)],
)
def test_where_words_are_unclear_a_pitch_that_goes_on_keeps_the_light_waiting(
    confidence: float, level_end: bool, patience_s: float
) -> None:
    words = spread("wat is het verschil met een eend", 0.0, 2.0)
    heard = replace(
        chunk(tuple(replace(word, confidence=confidence) for word in words)), level_end=level_end
    )
    assert patience_s == Reader(ROSTER, "nl").read(heard).patience_s


@pytest.mark.parametrize(("confidence", "patience_s"), [(1.0, 0.0), (0.7, None)])
def test_a_question_in_two_parts_starts_the_light_if_both_were_heard(
    confidence: float, patience_s: float | None
) -> None:
    before = spread("hoe kun je", 0.0, 1.0)
    rest = chunk(spread("een appel eerlijk verdelen", 1.5, 3.0), 3.0, (1.5,))
    first = [replace(word, confidence=confidence) for word in before]
    assert patience_s == Reader(ROSTER, "nl").read(rest, before=first).patience_s
