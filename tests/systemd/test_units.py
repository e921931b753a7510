"""The units as systemd itself judges them: valid, and closed to what a service does not need."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(
        shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
    ),
]

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "systemd").glob("*.service"))
#: On systemd's scale of 0 (closed) to 10 (open).
MOST_EXPOSED = 2.0


def settings(unit: Path) -> dict[str, list[str]]:
    """Values by key, all sections together; a key may stand there more than once."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def analyse(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def by_name(unit: Path) -> str:
    return unit.stem


def test_there_is_a_unit_for_each_of_the_three_services() -> None:
    expected = ["denkpauze-dashboard", "denkpauze-device", "denkpauze-ingest"]
    assert expected == [unit.stem for unit in UNITS]


@pytest.mark.parametrize("unit", UNITS, ids=by_name)
def test_a_unit_is_valid(unit: Path, tmp_path: Path) -> None:
    # the programs are installed elsewhere: everything but their place is checked
    copy = tmp_path / unit.name
    text = re.sub(r"/opt/denkpauze/current/bin/\S+", sys.executable, unit.read_text())
    copy.write_text(text)
    done = analyse("verify", "--recursive-errors=no", str(copy))
    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.parametrize("unit", UNITS, ids=by_name)
def test_a_unit_is_hardly_exposed(unit: Path) -> None:
    done = analyse("security", "--offline=true", "--json=short", str(unit))
    # each entry says by how much of its range a setting is open; the sum is shown in the text form
    assert json.loads(done.stdout)
    shown = analyse("security", "--offline=true", str(unit)).stdout
    exposure = re.search(r"exposure level for \S+: ([0-9.]+)", shown)
    assert exposure is not None
    assert float(exposure[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("unit", UNITS, ids=by_name)
def test_a_service_is_watched_restarted_and_logged_by_the_journal(unit: Path) -> None:
    keys = settings(unit)
    assert (["notify"], ["always"], True) == (
        keys["Type"],
        keys["Restart"],
        float(keys["WatchdogSec"][0]) > 0,
    )
    assert not {"StandardOutput", "StandardError"} & set(keys)


@pytest.mark.parametrize("unit", UNITS, ids=by_name)
def test_no_service_waits_for_the_network(unit: Path) -> None:
    keys = settings(unit)
    ordered = " ".join(keys.get("After", []) + keys.get("Requires", []) + keys.get("Wants", []))
    assert "network-online" not in ordered
    assert [] == keys.get("Requires", [])


@pytest.mark.parametrize("unit", UNITS, ids=by_name)
def test_a_service_writes_in_its_own_folders_only(unit: Path) -> None:
    keys = settings(unit)
    assert (["strict"], True, None) == (
        keys["ProtectSystem"],
        keys["StateDirectory"][0].startswith("denkpauze"),
        keys.get("ReadWritePaths"),
    )


def test_the_device_sees_what_tells_the_pi_and_the_sound_card() -> None:
    # gpiozero knows the pins by /proc/device-tree or /proc/cpuinfo, we the card by /proc/asound
    keys = settings(ROOT / "systemd" / "denkpauze-device.service")
    assert keys.get("ProcSubset", ["all"]) == ["all"]


def test_the_programs_are_those_that_the_package_installs() -> None:
    import tomllib

    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    started = {settings(unit)["ExecStart"][0].split()[0].rsplit("/", 1)[1] for unit in UNITS}
    assert started == set(scripts)


def test_every_user_of_a_unit_is_made() -> None:
    made = re.findall(r"^u (\S+)", (ROOT / "systemd" / "denkpauze.sysusers").read_text(), re.M)
    assert set(made) == {settings(unit)["User"][0] for unit in UNITS}


def test_the_users_are_made_by_systemd_itself(tmp_path: Path) -> None:
    if shutil.which("systemd-sysusers") is None:
        pytest.skip("systemd-sysusers is not installed")
    (tmp_path / "etc").mkdir()
    rules = ROOT / "systemd" / "denkpauze.sysusers"
    done = subprocess.run(
        ["systemd-sysusers", f"--root={tmp_path}", "--inline", *_rules(rules)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    users = (tmp_path / "etc" / "passwd").read_text() if not done.returncode else done.stderr
    assert ["denkpauze", "denkpauze-dashboard"] == sorted(
        line.split(":")[0] for line in users.splitlines()
    )


def _rules(file: Path) -> list[str]:
    lines = file.read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]
