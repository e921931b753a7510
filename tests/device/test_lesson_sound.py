"""What comes before the sound of a lesson that does not begin with a teacher's press."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from device.audio.frames import Block, Gap, Resumed, SourceState
from device.clock import SimulatedClock
from device.closing import Closing
from device.lesson_sound import LessonSound

pytestmark = pytest.mark.unit

SECOND = Block(np.ones(16_000, dtype=np.int16))


class OneSecond(Closing):
    name = "one second"

    def items(self) -> Iterator[Block]:
        yield SECOND

    def close(self) -> None:
        return None


def test_a_lesson_begins_with_its_sound() -> None:
    sound = LessonSound(OneSecond(), SimulatedClock(), None, None)
    assert [SECOND] == list(sound.items())


def test_a_lesson_after_one_that_was_torn_begins_with_a_gap_of_no_length() -> None:
    sound = LessonSound(OneSecond(), SimulatedClock(), None, None, torn=True)
    assert [Gap(0, SourceState.LOST), Resumed(), SECOND] == list(sound.items())
    assert 16_000 == sound.taken_samples
