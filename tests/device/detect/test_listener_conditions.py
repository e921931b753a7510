"""The same lesson under harder conditions: noise, level, who speaks first, no words, lost sound."""

from __future__ import annotations

import numpy as np
import pytest
from scripted import ScriptedRecogniser
from spoken_lesson import PUPIL_DB, TEACHER_DB, Heard, Said, SpokenLesson, hear
from synthetic_sound import Wave, babble, to_samples, voice

from device.audio.frames import SAMPLE_RATE, Block, SourceState
from device.detect.recogniser import ThreadedRecogniser
from device.detect.words import Deaf
from lesson.events import (
    Ender,
    Health,
    HealthState,
    Pause,
    PauseOutcome,
    Question,
    QuestionForm,
    Source,
    Turn,
)

pytestmark = [pytest.mark.unit, pytest.mark.slow]

EDGE_S = 0.040
PAUSE_S = 3.2


def near(seconds: float) -> object:
    return pytest.approx(seconds, abs=EDGE_S)


def asked_and_named(room_db: float = 20.0) -> tuple[SpokenLesson, Said, Said]:
    lesson = SpokenLesson(room_db=room_db)
    asked = lesson.teacher("waarom drijft ijs op water")
    lesson.room(PAUSE_S)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    return lesson, asked, named


def sound_of(lesson: SpokenLesson) -> Wave:
    (block,) = lesson.items()
    assert isinstance(block, Block)
    return block.samples.astype(np.float64)


def assert_measured(heard: Heard, asked: Said, named: Said) -> None:
    (question,) = heard.of(Question)
    (pause,) = heard.of(Pause)
    assert (near(asked.start), near(asked.end)) == (question.t, question.t_end)
    assert (near(asked.end), near(named.start)) == (pause.t, pause.t_end)
    assert (PauseOutcome.MEASURED, Ender.NAME) == (pause.outcome, pause.ended_by)


@pytest.mark.parametrize("snr_db", [20.0, 15.0, 12.0])
def test_the_pause_is_true_while_the_class_babbles(snr_db: float) -> None:
    lesson, asked, named = asked_and_named()
    sound = sound_of(lesson)
    murmur = babble(len(sound) / SAMPLE_RATE, TEACHER_DB - snr_db)
    heard = hear([Block(to_samples(sound + murmur))], lesson.listener())
    assert_measured(heard, asked, named)


@pytest.mark.parametrize("gain_db", [-40.0, -30.0, -20.0, 10.0])
def test_the_pause_is_true_however_far_the_microphone_is_turned_down(gain_db: float) -> None:
    lesson, asked, named = asked_and_named(room_db=10.0)
    sound = to_samples(sound_of(lesson) * 10 ** (gain_db / 20))
    assert_measured(hear([Block(sound)], lesson.listener()), asked, named)


@pytest.mark.parametrize("offset", [-3000.0, 3000.0])
def test_an_offset_of_the_microphone_changes_nothing(offset: float) -> None:
    lesson, asked, named = asked_and_named()
    heard = hear([Block(to_samples(sound_of(lesson) + offset))], lesson.listener())
    assert_measured(heard, asked, named)


def test_a_pupil_who_speaks_first_is_not_taken_for_the_teacher_for_long() -> None:
    lesson = SpokenLesson(introduction="")
    lesson.pupil(2.0)
    lesson.room(1.0)
    lesson.teacher("vandaag gaat het over ijs en water", 2.0)
    lesson.room(1.0)
    lesson.teacher("waarom drijft ijs op water")
    lesson.room(2.0)
    answer = lesson.pupil(1.0)
    lesson.room(1.0)
    heard = lesson.hear()
    (pause,) = heard.of(Pause)
    assert (near(answer.start), Ender.PUPIL) == (pause.t_end, pause.ended_by)
    assert Source.PUPIL is heard.of(Turn)[-1].source


def test_a_pupil_below_the_room_is_nobody() -> None:
    lesson = SpokenLesson(room_db=PUPIL_DB - 6)
    asked = lesson.teacher("waarom drijft ijs op water")
    lesson.room(1.5)
    lesson.add(voice(1.0, PUPIL_DB - 16, 260.0))
    lesson.room(1.0)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    assert_measured(lesson.hear(), asked, named)


