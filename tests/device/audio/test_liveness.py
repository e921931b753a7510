from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.audio.liveness import (
    Liveness,
    LivenessLimits,
    LivenessState,
    Observation,
    Reason,
    Transition,
)

pytestmark = pytest.mark.unit

WELL = Observation(now=1.0, callback_age_s=0.02)
OK, SUSPECT, LOST = LivenessState.OK, LivenessState.SUSPECT, LivenessState.LOST
REOPENING, FAILED = LivenessState.REOPENING, LivenessState.FAILED


def lost(limits: LivenessLimits | None = None) -> Liveness:
    machine = Liveness(0.0, limits)
    machine.observe(replace(WELL, now=0.0, finished=True))
    return machine


def test_good_sound_changes_nothing() -> None:
    machine = Liveness(0.0)
    assert (None, OK) == (machine.observe(WELL), machine.state)


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ({"callback_age_s": 0.501}, Reason.NO_CALLBACK),
        ({"flat_s": 3.01}, Reason.FLAT),
        ({"right_device": False}, Reason.WRONG_DEVICE),
        ({"finished": True}, Reason.FINISHED),
        ({"active": False}, Reason.INACTIVE),
    ],
)
def test_each_fault_alone_is_a_loss(seen: dict[str, object], reason: Reason) -> None:
    observation = replace(WELL, **seen)  # type: ignore[arg-type]
    assert Transition(1.0, OK, LOST, reason, 0) == Liveness(0.0).observe(observation)


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ({"callback_age_s": 0.5}, Reason.LATE_CALLBACK),
        ({"flat_s": 3.0}, Reason.GOING_FLAT),
        ({"overflows": 1}, Reason.OVERFLOW),
    ],
)
def test_up_to_the_limit_it_is_only_suspect(seen: dict[str, object], reason: Reason) -> None:
    machine = Liveness(0.0)
    observation = replace(WELL, **seen)  # type: ignore[arg-type]
    assert Transition(1.0, OK, SUSPECT, reason, 0) == machine.observe(observation)
    assert machine.flowing


def test_a_suspect_that_does_well_again_is_cleared() -> None:
    machine = Liveness(0.0)
    machine.observe(replace(WELL, callback_age_s=0.3))
    assert Transition(2.0, SUSPECT, OK, Reason.RECOVERED, 0) == machine.observe(
        replace(WELL, now=2.0)
    )


def test_an_overflow_is_remembered_for_a_second() -> None:
    machine = Liveness(0.0)
    machine.observe(replace(WELL, overflows=1))
    assert None is machine.observe(replace(WELL, now=1.9, overflows=1))
    cleared = machine.observe(replace(WELL, now=2.1, overflows=1))
    assert cleared is not None
    assert OK is cleared.after


def test_a_device_that_cannot_be_told_is_believed() -> None:
    assert None is Liveness(0.0).observe(replace(WELL, right_device=None))


def test_waits_between_attempts_double_up_to_the_cap() -> None:
    machine = lost()
    now, waits = 0.0, []
    for _ in range(7):
        waits.append(machine.back_off_s())
        assert not machine.attempt_due(now + waits[-1] - 0.01)
        now += waits[-1]
        assert machine.attempt_due(now)
        machine.begin_attempt(now)
        machine.attempt_failed(now)
    assert [0.25, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0] == waits


def test_after_the_last_attempt_it_has_failed_for_good() -> None:
    machine = lost(LivenessLimits(attempts=2))
    machine.begin_attempt(1.0)
    machine.attempt_failed(1.0)
    machine.begin_attempt(2.0)
    assert Transition(2.0, REOPENING, FAILED, Reason.ATTEMPTS_USED_UP, 2) == (
        machine.attempt_failed(2.0)
    )
    assert (None, False) == (machine.observe(WELL), machine.attempt_due(1e9))


def test_a_reopened_stream_has_to_call_back() -> None:
    machine = lost()
    machine.begin_attempt(1.0)
    silent = replace(WELL, called_back=False)
    assert None is machine.observe(replace(silent, now=1.9, callback_age_s=0.9))
    assert Transition(2.1, REOPENING, LOST, Reason.NO_SOUND_AFTER_OPEN, 1) == machine.observe(
        replace(silent, now=2.1, callback_age_s=1.1)
    )


