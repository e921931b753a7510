"""The tables of ``docs/accuracy.md``; the words around them are written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tools.bench.cost import HOUR, cost_table
from tools.bench.figures import Figures, Json
from tools.bench.lesson_tables import (
    condition_table,
    confusion_tables,
    lesson_tables,
    set_tables,
    worst_table,
)
from tools.bench.lessons import ROOT, Measured
from tools.bench.targets import LESSON_TARGETS, SPEECH_TARGETS, target_table

PAGE = ROOT / "docs" / "accuracy.md"
BEGIN = "<!-- begin: made by python -m tools.bench --write-docs -->"
END = "<!-- end -->"


def write_page(page: Path, made: str, marker: str = BEGIN) -> None:
    """Replace what stands between the markers.

    Raises:
        ValueError: a marker is missing.
    """
    page.write_text(with_tables(page.read_text(encoding="utf-8"), made, marker), encoding="utf-8")


def with_tables(text: str, made: str, marker: str = BEGIN) -> str:
    """The page with other tables between its markers.

    Raises:
        ValueError: a marker is missing.
    """
    before, begin, rest = text.partition(marker)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has lost the markers between which its tables stand")
    return f"{before}{marker}\n\n{made}\n\n{END}{after}"


def tables(measured: Sequence[Measured], figures: Figures, about: Json, taken: Json) -> str:
    """All tables in Markdown."""
    machine = about["machine"]
    ours = {name: each for name, each in taken.items() if name in ("les_nl", HOUR)}
    made = [
        target_table("What hearing lessons must reach", LESSON_TARGETS, figures),
        target_table("What the speech models must reach", SPEECH_TARGETS, figures),
        *set_tables(measured, figures),
        *lesson_tables(measured),
        condition_table(measured),
        *confusion_tables(measured),
        worst_table(measured),
        cost_table(ours),
    ]
    models = ", ".join(about["models"])
    first = (
        f"Speech models: {models}. Measured on {machine['system']}, {machine['cores']} cores "
        f"shared with other work, Python {machine['python']}."
    )
    return "\n\n".join([first, *(table.markdown() for table in made)])
