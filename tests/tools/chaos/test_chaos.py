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
from tools.chaos.record import Record, version_of_code
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


def outcome(seed: int) -> Outcome:
    return Outcome(seed, "nothing", Account(9, 9, 9, 0, 0, 0, 0, 0.2, 0, 0, None, 1.0, 1.0, 0), ())


def test_an_interrupted_campaign_goes_on_with_the_runs_that_it_has(tmp_path: Path) -> None:
    path = tmp_path / "out" / "runs.jsonl"
    first = Record(path, resume=True, code="a")
    broken = Outcome(2, "nothing", None, ("1 lost",))
    assert [True, True] == [first.add(outcome(1)), first.add(broken)]
    first.close()
    assert not first.add(outcome(3))  # cut short
    second = Record(path, resume=True, code="a")
    assert [outcome(1), broken] == second.outcomes
    assert [True, False] == [second.has((seed, FAULTS[0])) for seed in (1, 3)]
    assert [] == Record(path, resume=True, code="b").outcomes


def test_the_version_of_the_code_changes_with_the_code(tmp_path: Path) -> None:
    (tmp_path / "device").mkdir()
    before = version_of_code(tmp_path)
    (tmp_path / "device" / "app.py").touch()
    assert before != version_of_code(tmp_path)
