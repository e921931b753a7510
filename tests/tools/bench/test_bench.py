"""The bench's own instruments."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.audio.recording import Recording
from tools.bench.lessons import DEMO_SOUND, Lesson, find_lessons
from tools.bench.long_recording import write_long_recording
from tools.bench.meter import Meter, peak_memory_bytes
from tools.bench.page import BEGIN, END, PAGE, with_tables

pytestmark = pytest.mark.unit


def burn(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


class Machine:
    """Outer work with inner work, and an iterator that works for each item."""

    def outer(self) -> str:
        burn(0.02)
        return self.inner()

    def inner(self) -> str:
        burn(0.04)
        return "done"

    def items(self) -> Iterator[int]:
        for number in range(2):
            burn(0.01)
            yield number


def test_a_part_inside_another_is_charged_to_itself_alone() -> None:
    class Wrapped(Machine):
        pass

    meter = Meter()
    meter.wrap(Wrapped, "outer", "outer")
    meter.wrap(Wrapped, "inner", "inner")
    assert "done" == Wrapped().outer()
    assert (0.02, 0.04) == pytest.approx((meter.seconds["outer"], meter.seconds["inner"]), abs=0.01)


def test_an_iterator_is_charged_for_making_items_not_for_their_use() -> None:
    class Wrapped(Machine):
        pass

    meter = Meter()
    meter.wrap_iterator(Wrapped, "items", "items")
    seen = []
    for item in Wrapped().items():
        burn(0.03)
        seen.append(item)
    assert [0, 1] == seen
    assert 0.02 == pytest.approx(meter.seconds["items"], abs=0.01)


def test_what_the_clock_takes_is_charged_to_measuring() -> None:
    class Quick:
        def nothing(self) -> None:
            return None

    meter = Meter()
    meter.wrap(Quick, "nothing", "nothing")
    begun = time.process_time()
    for _ in range(20_000):
        Quick().nothing()
    together = time.process_time() - begun
    assert meter.seconds["nothing"] < meter.seconds["measuring"] < together


def test_the_peak_is_what_was_held_at_most_also_when_it_is_given_back() -> None:
    before = peak_memory_bytes()
    held = b"x" * (before + 20_000_000)
    size = len(held)
    del held
    assert size <= peak_memory_bytes() <= size + before + 20_000_000


@pytest.mark.slow
def test_a_long_recording_has_its_length_and_repeats_the_lesson(tmp_path: Path) -> None:
    first = tmp_path / "short.flac"
    write_long_recording(DEMO_SOUND, first, 1.5)
    longer = tmp_path / "longer.flac"
    write_long_recording(first, longer, 4.0)

    def sound(path: Path) -> bytes:
        with Recording(path) as recording:
            return b"".join(block.samples.tobytes() for block in recording.items())

    once = sound(first)
    assert 1.5 * 16_000 * 2 == len(once)
    assert (once * 3)[: 4 * 16_000 * 2] == sound(longer)


def test_without_test_lessons_there_is_the_demo_lesson() -> None:
    (lesson,) = find_lessons(None)
    assert ("les_nl", True) == (lesson.name, lesson.demo)


def test_a_hum_is_a_condition_and_a_human_is_not() -> None:
    truth = {"scene": "x", "lang": "nl", "human_teacher": True, "noise": [["hvac", 22.4]]}
    quiet = Lesson(DEMO_SOUND, {**truth, "conditions": "a human teacher"})
    humming = Lesson(DEMO_SOUND, {**truth, "conditions": "50 Hz hum"})
    assert "Dutch, human voice, ventilation 22 dB" == quiet.condition
    assert "Dutch, human voice, ventilation 22 dB and mains hum" == humming.condition


def test_the_page_keeps_its_words_around_other_tables() -> None:
    page = f"words\n{BEGIN}\nold\n{END}\nmore words\n"
    assert f"words\n{BEGIN}\n\nnew\n\n{END}\nmore words\n" == with_tables(page, "new")
    with pytest.raises(ValueError, match="markers"):
        with_tables("no markers", "new")


def test_the_page_of_the_repository_holds_tables() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text != with_tables(text, "")
    assert "| **all test lessons** |" in text
