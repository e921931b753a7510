"""Commands: once each, only in the lesson that they name, only where the teacher allows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from pydantic import ValidationError

from device.telemetry.commands import MOST_SOURCES, REMEMBERED, Actions, CommandDesk
from lesson.wire import WATCHED_FOR_S, Command

pytestmark = pytest.mark.unit

LESSON = "lesson00"
MARK = {"kind": "mark", "label": "fragment"}


@dataclass
class Clock:
    now: float = 100.0

    def monotonic(self) -> float:
        return self.now


@dataclass
class Lesson:
    """Notes what it is asked to do."""

    asked: list[object] = field(default_factory=list)

    def actions(self) -> Actions:
        def noting(name: str) -> Callable[[object], None]:
            return lambda value: self.asked.append((name, value))

        return Actions(noting("mark"), noting("mute"), noting("target"))


def command(order: dict, number: int = 1, lesson: str = LESSON) -> Command:
    return Command.model_validate({"id": f"{number:016x}", "lesson": lesson, "order": order})


def watched(viewers: int, source: str = "0000000a", number: int = 1) -> Command:
    return command({"kind": "watched", "source": source, "viewers": viewers}, number)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lesson() -> Lesson:
    return Lesson()


@pytest.fixture
def desk(clock: Clock, lesson: Lesson) -> CommandDesk:
    made = CommandDesk(clock)
    made.open(LESSON, lesson.actions())
    return made


def test_each_command_is_carried_out_and_answered(desk: CommandDesk, lesson: Lesson) -> None:
    orders = [
        MARK,
        {"kind": "mark", "label": "deliberate_name_first"},
        {"kind": "mute_cues", "muted": True},
        {"kind": "target", "target_s": 4.5},
    ]
    answers = [desk.take(command(order, number)) for number, order in enumerate(orders)]
    assert ["done"] * 4 == [answer.result for answer in answers]
    assert [
        ("mark", "fragment"),
        ("mark", "deliberate_name_first"),
        ("mute", True),
        ("target", 4.5),
    ] == lesson.asked


def test_one_that_comes_again_is_answered_again_and_not_done_again(
    desk: CommandDesk, lesson: Lesson
) -> None:
    first = desk.take(command(MARK))
    for number in range(2, REMEMBERED):
        desk.take(command(MARK, number))
    assert first == desk.take(command(MARK))
    assert REMEMBERED - 1 == len(lesson.asked)


def test_a_command_for_another_lesson_is_not_done(desk: CommandDesk, lesson: Lesson) -> None:
    assert "no_lesson" == desk.take(command(MARK, lesson="lesson01")).result
    assert [] == lesson.asked


def test_after_the_lesson_nothing_is_done(desk: CommandDesk, lesson: Lesson) -> None:
    desk.close()
    assert "no_lesson" == desk.take(command(MARK)).result
    assert [] == lesson.asked


def test_nothing_is_done_where_watching_is_not_allowed(clock: Clock, lesson: Lesson) -> None:
    desk = CommandDesk(clock, allowed=False)
    desk.open(LESSON, lesson.actions())
    assert ["not_allowed"] * 2 == [desk.take(c).result for c in (command(MARK), watched(2))]
    assert [] == lesson.asked
    assert not desk.watched


def test_watching_is_known_for_as_long_as_it_is_repeated(desk: CommandDesk, clock: Clock) -> None:
    assert not desk.watched
    desk.take(watched(2))
    clock.now += WATCHED_FOR_S - 1
    assert desk.watched
    clock.now += 2
    assert not desk.watched


def test_one_dashboard_does_not_speak_for_another(desk: CommandDesk) -> None:
    desk.take(watched(1, "0000000a", 1))
    desk.take(watched(0, "0000000b", 2))
    assert desk.watched
    desk.take(watched(0, "0000000a", 3))
    assert not desk.watched


def test_no_more_dashboards_are_remembered_than_there_are(desk: CommandDesk, clock: Clock) -> None:
    for number in range(1, MOST_SOURCES + 2):
        desk.take(watched(0, f"{number:08x}", number))
    desk.take(watched(1, "ffffffff", 999))
    assert not desk.watched
    clock.now += WATCHED_FOR_S
    desk.take(watched(1, "ffffffff", 1000))
    assert desk.watched


def test_the_end_of_a_lesson_ends_watching(desk: CommandDesk) -> None:
    desk.take(watched(1))
    desk.close()
    assert not desk.watched


@pytest.mark.parametrize(
    "order",
    [
        {"kind": "target", "target_s": 1.9},
        {"kind": "target", "target_s": 10.1},
        {"kind": "target", "target_s": "4"},
        {"kind": "target", "target_s": None},
        {"kind": "mark", "label": "other"},
        {"kind": "mark", "note": "what was said"},
        {"kind": "mute_cues", "muted": "yes"},
        {"kind": "watched", "source": "0000000a", "viewers": -1},
        {"kind": "reboot"},
    ],
)
def test_what_is_no_command_is_refused(order: dict) -> None:
    text = json.dumps({"id": "0" * 16, "lesson": LESSON, "order": order})
    with pytest.raises(ValidationError):
        Command.model_validate_json(text)


@pytest.mark.parametrize("change", [{"id": "1"}, {"lesson": "../x"}, {"v": 2}, {"more": 1}])
def test_the_envelope_of_a_command_is_checked(change: dict) -> None:
    fields = {"id": "0" * 16, "lesson": LESSON, "order": MARK} | change
    with pytest.raises(ValidationError):
        Command.model_validate_json(json.dumps(fields))
