"""The two levels that decide whose voice it is: the room's background and the wearer's."""

from __future__ import annotations

import pytest

from device.detect.level import Background, Wearer, gate_db

pytestmark = pytest.mark.unit


def learnt(level_db: float) -> Wearer:
    wearer = Wearer()
    while not wearer.learnt:
        wearer.hear_frame(level_db)
    return wearer


def test_the_background_is_unknown_at_first() -> None:
    background = Background()
    background.step(30.0)
    assert background.level_db is None
    assert gate_db(background, Wearer()) is None


def test_speech_over_the_room_does_not_lift_the_background() -> None:
    background = Background()
    for frame in range(1000):
        background.step(65.0 if frame % 50 < 35 else 30.0)
    assert 30.0 == background.level_db


def test_the_background_follows_the_room_within_seconds() -> None:
    background = Background()
    for _ in range(500):
        background.step(30.0)
    for _ in range(650):
        background.step(45.0)
    assert 45.0 == background.level_db
    for _ in range(100):
        background.step(30.0)
    assert 30.0 == background.level_db


def test_a_reset_background_is_learnt_anew_and_for_two_seconds_no_higher() -> None:
    background = Background()
    for _ in range(20):
        background.step(30.0)
    background.reset()
    assert 30.0 == background.level_db
    for _ in range(100):
        background.step(66.0)
        assert 30.0 == background.level_db
    for _ in range(10):
        background.step(66.0)
    assert 66.0 == background.level_db
    background.reset()
    for _ in range(10):
        background.step(20.0)
    assert 20.0 == background.level_db


def test_before_anything_is_learnt_everybody_is_taken_for_the_teacher() -> None:
    assert Wearer().is_teacher(10.0)


def test_the_wearer_is_told_from_a_pupil_across_the_room() -> None:
    wearer = learnt(66.0)
    assert wearer.is_teacher(66.0)
    assert wearer.is_teacher(63.0)
    assert not wearer.is_teacher(50.0)


def test_a_teacher_who_comes_after_a_pupil_takes_over() -> None:
    wearer = learnt(50.0)
    wearer.hear_span(66.0, speech_s=1.5)
    assert 66.0 == wearer.level_db
    assert not wearer.is_teacher(50.0)


def test_a_short_bang_does_not_take_over() -> None:
    wearer = learnt(60.0)
    wearer.hear_span(80.0, speech_s=0.2)
    assert wearer.is_teacher(60.0)


def test_pupils_do_not_pull_the_wearer_down() -> None:
    wearer = learnt(66.0)
    for _ in range(100):
        wearer.hear_span(50.0, speech_s=2.0)
    assert 66.0 == wearer.level_db


def test_a_teacher_who_speaks_lower_is_followed_slowly() -> None:
    wearer = learnt(66.0)
    wearer.hear_span(62.0, speech_s=2.0)
    assert 62.0 < wearer.level_db < 66.0
    once = wearer.level_db
    for _ in range(60):
        wearer.hear_span(62.0, speech_s=2.0)
    assert wearer.level_db < once
    assert pytest.approx(62.0, abs=0.1) == wearer.level_db


def test_a_quiet_microphone_is_lifted_and_a_loud_one_is_not() -> None:
    assert 1.0 == Wearer().vad_gain
    assert learnt(40.0).vad_gain > 5
    assert 1.0 == learnt(75.0).vad_gain


def test_the_gain_has_a_limit() -> None:
    assert learnt(0.0).vad_gain == learnt(10.0).vad_gain


def test_the_gate_lies_above_the_background_and_in_a_quiet_room_below_the_wearer() -> None:
    noisy, quiet = Background(), Background()
    for _ in range(20):
        noisy.step(45.0)
        quiet.step(5.0)
    wearer = learnt(66.0)
    gate = gate_db(noisy, wearer)
    assert gate is not None
    assert 45.0 < gate < 66.0
    # reverberation of the teacher is no speech although it stands out of an empty room
    gate_in_quiet, gate_of_nobody = gate_db(quiet, wearer), gate_db(quiet, Wearer())
    assert gate_in_quiet is not None
    assert gate_of_nobody is not None
    assert gate_of_nobody < gate_in_quiet < 66.0
