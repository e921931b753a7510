"""The send window: pure rules, no broker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.journal.outbox import START, PendingEvent
from device.telemetry.window import SendWindow

pytestmark = pytest.mark.unit

BOOT = "0123456789abcdef"


def event(seq: int, boot: str = BOOT, number: int = 1) -> PendingEvent:
    return PendingEvent((number, seq), boot, "lesson00", b"{}")


def filled(window: SendWindow, now: float = 0.0) -> SendWindow:
    seq = window.cursor[1]
    while window.room:
        seq += 1
        window.sent(event(seq), now)
    return window


def test_a_connection_starts_small() -> None:
    window = SendWindow(first=8)
    assert (8, START, None) == (window.room, window.cursor, window.deadline)


def test_the_cursor_follows_what_was_sent() -> None:
    window = filled(SendWindow(first=3))
    assert (0, (1, 3)) == (window.room, window.cursor)


def test_progress_doubles_the_window_up_to_its_bound() -> None:
    window = SendWindow(first=2, largest=6)
    rooms = []
    for upto in (2, 6, 12):
        filled(window)
        window.acknowledged(BOOT, upto, 0.0)
        rooms.append(window.room)
    assert [4, 6, 6] == rooms


def test_a_time_out_begins_anew_with_one_probe() -> None:
    window = filled(SendWindow(first=8, timeout_s=5), now=100.0)
    assert not window.expire(104.9)
    assert window.expire(105.0)
    assert (1, START, 1) == (window.room, window.cursor, window.stalls)


def test_time_outs_grow_to_their_bound_and_shrink_with_progress() -> None:
    window = SendWindow(first=1, timeout_s=5, longest_timeout_s=60)
    now, waits = 0.0, []
    for _ in range(6):
        window.sent(event(1), now)
        assert window.deadline is not None
        waits.append(window.deadline - now)
        now = window.deadline
        assert window.expire(now)
    window.sent(event(1), now)
    window.acknowledged(BOOT, 1, now)
    window.sent(event(2), now)
    assert window.deadline is not None
    assert [5, 10, 20, 40, 60, 60] == waits
    assert 5 == window.deadline - now


def test_after_a_stall_everything_behind_the_probe_is_sent_again() -> None:
    window = filled(SendWindow(first=4))
    assert window.expire(5.0)
    window.sent(event(1), 5.0)
    window.acknowledged(BOOT, 1, 6.0)
    assert (START, 2, 0) == (window.cursor, window.room, window.stalls)


def test_an_acknowledgement_of_one_boot_leaves_the_other_under_way() -> None:
    window = SendWindow(first=4)
    window.sent(event(7, "0" * 16, number=1), 0.0)
    window.sent(event(1, BOOT, number=2), 0.0)
    window.acknowledged(BOOT, 1, 0.0)
    assert (1, 7) == window.cursor


@given(st.lists(st.sampled_from(["send", "ack", "expire", "restart"]), max_size=60))
def test_never_more_under_way_than_the_bound(steps: list[str]) -> None:
    window = SendWindow(first=2, largest=5, timeout_s=1)
    seq, acknowledged, now = 0, 0, 0.0
    for step in steps:
        now += 0.4
        if step == "send" and window.room:
            seq = window.cursor[1] + 1 if window.cursor != START else acknowledged + 1
            window.sent(event(seq), now)
        elif step == "ack" and window.cursor != START:
            acknowledged = window.cursor[1]
            window.acknowledged(BOOT, acknowledged, now)
        elif step == "expire":
            window.expire(now)
        elif step == "restart":
            window.restart()
        assert 0 <= window.room <= 5
        assert window.cursor == START or window.cursor[1] > acknowledged or step == "ack"
