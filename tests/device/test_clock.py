"""Simulated time: what the tests of all threads rest on."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from device.clock import Clock, SimulatedClock, SystemClock

pytestmark = pytest.mark.unit


def _wait_in_thread(clock: Clock, timeout: float | None) -> tuple[threading.Thread, list[bool]]:
    condition = threading.Condition()
    answers: list[bool] = []

    def run() -> None:
        with condition:
            answers.append(clock.wait(condition, timeout))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread, answers


def test_time_stands_still_until_it_is_advanced() -> None:
    clock = SimulatedClock(start_s=5.0)
    before = clock.now()
    clock.advance(2.5)
    assert clock.monotonic() == 7.5
    assert clock.now() - before == timedelta(seconds=2.5)


def test_monotonic_time_cannot_go_back() -> None:
    with pytest.raises(ValueError, match="cannot go back"):
        SimulatedClock().advance(-1)


def test_a_wall_clock_jump_leaves_monotonic_time_alone() -> None:
    clock = SimulatedClock()
    wall, monotonic = clock.now(), clock.monotonic()
    clock.jump_wall(-3600)
    assert clock.now() - wall == timedelta(hours=-1)
    assert clock.monotonic() == monotonic


def test_a_waiter_sleeps_until_its_deadline_and_then_times_out() -> None:
    clock = SimulatedClock()
    thread, answers = _wait_in_thread(clock, 2.0)
    clock.wait_for_waiters(1)
    clock.advance(1.9)
    clock.wait_for_waiters(1)
    assert answers == []
    clock.advance(0.2)
    thread.join(10)
    assert answers == [False]


def test_a_notified_waiter_returns_true_without_time_passing() -> None:
    clock = SimulatedClock()
    condition = threading.Condition()
    answers: list[bool] = []

    def run() -> None:
        with condition:
            answers.append(clock.wait(condition, 2.0))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    clock.wait_for_waiters(1)
    with condition:
        condition.notify_all()
    thread.join(10)
    assert answers == [True]


def test_a_waiter_without_deadline_survives_any_jump() -> None:
    clock = SimulatedClock()
    _thread, answers = _wait_in_thread(clock, None)
    clock.wait_for_waiters(1)
    clock.advance(1e9)
    clock.wait_for_waiters(1)
    assert answers == []


def test_a_deadline_that_has_passed_times_out_at_once() -> None:
    clock = SimulatedClock()
    condition = threading.Condition()
    with condition:
        assert clock.wait(condition, 0) is False


def test_sleep_blocks_until_another_thread_advances() -> None:
    clock = SimulatedClock()
    woken = threading.Event()

    def run() -> None:
        clock.sleep(3.0)
        woken.set()

    threading.Thread(target=run, daemon=True).start()
    clock.wait_for_waiters(1)
    clock.advance(2.0)
    clock.wait_for_waiters(1)
    assert not woken.is_set()
    clock.advance(1.0)
    assert woken.wait(10)


def test_sleep_may_move_the_time_itself() -> None:
    clock = SimulatedClock(start_s=0.0, sleep_advances=True)
    clock.sleep(3.0)
    assert clock.monotonic() == 3.0


def test_waiting_for_threads_that_never_sleep_ends_in_an_error() -> None:
    with pytest.raises(TimeoutError, match="0 of 1"):
        SimulatedClock().wait_for_waiters(1, real_timeout_s=0.01)


def test_the_system_clock_times_out_and_sleeps() -> None:
    clock = SystemClock()
    condition = threading.Condition()
    start = clock.monotonic()
    with condition:
        assert clock.wait(condition, 0.001) is False
    clock.sleep(-1)
    assert clock.monotonic() >= start
    assert clock.now().tzinfo is not None
