"""One device's flood is cut off, others are not touched."""

from __future__ import annotations

import pytest

from dashboard.allowance import BURST_MESSAGES, LARGEST_SCHOOL, MESSAGES_PER_S, Allowance

pytestmark = pytest.mark.unit


class Desk:
    """An allowance with a clock that the test sets."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.complaints: list[str] = []
        self.allowance = Allowance(lambda: self.now_s, self.complaints.append)

    def admitted(self, device: str, messages: int) -> int:
        return sum(self.allowance.admits(device) for _ in range(messages))


def test_a_burst_is_let_through_whole_and_the_excess_is_not() -> None:
    assert int(BURST_MESSAGES) == Desk().admitted("lokaal-12", 10_000)


def test_another_device_keeps_its_own_burst() -> None:
    desk = Desk()
    desk.admitted("rogue", 10_000)
    assert 500 == desk.admitted("lokaal-12", 500)


def test_time_gives_messages_back_up_to_the_burst() -> None:
    desk = Desk()
    desk.admitted("lokaal-12", 10_000)
    desk.now_s += 2
    after_two_seconds = desk.admitted("lokaal-12", 10_000)
    desk.now_s += 3600
    assert (2 * MESSAGES_PER_S, BURST_MESSAGES) == (
        after_two_seconds,
        desk.admitted("lokaal-12", 10_000),
    )


def test_a_flood_is_told_once_however_long_it_lasts() -> None:
    desk = Desk()
    for _ in range(1000):
        desk.now_s += 0.01
        desk.admitted("rogue", 100)
    assert ["rogue"] == desk.complaints


def test_a_second_flood_is_told_again() -> None:
    desk = Desk()
    for _ in range(2):
        desk.admitted("rogue", 10_000)
        desk.now_s += 60
        desk.admitted("rogue", 1)
    assert ["rogue", "rogue"] == desk.complaints


def test_names_made_up_without_end_do_not_fill_the_memory() -> None:
    desk = Desk()
    for number in range(3 * LARGEST_SCHOOL):
        desk.allowance.admits(f"device-{number}")
    assert len(desk.allowance._accounts) <= LARGEST_SCHOOL
