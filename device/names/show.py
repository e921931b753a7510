"""Verdicts in the teacher's words. They hold names: for the teacher's own terminal only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from device.names.check import Hearing, NameVerdict
from device.texts import Language, text

_STYLES = {
    Hearing.WRITTEN: "green",
    Hearing.READ_ALOUD: "green",
    Hearing.BY_SOUND: "yellow",
    Hearing.NOT: "red",
    Hearing.UNKNOWN: "yellow",
}


def verdict_line(verdict: NameVerdict, language: Language) -> str:
    """What a teacher reads beside a name."""
    return text(language, f"hearing.{verdict.hearing}", words=_quoted(verdict.aliases))


def remarks(verdict: NameVerdict, language: Language) -> str:
    """What else is worth knowing about a name."""
    parts = []
    if not verdict.counted:
        parts.append(text(language, "names.objects"))
    if verdict.outdated:
        parts.append(text(language, "names.outdated"))
    if verdict.shared:
        parts.append(text(language, "names.shared"))
    if verdict.also_word:
        parts.append(text(language, "names.also_word"))
    if verdict.hearing is Hearing.WRITTEN and verdict.aliases:
        parts.append(text(language, "names.also_as", words=_quoted(verdict.aliases)))
    if verdict.mixed_up and verdict.words:
        parts.append(text(language, "names.mixed_up", words=_quoted(verdict.mixed_up)))
    return "; ".join(parts)


def names_table(
    verdicts: Sequence[NameVerdict],
    language: Language,
    understood: Mapping[str, str] | None = None,
) -> Table:
    """One row a pupil; ``understood`` is what each name was just heard as, by pupil."""
    table = Table()
    headings = ["name", "verdict", "remarks"]
    if understood is not None:
        headings.insert(1, "understood")
    for heading in headings:
        table.add_column(text(language, f"names.{heading}"), overflow="fold")
    for verdict in verdicts:
        said = Text(verdict_line(verdict, language), style=_STYLES[verdict.hearing])
        cells = [Text(verdict.name), said, Text(remarks(verdict, language))]
        if understood is not None:
            cells.insert(1, Text(understood.get(verdict.pupil) or "–"))
        table.add_row(*cells)
    return table


def names_line(
    verdicts: Sequence[NameVerdict], language: Language, *, with_names: bool = True
) -> str:
    """«24 van 26 namen te horen; misschien: …; niet: …»; empty without a class list.

    ``with_names`` only where nobody but the teacher reads: what a service prints is kept in a log.
    """
    counted = [verdict for verdict in verdicts if verdict.counted]
    if not counted:
        return ""
    if all(verdict.hearing is Hearing.UNKNOWN for verdict in counted):
        return text(language, "names.unchecked", n=len(counted))
    heard = sum(verdict.heard for verdict in counted)
    line = text(language, "names.heard", heard=heard, n=len(counted))
    for hearing in (Hearing.BY_SOUND, Hearing.NOT):
        names = [verdict.name for verdict in counted if verdict.hearing is hearing]
        if names and with_names:
            line += "; " + text(language, f"names.{hearing}", names=", ".join(names))
    if any(verdict.outdated for verdict in counted):
        line += "; " + text(language, "names.read_again")
    return line


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"«{word}»" for word in words)


def print_names_line(console: Console, verdicts: Sequence[NameVerdict], language: Language) -> None:
    """The line at the start of a lesson; names only on a terminal."""
    line = names_line(verdicts, language, with_names=console.is_terminal)
    if line:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