def test_without_a_speech_model_no_light_comes_and_turns_are_still_told() -> None:
    lesson, _, _ = asked_and_named()
    lesson.pupil(1.0)
    lesson.room(1.0)
    heard = lesson.hear(lesson.listener(Deaf()))
    assert [] == heard.of(Question) + heard.thinking()
    assert [Source.TEACHER, Source.PUPIL] == [turn.source for turn in heard.of(Turn)]


def test_without_words_a_marked_rise_is_a_question_and_gives_no_light() -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher("", 1.5, rise=6.0)
    lesson.room(2.0)
    answer = lesson.pupil(1.0)
    lesson.room(1.0)
    heard = lesson.hear(lesson.listener(Deaf()))
    (question,) = heard.of(Question)
    (pause,) = heard.of(Pause)
    assert (QuestionForm.DECLARATIVE, near(asked.end)) == (question.form, question.t_end)
    assert near(answer.start) == pause.t_end
    assert [] == heard.thinking()


def test_an_utterance_that_the_recogniser_could_not_take_holds_nothing_up() -> None:
    """Its queue is too short for any sentence: all come back unheard, and time goes on."""
    lesson, _, _ = asked_and_named()
    threaded = ThreadedRecogniser(lambda: ScriptedRecogniser(lesson.words), most_pieces=1)
    heard = lesson.hear(lesson.listener(threaded))
    threaded.close()
    assert threaded.dropped_utterances > 0
    assert heard.of(Turn)


@pytest.mark.parametrize("state", [SourceState.LOST, SourceState.OVERFLOW, SourceState.MUTED])
def test_a_loss_of_unknown_length_breaks_the_pause_as_well(state: SourceState) -> None:
    lesson = SpokenLesson()
    lesson.teacher("waarom drijft ijs op water")
    lesson.room(1.0)
    lesson.gap(0.0, state)
    lesson.room(1.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear()
    assert [PauseOutcome.UNMEASURED] == [pause.outcome for pause in heard.of(Pause)]
    assert [state.value, "ok"] == [health.state.value for health in heard.of(Health)]


def test_a_lesson_of_silence_has_no_events() -> None:
    assert [] == SpokenLesson(introduction="").hear().outputs


def test_exact_zeros_have_no_events() -> None:
    lesson = SpokenLesson(introduction="")
    zeros = Block(np.zeros(5 * SAMPLE_RATE, dtype=np.int16))
    assert [] == hear([zeros], lesson.listener()).outputs


def test_a_teacher_whose_voice_clips_is_told() -> None:
    lesson = SpokenLesson()
    for _ in range(5):
        lesson.teacher("vandaag gaat het over water en ijs", 2.0)
        lesson.room(0.4)
    loud = to_samples(sound_of(lesson) * 30)
    states = [each.state for each in hear([Block(loud)], lesson.listener()).of(Health)]
    assert [HealthState.CLIPPING] == states


def test_a_class_that_drowns_the_teacher_is_told_and_nothing_of_it_is_measured() -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher("waarom drijft ijs op water")
    lesson.room(3.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    calm_samples = round(lesson.now * SAMPLE_RATE)
    for _ in range(12):
        lesson.teacher("waarom drijft ijs op water")
        lesson.room(1.5)
    sound = sound_of(lesson)
    sound[calm_samples:] += babble(len(sound) / SAMPLE_RATE, TEACHER_DB - 7)[calm_samples:]
    heard = hear([Block(to_samples(sound))], lesson.listener())
    told = next(each for each in heard.of(Health) if each.state is HealthState.TOO_NOISY)
    assert calm_samples / SAMPLE_RATE < told.t < calm_samples / SAMPLE_RATE + 30
    measured = [p for p in heard.of(Pause) if p.outcome is PauseOutcome.MEASURED]
    assert near(asked.end) == measured[0].t
    assert all(pause.t < told.t for pause in heard.of(Pause))
    assert all(question.t < told.t for question in heard.of(Question))
    assert all(turn.t < told.t for turn in heard.of(Turn))
    assert told.t < lesson.now - 10
