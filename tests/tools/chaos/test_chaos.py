"""The short form of ``make chaos``: one run each of the faults that take the most away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from mosquitto import available

from tools.chaos import report
from tools.chaos.accounts import Account
from tools.chaos.campaign import Campaign, Outcome
from tools.chaos.faults import FAULTS
from tools.chaos.sound import take_down

pytestmark = [pytest.mark.process, pytest.mark.slow]

NAMES = (
    "device killed",
    "all killed at once",
    "forgetful broker killed, no ingest",
    "disk full",
    "journal's log torn",
    "clock jumps by years",
)
SPEED = 8.0
#: two questions of the demo lesson, with their pauses and names
FIRST_S, LAST_S = 31.5, 62.4


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Outcome]]:
    if not available():
        pytest.skip("mosquitto is not installed: apt install mosquitto")
    keep = tmp_path_factory.mktemp("broken")
    work = [(seed, fault) for seed, fault in enumerate(FAULTS) if fault.name in NAMES]
    with Campaign(take_down(FIRST_S, LAST_S), SPEED, keep) as campaign:
        yield campaign.run(work, jobs=len(work))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost_duplicated_or_invented(outcomes: list[Outcome], name: str) -> None:
    (outcome,) = [outcome for outcome in outcomes if outcome.fault == name]
    assert () == outcome.problems
    assert outcome.account is not None
    assert outcome.account.written > 0


def test_the_table_adds_up(outcomes: list[Outcome]) -> None:
    table = report.rows(outcomes)
    column = report.HEADINGS.index("arrived")
    assert len(NAMES) + 1 == len(table)
    assert int(table[-1][column]) == sum(int(row[column]) for row in table[:-1])


def test_every_broken_promise_is_named() -> None:
    good = Account(9, 9, 9, 0, 0, 0, 0, 0.2, 0, 0, 0, 1.0, 1.0, 0)
    assert [] == good.problems()
    broken = Account(9, 9, 8, 1, 2, 3, 0, 1.5, 0, 4, 5, 1.0, 1.0, 6)
    assert 7 == len(broken.problems())


def test_a_page_keeps_all_but_the_table(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "before\n<!-- faults: made by make chaos -->\nold\n<!-- end of faults -->\nend\n"
    )
    report.put(page, "faults", "new")
    assert page.read_text() == (
        "before\n<!-- faults: made by make chaos -->\n\nnew\n<!-- end of faults -->\nend\n"
    )
    with pytest.raises(ValueError, match="no place for"):
        report.put(page, "ticks", "new")
