"""The tables of ``docs/accuracy.md``; the words around them are written by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tools.bench.lessons import ROOT, Json, Measured
from tools.bench.recording import PARTS
from tools.score.report import Report, report
from tools.score.tally import Tally

PAGE = ROOT / "docs" / "accuracy.md"
BEGIN = "<!-- begin: made by python -m tools.bench --write-docs -->"
END = "<!-- end -->"

_Cell = Callable[[Report], str]


def _percent(key: str) -> _Cell:
    return lambda row: "–" if row.get(key) is None else f"{100 * _number(row, key):.0f}%"


def _decimals(key: str, digits: int) -> _Cell:
    return lambda row: "–" if row.get(key) is None else f"{_number(row, key):.{digits}f}"


def _milliseconds(key: str) -> _Cell:
    return lambda row: "–" if row.get(key) is None else f"{1000 * _number(row, key):.0f} ms"


def _number(row: Report, key: str) -> float:
    value = row[key]
    assert isinstance(value, int | float)
    return value


_QUESTIONS: tuple[tuple[str, _Cell], ...] = (
    ("minutes", _decimals("minutes", 1)),
    ("questions (n)", _decimals("questions_true", 0)),
    ("precision", _percent("question_precision")),
    ("recall", _percent("question_recall")),
    ("F1", _decimals("question_f1", 2)),
    ("not a question, per 10 min", _decimals("false_questions_per_10min", 1)),
)
_PAUSES: tuple[tuple[str, _Cell], ...] = (
    ("within 150 ms", _percent("wait_within_150ms")),
    ("mean difference", _milliseconds("wait_mae_s")),
    ("ended by", _percent("ender_accuracy")),
    ("order", _percent("order_accuracy")),
    ("calls (n)", _decimals("names_true", 0)),
    ("call recall", _percent("name_recall")),
    ("call precision", _percent("name_precision")),
    ("3 s sign, largest difference", _milliseconds("tick_abs_error_max_s")),
)


def write_page(page: Path, measured: Sequence[Measured], figures: Json) -> None:
    """Replace what stands between the markers.

    Raises:
        ValueError: a marker is missing.
    """
    text = page.read_text(encoding="utf-8")
    page.write_text(with_tables(text, tables(measured, figures)), encoding="utf-8")


def with_tables(text: str, made: str) -> str:
    """The page with other tables between its markers.

    Raises:
        ValueError: a marker is missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has lost the markers between which its tables stand")
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{after}"


def tables(measured: Sequence[Measured], figures: Json) -> str:
    """All tables in Markdown."""
    machine = figures["machine"]
    models = sorted({each.taken["model"] for each in measured})
    parts = [
        f"Speech models: {', '.join(models)}. Measured on {machine['system']}, "
        f"{machine['cores']} cores shared with other work, Python {machine['python']}.",
        "### Questions",
        _accuracy(measured, _QUESTIONS),
        "### Pauses, order and names, of the questions that were found",
        _accuracy(measured, _PAUSES),
        "### Speed and memory",
        _speed_page(figures["taken"]),
    ]
    return "\n\n".join(parts)


def _accuracy(measured: Sequence[Measured], columns: Sequence[tuple[str, _Cell]]) -> str:
    rows = [
        (f"{each.lesson.name}: {each.lesson.condition}", report(each.tally)) for each in measured
    ]
    groups: dict[str, Tally] = {}
    for each in measured:
        if not each.lesson.demo:
            group = groups.setdefault(each.lesson.group, Tally())
            groups[each.lesson.group] = group + each.tally
    rows += [(f"**{name}**", report(total)) for name, total in groups.items()]
    rows.append(("**all test lessons**", report(sum(groups.values(), Tally()))))
    cells = [[name, *(cell(row) for _, cell in columns)] for name, row in rows]
    return _markdown(["lesson", *(title for title, _ in columns)], cells)


def _speed_rows(taken: dict[str, Json]) -> list[list[str]]:
    rows = []
    for name, each in taken.items():
        minutes = each["audio_s"] / 60
        shares = [f"{each['cpu_s_by_part'][part] / minutes:.2f}" for part in PARTS]
        rows.append(
            [
                name,
                f"{each['audio_s'] / each['cpu_s']:.0f}",
                f"{each['audio_s'] / each['wall_s']:.0f}",
                f"{each['cpu_s'] / minutes:.2f}",
                *shares,
                f"{each['peak_memory_bytes'] / 1e6:.0f}",
            ]
        )
    return rows


_SPEED_HEAD = ["lesson", "× on one core", "× elapsed", "CPU s/min", *PARTS, "peak MB"]


def speed_table(taken: dict[str, Json]) -> str:
    """Speed and memory for a terminal."""
    rows = [_SPEED_HEAD, *_speed_rows(taken)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_SPEED_HEAD))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def _speed_page(taken: dict[str, Json]) -> str:
    ours = {name: each for name, each in taken.items() if name in ("les_nl", "one hour")}
    return _markdown(_SPEED_HEAD, _speed_rows(ours))


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
