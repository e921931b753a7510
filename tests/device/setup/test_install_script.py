"""``install.sh`` is short enough to be read before it is run, and changes nothing when misused."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

SCRIPT = Path(__file__).resolve().parents[3] / "install.sh"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)


def test_it_can_be_read_in_one_sitting_and_is_valid() -> None:
    assert len(SCRIPT.read_text().splitlines()) <= 150
    assert 0 == run("bash", "-n", str(SCRIPT)).returncode


def test_its_help_names_every_way_to_use_it() -> None:
    shown = run(str(SCRIPT), "--help").stdout
    ways = ("--bundle FILE", "--root DIR", "--prepare", "denkpauze setup")
    assert [] == [way for way in ways if way not in shown]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [(("--fast",), "--fast is not known"), (("--root", "nowhere"), "holds no system")],
)
def test_a_wrong_word_ends_it_before_anything_is_done(
    arguments: tuple[str, ...], reason: str
) -> None:
    done = run(str(SCRIPT), *arguments)
    assert (1, True) == (done.returncode, reason in done.stderr)
