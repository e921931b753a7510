"""A part of the demo lesson of which the device misses something: nothing is made of the rest."""

from __future__ import annotations

import pytest
from installed import ROSTER
from spoken_lesson import hear

from device.audio.frames import SAMPLE_RATE, Block, Gap, Resumed, SourceState
from device.detect.listener import Listener
from device.roster import Roster
from lesson.events import Event, Pause, Question
from tools.chaos.sound import Excerpt, ReplayedWords, take_down

pytestmark = [pytest.mark.replay, pytest.mark.slow]

#: an explanation and two episodes, «De wind voert de natte lucht weg. … Is het boven in de lucht
#: kouder of warmer, Lotte?», an answer, «Klopt. Het tocht hier. Kun je de deur even dichtdoen?»
FIRST_S, LAST_S = 31.5, 84.5
#: the question to Lotte
ASKED_S = 39.9

Item = Block | Gap | Resumed


@pytest.fixture(scope="module")
def part() -> Excerpt:
    return take_down(FIRST_S, LAST_S)


def made_of(part: Excerpt, items: list[Item], ahead_s: float) -> list[Event]:
    """Questions and pauses in it; the words lie so much later than the device counts."""
    words = ReplayedWords(part.words, ahead_samples=lambda: round(ahead_s * SAMPLE_RATE))
    heard = hear(items, Listener(words, Roster.read(ROSTER), "nl"))
    return [*heard.of(Question), *heard.of(Pause)]


def test_undisturbed_three_questions_are_heard_and_the_request_is_none(part: Excerpt) -> None:
    found = made_of(part, [Block(part.samples)], 0.0)
    asked = [event.t for event in found if isinstance(event, Question)]
    assert [8.58, 23.0, ASKED_S] == pytest.approx(asked, abs=0.05)


@pytest.mark.parametrize("from_s", [39.9874, 40.4681, 41.1673, 42.3307])
def test_an_answer_to_a_question_that_was_not_heard_does_not_make_one_of_a_remark(
    part: Excerpt, from_s: float
) -> None:
    """The question is cut off, or the pupil is heard first and taken for the teacher.

    Where the frames begin decides what would come of it.
    """
    rest = Block(part.samples[int(from_s * SAMPLE_RATE) :])
    assert [] == made_of(part, [Gap(SAMPLE_RATE, SourceState.LOST), rest], from_s - 1.0)


@pytest.mark.parametrize("place_s", [31.5, 31.766])
def test_sound_that_comes_back_in_mid_sentence_is_no_room(part: Excerpt, place_s: float) -> None:
    """The voice would be the level of the room, and its rest begin after a silence."""
    first, last = int(place_s * SAMPLE_RATE), int((place_s + 0.42) * SAMPLE_RATE)
    before, after = Block(part.samples[:first]), Block(part.samples[last:])
    gap = Gap(last - first, SourceState.SILENT)
    found = made_of(part, [before, gap, Resumed(), after], 0.0)
    assert [] == [event for event in found if place_s < event.t < ASKED_S - 1]
