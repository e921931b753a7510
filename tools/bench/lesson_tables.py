"""Tables about lessons: one line a lesson or condition, each set, confusions, the worst errors."""

from __future__ import annotations

from collections.abc import Sequence

from tools.bench.figures import LESSON_KINDS, Figure, Figures, Unit
from tools.bench.history import Change
from tools.bench.lessons import Measured
from tools.bench.sets import ALL, HUMAN, SYNTHETIC, conditions, sets, total
from tools.bench.table import Table
from tools.score.errors import worst
from tools.score.report import Report

WORST = 10

_QUESTIONS = (
    ("minutes", "minutes", Unit.RATE),
    ("questions (n)", "questions_true", Unit.COUNT),
    ("precision", "question_precision", Unit.SHARE),
    ("recall", "question_recall", Unit.SHARE),
    ("F1", "question_f1", Unit.RATIO),
    ("false per 10 min", "false_questions_per_10min", Unit.RATE),
    ("open or check", "open_check_accuracy", Unit.SHARE),
)
_PAUSES = (
    ("pauses (n)", "waits", Unit.COUNT),
    ("within 150 ms", "wait_within_150ms", Unit.SHARE),
    ("mean error", "wait_mae_s", Unit.MILLISECONDS),
    ("ended by", "ender_accuracy", Unit.SHARE),
    ("order", "order_accuracy", Unit.SHARE),
    ("calls (n)", "names_true", Unit.COUNT),
    ("call recall", "name_recall", Unit.SHARE),
    ("call precision", "name_precision", Unit.SHARE),
)
_CUES = (
    ("lights (n)", "led_on", Unit.COUNT),
    ("precision", "led_precision", Unit.SHARE),
    ("false per 10 min", "false_cues_per_10min", Unit.RATE),
    ("after the end, p50", "led_latency_median_s", Unit.MILLISECONDS),
    ("p95", "led_latency_p95_s", Unit.MILLISECONDS),
    ("3 s signs due (n)", "ticks_due", Unit.COUNT),
    ("missed", "ticks_missed", Unit.COUNT),
    ("within 50 ms", "tick_within_50ms", Unit.SHARE),
    ("largest error", "tick_abs_error_max_s", Unit.MILLISECONDS),
)
_CONDITIONS = (
    _QUESTIONS[1],
    _QUESTIONS[4],
    _CUES[2],
    *_PAUSES[1:5],
    *_PAUSES[5:8],
)

Columns = Sequence[tuple[str, str, Unit]]


def set_tables(measured: Sequence[Measured], figures: Figures) -> list[Table]:
    """A table for each set of lessons: every figure, its interval and of how many it is."""
    tables = []
    for name, members in sets(measured).items():
        rows = []
        for key, kind in LESSON_KINDS.items():
            figure = figures[name][key]
            count = "–" if figure.n is None else f"{figure.n:.0f}"
            rows.append([kind.title, kind.unit.write(figure.value), interval(kind.unit, figure)])
            rows[-1].append(count)
        minutes = sum(each.tally.minutes for each in members)
        title = f"Set: {name}, {len(members)} lessons, {minutes:.0f} minutes"
        tables.append(Table(title, ["figure", "measured", "95 % interval", "n"], rows))
    return tables


def interval(unit: Unit, figure: Figure) -> str:
    """Both ends, or a dash."""
    if figure.low is None or figure.high is None:
        return "–"
    return f"{unit.write(figure.low)} to {unit.write(figure.high)}"


def lesson_tables(measured: Sequence[Measured]) -> list[Table]:
    """Questions; pauses, order and names; cues: one line a lesson, then the sets."""
    rows = [(f"{each.lesson.name}: {each.lesson.condition}", _alone(each)) for each in measured]
    rows += [(f"**{name}**", total(members)) for name, members in sets(measured).items()]
    return [
        _table("Questions, lesson by lesson", rows, _QUESTIONS),
        _table("Pauses, order and names, of the questions that were found", rows, _PAUSES),
        _table("Cues", rows, _CUES),
    ]


def condition_table(measured: Sequence[Measured]) -> Table:
    """By noise, by how far speech lies above it, by voice."""
    rows = [
        (f"{title} ({len(members)} lessons)", total(members))
        for title, members in conditions(measured).items()
    ]
    return _table("By condition", rows, _CONDITIONS)


def confusion_tables(measured: Sequence[Measured]) -> list[Table]:
    """Orders and enders: what was true in lines, what was said in columns."""
    found = sets(measured)
    tables = []
    for name in (SYNTHETIC, HUMAN):
        if name not in found:
            continue
        row = total(found[name])
        tables.append(_confusion(f"Order, {name}: true, and as heard", row["order_confusion"]))
        tables.append(_confusion(f"Ended by, {name}: true, and as heard", row["ender_confusion"]))
    return tables


def worst_table(measured: Sequence[Measured]) -> Table:
    """The heaviest errors of the test lessons, with lesson and time, in classes."""
    wrong = [error for each in sets(measured).get(ALL, measured) for error in each.wrong]
    rows = [
        [error.lesson, f"{int(error.t // 60)}:{error.t % 60:04.1f}", error.expected, error.heard]
        for error in worst(wrong, WORST)
    ]
    title = f"The {len(rows)} worst errors of {len(wrong)}"
    return Table(title, ["lesson", "at", "true", "heard"], rows, words=4)


def change_table(found: Sequence[Change]) -> Table:
    """What differs from last time, step by step."""
    rows = []
    for change in found:
        unit = change.kind.unit
        old, new = unit.write(change.old.value), unit.write(change.new.value)
        if old != new:
            mark = "◄ a step back" if change.step_back else ""
            rows.append([change.group, change.kind.title, old, new, mark])
    title = f"Changed since the last committed figures: {len(rows)} of {len(found)}"
    return Table(title, ["measured on", "figure", "then", "now", ""], rows, words=2)


def _alone(each: Measured) -> Report:
    return total([each])


def _table(title: str, rows: Sequence[tuple[str, Report]], columns: Columns) -> Table:
    cells = [
        [name, *(unit.write(_number(row, key)) for _, key, unit in columns)] for name, row in rows
    ]
    return Table(title, ["lesson", *(head for head, _, _ in columns)], cells)


def _number(row: Report, key: str) -> float | None:
    value = row.get(key)
    return None if isinstance(value, dict) else value


def _confusion(title: str, counts: object) -> Table:
    assert isinstance(counts, dict)
    pairs = {tuple(key.split(" -> ")): n for key, n in counts.items()}
    classes = sorted({name for pair in pairs for name in pair})
    rows = [
        [true, *(str(pairs.get((true, said), 0)) for said in classes)]
        for true in classes
        if any(pair[0] == true for pair in pairs)
    ]
    return Table(title, ["true", *classes], rows)
