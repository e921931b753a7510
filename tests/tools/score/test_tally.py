"""Each rule of the comparison on a lesson small enough to count by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tools.score.__main__ import main
from tools.score.files import ScoreError, read_events, tally_folder
from tools.score.report import report
from tools.score.tally import Tally, tally

pytestmark = pytest.mark.unit

Json = dict[str, Any]


def asked(end_s: float, wait_s: float | None, **more: object) -> Json:
    return {
        "end_s": end_s,
        "wait_s": wait_s,
        "question_type": "open",
        "ended_by": "name",
        "order": "question_first",
        "optional": False,
        **more,
    }


def lesson(*questions: Json, names: tuple[Json, ...] = ()) -> Json:
    return {
        "scene": "small",
        "duration_s": 120.0,
        "questions": list(questions),
        "names": list(names),
    }


def heard(t_end: float, **more: object) -> Json:
    return {"type": "question", "t_end": t_end, **more}


def named(t_start: float, name: str) -> Json:
    return {"type": "name", "t_start": t_start, "name": name}


def cue(t: float, kind: str) -> Json:
    return {"type": "cue", "t": t, "cue": kind}


def test_a_question_counts_within_half_a_second_and_once() -> None:
    truth = lesson(asked(10, 3.0), asked(20, 3.0), asked(30, 3.0))
    counts = tally(truth, [heard(10.4), heard(10.1), heard(20.6), heard(30.5)])
    assert (3, 2, 4) == (counts.questions_true, counts.questions_matched, counts.questions_system)
    figures = report(counts)
    assert (0.5, 0.667) == (figures["question_precision"], figures["question_recall"])
    assert figures["question_f1"] == 0.571
    assert figures["false_questions_per_10min"] == 10.0


def test_an_optional_question_costs_nothing_and_may_be_found() -> None:
    truth = lesson(asked(10, 0.5, optional=True), asked(20, 3.0))
    assert report(tally(truth, [heard(20)]))["question_f1"] == 1.0
    assert report(tally(truth, [heard(10), heard(20)]))["question_f1"] == 1.0


def test_a_wait_stands_in_the_question_or_in_its_pause() -> None:
    truth = lesson(asked(10, 3.0), asked(20, 2.0), asked(30, 1.0), asked(40, None))
    events = [
        heard(10, wait_s=3.1),
        heard(20),
        {"type": "pause", "t_start": 20.1, "t_end": 22.3, "ended_by": "pupil"},
        heard(30),
        heard(40, wait_s=1.0),
    ]
    counts = tally(truth, events)
    assert [0.1, 0.2] == pytest.approx(counts.wait_errors_s)
    assert counts.waits_true == 3
    figures = report(counts)
    assert (0.667, 0.5) == (figures["wait_given"], figures["wait_within_150ms"])
    assert (1, 0) == (counts.enders_given, counts.enders_right)


def test_a_pause_without_an_end_gives_no_wait() -> None:
    events = [heard(10), {"type": "pause", "t_start": 10.0, "t_end": None}]
    assert tally(lesson(asked(10, 3.0)), events).wait_errors_s == []


def test_going_on_and_self_answering_are_one_when_pooled() -> None:
    truth = lesson(asked(10, 1.0, ended_by="self_answer"))
    counts = tally(truth, [heard(10, ended_by="teacher_continues", order="no_name")])
    assert (0, 1) == (counts.enders_right, counts.enders_pooled_right)
    assert {"question_first -> no_name": 1} == dict(counts.order_confusion)


def test_a_call_is_heard_in_time_and_a_mention_is_neutral() -> None:
    names = (
        {"name": "Noor", "role": "call", "start_s": 5.0, "end_s": 5.4},
        {"name": "Mees", "role": "call_in_question_last", "start_s": 15.0, "end_s": 15.4},
        {"name": "Eva", "role": "mention", "start_s": 25.0, "end_s": 27.0},
    )
    events = [
        named(5.6, "noor"),
        named(5.7, "Noor"),
        named(15.1, "Daan"),
        named(27.4, "Eva"),
    ]
    counts = tally(lesson(asked(4, 1.0), names=names), events)
    assert (2, 1, 3) == (counts.names_true, counts.names_found, counts.names_system)


def test_a_light_belongs_to_the_question_that_just_ended() -> None:
    truth = lesson(asked(10, 3.0), asked(20, 3.0))
    events = [cue(t, "led_on") for t in (9.8, 10.3, 21.5, 21.6, 40.0)]
    counts = tally(truth, events)
    assert [-0.2, 1.5] == pytest.approx(counts.led_latencies_s)
    assert counts.led_false == 3


def test_a_tick_is_due_after_three_seconds_of_waiting() -> None:
    truth = lesson(asked(10, 3.0), asked(20, 2.9), asked(30, 5.0), asked(40, None))
    counts = tally(truth, [cue(13.05, "tick"), cue(23.0, "tick"), cue(34.1, "tick")])
    assert (2, 2) == (counts.ticks_due, counts.ticks_false)
    assert [0.05] == pytest.approx(counts.tick_errors_s)
    assert report(counts)["ticks_missed"] == 1


def test_signs_behind_questions_that_check_understanding_are_also_counted_apart() -> None:
    truth = lesson(
        asked(10, 3.0, subtype="comprehension"), asked(20, 3.0, subtype="open"), asked(30, 3.0)
    )
    counts = tally(truth, [cue(23.0, "tick")])
    assert (3, 2) == (counts.ticks_due, counts.ticks_due_lit)
    assert (0.667, 0.5) == (
        report(counts)["ticks_missed_share"],
        report(counts)["ticks_missed_share_lit"],
    )


def test_without_cues_there_are_no_cue_figures() -> None:
    assert "ticks_due" not in report(tally(lesson(asked(10, 3.0)), []))


def test_nothing_asked_and_nothing_heard_is_no_figure() -> None:
    assert report(tally(lesson(), []))["question_f1"] is None


def test_lessons_add_up() -> None:
    one = tally(lesson(asked(10, 3.0)), [heard(10, wait_s=3.2, order="no_name")])
    two = tally(lesson(asked(10, 3.0)), [heard(30)])
    both = sum([one, two], Tally())
    assert (4.0, 2, 1, 2) == (
        both.minutes,
        both.questions_true,
        both.questions_matched,
        both.questions_system,
    )
    assert [0.2] == pytest.approx(both.wait_errors_s)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "no type"),
        ('{"t": 1}', "no type"),
        ('{"type": "question"}', "question without t_end"),
        ('{"type": "cue", "t": 1}', "cue without cue"),
    ],
)
def test_a_line_that_is_no_event_is_named(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "small.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(ScoreError, match=f"small.jsonl:2: .*{reason}"):
        read_events(path)


def test_a_folder_counts_lessons_without_events_as_empty(tmp_path: Path) -> None:
    (tmp_path / "small.json").write_text(json.dumps(lesson(asked(10, 3.0))))
    (tmp_path / "other.json").write_text("[]")
    tallies, missing = tally_folder(tmp_path, tmp_path)
    assert ["small"] == missing
    assert 0 == tallies["small"].questions_matched
    with pytest.raises(ScoreError, match="no truth"):
        tally_folder(tmp_path / "nowhere", tmp_path)


def test_the_command_prints_and_writes_the_figures(tmp_path: Path) -> None:
    truth, events, out = (tmp_path / name for name in ("small.json", "small.jsonl", "out.json"))
    truth.write_text(json.dumps(lesson(asked(10, 3.0))))
    events.write_text(json.dumps(heard(10.1)))
    done = CliRunner().invoke(main, [str(truth), str(events), "--json", str(out)])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == json.loads(out.read_text())["small"]
    done = CliRunner().invoke(main, [str(tmp_path), str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "ALL" in done.output
    events.write_text("{")
    done = CliRunner().invoke(main, [str(truth), str(events)])
    assert done.exit_code == 1
    assert "small.jsonl:1" in done.output
