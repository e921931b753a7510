"""Events as lines for people and scorers."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from spoken import call, pause, question, turn
from spoken_lesson import ROSTER

from device.event_lines import Line, event_lines, to_jsonl
from lesson.events import (
    Cue,
    Ender,
    Focus,
    Health,
    HealthPart,
    HealthState,
    LessonEvent,
    Mark,
    NamePosition,
    NameRole,
    PauseOutcome,
    Question,
    QuestionForm,
    Signal,
    Source,
)

pytestmark = pytest.mark.unit


def lines_of(events: Sequence[LessonEvent], kind: str) -> list[Line]:
    return [line for line in event_lines(events, ROSTER) if line["type"] == kind]


def asked(pause_s: float, *, ended_by: Ender = Ender.NAME, **more: object) -> list[LessonEvent]:
    """A question from 10 to 12 s and its pause."""
    return [question(10, 12), pause(12, 12 + pause_s, ended_by, **more)]


def named(pause_s: float, pupil: str | None = "p01") -> list[LessonEvent]:
    """… with the name that ends it and an answer."""
    return [
        *asked(pause_s, net_s=pause_s),
        call(12 + pause_s, pupil),
        turn(14 + pause_s, 16 + pause_s),
    ]


@pytest.mark.parametrize(("pause_s", "code"), [(3.4, "QPN"), (1.2, "QN_short"), (0.1, "QN_glued")])
def test_a_name_behind_the_question_is_question_first_however_long_the_pause(
    pause_s: float, code: str
) -> None:
    (line,) = lines_of(named(pause_s), "question")
    assert (10, 12) == (line["t_start"], line["t_end"])
    assert ("question_first", code, "Sanne") == (line["order"], line["code"], line["name"])
    assert (pause_s, "name") == (line["wait_s"], line["ended_by"])
    assert (pause_s, pause_s) == (line["pause_s"], line["pause_net_s"])


def test_a_name_in_front_is_name_first() -> None:
    events = [
        call(10, "p02", t_end=10.4, position=NamePosition.FIRST),
        question(10.4, 12),
        pause(12, 13, Ender.PUPIL),
        turn(13, 15),
    ]
    (line,) = lines_of(events, "question")
    assert ("name_first", "NQ", "Bo") == (line["order"], line["code"], line["name"])
    assert "pupil" == line["ended_by"]


def test_without_a_name_there_is_no_order() -> None:
    (line,) = lines_of([*asked(2.0, ended_by=Ender.PUPIL), turn(14, 16)], "question")
    assert ("no_name", "pupil", 2.0) == (line["order"], line["ended_by"], line["wait_s"])
    assert "name" not in line


@pytest.mark.parametrize(
    ("ender", "word"),
    [
        (Ender.NAME, "name"),
        (Ender.PUPIL, "pupil"),
        (Ender.CHORAL, "pupil"),
        (Ender.TEACHER_CONTINUES, "teacher_continues"),
        (Ender.REPHRASE, "teacher_continues"),
        (Ender.SELF_ANSWER, "self_answer"),
    ],
)
def test_what_ended_the_pause_is_said_in_the_scorers_words(ender: Ender, word: str) -> None:
    (line,) = lines_of(asked(2.0, ended_by=ender), "question")
    assert word == line["ended_by"]


def test_a_pause_at_the_end_of_the_lesson_has_no_length() -> None:
    events = [
        question(10, 12),
        pause(12, None, Ender.LESSON_END, PauseOutcome.UNMEASURED),
    ]
    (line,) = lines_of(events, "question")
    assert ("lesson_end", "unmeasured") == (line["ended_by"], line["outcome"])
    assert "wait_s" not in line


@pytest.mark.parametrize("outcome", [PauseOutcome.UNMEASURED, PauseOutcome.CENSORED])
def test_only_a_measured_pause_has_a_length(outcome: PauseOutcome) -> None:
    (line,) = lines_of([question(10, 12), pause(12, None, None, outcome)], "question")
    assert "wait_s" not in line


def test_a_think_prompt_ends_the_wait_and_not_the_pause() -> None:
    events = [
        *asked(4.0, prompts=((13.0, 13.8),), net_s=2.2),
        call(16, "p01"),
        turn(17, 19),
    ]
    (line,) = lines_of(events, "question")
    assert (1.0, "teacher_continues") == (line["wait_s"], line["ended_by"])
    assert (4.0, "QPN", "question_first") == (line["pause_s"], line["code"], line["order"])


def test_of_stacked_questions_only_the_last_one_carries_the_episode() -> None:
    events = [
        question(10, 12),
        pause(12, 12.5, Ender.TEACHER_CONTINUES),
        question(12.5, 14),
        pause(14, 17.2, Ender.NAME),
        call(17.2, "p01"),
        turn(18, 20),
    ]
    first, last = lines_of(events, "question")
    assert "code" not in first
    assert ("no_name", "teacher_continues") == (first["order"], first["ended_by"])
    assert ("QPN", ["stacked"]) == (last["code"], last["flags"])


def test_form_and_focus_are_told() -> None:
    events: list[LessonEvent] = [
        question(10, 12, QuestionForm.CHECK, focus=Focus.CHECK, snr_db=21.5),
        question(30, 32, QuestionForm.META, arms=False),
    ]
    check, meta = lines_of(events, "question")
    assert ("check", "check", True, 21.5) == (
        check["form"],
        check["qtype"],
        check["arms"],
        check["snr_db"],
    )
    assert ("meta", False) == (meta["form"], meta["arms"])
    assert "qtype" not in meta


def test_names_come_from_the_class_list_alone() -> None:
    events = [call(1, "p01"), call(2, "p05"), call(3, "p77"), call(4, None)]
    assert ["Sanne"] == [line["name"] for line in lines_of(events, "name")]


def test_a_name_says_what_it_was_for() -> None:
    (line,) = lines_of([call(1, "p01", role=NameRole.THANKS)], "name")
    assert (1.0, 1.4, "thanks", "alone") == (
        line["t_start"],
        line["t_end"],
        line["role"],
        line["position"],
    )


def test_cues_are_said_in_the_scorers_words() -> None:
    events = [
        Cue(t=13, signal=Signal.WAIT, question_end=12),
        Cue(t=15, signal=Signal.GO, question_end=12),
        Cue(t=16, signal=Signal.OFF, question_end=12),
    ]
    assert [(13, "led_on"), (15, "tick"), (16, "off")] == [
        (line["t"], line["cue"]) for line in lines_of(events, "cue")
    ]


def test_the_other_events_have_lines_too() -> None:
    events: list[LessonEvent] = [
        Health(t=5, part=HealthPart.MICROPHONE, state=HealthState.LOST),
        Mark(t=6, by="teacher"),
        turn(7, 9, Source.TEACHER, 1.5),
    ]
    health, mark, spoken = event_lines(events, ROSTER)
    assert ("health", "microphone", "lost") == (health["type"], health["part"], health["state"])
    assert ("mark", "teacher", "fragment") == (mark["type"], mark["by"], mark["label"])
    assert ("turn", "teacher", 1.5) == (spoken["type"], spoken["source"], spoken["speech_s"])


def test_lines_are_in_order_of_time_although_events_become_final_later() -> None:
    events = [*named(3.4), turn(1, 12, Source.TEACHER), Cue(t=12.4, signal="wait", question_end=12)]
    times = [line.get("t_start", line.get("t")) for line in event_lines(events, ROSTER)]
    assert sorted(times) == times
    assert 5 == len(times)  # the pause is told with its question


def test_each_line_is_one_json_object_in_readable_letters() -> None:
    text = to_jsonl([*event_lines(named(3.4), ROSTER), {"type": "name", "name": "Zoë"}])
    assert text.endswith("\n")
    parsed = [json.loads(line) for line in text.splitlines()]
    assert "question" == parsed[0]["type"]
    assert "Zoë" in text


def test_a_lesson_without_events_has_no_lines() -> None:
    assert "" == to_jsonl(event_lines([], ROSTER))


def test_no_field_of_a_question_is_forgotten() -> None:
    """A new field of ``Question`` must be given a place here, or be left out on purpose."""
    left_out = {"kind", "reasons"}
    told = {"t": "t_start", "focus": "qtype"}
    event = question(10, 12, focus=Focus.OPEN, snr_db=20.0, reasons=("verb_first",))
    (line,) = lines_of([event], "question")
    assert {told.get(name, name) for name in set(Question.model_fields) - left_out} <= set(line)
