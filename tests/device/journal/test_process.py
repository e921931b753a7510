"""The journal under kill -9 and without rights, in processes of their own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from device_process import launch
from mosquitto import free_port

from device.clock import SystemClock
from device.journal import Journal

pytestmark = [pytest.mark.process, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[3]
NOBODY = 65534


@pytest.mark.parametrize("kill_after", [1, 50, 400])
def test_nothing_that_the_disk_confirmed_is_lost_at_a_kill(tmp_path: Path, kill_after: int) -> None:
    path = tmp_path / "journal.db"
    with launch(path, free_port(), 100_000, 0) as process:  # as fast as the disk can, no broker
        assert process.stdout is not None
        boot = process.stdout.readline().strip()
        confirmed = [process.stdout.readline().strip() for _ in range(kill_after)]
        process.send_signal(signal.SIGKILL)
        confirmed += [line.strip() for line in process.stdout if line.endswith("\n")]
    with Journal.open(path, "lokaal-12", SystemClock()) as journal:
        assert journal.set_aside is None
        (lesson,) = journal.lessons()
        events = journal.events(lesson)
        of_that_boot = [event.id for event in events if event.boot == boot]
        assert [f"{boot}-{n + 1:06d}" for n in range(len(of_that_boot))] == of_that_boot
        assert set() == set(confirmed) - set(of_that_boot)
        assert "lesson_ended" == events[-1].event.kind


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_without_rights_is_explained_in_one_line() -> None:
    program = (
        "import os, sys; from pathlib import Path\n"
        "from device.clock import SystemClock; from device.errors import JournalError\n"
        "from device.journal import Journal\n"
        f"os.setgroups([]); os.setresgid(*[{NOBODY}] * 3); os.setresuid(*[{NOBODY}] * 3)\n"
        "try: Journal.open(Path(sys.argv[1]), 'lokaal-12', SystemClock())\n"
        "except JournalError as error: print(error)"
    )
    folder = Path(tempfile.mkdtemp(prefix="denkpauze-test-"))
    try:
        folder.chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-c", program, str(folder / "journal.db")],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
    finally:
        shutil.rmtree(folder)
    assert "" == done.stderr
    assert 1 == done.stdout.count("\n")
    assert f"journal {folder / 'journal.db'}: check the disk and the rights" in done.stdout
