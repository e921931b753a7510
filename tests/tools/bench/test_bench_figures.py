"""What the bench makes of figures: intervals, targets, what changed, tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tools.bench.__main__ import main
from tools.bench.cost import cost_figures
from tools.bench.figures import KINDS, LESSON_KINDS, Figure, Unit
from tools.bench.history import Change, changes, read_figures, write_results
from tools.bench.lesson_tables import change_table, confusion_tables, set_tables, worst_table
from tools.bench.lessons import DEMO_SOUND, Lesson, Measured
from tools.bench.page import tables
from tools.bench.sets import conditions, lesson_figures, sets
from tools.bench.speech_figures import speech_figures
from tools.bench.table import Table
from tools.bench.targets import LESSON_TARGETS, SPEECH_TARGETS, Target, target_table
from tools.bench.word_delays import delay_figures
from tools.score.errors import Error
from tools.score.report import report
from tools.score.tally import Tally

pytestmark = pytest.mark.unit

Json = dict[str, Any]


def measured(name: str, found: int, **truth: object) -> Measured:
    """A lesson of ten questions of which some were found."""
    data = {
        "scene": name,
        "lang": "nl",
        "human_teacher": False,
        "teacher_voice": "espeak:nl+m1",
        "noise": [["hvac", 20]],
        "conditions": "",
        **truth,
    }
    counts = Tally(minutes=3, questions_true=10, questions_system=10)
    counts.questions_found = counts.questions_matched = found
    counts.order_confusion.update(
        {"name_first -> no_name": 10 - found, "no_name -> no_name": found}
    )
    wrong = [Error(name, 61.5, "a question", "no question", 3.0)]
    parts = {"recogniser": 4.0, "decoding": 1.0, "detection": 1.0, "measuring": 0.5}
    taken = {"cpu_s": 7.5, "audio_s": 180.0, "cpu_s_by_part": parts, "peak_memory_bytes": 9e7}
    return Measured(Lesson(DEMO_SOUND, data), counts, wrong, taken)


def test_every_figure_of_a_lesson_is_one_of_its_report_and_so_is_its_count() -> None:
    full = report(Tally(minutes=1, led_on=1, ticks=1))
    for key, kind in LESSON_KINDS.items():
        assert key in full
        assert not kind.counted or kind.counted in full


def test_values_are_written_in_their_unit() -> None:
    assert "98.4 %" == Unit.SHARE.write(0.984)
    assert "1194 ms" == Unit.MILLISECONDS.write(1.1938)
    assert "0.0796 ms" == Unit.MILLISECONDS.write(0.0000796)
    assert "5.7 MB" == Unit.MEGABYTES.write(5.697)
    assert "–" == Unit.RATIO.write(None)


def test_the_interval_is_drawn_from_lessons_and_always_the_same() -> None:
    lessons = [measured(f"p{i}", found) for i, found in enumerate((10, 8, 9, 4))]
    figure = lesson_figures(lessons)["question_recall"]
    assert (0.775, 40.0) == (figure.value, figure.n)
    assert figure.low is not None
    assert figure.high is not None
    assert 0.4 <= figure.low < 0.7 < 0.85 < figure.high <= 1.0
    assert figure == lesson_figures(lessons)["question_recall"]


def test_one_lesson_has_no_interval() -> None:
    figure = lesson_figures([measured("p1", 9)])["question_recall"]
    assert (0.9, None, None) == (figure.value, figure.low, figure.high)


def test_lessons_belong_to_sets_by_voice_language_and_noise() -> None:
    lessons = [
        measured("quiet", 9, noise=[]),
        measured("loud", 9, noise=[["babble", 12]]),
        measured("english", 9, lang="en"),
        measured("person", 9, human_teacher=True, teacher_voice="bank:reader"),
    ]
    names = {name: [each.lesson.name for each in m] for name, m in sets(lessons).items()}
    assert ["quiet", "english"] == names["synthetic teacher"]
    assert ["quiet"] == names["synthetic teacher, Dutch"]
    assert ["person"] == names["human teacher"]
    assert ["quiet", "loud", "english", "person"] == names["all test lessons"]


def test_conditions_are_noise_its_level_and_the_voice() -> None:
    by = conditions([measured("a", 9), measured("b", 9, noise=[], conditions="50 Hz hum")])
    assert {
        "noise: ventilation": ["a"],
        "noise: mains hum": ["b"],
        "20 dB above the noise or more": ["a"],
        "no noise added": ["b"],
        "voice: espeak-ng, Dutch": ["a", "b"],
    } == {title: [each.lesson.name for each in members] for title, members in by.items()}


@pytest.mark.parametrize(
    ("key", "value", "verdict"),
    [
        ("question_f1", 0.95, "reached, aim too"),
        ("question_f1", 0.82, "reached"),
        ("question_f1", 0.8, "NOT REACHED"),
        ("false_cues_per_10min", 0.5, "reached, aim too"),
        ("false_cues_per_10min", 2.5, "NOT REACHED"),
        ("question_f1", None, "not measured"),
    ],
)
def test_a_target_is_reached_from_its_own_side(key: str, value: float | None, verdict: str) -> None:
    limits = (0.82, 0.92) if key == "question_f1" else (2.0, 1.0)
    figures = {"lessons": {key: Figure(value, n=7)}}
    table = target_table("targets", [Target("lessons", key, *limits)], figures)
    assert verdict == table.rows[0][-1]


def test_no_target_names_a_figure_that_nobody_measures() -> None:
    assert {target.key for target in (*LESSON_TARGETS, *SPEECH_TARGETS)} <= set(KINDS)


@pytest.mark.parametrize(
    ("key", "old", "new", "back"),
    [
        ("question_f1", Figure(0.9, 0.8, 0.95), Figure(0.81), False),
        ("question_f1", Figure(0.9, 0.8, 0.95), Figure(0.79), True),
        ("question_f1", Figure(0.9, 0.8, 0.95), Figure(0.99), False),
        ("false_cues_per_10min", Figure(2, 1, 3), Figure(3.1), True),
        ("false_cues_per_10min", Figure(2, 1, 3), Figure(0.5), False),
        ("prompts_nl_f1", Figure(0.9), Figure(0.895), False),
        ("prompts_nl_f1", Figure(0.9), Figure(0.88), True),
        ("cpu_s_per_min", Figure(2.0), Figure(2.4), False),
        ("cpu_s_per_min", Figure(2.0), Figure(2.6), True),
    ],
)
def test_a_step_back_is_worse_than_the_interval_or_the_slack_allows(
    key: str, old: Figure, new: Figure, back: bool
) -> None:
    assert back is Change("lessons", key, old, new).step_back


def test_results_are_read_again_and_compared_where_both_were_measured(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "results.json"
    assert {} == read_figures(path)
    figures = {
        "lessons": {"question_f1": Figure(0.9, 0.8, 0.95, 12), "order_accuracy": Figure(None)}
    }
    write_results(path, figures, {"models": ["one"]})
    assert {"lessons": {"question_f1": Figure(0.9, 0.8, 0.95, 12)}} == read_figures(path)
    new = {"lessons": {"question_f1": Figure(0.7), "name_recall": Figure(1.0)}, "text": {}}
    (change,) = changes(read_figures(path), new)
    assert -0.2 == pytest.approx(change.by)
    assert ["lessons", "question F1", "0.900", "0.700", "◄ a step back"] == list(
        change_table([change]).rows[0]
    )


def test_a_card_gives_shares_and_what_it_does_not_say_has_no_value(tmp_path: Path) -> None:
    folder = tmp_path / "nl"
    folder.mkdir()
    card = {"size_bytes": 6e6, "figures": {"lessons together": {"wer_pct": 10.0, "words": 50}}}
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    figures = speech_figures(tmp_path)
    dutch = figures["speech, Dutch"]
    assert Figure(0.1, n=50) == dutch["wer"]
    assert (Figure(6.0), Figure(None)) == (dutch["size_mb"], dutch["load_s"])


def test_the_share_leaves_out_recogniser_file_and_measuring() -> None:
    figures = cost_figures([measured("a", 9)], None)
    assert Figure(0.5, n=1) == figures["cost_share"]
    assert Figure(2.5, n=1) == figures["cpu_s_per_min"]


def test_confusions_stand_with_the_truth_in_lines() -> None:
    order, ender = confusion_tables([measured("a", 7)])
    assert ["true", "name_first", "no_name"] == list(order.head)
    assert [["name_first", "0", "3"], ["no_name", "0", "7"]] == order.rows
    assert [] == ender.rows


def test_the_tables_of_sets_and_worst_errors_tell_lesson_and_time() -> None:
    lessons = [measured(f"p{i:02d}", 9) for i in range(12)]
    figures = {name: lesson_figures(members) for name, members in sets(lessons).items()}
    assert 3 == len(set_tables(lessons, figures))
    table = worst_table(lessons)
    assert "The 10 worst errors of 12" == table.title
    assert ["p00", "1:01.5", "a question", "no question"] == table.rows[0]


def test_the_page_has_what_must_be_reached_then_sets_then_lessons() -> None:
    lessons = [measured("p01", 9), measured("p02", 8)]
    figures = {name: lesson_figures(members) for name, members in sets(lessons).items()}
    parts = ("decoding", "features and VAD", "recogniser", "detection", "measuring", "rest")
    hour = {"audio_s": 3600.0, "cpu_s": 90.0, "wall_s": 100.0, "peak_memory_bytes": 1.4e8}
    taken = {"one hour": {**hour, "cpu_s_by_part": dict.fromkeys(parts, 18.0)}}
    machine = {"system": "Linux", "cores": 2, "python": "3.11"}
    page = tables(lessons, figures, {"models": ["small"], "machine": machine}, taken)
    titles = [line[4:] for line in page.splitlines() if line.startswith("### ")]
    assert "What hearing lessons must reach" == titles[0]
    assert "Set: synthetic teacher, 2 lessons, 6 minutes" in titles
    assert "The 2 worst errors of 2" in titles
    assert "| one hour | 40 | 36 | 1.50 | 0.30 | 0.30 | 0.30 | 0.30 | 0.30 | 0.30 | 140 |" in page


def test_a_table_is_the_same_in_both_dresses() -> None:
    table = Table("Title", ["lesson", "n"], [["**all**", "12"]])
    assert "Title\nlesson   n\nall     12" == table.plain()
    expected = "### Title\n\n| lesson | n |\n| --- | ---: |\n| **all** | 12 |"
    assert expected == table.markdown()


def test_without_a_lesson_there_is_no_delay() -> None:
    assert Figure(None, n=0) == delay_figures([])["final_p95_s"]


@pytest.mark.slow
def test_without_test_lessons_the_bench_tells_of_the_demo_lesson(tmp_path: Path) -> None:
    arguments = ["--quick", "--shared", str(tmp_path / "none"), "--out", str(tmp_path)]
    done = CliRunner().invoke(main, arguments)
    assert 0 == done.exit_code, done.output
    assert "No test lessons" in done.output
    assert "les_nl: Dutch, synthetic voice" in done.output
    assert "cost" in json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))["figures"]
