"""The three services under a real manager of systemd: started together, one killed, seen back.

The manager runs for this test only, without a system around it: it looks at one folder to know
whether systemd is there, and is given that folder in a mount namespace of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mosquitto import Mosquitto

pytestmark = [pytest.mark.process, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path("/lib/systemd/systemd")
NAMES = ("denkpauze-device", "denkpauze-ingest", "denkpauze-dashboard")
BOUND_S = 60.0
#: What a manager without rights over devices, users and mounts cannot do, or not without a home.
SYSTEM_ONLY = re.compile(
    r"^(User|Group|SupplementaryGroups|DevicePolicy|DeviceAllow|StateDirectory\w*|Runtime\w+"
    r"|WorkingDirectory|EnvironmentFile|Private\w+|Protect\w+|ProcSubset|RemoveIPC|Nice|CPUWeight"
    r"|CapabilityBoundingSet|AmbientCapabilities|Environment|OOMPolicy)=.*\n",
    re.M,
)


class Manager:
    """``systemd --user`` with the repository's units, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.units = folder / "units"
        self.units.mkdir(parents=True)
        (self.units / "idle.target").write_text("[Unit]\nDescription=nothing\n")
        runtime = folder / "run"
        runtime.mkdir(mode=0o700)
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "SYSTEMD_UNIT_PATH": f"{self.units}:/usr/lib/systemd/user",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> bool:
        """Whether a manager can be run on this machine."""
        script = (
            "mount --make-rprivate / && mount -t tmpfs tmpfs /run && "
            f"mkdir -p /run/systemd/system && exec {PROGRAM} --user --unit=idle.target"
        )
        with (self.folder / "manager.log").open("wb") as log:
            self._process = process = subprocess.Popen(
                ["unshare", "--mount", "sh", "-c", script],
                env=self.environ,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        private = self.folder / "run" / "systemd" / "private"
        wait_until(lambda: private.exists() or process.poll() is not None)
        return private.exists()

    def control(self, *arguments: str) -> str:
        done = subprocess.run(
            ["systemctl", "--user", *arguments],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=BOUND_S,
            check=False,
        )
        assert 0 == done.returncode, done.stderr + self.log()
        return done.stdout

    def show(self, name: str) -> dict[str, str]:
        wanted = "ActiveState,NRestarts,MainPID,StatusText,WatchdogUSec,NoNewPrivileges"
        lines = self.control("show", f"{name}.service", "--property", wanted).splitlines()
        return dict(line.split("=", 1) for line in lines)

    def log(self) -> str:
        return (self.folder / "manager.log").read_text()[-4000:]

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(BOUND_S)


def wait_until(good: Callable[[], bool]) -> bool:
    until_s = time.monotonic() + BOUND_S
    while not good():
        if time.monotonic() > until_s:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    if not PROGRAM.exists() or shutil.which("unshare") is None:
        pytest.skip("systemd is not installed")
    if os.geteuid() != 0:
        pytest.skip("a manager of one's own needs a mount namespace, which only root may make")
    running = Manager(tmp_path / "manager")
    try:
        if not running.start():
            pytest.skip(f"a systemd manager cannot be run here: {running.log()}")
        yield running
    finally:
        running.stop()


def adapted(unit: Path, options: str, **environ: str) -> str:
    """The unit as it is, but for what only the system's own manager can do, and its paths."""
    text = SYSTEM_ONLY.sub("", unit.read_text())
    text = text.replace("/opt/denkpauze/current/bin", str(Path(sys.executable).parent))
    text = re.sub(r"\$[A-Z]+_OPTIONS", options, text)
    lines = "".join(f'Environment="{key}={value}"\n' for key, value in environ.items())
    return text.replace("[Service]\n", f"[Service]\n{lines}", 1)


def test_the_services_start_together_and_a_killed_one_comes_back(
    manager: Manager, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    settings = tmp_path / "denkpauze.toml"
    settings.write_text(
        f'[device]\nid = "lokaal-12"\ndata_folder = "{tmp_path / "device"}"\n'
        "[outputs]\nlight = false\nbuttons = false\n"
        f'[mqtt]\nenabled = true\nhost = "{mosquitto.host}"\nport = {mosquitto.port}\n'
    )
    database = {"DENKPAUZE_DATABASE": f"sqlite:///{tmp_path / 'dashboard.db'}"}
    own = {
        "denkpauze-device": ("", {"DENKPAUZE_CONFIG": str(settings)}),
        "denkpauze-ingest": (f"--broker {mosquitto.host}:{mosquitto.port}", database),
        "denkpauze-dashboard": ("--port 0", database),
    }
    for name, (options, environ) in own.items():
        text = adapted(ROOT / "systemd" / f"{name}.service", options, **environ)
        (manager.units / f"{name}.service").write_text(text)
    manager.control("daemon-reload")
    # start returns when each has said READY
    manager.control("start", *(f"{name}.service" for name in NAMES))
    before = {name: manager.show(name) for name in NAMES}
    assert {"active"} == {state["ActiveState"] for state in before.values()}
    assert {"yes"} == {state["NoNewPrivileges"] for state in before.values()}
    assert before["denkpauze-device"]["StatusText"].startswith("stand-by")

    os.kill(int(before["denkpauze-device"]["MainPID"]), signal.SIGKILL)

    def is_back() -> bool:
        state = manager.show("denkpauze-device")
        return (state["ActiveState"], state["NRestarts"]) == ("active", "1")

    assert wait_until(is_back), manager.log()
    others = [manager.show(name)["MainPID"] for name in NAMES[1:]]
    assert [before[name]["MainPID"] for name in NAMES[1:]] == others
    manager.control("stop", *(f"{name}.service" for name in NAMES))
