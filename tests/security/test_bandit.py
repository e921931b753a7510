"""No finding of bandit is unanswered in what is installed at a school."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.process, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]


def bandit(*targets: Path | str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bandit", "--quiet", "--recursive", *map(str, targets)]
    return subprocess.run(
        [*command, "--configfile", str(ROOT / "pyproject.toml")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_every_finding_is_answered() -> None:
    done = bandit("lesson", "device", "dashboard")
    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)


def test_what_is_skipped_leaves_the_rest(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("import subprocess\nsubprocess.run('ls ' + input(), shell=True)\n")
    done = bandit(module)
    assert (1, True) == (done.returncode, "B602" in done.stdout)
