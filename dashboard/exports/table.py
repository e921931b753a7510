"""Tables for a spreadsheet: one row per event, or one row per episode."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_args

from dashboard.exports.tiers import Lesson
from lesson.episode import Episode
from lesson.events import Correction, LessonEvent

#: A row's own columns, before those of the event.
OWN_COLUMNS = ("number", "kind", "start_s", "end_s", "length_s", "film_s", "by_hand")


@dataclass(frozen=True, slots=True)
class Style:
    """How numbers and columns are written."""

    delimiter: str
    decimal_sign: str
    byte_order_mark: bool


PLAIN = Style(",", ".", byte_order_mark=False)
#: What Excel opens without asking when Windows speaks Dutch.
DUTCH_EXCEL = Style(";", ",", byte_order_mark=True)


def event_columns() -> tuple[str, ...]:
    """Columns of the table of events: the fields of all kinds, each once."""
    kinds = get_args(get_args(LessonEvent)[0])
    fields = (name for kind in kinds if kind is not Correction for name in kind.model_fields)
    rest = [name for name in fields if name not in ("kind", "t", "t_end")]
    return (*OWN_COLUMNS, *dict.fromkeys(rest))


EPISODE_COLUMNS = (
    "number",
    "start_s",
    "end_s",
    "film_s",
    "order",
    "form",
    "focus",
    "probability",
    "stack_size",
    "pupil",
    "denkpauze_gross_s",
    "denkpauze_net_s",
    "wait_time_1_s",
    "answer_time_s",
    "after_name_s",
    "kept",
    "ended_by",
    "flags",
)


def events(lesson: Lesson, style: Style) -> str:
    """One row per event that holds after all corrections, in order of time."""
    measured = {entry[1] if isinstance(entry, tuple) else entry for entry in lesson.entries}
    rows = (
        _event_row(number, event, lesson.offset_s, by_hand=event not in measured)
        for number, event in enumerate(lesson.events, start=1)
    )
    return write_table(event_columns(), rows, style)


def episodes(lesson: Lesson, style: Style) -> str:
    """One row per decided episode."""
    decided = (episode for episode in lesson.episodes if not episode.open)
    rows = (
        _episode_row(number, episode, lesson.offset_s)
        for number, episode in enumerate(decided, start=1)
    )
    return write_table(EPISODE_COLUMNS, rows, style)


def write_table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], style: Style) -> str:
    """A table as text, the first row its columns; ``None`` becomes an empty cell."""
    file = io.StringIO()
    if style.byte_order_mark:
        file.write("\ufeff")
    writer = csv.writer(file, delimiter=style.delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column), style) for column in columns])
    return file.getvalue()


def _event_row(
    number: int, event: LessonEvent, offset_s: float, *, by_hand: bool
) -> Mapping[str, Any]:
    values = event.model_dump()
    end_s = values.get("t_end")
    return values | {
        "number": number,
        "start_s": event.t,
        "end_s": end_s,
        "length_s": None if end_s is None else round(end_s - event.t, 3),
        "film_s": round(event.t + offset_s, 3),
        "by_hand": by_hand,
    }


def _episode_row(number: int, episode: Episode, offset_s: float) -> Mapping[str, Any]:
    question = episode.questions[-1] if episode.questions else None
    names = (
        "denkpauze_gross_s",
        "denkpauze_net_s",
        "wait_time_1_s",
        "answer_time_s",
        "after_name_s",
        "kept",
        "ended_by",
        "order",
        "stack_size",
        "flags",
    )
    return {name: getattr(episode, name) for name in names} | {
        "number": number,
        "start_s": episode.start,
        "end_s": episode.end,
        "film_s": round(episode.start + offset_s, 3),
        "form": question.form if question else None,
        "focus": question.focus if question else None,
        "probability": question.probability if question else None,
        "pupil": " ".join(name.pupil or "unknown" for name in episode.names),
    }


def _cell(value: Any, style: Style) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, float):
        return repr(value).replace(".", style.decimal_sign)
    if isinstance(value, list | tuple):
        return " ".join(_inner(item, style) for item in value)
    return str(value)


def _inner(value: Any, style: Style) -> str:
    """A part of a list; a pair of moments is joined by a hyphen."""
    if isinstance(value, tuple | list):
        return "-".join(_cell(item, style) for item in value)
    return _cell(value, style)
