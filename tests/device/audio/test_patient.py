"""A microphone that is not there yet is a gap, and is used once it is there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest

from device.audio.frames import SAMPLE_RATE, Block, Gap, Resumed, SourceState
from device.audio.patient import RETRY_S, PatientMicrophone
from device.clock import SimulatedClock
from device.errors import SourceError

pytestmark = pytest.mark.unit

BLOCK = Block(np.ones(320, dtype=np.int16))


class FakeMicrophone:
    """Opens unless ``error`` is set, and then delivers blocks for ever."""

    def __init__(self, error: str = "", *, hung: bool = False) -> None:
        self.name = "usb microphone"
        self.muted = False
        self.is_open = False
        self.hung = hung
        self.closed = False
        self._error = error

    def __enter__(self) -> FakeMicrophone:
        if self._error:
            raise SourceError(self._error)
        self.is_open = True
        return self

    def items(self) -> Iterator[Block]:
        while not self.closed:
            yield BLOCK

    def mute(self) -> bool:
        self.muted = True
        return True

    def unmute(self) -> None:
        self.muted = False

    def close(self) -> None:
        self.closed, self.is_open = True, False


def patient(clock: SimulatedClock, *found: FakeMicrophone | str) -> PatientMicrophone:
    """One that finds these, one at each look; a text is why there is none."""
    left = list(found)

    def build(_card: str | None, _clock: object) -> Any:
        one = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(one, str):
            raise SourceError(one)
        return one

    return PatientMicrophone(None, clock, build=build, refresh=lambda: None)


def gap_s(items: list[object]) -> float:
    return sum(item.missing_samples for item in items if isinstance(item, Gap)) / SAMPLE_RATE


def test_a_microphone_that_is_there_is_used_at_once() -> None:
    source = patient(SimulatedClock(sleep_advances=True), FakeMicrophone())
    assert [BLOCK, BLOCK] == list(islice(source.items(), 2))
    assert ("usb microphone", "", True) == (source.name, source.problem, source.is_open)


def test_a_missing_microphone_is_a_gap_of_the_true_length_until_it_comes() -> None:
    clock = SimulatedClock(sleep_advances=True)
    begun = clock.monotonic()
    source = patient(clock, "none", "none", "none", "none", FakeMicrophone())
    assert ("none", False) == (source.problem, source.is_open)
    items: list[object] = []
    for item in source.items():
        items.append(item)
        if item is BLOCK:
            break
    assert gap_s(items) == pytest.approx(clock.monotonic() - begun, abs=1e-4)
    assert 2 * RETRY_S <= gap_s(items) <= 4 * RETRY_S
    assert {SourceState.LOST} == {item.state for item in items if isinstance(item, Gap)}
    assert [Resumed, Block] == [type(item) for item in items[-2:]]
    assert "" == source.problem


def test_one_that_cannot_be_opened_is_tried_again() -> None:
    clock = SimulatedClock(sleep_advances=True)
    first = FakeMicrophone("taken by another program")
    source = patient(clock, first, FakeMicrophone())
    items = source.items()
    assert isinstance(next(items), Gap)
    assert ("taken by another program", True) == (source.problem, first.closed)
    assert any(item is BLOCK for item in items)


def test_a_sound_system_that_hangs_ends_it() -> None:
    source = patient(SimulatedClock(sleep_advances=True), FakeMicrophone("hangs", hung=True))
    with pytest.raises(SourceError, match="hangs"):
        next(source.items())
    assert source.hung


def test_muted_before_it_is_found_it_is_not_opened_until_unmuted() -> None:
    source = patient(SimulatedClock(sleep_advances=True), "none", FakeMicrophone())
    assert source.mute()
    items = source.items()
    gaps = list(islice(items, 100))
    assert {SourceState.MUTED} == {gap.state for gap in gaps if isinstance(gap, Gap)}
    assert (True, False, 100) == (source.muted, source.is_open, len(gaps))
    source.unmute()
    assert any(item is BLOCK for item in items)


def test_closing_ends_the_waiting() -> None:
    source = patient(SimulatedClock(sleep_advances=True), "none")
    items = source.items()
    next(items)
    source.close()
    assert [] == list(items)[1:]
