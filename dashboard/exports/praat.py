"""Praat's TextGrid, long form: interval tiers without holes, fragments included."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.exports.tiers import Lesson, Stretch, tiers_of


def write(lesson: Lesson) -> str:
    """The file's text. A tier runs from 0 to the end; between the labels lie empty intervals."""
    rows = tiers_of(lesson)
    ends = [row[-1].end_s for row in rows.values() if row]
    end_s = max([lesson.end_s + lesson.offset_s, 0.001, *ends])
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        "xmin = 0 ",
        f"xmax = {_number(end_s)} ",
        "tiers? <exists> ",
        f"size = {len(rows)} ",
        "item []: ",
    ]
    for number, (tier, row) in enumerate(rows.items(), start=1):
        filled = _filled(row, end_s)
        lines += [
            f"    item [{number}]:",
            '        class = "IntervalTier" ',
            f'        name = "{_quoted(tier.value)}" ',
            "        xmin = 0 ",
            f"        xmax = {_number(end_s)} ",
            f"        intervals: size = {len(filled)} ",
        ]
        for place, stretch in enumerate(filled, start=1):
            lines += [
                f"        intervals [{place}]:",
                f"            xmin = {_number(stretch.start_s)} ",
                f"            xmax = {_number(stretch.end_s)} ",
                f'            text = "{_quoted(stretch.label)}" ',
            ]
    return "\n".join(lines) + "\n"


def _filled(row: Sequence[Stretch], end_s: float) -> list[Stretch]:
    filled: list[Stretch] = []
    position_s = 0.0
    for stretch in row:
        if stretch.start_s > position_s:
            filled.append(Stretch(position_s, stretch.start_s, ""))
        filled.append(stretch)
        position_s = stretch.end_s
    if position_s < end_s:
        filled.append(Stretch(position_s, end_s, ""))
    return filled


def _number(value_s: float) -> str:
    """Milliseconds are exact; Praat refuses neighbours that differ in a far digit."""
    return f"{value_s:.3f}".rstrip("0").rstrip(".")


def _quoted(text: str) -> str:
    return text.replace('"', '""')
