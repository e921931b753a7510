"""Which cue when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.feedback.policy import LATEST_DECISION_S, CuePolicy
from lesson.events import Cue, CueMode, Signal
from lesson.phases import Phase, PhaseName

pytestmark = pytest.mark.unit

FRAME_S = 0.02
Timeline = list[tuple[float, Signal]]


def think(t: float, since: float) -> Phase:
    return Phase(t, PhaseName.THINK, since, "question_decided")


def other(t: float, name: PhaseName = PhaseName.NAMED, reason: str = "name") -> Phase:
    return Phase(t, name, t, reason)


def run(policy: CuePolicy, phases: list[Phase], until_s: float, repeat: int = 0) -> list[Cue]:
    """Step the policy frame by frame, with ``repeat`` empty steps after each."""
    cues: list[Cue] = []
    left = sorted(phases, key=lambda phase: phase.t)
    for number in range(1, round(until_s / FRAME_S) + 1):
        position_s = number * FRAME_S
        due = [phase for phase in left if phase.t <= position_s + 1e-9]
        left = left[len(due) :]
        cues += policy.step(position_s, due)
        for _ in range(repeat):
            cues += policy.step(position_s, [])
    return cues


def times(cues: list[Cue]) -> Timeline:
    return [(cue.t, cue.signal) for cue in cues]


def test_a_kept_pause_glows_and_turns_green_at_three_seconds_after_the_question() -> None:
    cues = run(CuePolicy(CueMode.CUE), [think(10.4, 10.0), other(14.0)], 16)
    assert times(cues) == [(10.4, Signal.WAIT), (13.0, Signal.GO)]
    assert {cue.question_end for cue in cues} == {10.0}


def test_a_short_pause_is_taken_back_quietly_and_never_turns_green() -> None:
    cues = run(CuePolicy(CueMode.CUE), [think(10.4, 10.0), other(11.2)], 16)
    assert times(cues) == [(10.4, Signal.WAIT), (11.2, Signal.OFF)]


def test_a_hesitation_takes_the_light_back_and_the_next_question_starts_afresh() -> None:
    hesitation = other(10.9, PhaseName.LISTENING, "hesitation")
    phases = [think(10.4, 10.0), hesitation, think(13.3, 13.0), other(17.0)]
    assert times(run(CuePolicy(CueMode.CUE), phases, 18)) == [
        (10.4, Signal.WAIT),
        (10.9, Signal.OFF),
        (13.3, Signal.WAIT),
        (16.0, Signal.GO),
    ]


def test_a_decision_after_two_and_a_half_seconds_gives_no_cue_in_that_pause() -> None:
    cues = run(CuePolicy(CueMode.CUE), [think(12.52, 10.0), other(15.0), think(16.4, 16.0)], 20)
    assert times(cues) == [(16.4, Signal.WAIT), (19.0, Signal.GO)]


def test_a_decision_at_two_and_a_half_seconds_is_in_time() -> None:
    cues = run(CuePolicy(CueMode.CUE), [think(12.5, 10.0)], 14)
    assert times(cues) == [(12.5, Signal.WAIT), (13.0, Signal.GO)]


def test_a_target_that_has_passed_at_the_decision_gives_no_cue() -> None:
    assert run(CuePolicy(CueMode.CUE, target_s=2.0), [think(12.0, 10.0)], 16) == []


def test_the_target_is_adjustable() -> None:
    cues = run(CuePolicy(CueMode.CUE, target_s=5.0), [think(10.4, 10.0)], 16)
    assert times(cues) == [(10.4, Signal.WAIT), (15.0, Signal.GO)]


@pytest.mark.parametrize("target_s", [1.99, 10.01])
def test_a_target_out_of_range_is_refused(target_s: float) -> None:
    with pytest.raises(ValueError, match="between 2 and 10"):
        CuePolicy(CueMode.CUE, target_s)


def test_silent_mode_decides_nothing_and_arms_nothing() -> None:
    policy = CuePolicy(CueMode.SILENT)
    assert run(policy, [think(1.4, 1.0), other(5.0)], 6) == []
    assert policy.next_deadline_s is None


def test_lost_sound_takes_the_light_back() -> None:
    cues = run(CuePolicy(CueMode.CUE), [think(1.4, 1.0), other(2.0, PhaseName.LOST)], 6)
    assert times(cues) == [(1.4, Signal.WAIT), (2.0, Signal.OFF)]


def test_a_corrected_question_end_moves_the_green_without_a_flicker() -> None:
    cues = run(CuePolicy(CueMode.CUE), [think(1.4, 1.0), think(1.6, 1.1)], 6)
    assert times(cues) == [(1.4, Signal.WAIT), (4.1, Signal.GO)]
    assert [cue.question_end for cue in cues] == [1.0, 1.1]


def test_another_question_in_the_same_pause_counts_from_its_own_end() -> None:
    cues = run(CuePolicy(CueMode.CUE), [think(1.4, 1.0), think(3.4, 3.0)], 8)
    assert [(cue.t, cue.signal, cue.question_end) for cue in cues] == [
        (1.4, Signal.WAIT, 1.0),
        (3.4, Signal.OFF, 1.0),
        (3.4, Signal.WAIT, 3.0),
        (6.0, Signal.GO, 3.0),
    ]


def test_the_deadline_is_known_while_the_green_is_to_come() -> None:
    policy = CuePolicy(CueMode.CUE)
    policy.step(1.4, [think(1.4, 1.0)])
    assert policy.next_deadline_s == 4.0
    policy.step(4.0, [])
    assert policy.next_deadline_s is None


def test_muting_takes_the_light_back_with_the_next_frame_and_holds_for_the_pause() -> None:
    policy = CuePolicy(CueMode.CUE)
    cues = policy.step(1.4, [think(1.4, 1.0)])
    policy.mute_cues(True)
    assert policy.next_deadline_s is None
    cues += policy.step(1.42, [])
    policy.mute_cues(False)
    cues += policy.step(4.0, [])
    cues += policy.step(5.0, [other(5.0)])
    assert times(cues) == [(1.4, Signal.WAIT), (1.42, Signal.OFF)]


def test_after_unmuting_the_next_question_is_cued_again() -> None:
    policy = CuePolicy(CueMode.CUE)
    policy.mute_cues(True)
    assert run(policy, [think(1.4, 1.0), other(5.0)], 6) == []
    policy.mute_cues(False)
    assert times(policy.step(7.4, [think(7.4, 7.0)])) == [(7.4, Signal.WAIT)]


def test_fading_may_leave_a_pause_without_cue() -> None:
    class EverySecond:
        def __init__(self) -> None:
            self.asked = 0

        def cues(self, question_end_s: float) -> bool:
            self.asked += 1
            return self.asked % 2 == 0

    policy = CuePolicy(CueMode.CUE, fading=EverySecond())
    phases = [think(1.4, 1.0), other(5.0), think(6.4, 6.0), other(10.0)]
    assert times(run(policy, phases, 11)) == [(6.4, Signal.WAIT), (9.0, Signal.GO)]


@st.composite
def lessons(draw: st.DrawFn) -> list[Phase]:
    """Any order of phases, with questions decided from at once to far too late."""
    phases: list[Phase] = []
    position_s = 0.0
    for _ in range(draw(st.integers(1, 8))):
        position_s += draw(st.integers(1, 300)) * FRAME_S
        if draw(st.booleans()):
            delay_s = min(position_s, draw(st.integers(0, 4000)) / 1000)
            phases.append(think(position_s, position_s - delay_s))
        else:
            name = draw(st.sampled_from([n for n in PhaseName if n is not PhaseName.THINK]))
            phases.append(other(position_s, name))
    return phases


targets = st.sampled_from([2.0, 2.7, 3.0, 5.0])


@given(lessons(), targets)
def test_a_green_comes_once_per_question_never_early_and_less_than_a_frame_late(
    phases: list[Phase], target_s: float
) -> None:
    cues = run(CuePolicy(CueMode.CUE, target_s), phases, phases[-1].t + 6)
    greens = [cue for cue in cues if cue.signal is Signal.GO]
    assert len(greens) == len({cue.question_end for cue in greens})
    for cue in greens:
        told_s = min(p.t for p in phases if round(p.since, 3) == cue.question_end)
        due_s = cue.question_end + target_s
        # Events are rounded to the millisecond; a corrected end may put the due time in the past.
        assert due_s - 0.0011 <= cue.t < max(due_s, told_s) + FRAME_S + 0.0011


@given(lessons(), targets)
def test_every_glow_is_followed_by_its_green_or_taken_back_before_the_next(
    phases: list[Phase], target_s: float
) -> None:
    end = phases[-1].t + 0.1
    cues = run(CuePolicy(CueMode.CUE, target_s), [*phases, other(end)], end + 6)
    signals = [cue.signal for cue in cues]
    assert signals[0::2] == [Signal.WAIT] * (len(signals) // 2)
    assert Signal.WAIT not in signals[1::2]


@given(lessons(), targets)
def test_no_green_comes_after_the_think_phase_has_ended(
    phases: list[Phase], target_s: float
) -> None:
    cues = run(CuePolicy(CueMode.CUE, target_s), phases, phases[-1].t + 6)
    for cue in cues:
        if cue.signal is Signal.GO:
            before = [phase for phase in phases if phase.t <= cue.t + 1e-9]
            assert before[-1].name is PhaseName.THINK


@given(lessons(), targets)
def test_no_glow_begins_later_than_the_latest_decision(
    phases: list[Phase], target_s: float
) -> None:
    for cue in run(CuePolicy(CueMode.CUE, target_s), phases, phases[-1].t + 6):
        if cue.signal is Signal.WAIT:
            assert cue.t - cue.question_end <= LATEST_DECISION_S + 0.0011


@given(lessons(), targets)
def test_stepping_again_without_news_changes_nothing(phases: list[Phase], target_s: float) -> None:
    until_s = phases[-1].t + 6
    once = run(CuePolicy(CueMode.CUE, target_s), phases, until_s)
    assert once == run(CuePolicy(CueMode.CUE, target_s), phases, until_s, repeat=2)


@given(lessons())
def test_silent_mode_is_silent_whatever_happens(phases: list[Phase]) -> None:
    assert run(CuePolicy(CueMode.SILENT), phases, phases[-1].t + 6) == []


def test_another_target_holds_from_the_next_question_on() -> None:
    policy = CuePolicy(CueMode.CUE)
    before = run(policy, [think(10.4, 10.0)], 12)
    policy.set_target(4.0)
    cues = [*before, *policy.step(13.0, []), *policy.step(20.0, [other(20.0)])]
    cues += [*policy.step(30.4, [think(30.4, 30.0)]), *policy.step(33.0, [])]
    cues += policy.step(34.0, [])
    assert times(cues) == [
        (10.4, Signal.WAIT),
        (13.0, Signal.GO),
        (30.4, Signal.WAIT),
        (34.0, Signal.GO),
    ]


@pytest.mark.parametrize("target_s", [1.99, 10.01])
def test_a_target_outside_its_bounds_is_refused(target_s: float) -> None:
    with pytest.raises(ValueError, match="between 2 and 10"):
        CuePolicy(CueMode.CUE).set_target(target_s)


def held(t: float, since: float) -> Phase:
    return Phase(t, PhaseName.THINK, since, "voice_heard", held=True)


def test_while_a_voice_is_judged_the_light_stays_and_go_waits() -> None:
    policy = CuePolicy(CueMode.CUE)
    cues = run(policy, [think(1.4, 1.0), held(3.8, 1.0)], 6)
    assert times(cues) == [(1.4, Signal.WAIT)]
    assert policy.next_deadline_s is None


def test_a_voice_that_was_an_eh_leaves_go_at_its_time() -> None:
    phases = [think(1.4, 1.0), held(2.0, 1.0), think(2.4, 1.0), other(6.0)]
    assert times(run(CuePolicy(CueMode.CUE), phases, 7)) == [(1.4, Signal.WAIT), (4.0, Signal.GO)]


def test_a_voice_judged_across_the_due_time_brings_go_once_it_was_an_eh() -> None:
    phases = [think(1.4, 1.0), held(3.8, 1.0), think(4.3, 1.0), other(6.0)]
    assert times(run(CuePolicy(CueMode.CUE), phases, 7)) == [(1.4, Signal.WAIT), (4.3, Signal.GO)]


def test_a_voice_that_was_an_answer_takes_the_light_back_without_go() -> None:
    phases = [think(1.4, 1.0), held(3.8, 1.0), other(4.2)]
    assert times(run(CuePolicy(CueMode.CUE), phases, 7)) == [(1.4, Signal.WAIT), (4.2, Signal.OFF)]


def test_a_voice_after_go_brings_no_second_go() -> None:
    phases = [think(1.4, 1.0), held(4.4, 1.0), think(4.8, 1.0), other(7.0)]
    assert times(run(CuePolicy(CueMode.CUE), phases, 8)) == [(1.4, Signal.WAIT), (4.0, Signal.GO)]
