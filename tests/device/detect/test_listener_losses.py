"""Pauses that have no number: lost sound, work time, noise, the end; and our own sounds."""

from __future__ import annotations

import pytest
from spoken_lesson import PUPIL_DB, TEACHER_DB, Heard, SpokenLesson
from synthetic_sound import samples_of, tone

from device.audio.frames import SourceState
from lesson.events import (
    Ender,
    Health,
    HealthState,
    Name,
    Pause,
    PauseOutcome,
    Question,
)

pytestmark = pytest.mark.unit

#: edges found in clean sound are true to two frames
EDGE_S = 0.040
ASK = "waarom drijft ijs op water"


def near(seconds: float) -> object:
    return pytest.approx(seconds, abs=EDGE_S)


def only_pause(heard: Heard) -> Pause:
    (pause,) = heard.of(Pause)
    return pause


@pytest.mark.parametrize("snr_db", [20.0, 15.0])
def test_in_a_murmuring_class_the_pause_is_still_true(snr_db: float) -> None:
    lesson = SpokenLesson(room_db=TEACHER_DB - snr_db)
    asked = lesson.teacher(ASK)
    lesson.room(3.2)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    pause = only_pause(lesson.hear())
    assert (near(asked.end), near(named.start)) == (pause.t, pause.t_end)


def test_lost_sound_closes_the_pause_without_a_number() -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(1.0)
    lost = lesson.gap(2.0)
    lesson.room(1.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear()
    pause = only_pause(heard)
    assert near(asked.end) == pause.t
    assert (PauseOutcome.UNMEASURED, None, None) == (pause.outcome, pause.t_end, pause.net_s)
    worse, well = heard.of(Health)
    assert (HealthState.LOST, near(lost.start)) == (worse.state, worse.t)
    assert (HealthState.OK, near(lost.end), near(2.0)) == (well.state, well.t, well.missing_s)


def test_one_loss_in_many_pieces_is_told_once_each_way() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.room(1.0)
    for _ in range(4):
        lesson.gap(0.5)
    lesson.room(1.0)
    worse, well = lesson.hear().of(Health)
    assert (HealthState.LOST, HealthState.OK) == (worse.state, well.state)
    assert near(2.0) == well.missing_s


def test_a_loss_that_becomes_a_mute_is_told_as_both() -> None:
    lesson = SpokenLesson()
    lesson.gap(1.0, SourceState.LOST)
    lesson.gap(1.0, SourceState.MUTED)
    lesson.room(1.0)
    states = [health.state for health in lesson.hear().of(Health)]
    assert [HealthState.LOST, HealthState.MUTED, HealthState.OK] == states


def test_a_question_cut_off_by_lost_sound_yields_no_measured_pause() -> None:
    lesson = SpokenLesson()
    lesson.teacher(ASK)
    lesson.gap(1.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    outcomes = [pause.outcome for pause in lesson.hear().of(Pause)]
    assert PauseOutcome.MEASURED not in outcomes


SO_SOON = pytest.mark.parametrize(("quiet_s", "asked"), [(0.04, False), (0.2, False), (0.8, True)])


def counts_a_question(lesson: SpokenLesson) -> bool:
    """Whether a question that is asked now makes an episode."""
    lesson.teacher(ASK)
    lesson.room(2.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear()
    assert len(heard.of(Question)) == len(heard.of(Pause))
    return bool(heard.of(Question))


@SO_SOON
def test_speech_that_was_going_on_when_the_sound_came_back_is_no_question(
    quiet_s: float, asked: bool
) -> None:
    lesson = SpokenLesson()
    lesson.room(1.0)
    lesson.gap(2.0)
    lesson.room(quiet_s)
    assert asked is counts_a_question(lesson)


@SO_SOON
def test_speech_that_was_going_on_when_the_lesson_began_is_no_question(
    quiet_s: float, asked: bool
) -> None:
    assert asked is counts_a_question(SpokenLesson(introduction="", quiet_s=quiet_s))


@pytest.mark.parametrize("interrupted", [False, True])
def test_after_a_gap_nothing_is_asked_before_the_wearer_is_known(interrupted: bool) -> None:
    """Whoever speaks first is taken for the teacher, and may be a pupil."""
    lesson = SpokenLesson(introduction="")
    if interrupted:
        lesson.gap(1.0)
        lesson.room(1.0)
    first = lesson.teacher("hoe heet dat")
    lesson.room(2.0)
    lesson.teacher("vandaag gaat het over water en ijs")
    lesson.room(1.0)
    second = lesson.teacher("hoe heet dat")
    lesson.room(2.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    asked = [near(second.start)] if interrupted else [near(first.start), near(second.start)]
    assert asked == [question.t for question in lesson.hear().of(Question)]


def test_after_lost_sound_measuring_goes_on() -> None:
    lesson = SpokenLesson()
    lesson.gap(2.0)
    lesson.room(1.0)
    asked = lesson.teacher(ASK)
    lesson.room(3.0)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    pause = only_pause(lesson.hear())
    assert (near(asked.end), near(named.start)) == (pause.t, pause.t_end)


@pytest.mark.slow
@pytest.mark.parametrize("then", ["nothing", "name"])
def test_a_pause_longer_than_fifteen_seconds_is_work_time(then: str) -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(16.0)
    if then == "name":
        lesson.teacher("sanne")
        lesson.room(1.0)
    heard = lesson.hear()
    pause = only_pause(heard)
    assert (near(asked.end), PauseOutcome.CENSORED) == (pause.t, pause.outcome)
    assert Ender.TIMEOUT is pause.ended_by


def test_a_pause_at_the_end_of_the_lesson_has_no_number() -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(4.0)
    pause = only_pause(lesson.hear())
    assert (near(asked.end), None) == (pause.t, pause.t_end)
    assert (PauseOutcome.UNMEASURED, Ender.LESSON_END) == (pause.outcome, pause.ended_by)


def test_a_question_cut_off_by_the_end_of_the_lesson_is_kept() -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    (question,) = lesson.hear().of(Question)
    assert (near(asked.start), near(asked.end)) == (question.t, question.t_end)


@pytest.mark.slow
@pytest.mark.parametrize("distance_db", [9.0, 5.0])
def test_a_question_in_a_class_too_noisy_to_measure_gives_nothing(distance_db: float) -> None:
    lesson = SpokenLesson()
    lesson.room_db = TEACHER_DB - distance_db
    for _ in range(10):
        lesson.teacher("vandaag gaat het over water en ijs", 2.0)
        lesson.room(2.0)
    asked = lesson.teacher(ASK)
    lesson.room(3.0)
    lesson.teacher("sanne")
    lesson.room(1.0)
    heard = lesson.hear()
    (noisy,) = heard.of(Health)
    assert HealthState.TOO_NOISY is noisy.state
    assert noisy.t < asked.start
    assert [] == heard.of(Question) + heard.of(Pause) + heard.of(Name)
    assert [] == heard.thinking()


def test_the_own_tick_does_not_end_the_pause() -> None:
    lesson = SpokenLesson()
    asked = lesson.teacher(ASK)
    lesson.room(3.0)
    tick = lesson.add(tone(0.3, 300, PUPIL_DB))
    lesson.room(1.0)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    assert near(tick.start) == only_pause(lesson.hear()).t_end  # taken for a pupil
    listener = lesson.listener()
    listener.mask(samples_of(tick.start), samples_of(tick.end))
    heard = lesson.hear(listener)
    masked = only_pause(heard)
    assert (near(asked.end), near(named.start)) == (masked.t, masked.t_end)
    assert ["think", "named"] == heard.phase_names