def test_a_reopened_stream_that_stays_flat_is_not_believed() -> None:
    machine = lost()
    machine.begin_attempt(1.0)
    assert None is machine.observe(replace(WELL, flat_s=0.02))
    assert None is machine.observe(replace(WELL, flat_s=9.9))
    assert Transition(20.0, REOPENING, LOST, Reason.FLAT, 1) == machine.observe(
        replace(WELL, now=20.0, flat_s=10.1)
    )


def test_a_reopened_stream_with_varying_sound_has_recovered() -> None:
    machine = lost()
    machine.begin_attempt(1.0)
    assert Transition(1.5, REOPENING, OK, Reason.RECOVERED, 1) == machine.observe(
        replace(WELL, now=1.5)
    )


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ({"right_device": False}, Reason.WRONG_DEVICE),
        ({"finished": True}, Reason.FINISHED),
        ({"active": False}, Reason.FINISHED),
    ],
)
def test_a_reopened_stream_can_be_lost_again(seen: dict[str, object], reason: Reason) -> None:
    machine = lost()
    machine.begin_attempt(1.0)
    observation = replace(WELL, **seen)  # type: ignore[arg-type]
    assert Transition(1.0, REOPENING, LOST, reason, 1) == machine.observe(observation)


def test_a_loss_soon_after_recovery_goes_on_counting() -> None:
    machine = lost()
    machine.begin_attempt(1.0)
    machine.observe(replace(WELL, now=1.5))
    machine.observe(replace(WELL, now=5.0, finished=True))
    assert 0.5 == machine.back_off_s()


def test_a_stream_that_comes_and_goes_fails_in_the_end() -> None:
    machine = lost(LivenessLimits(attempts=1))
    machine.begin_attempt(1.0)
    machine.observe(replace(WELL, now=1.5))
    assert Transition(2.0, OK, FAILED, Reason.ATTEMPTS_USED_UP, 1) == machine.observe(
        replace(WELL, now=2.0, finished=True)
    )


def test_after_the_cool_down_attempts_count_anew() -> None:
    machine = lost()
    machine.begin_attempt(1.0)
    machine.observe(replace(WELL, now=1.5))
    machine.observe(replace(WELL, now=11.6))
    assert (0, 0.25) == (machine.attempt, machine.back_off_s())


def test_muting_is_a_loss_on_purpose() -> None:
    machine = Liveness(0.0)
    assert Transition(3.0, OK, LOST, Reason.MUTED, 0) == machine.mute(3.0)


def test_attempts_out_of_turn_are_refused() -> None:
    machine = Liveness(0.0)
    with pytest.raises(RuntimeError):
        machine.begin_attempt(1.0)
    with pytest.raises(RuntimeError):
        machine.attempt_failed(1.0)


OBSERVATIONS = st.builds(
    Observation,
    now=st.just(0.0),
    callback_age_s=st.sampled_from([0.0, 0.02, 0.3, 0.6, 1.5]),
    called_back=st.booleans(),
    active=st.sampled_from([True, True, True, False]),
    finished=st.sampled_from([False, False, False, True]),
    flat_s=st.sampled_from([0.0, 0.0, 2.0, 4.0, 11.0]),
    right_device=st.sampled_from([None, True, False]),
    overflows=st.integers(0, 3),
)
ALLOWED = {
    (OK, SUSPECT),
    (OK, LOST),
    (SUSPECT, OK),
    (SUSPECT, LOST),
    (LOST, REOPENING),
    (REOPENING, OK),
    (REOPENING, LOST),
    (REOPENING, FAILED),
    (OK, FAILED),
    (SUSPECT, FAILED),
}


@pytest.mark.slow
@given(st.lists(st.tuples(OBSERVATIONS, st.floats(0.01, 5), st.booleans()), max_size=60))
def test_whatever_is_seen_only_the_drawn_arrows_are_taken(
    steps: list[tuple[Observation, float, bool]],
) -> None:
    limits = LivenessLimits(attempts=5)
    machine = Liveness(0.0, limits)
    now = 0.0
    for seen, seconds, opens in steps:
        now += seconds
        before = machine.state
        if machine.attempt_due(now):
            changes = [machine.begin_attempt(now)]
            if not opens:
                changes.append(machine.attempt_failed(now))
        else:
            observed = machine.observe(replace(seen, now=now))
            changes = [observed] if observed else []
        for change in changes:
            assert (change.before, change.after) in ALLOWED
            assert (before, now) == (change.before, change.at)
            before = change.after
        assert before is machine.state
        assert machine.attempt <= limits.attempts
        assert machine.back_off_s() <= limits.longest_back_off_s
