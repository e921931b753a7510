"""A device that begins to hear in the middle of the demo lesson, as after a restart."""

from __future__ import annotations

import pytest
from installed import ROSTER, demo_sound
from spoken_lesson import hear

from device.audio.frames import SAMPLE_RATE, Block, Gap, SourceState
from device.lesson_plan import LessonPlan
from device.models import find_model
from device.roster import Roster
from lesson.events import CueMode, Pause, Question

pytestmark = [pytest.mark.replay, pytest.mark.slow]

#: just before a pupil's answer, which is followed by «Klopt. Het tocht hier. Kun je …»
BEFORE_ANSWER_S, AFTER_REQUEST_S = 74.46, 85.5


@pytest.mark.parametrize("later_s", [0.0, 0.0085, 0.0496, 0.1866])
def test_the_answer_of_a_pupil_who_is_heard_first_does_not_turn_a_remark_into_a_question(
    later_s: float,
) -> None:
    """The pupil is taken for the teacher; where the frames begin decides what comes of it."""
    model = find_model("nl", None, environ={}, usual_folders=())
    plan = LessonPlan("nl", CueMode.CUE, 3.0, Roster.read(ROSTER), model)
    sound = Block(demo_sound(BEFORE_ANSWER_S + later_s, AFTER_REQUEST_S))
    recogniser = plan.recogniser(threaded=False)
    heard = hear([Gap(SAMPLE_RATE, SourceState.LOST), sound], plan.listener(recogniser))
    assert [] == heard.of(Question) + heard.of(Pause)
