"""A real systemd restarts a device whose pipeline stalls, and the lesson goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from installed import journal, wait_until

from lesson.events import Health, HealthState, LessonEnded, LessonStarted

pytestmark = [pytest.mark.process, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "tests" / "support" / "stalling_device.py"
SYSTEMD = Path("/lib/systemd/systemd")
UNIT = """\
[Unit]
DefaultDependencies=no

[Service]
Type=notify
ExecStart={python} {program} {folder}
Environment=PYTHONPATH={root}
ExecStopPost=/bin/sh -c 'echo $SERVICE_RESULT >> {folder}/results'
WatchdogSec=2
Restart=always
RestartSec=0
LimitCORE=0
TimeoutStartSec=60
StandardOutput=append:{folder}/box.log
StandardError=append:{folder}/box.log
"""
# a manager of one's own looks for /run/systemd/system: it gets one that nobody else sees
IN_A_ROOM_OF_ITS_OWN = (
    "mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system"
    f" && exec {SYSTEMD} --user --unit=idle.target --log-target=console"
)


class Manager:
    """A ``systemd --user`` that knows one service, ``box``."""

    def __init__(self, folder: Path) -> None:
        runtime, units = folder / "run", folder / "units"
        for made in (runtime, units, folder / "config"):
            made.mkdir()
        runtime.chmod(0o700)
        unit = UNIT.format(python=sys.executable, program=PROGRAM, folder=folder, root=ROOT)
        (units / "box.service").write_text(unit, encoding="utf-8")
        (units / "idle.target").write_text(
            "[Unit]\nDescription=idle\nDefaultDependencies=no\n", encoding="utf-8"
        )
        self._environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "SYSTEMD_UNIT_PATH": str(units),
        }
        self._log = folder / "systemd.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                ["unshare", "--mount", "--kill-child", "bash", "-c", IN_A_ROOM_OF_ITS_OWN],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._socket = runtime / "systemd" / "private"

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def ready(self) -> bool:
        return self._socket.exists()

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def control(self, *arguments: str) -> str:
        done = subprocess.run(
            ["systemctl", "--user", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert 0 == done.returncode, f"{done.stderr}\n{self.log}"
        return done.stdout

    def show(self, name: str) -> str:
        return self.control("show", "box.service", "--value", "-p", name).strip()

    def close(self) -> None:
        if self.running:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    if not SYSTEMD.exists() or shutil.which("unshare") is None:
        pytest.skip("systemd is not installed on this machine")
    if os.geteuid() != 0:
        pytest.skip("only root can give a systemd of its own a /run of its own")
    made = Manager(tmp_path)
    try:
        wait_until(lambda: made.ready or not made.running, "systemd starts", 30)
        if not made.running:
            pytest.skip(f"systemd does not start here: {made.log.strip()[-200:]}")
        yield made
    finally:
        made.close()


def test_a_device_that_stalls_is_restarted_and_its_lesson_goes_on(
    manager: Manager, tmp_path: Path
) -> None:
    manager.control("start", "box.service")  # returns when READY=1 has come
    assert "listening" == manager.show("StatusText")
    wait_until(lambda: "1" == manager.show("NRestarts"), f"a restart\n{manager.log}", 60)
    assert ["watchdog"] == (tmp_path / "results").read_text().split()
    written = tmp_path / "data" / "journal.sqlite"

    def heard_again() -> bool:
        events = [envelope.event for envelope in journal(written)]
        return any(isinstance(e, Health) and e.state is HealthState.OK for e in events)

    wait_until(heard_again, f"the lesson goes on\n{manager.log}", 60)
    wait_until(lambda: "listening" == manager.show("StatusText"), "it listens again", 30)
    manager.control("stop", "box.service")
    envelopes = journal(written)
    events = [envelope.event for envelope in envelopes]
    assert (1, 2) == (
        len({envelope.lesson for envelope in envelopes}),
        len({envelope.boot for envelope in envelopes}),
    )
    assert 1 == sum(isinstance(event, LessonStarted) for event in events)
    lost, back = [event for event in events if isinstance(event, Health)]
    assert (HealthState.LOST, HealthState.OK) == (lost.state, back.state)
    assert back.missing_s == pytest.approx(back.t - lost.t, abs=0.002)
    assert LessonEnded(t=events[-1].t, reason="stopped") == events[-1]
    assert ["watchdog", "success"] == (tmp_path / "results").read_text().split()
