"""The figures of a campaign, by fault: for the terminal and for ``docs/reliability.md``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tools.chaos.accounts import Account
from tools.chaos.campaign import Outcome

Worst = Callable[[Account], float]

_SUMS: tuple[tuple[str, Callable[[Account], int]], ...] = (
    ("made", lambda account: account.made),
    ("arrived", lambda account: account.arrived),
    ("lost", lambda account: account.lost),
    ("duplicated", lambda account: account.duplicated),
    ("out of order", lambda account: account.out_of_order),
    ("overtaken", lambda account: account.overtaken),
    ("invented", lambda account: account.invented),
    ("destroyed", lambda account: account.destroyed),
)
_WORST: tuple[tuple[str, Worst], ...] = (
    ("unwritten s", lambda account: account.unwritten_s),
    ("gap s", lambda account: account.longest_gap_s),
    ("recovery s", lambda account: account.recovery_s),
)
HEADINGS = ("fault", "runs", *(name for name, _ in _SUMS), *(name for name, _ in _WORST))


def rows(outcomes: Sequence[Outcome]) -> list[list[str]]:
    """One row a fault, then one for all: sums of counts, worst of times."""
    faults = list(dict.fromkeys(outcome.fault for outcome in outcomes))
    groups = [(fault, [o for o in outcomes if o.fault == fault]) for fault in sorted(faults)]
    return [_row(name, group) for name, group in (*groups, ("all", list(outcomes)))]


def _row(name: str, outcomes: list[Outcome]) -> list[str]:
    accounts = [outcome.account for outcome in outcomes if outcome.account is not None]
    sums = [str(sum(value(account) for account in accounts)) for _, value in _SUMS]
    worst = [f"{max((value(a) for a in accounts), default=0.0):.1f}" for _, value in _WORST]
    return [name, str(len(outcomes)), *sums, *worst]


def markdown(outcomes: Sequence[Outcome]) -> str:
    table = [HEADINGS, ["---"] + ["--:"] * (len(HEADINGS) - 1), *rows(outcomes)]
    return "\n".join(f"| {' | '.join(row)} |" for row in table) + "\n"


def plain(outcomes: Sequence[Outcome]) -> str:
    table = [list(HEADINGS), *rows(outcomes)]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEADINGS))]
    lines = []
    for row in table:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells))
    return "\n".join(lines)


def put(page: Path, name: str, text: str) -> None:
    """Replace what stands between the marks of that name on a page.

    Raises:
        ValueError: the page has no such marks.
    """
    begin, end = f"<!-- {name}: made by make chaos -->\n", f"<!-- end of {name} -->"
    content = page.read_text(encoding="utf-8")
    head, mark, rest = content.partition(begin)
    _, end_mark, tail = rest.partition(end)
    if not mark or not end_mark:
        raise ValueError(f"{page} has no place for {name}")
    page.write_text(f"{head}{begin}\n{text}\n{end}{tail}", encoding="utf-8")
