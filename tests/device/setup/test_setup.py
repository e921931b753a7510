"""``denkpauze setup`` in a root folder of its own: nothing of this machine is touched."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from mosquitto import available

from device.setup.steps import UNITS

pytestmark = [pytest.mark.process, pytest.mark.slow]

COMMAND = Path(sys.executable).parent / "denkpauze"


def setup(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "setup", "--offline", "--root", str(root), "--device", "lokaal-12", *options],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(root), "COLUMNS": "200"},
    )


def files(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    if os.geteuid() != 0:
        pytest.skip("users and owners can only be made by root")
    if not available() or shutil.which("systemd-sysusers") is None:
        pytest.skip("mosquitto or systemd is not installed")
    for folder in ("etc/mosquitto/conf.d", "etc/avahi", "etc/systemd/system", "var/lib"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "etc/avahi/avahi-daemon.conf").write_text(
        "[server]\n#host-name=foo\nuse-ipv4=yes\n"
    )
    return tmp_path


def test_check_changes_nothing_and_says_what_it_would_do(root: Path) -> None:
    before = files(root)
    done = setup(root, "--check")
    assert (1, before) == (done.returncode, files(root))
    for wanted in (*UNITS, "denkpauze.toml", "70-denkpauze.rules", "denkpauze.local", "sysusers.d"):
        assert wanted in done.stdout


def test_a_second_setup_changes_nothing_and_then_all_is_there(root: Path) -> None:
    assert 0 == setup(root).returncode
    settings = root / "etc/denkpauze/denkpauze.toml"
    settings.write_text(settings.read_text() + "# mine\n")
    before = files(root)
    again = setup(root)
    assert (0, before) == (again.returncode, files(root))
    for unit in UNITS:
        enabled = root / f"etc/systemd/system/multi-user.target.wants/{unit}.service"
        assert enabled.is_symlink()
    assert "host-name=denkpauze\nuse-ipv4" in (root / "etc/avahi/avahi-daemon.conf").read_text()
    check = setup(root, "--check")
    assert [] == [
        line for line in check.stdout.splitlines() if "would" in line and "time" not in line
    ]


def test_passwords_are_for_their_service_only_and_the_settings_are_read(root: Path) -> None:
    assert 0 == setup(root).returncode
    groups = dict(re.findall(r"^([\w-]+):[^:]*:(\d+):", (root / "etc/group").read_text(), re.M))
    for name, group in (("device", "denkpauze"), ("dashboard", "denkpauze-dashboard")):
        state = (root / f"etc/denkpauze/{name}-password").stat()
        assert (0o640, int(groups[group])) == (stat.S_IMODE(state.st_mode), state.st_gid)
    drop_in = (root / "etc/mosquitto/conf.d/denkpauze.conf").read_text()
    assert str(root) not in drop_in
    assert "/etc/denkpauze/broker/server.pem" in drop_in
    shown = subprocess.run(
        [COMMAND, "--config", root / "etc/denkpauze/denkpauze.toml", "show-config"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (0, True) == (shown.returncode, "lokaal-12" in shown.stdout)


def test_uninstall_leaves_the_data_and_what_was_there_before(root: Path) -> None:
    before = files(root)
    assert 0 == setup(root).returncode
    data = root / "var/lib/denkpauze/journal.sqlite"
    data.write_text("lessons")
    for model in ("vosk-model-small-nl-0.22", "vosk-model-small-en-us-0.15"):
        (root / "usr/share/vosk" / model).mkdir(parents=True)
    done = setup(root, "--uninstall")
    assert 0 == done.returncode, done.stderr
    left = {
        name
        for name in files(root)
        if not re.match(r"etc/(passwd|group|g?shadow|\.pwd\.lock)-?$", name)
    }
    assert {*before, "var/lib/denkpauze/journal.sqlite"} == left
    assert not (root / "etc/denkpauze").exists()
    assert not (root / "etc/sysusers.d").exists()
    assert not (root / "usr/share/vosk").exists()
    assert 0 == setup(root, "--uninstall", "--purge").returncode
    assert not data.parent.exists()
    assert "denkpauze" not in (root / "etc/passwd").read_text() + (root / "etc/group").read_text()


def test_purge_alone_is_refused(root: Path) -> None:
    done = setup(root, "--purge")
    assert (2, True) == (done.returncode, "--uninstall" in done.stderr)
