"""The signals reach the outputs at the right moment, whatever an output does."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Iterator

import pytest
from cue_outputs import TIMEOUT_S, HangingOutput, RaisingOutput, RecordingOutput, await_idle

from device import machine
from device.clock import SimulatedClock
from device.feedback.driver import HISTORY, CueDriver, CueSchedule, Fired
from device.feedback.lane import HANG_S, Degraded, OutputLane
from lesson.events import Signal

pytestmark = pytest.mark.unit


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(start_s=100.0)


class Bench:
    """A driver with one recording output and queues for what it reports."""

    def __init__(self, clock: SimulatedClock, *more: RecordingOutput) -> None:
        self.clock = clock
        self.output = RecordingOutput(clock)
        self.fired: queue.Queue[Fired] = queue.Queue()
        self.degraded: queue.Queue[Degraded] = queue.Queue()
        self.driver = CueDriver(
            [*more, self.output],
            clock,
            on_degraded=self.degraded.put,
            on_fired=self.fired.put,
        )

    def next_fired(self) -> Fired:
        return self.fired.get(timeout=TIMEOUT_S)


@pytest.fixture
def bench(clock: SimulatedClock) -> Iterator[Bench]:
    bench = Bench(clock)
    with bench.driver:
        yield bench


# --- the schedule alone ---------------------------------------------------------------------


def test_go_is_due_at_its_time_and_once() -> None:
    schedule = CueSchedule()
    schedule.wait_light()
    assert schedule.take(100.0) == (Signal.WAIT, None)
    schedule.arm_go(102.5)
    assert schedule.take(102.4) is None
    assert schedule.take(102.5) == (Signal.GO, 102.5)
    schedule.go(102.6)
    schedule.arm_go(103.0)
    assert schedule.take(200.0) is None


def test_off_cancels_an_armed_go() -> None:
    schedule = CueSchedule()
    schedule.wait_light()
    schedule.arm_go(102.5)
    schedule.off()
    assert schedule.take(103.0) == (Signal.OFF, None)
    assert schedule.take(104.0) is None


def test_a_held_go_does_not_come_until_it_is_armed_again() -> None:
    schedule = CueSchedule()
    schedule.wait_light()
    assert schedule.take(100.0) == (Signal.WAIT, None)
    schedule.arm_go(102.5)
    schedule.hold_go()
    assert schedule.take(103.0) is None
    schedule.arm_go(102.5)
    assert schedule.take(103.1) == (Signal.GO, 102.5)


def test_a_go_that_is_asked_for_overtakes_the_armed_one() -> None:
    schedule = CueSchedule()
    schedule.wait_light()
    schedule.arm_go(105.0)
    schedule.go(103.0)
    assert schedule.take(103.0) == (Signal.GO, 103.0)
    assert schedule.take(105.0) is None


def test_a_corrected_due_time_replaces_the_first() -> None:
    schedule = CueSchedule()
    schedule.wait_light()
    schedule.arm_go(103.0)
    schedule.arm_go(103.2)
    assert schedule.take(103.1) == (Signal.WAIT, None)
    assert schedule.take(103.1) is None
    assert schedule.take(103.2) == (Signal.GO, 103.2)


def test_a_missed_go_is_given_at_the_first_look_after_it() -> None:
    schedule = CueSchedule()
    schedule.wait_light()
    schedule.arm_go(103.0)
    assert schedule.take(103.7) == (Signal.GO, 103.0)
    assert schedule.take(103.7) is None


def test_muted_it_takes_no_wish_until_unmuted() -> None:
    schedule = CueSchedule()
    schedule.mute(True)
    assert schedule.take(0.0) == (Signal.OFF, None)
    schedule.wait_light()
    schedule.arm_go(1.0)
    schedule.go(1.0)
    assert schedule.take(2.0) is None
    schedule.mute(False)
    schedule.wait_light()
    assert schedule.take(3.0) == (Signal.WAIT, None)


# --- with its threads -----------------------------------------------------------------------


def test_an_armed_go_fires_at_its_time_without_another_call(bench: Bench) -> None:
    bench.driver.wait_light()
    assert bench.next_fired() == Fired(Signal.WAIT, 100.0, None)
    await_idle(bench.driver)
    bench.driver.arm_go(102.75)
    for _ in range(11):
        bench.clock.advance(0.25)
    assert bench.next_fired() == Fired(Signal.GO, 102.75, 102.75)
    assert bench.output.await_count(2) == ["wait", "go"]


def test_a_jump_over_the_due_time_fires_go_once(bench: Bench) -> None:
    bench.driver.wait_light()
    bench.next_fired()
    bench.driver.arm_go(102.6)
    bench.clock.advance(60.0)
    assert bench.next_fired() == Fired(Signal.GO, 160.0, 102.6)
    bench.driver.go()
    bench.driver.off()
    assert bench.next_fired().signal is Signal.OFF


def test_off_before_the_due_time_means_no_go_ever(bench: Bench) -> None:
    bench.driver.wait_light()
    bench.next_fired()
    bench.driver.arm_go(102.6)
    bench.driver.off()
    assert bench.next_fired().signal is Signal.OFF
    bench.clock.advance(60.0)
    bench.driver.wait_light()
    assert bench.next_fired().signal is Signal.WAIT
    assert [fired.signal for fired in bench.driver.fired] == [
        Signal.WAIT,
        Signal.OFF,
        Signal.WAIT,
    ]


def test_mute_darkens_at_once_and_drops_the_armed_go(bench: Bench) -> None:
    bench.driver.wait_light()
    bench.next_fired()
    bench.driver.arm_go(102.6)
    bench.driver.mute(True)
    assert bench.next_fired() == Fired(Signal.OFF, 100.0, None)
    bench.clock.advance(5.0)
    bench.driver.mute(False)
    bench.driver.wait_light()
    assert bench.next_fired() == Fired(Signal.WAIT, 105.0, None)


def test_closing_darkens_and_closes_every_output_once(clock: SimulatedClock) -> None:
    bench = Bench(clock)
    with bench.driver:
        bench.driver.wait_light()
        bench.output.await_count(1)
        assert bench.driver.alive
    bench.driver.close()
    assert bench.output.names == ["wait", "off", "close"]
    assert not bench.driver.alive


def test_the_history_is_bounded(bench: Bench) -> None:
    for _ in range(HISTORY + 5):
        bench.driver.wait_light()
        bench.next_fired()
    assert len(bench.driver.fired) == HISTORY


def test_a_glow_is_stepped_by_the_lane_until_the_next_signal(clock: SimulatedClock) -> None:
    output = RecordingOutput(clock, step_s=0.5)
    lane = OutputLane(output, clock, lambda _: None)
    lane.start()
    lane.post(Signal.WAIT)
    output.await_count(2)
    for count in (3, 4):
        clock.wait_for_waiters(1)
        clock.advance(0.5)
        output.await_count(count)
    lane.post(Signal.OFF)
    output.await_count(5)
    clock.advance(10.0)
    lane.close()
    assert output.calls[:5] == [
        ("wait", 100.0),
        ("step", 100.0),
        ("step", 100.5),
        ("step", 101.0),
        ("off", 101.0),
    ]
    assert output.names[5:] == ["off", "close"]


def test_the_newest_signal_wins_while_an_output_is_busy(clock: SimulatedClock) -> None:
    output = HangingOutput(clock)
    lane = OutputLane(output, clock, lambda _: None)
    lane.start()
    lane.post(Signal.GO)
    output.await_count(1)
    for signal in (Signal.WAIT, Signal.GO, Signal.OFF):
        lane.post(signal)
    output.release.set()
    output.await_count(2)
    lane.close()
    assert output.names == ["go", "off", "off", "close"]
    assert lane.replaced == 2


def test_a_raising_output_is_left_out_with_one_report_and_the_others_go_on(
    clock: SimulatedClock, caplog: pytest.LogCaptureFixture
) -> None:
    raising = RaisingOutput(clock)
    bench = Bench(clock, raising)
    with bench.driver:
        bench.driver.go()
        assert bench.degraded.get(timeout=TIMEOUT_S) == Degraded(
            "raising", "raising: broken wire; the lesson goes on without it"
        )
        bench.output.await_count(1)  # or the next signal may take its place
        bench.driver.wait_light()
        bench.output.await_count(2)
        bench.driver.go()
        assert bench.output.await_count(3) == ["go", "wait", "go"]
    assert raising.names == ["go", "off", "close"]
    assert bench.degraded.empty()
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_hanging_output_is_left_out_with_one_report_and_delays_nobody(
    clock: SimulatedClock,
) -> None:
    hanging = HangingOutput(clock)
    bench = Bench(clock, hanging)
    with bench.driver:
        bench.driver.go()
        hanging.await_count(1)
        assert bench.output.await_count(1) == ["go"]
        assert bench.output.calls == [("go", 100.0)]
        clock.advance(HANG_S + 0.1)
        report = bench.degraded.get(timeout=TIMEOUT_S)
        assert report.output == "hanging"
        bench.driver.wait_light()
        assert bench.output.await_count(2) == ["go", "wait"]
        hanging.release.set()
        hanging.await_calls(lambda names: "close" in names)
    assert hanging.names == ["go", "off", "close"]
    assert bench.degraded.empty()


def test_the_mask_is_the_longest_of_the_working_outputs(clock: SimulatedClock) -> None:
    loud = RecordingOutput(clock, "loud", mask=4000)
    broken = RaisingOutput(clock)
    broken.mask_samples = 9000
    bench = Bench(clock, loud, broken)
    with bench.driver:
        assert bench.driver.mask_samples == 9000
        bench.driver.go()
        bench.degraded.get(timeout=TIMEOUT_S)
        assert bench.driver.mask_samples == 4000


def test_a_driver_without_outputs_still_keeps_time(clock: SimulatedClock) -> None:
    with CueDriver([], clock) as driver:
        assert driver.mask_samples == 0
        driver.go()


def test_the_cue_goes_before_other_work_where_the_system_allows_it(clock: SimulatedClock) -> None:
    policies: queue.Queue[int] = queue.Queue()

    class Policy(RecordingOutput):
        def go(self) -> None:
            policies.put(os.sched_getscheduler(0))

    allowed: list[bool] = []
    trial = threading.Thread(target=lambda: allowed.append(machine.go_first()))
    trial.start()
    trial.join(TIMEOUT_S)
    before = os.sched_getscheduler(0)
    with CueDriver(
        [Policy(clock)], clock, on_fired=lambda _fired: policies.put(os.sched_getscheduler(0))
    ) as driver:
        driver.wait_light()
        driver.go()
        seen = {policies.get(timeout=TIMEOUT_S) & ~os.SCHED_RESET_ON_FORK for _ in range(2)}
    assert {os.SCHED_RR if allowed[0] else before} == seen
    assert before == os.sched_getscheduler(0)  # nobody else has it
