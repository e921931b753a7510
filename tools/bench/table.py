"""A table, for a terminal and for a page in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a head; the first column holds words, the others hold values."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: int = 1

    def plain(self) -> str:
        """With columns of spaces, words to the left, without the marks of Markdown."""
        lines = [[cell.replace("**", "") for cell in line] for line in (self.head, *self.rows)]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.head))]
        written = [
            "  ".join(
                cell.ljust(width) if place < self.words else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        return "\n".join([self.title, *written])

    def markdown(self, level: int = 3) -> str:
        """With its title as a heading of that level."""
        rule = ["---"] * self.words + ["---:"] * (len(self.head) - self.words)
        lines = [f"| {' | '.join(line)} |" for line in (self.head, rule, *self.rows)]
        return "\n".join([f"{'#' * level} {self.title}", "", *lines])
