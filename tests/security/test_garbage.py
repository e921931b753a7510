"""Garbage in everything that reads what others wrote: refused in one line, never taken in.

The targets of ``python -m tools.fuzz``, in short: there the mutations are guided by coverage, here
hypothesis draws them.
"""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.fuzz import seeds, targets
from tools.fuzz.__main__ import NAMES
from tools.fuzz.mutations import mutate_table
from tools.fuzz.targets import TARGETS, UnsoundError

pytestmark = [pytest.mark.unit, pytest.mark.slow]

SHORT = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
#: the journal takes a hundred times as long as the others
TEXTS = sorted(set(TARGETS) - {"journal"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("garbage")


def test_the_command_knows_every_target() -> None:
    assert list(TARGETS) == list(NAMES)


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_well_formed_is_taken_in(name: str, folder: Path) -> None:
    for seed in TARGETS[name].seeds():
        TARGETS[name].run(seed, folder)


@pytest.mark.parametrize("name", [name for name in TEXTS if TARGETS[name].mutate])
@SHORT
@given(st.data())
def test_what_keeps_the_form_is_sound_or_refused(
    name: str, folder: Path, data: st.DataObject
) -> None:
    target = TARGETS[name]
    chance = random.Random(data.draw(st.integers(0, 2**32)))
    mutated = data.draw(st.sampled_from(target.seeds()))
    assert target.mutate is not None
    for _ in range(data.draw(st.integers(1, 3))):
        mutated = target.mutate(mutated, chance, folder)
    target.run(mutated, folder)


@st.composite
def turned_over(draw: st.DrawFn, name: str) -> bytes:
    """A seed with some bytes replaced, taken out, doubled or put in."""
    data = bytearray(draw(st.sampled_from(TARGETS[name].seeds())))
    for _ in range(draw(st.integers(1, 4))):
        at, length = draw(st.integers(0, len(data))), draw(st.integers(0, 12))
        kind = draw(st.sampled_from(["replace", "remove", "double", "word", "cut"]))
        if kind == "replace":
            data[at : at + length] = draw(st.binary(min_size=length, max_size=length))
        elif kind == "remove":
            del data[at : at + length]
        elif kind == "double":
            data[at:at] = data[at : at + length]
        elif kind == "word":
            data[at:at] = draw(st.sampled_from(TARGETS[name].words))
        else:
            del data[at:]
    return bytes(data)


@pytest.mark.parametrize("name", TEXTS)
@SHORT
@given(st.data())
def test_no_bytes_crash_a_reader(name: str, folder: Path, data: st.DataObject) -> None:
    anything = st.binary(max_size=300) | st.text(max_size=300).map(str.encode)
    TARGETS[name].run(data.draw(turned_over(name) | anything), folder)


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_journal_is_set_aside_and_the_next_lesson_is_kept(
    seed: int, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    (whole,) = seeds.journals()
    for _ in range(3):
        torn = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            torn[chance.randrange(len(torn))] = chance.randrange(256)
        kept = len(torn) if chance.random() < 0.5 else chance.randrange(len(torn))
        targets.journal(bytes(torn[:kept]), tmp_path)


@pytest.mark.parametrize("seed", range(20))
def test_no_value_in_a_cell_of_the_journal_keeps_the_next_lesson_out(
    seed: int, tmp_path: Path
) -> None:
    (whole,) = seeds.journals()
    path = tmp_path / "journal.sqlite"
    path.write_bytes(whole)
    chance = random.Random(seed)
    for _ in range(3):
        try:
            mutate_table(path, chance)
        except sqlite3.Error:  # it does not let that happen
            continue
    targets.use_journal(path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE outbox SET acknowledged = 'all'",
        "UPDATE boot SET number = -1",
        "DELETE FROM boot",
        "UPDATE event SET seq = 4611686018427387904 WHERE seq = 3",
        "UPDATE event SET envelope = CAST(envelope AS TEXT)",
        "DROP TABLE outbox",
    ],
)
def test_what_no_denkpauze_wrote_is_set_aside(statement: str, tmp_path: Path) -> None:
    """Each of these once made the device refuse to start, or numbered its events on wrongly."""
    (whole,) = seeds.journals()
    path = tmp_path / "journal.sqlite"
    path.write_bytes(whole)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)
    targets.use_journal(path)
    assert 1 == len(list(tmp_path.glob("journal.sqlite.damaged-*")))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"words": "Sofie"}, {}),
        ({"t": "1"}, {"t": 1.0}),
        ({"t": True}, {"t": 1}),
        ({"t": 1.25}, {"t": 1.0}),
        ({"t": None}, {"t": 0}),
        ([1, 2], [1]),
        ("p07", "p70"),
    ],
)
def test_the_targets_notice_what_was_left_out_or_reinterpreted(sent: Any, kept: Any) -> None:
    targets.same_fields(sent, json.loads(json.dumps(sent)))
    with pytest.raises(UnsoundError):
        targets.same_fields(sent, kept)
