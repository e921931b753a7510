"""The charts of a lesson say what its figures say."""

from __future__ import annotations

import pytest
from lesson_events import LessonScript, a_lesson

from dashboard.charts import FULL, charts_of, talk_over_time
from lesson.episodes import build_episodes
from lesson.events import LessonEvent, Source, Turn
from lesson.metrics import summarise

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("in_english")]


def entries(script: LessonScript) -> list[tuple[str, LessonEvent]]:
    return [(envelope.id, envelope.event) for envelope in script.envelopes]


def test_bars_stand_for_the_numbers_beside_them() -> None:
    log = entries(a_lesson())
    summary = summarise(log)
    charts = charts_of(summary, build_episodes(log))
    assert 4 == len(charts)
    for chart in charts:
        for line in chart.lines:
            assert len(chart.columns) == len(line.bars)
        numbers = [float(bar.text) for line in chart.lines for bar in line.bars]
        lengths = [bar.length for line in chart.lines for bar in line.bars]
        assert pytest.approx([n / max(numbers) * FULL for n in numbers], abs=0.1) == lengths
    pauses = summary.pauses.denkpauze_gross
    assert [str(one.count) for one in pauses.bins] == [
        line.bars[0].text for line in charts[0].lines
    ]
    assert f"Think pause (n\u00a0=\u00a0{pauses.n})" == charts[0].columns[0]
    assert "7 of 26 pupils heard their name" == charts[3].note


def test_wait_times_by_focus_add_up_to_all_of_them() -> None:
    log = entries(a_lesson())
    chart = charts_of(summarise(log), build_episodes(log))[1]
    shown = sum(int(bar.text) for line in chart.lines for bar in line.bars)
    assert summarise(log).pauses.wait_time_1.n == shown


def test_a_lesson_without_questions_has_no_charts() -> None:
    log = entries(LessonScript().started().ended(60))
    assert () == charts_of(summarise(log), build_episodes(log))
    assert () == talk_over_time(log, 60)


def test_a_turn_across_two_windows_counts_in_both() -> None:
    script = LessonScript().started()
    script.add(Turn(t=270, t_end=330, source=Source.TEACHER, speech_s=30))
    script.add(Turn(t=400, t_end=430, source=Source.PUPIL, speech_s=30))
    lines = talk_over_time(entries(script), 600)
    assert ["0:00–5:00", "5:00–10:00"] == [line.label for line in lines]
    assert [("teacher", 5.0), ("pupil", 0.0)] == [(p[0], p[2]) for p in lines[0].parts[:2]]
    assert [("teacher", 5.0), ("pupil", 10.0)] == [(p[0], p[2]) for p in lines[1].parts[:2]]


@pytest.mark.parametrize(
    ("length_s", "expected"), [(60, 1), (300, 1), (350, 1), (540, 2), (3000, 10)]
)
def test_a_short_rest_joins_the_window_before(length_s: float, expected: int) -> None:
    lines = talk_over_time(entries(a_lesson()), length_s)
    assert expected == len(lines)
    for line in lines:
        assert all(0 <= offset + length <= FULL + 0.1 for _, offset, length, _ in line.parts)
