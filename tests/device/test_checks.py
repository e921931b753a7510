"""What doctor finds. Real libraries, folders and ports of this machine."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest
from device_process import STARTED

from device import checks, machine, storage_checks
from device.clock import SystemClock
from device.findings import Verdict
from device.journal import Journal
from device.models import BUILT_IN_FOLDER
from device.settings import (
    DeviceSettings,
    LessonSettings,
    MqttSettings,
    OutputSettings,
    RecogniserSettings,
    Settings,
)

pytestmark = pytest.mark.unit


def test_this_python_will_do() -> None:
    assert Verdict.OK == checks.check_python(Settings()).verdict


@pytest.mark.slow  # imports the recogniser
def test_every_finding_that_is_not_ok_says_what_to_do(tmp_path: Path) -> None:
    settings = Settings(
        device=DeviceSettings(data_folder=tmp_path),
        recogniser=RecogniserSettings(model_path=tmp_path),
        lesson=LessonSettings(roster=tmp_path / "none.txt"),
    )
    findings = [check(settings) for check in checks.CHECKS]
    silent = [f.subject for f in findings if f.verdict is not Verdict.OK and not f.advice]
    assert ([], len(checks.CHECKS)) == (silent, len({f.subject for f in findings}))


def test_a_named_folder_without_a_model_blocks(tmp_path: Path) -> None:
    finding = checks.check_model(Settings(recogniser=RecogniserSettings(model_path=tmp_path)))
    assert (Verdict.BLOCKER, True) == (finding.verdict, "is no Vosk model" in finding.found)


@pytest.mark.slow  # loads the model in a process of its own
def test_the_model_in_use_is_loaded_on_trial(tmp_path: Path) -> None:
    good = BUILT_IN_FOLDER / "nl"
    bad = Path(shutil.copytree(good, tmp_path / "bad-nl"))
    (bad / "conf" / "model.conf").write_bytes(b"")
    data = tmp_path / "data"
    found = [
        checks.check_model(
            Settings(
                device=DeviceSettings(data_folder=data),
                recogniser=RecogniserSettings(model_path=path),
            )
        )
        for path in (good, bad)
    ]
    assert [Verdict.ATTENTION, Verdict.BLOCKER] == [finding.verdict for finding in found]
    assert [False, True] == ["Vosk breaks down on it" in finding.found for finding in found]
    assert not data.exists()  # the service may own it


def test_a_class_list_is_counted_and_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "groep6.txt"
    path.write_text("Fatima\nDaan\n- Sophie\n", encoding="utf-8")
    path.chmod(0o640)
    finding = checks.check_roster(Settings(lesson=LessonSettings(roster=path)))
    assert (Verdict.OK, "2 pupils") == (finding.verdict, finding.found)


def test_a_class_list_that_everybody_can_read_asks_for_attention(tmp_path: Path) -> None:
    path = tmp_path / "groep6.txt"
    path.write_text("Fatima\n", encoding="utf-8")
    path.chmod(0o644)
    finding = checks.check_roster(Settings(lesson=LessonSettings(roster=path)))
    assert (Verdict.ATTENTION, True) == (finding.verdict, "chmod 640" in finding.advice)


def test_names_are_counted_and_never_shown(tmp_path: Path) -> None:
    path = tmp_path / "groep6.txt"
    path.write_text("Fatima\nXqrtvw\n", encoding="utf-8")
    settings = Settings(
        device=DeviceSettings(data_folder=tmp_path), lesson=LessonSettings(roster=path)
    )
    finding = checks.check_names(settings)
    said = f"{finding.found} {finding.advice}"
    assert (Verdict.ATTENTION, "1 of 2 are heard") == (finding.verdict, finding.found)
    assert [] == [name for name in ("Fatima", "Xqrtvw") if name in said]


def test_a_broken_class_list_blocks(tmp_path: Path) -> None:
    finding = checks.check_roster(Settings(lesson=LessonSettings(roster=tmp_path / "none.txt")))
    assert Verdict.BLOCKER == finding.verdict


def test_no_outputs_on_pins_need_no_pins() -> None:
    outputs = OutputSettings(light=False, buttons=False, haptic=False)
    assert Verdict.OK == checks.check_pins(Settings(outputs=outputs)).verdict


def test_a_broker_is_reachable_while_it_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        mqtt = MqttSettings(enabled=True, host="127.0.0.1", port=port)
        listening = checks.check_broker(Settings(mqtt=mqtt))
    closed = checks.check_broker(Settings(mqtt=mqtt))
    assert (Verdict.OK, Verdict.ATTENTION) == (listening.verdict, closed.verdict)


def test_disk_space_is_told_of_a_folder_that_is_not_made_yet(tmp_path: Path) -> None:
    assert machine.free_disk_mb(tmp_path) == pytest.approx(
        machine.free_disk_mb(tmp_path / "not/yet"), abs=2000
    )


def test_a_full_disk_asks_for_attention(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "free_disk_mb", lambda _folder: 499)
    assert Verdict.ATTENTION == storage_checks.check_disk(Settings()).verdict


def test_a_disk_without_room_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "free_disk_mb", lambda _folder: 4)
    assert Verdict.BLOCKER == storage_checks.check_disk(Settings()).verdict


def test_a_data_folder_below_a_file_blocks(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    below = Settings(device=DeviceSettings(data_folder=tmp_path / "file" / "data"))
    there = Settings(device=DeviceSettings(data_folder=tmp_path / "not" / "yet"))
    found = [storage_checks.check_data_folder(each).verdict for each in (below, there)]
    assert [Verdict.BLOCKER, Verdict.OK] == found


def test_a_data_folder_on_a_read_only_disk_blocks() -> None:
    read_only = Settings(device=DeviceSettings(data_folder=Path("/proc/sys/denkpauze")))
    finding = storage_checks.check_data_folder(read_only)
    assert (Verdict.BLOCKER, True) == (finding.verdict, bool(finding.advice))


def journal_finding(folder: Path) -> tuple[Verdict, str]:
    finding = storage_checks.check_journal(Settings(device=DeviceSettings(data_folder=folder)))
    assert bool(finding.advice) == (finding.verdict is not Verdict.OK)
    return finding.verdict, finding.found


def test_a_journal_is_looked_at_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    assert (Verdict.OK, "begins with the first lesson") == journal_finding(tmp_path)
    with Journal.open(path, "lokaal-12", SystemClock()) as journal:
        journal.start_lesson(STARTED)
        assert (Verdict.OK, "in use by a lesson") == journal_finding(tmp_path)
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    assert (Verdict.OK, "sound; 1 events wait for the dashboard") == journal_finding(tmp_path)
    assert before == {each.name: each.read_bytes() for each in tmp_path.iterdir()}


def test_a_journal_whose_device_was_killed_is_read_with_its_log(tmp_path: Path) -> None:
    running, crashed = tmp_path / "running", tmp_path / "crashed"
    with Journal.open(running / "journal.sqlite", "lokaal-12", SystemClock()) as journal:
        journal.start_lesson(STARTED)
        shutil.copytree(running, crashed)
    assert (Verdict.OK, "sound; 1 events wait for the dashboard") == journal_finding(crashed)


@pytest.mark.parametrize("at", [0, 4096])
def test_a_damaged_journal_asks_for_attention(tmp_path: Path, at: int) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal.open(path, "lokaal-12", SystemClock()) as journal:
        journal.start_lesson(STARTED)
    content = bytearray(path.read_bytes())
    content[at : at + 512] = b"\xff" * 512
    path.write_bytes(content)
    assert (Verdict.ATTENTION, f"{path} is damaged") == journal_finding(tmp_path)
    Journal.open(path, "lokaal-12", SystemClock()).close()
    found = "sound; 0 events wait for the dashboard; 1 damaged before and set aside"
    assert (Verdict.ATTENTION, found) == journal_finding(tmp_path)


def test_a_network_is_connected_when_its_carrier_is(tmp_path: Path) -> None:
    for name, carrier in (("lo", "1"), ("eth0", "0"), ("wlan0", "1")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "carrier").write_text(f"{carrier}\n")
    (tmp_path / "eth1").mkdir()  # switched off: its carrier cannot be read
    assert ["wlan0"] == machine.networks(tmp_path)


def test_without_a_network_a_lesson_is_measured_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine, "networks", list)
    assert Verdict.ATTENTION == checks.check_network(Settings()).verdict


def test_the_mark_of_the_time_service_means_a_clock_that_is_right(tmp_path: Path) -> None:
    mark = tmp_path / "synchronized"
    mark.touch()
    assert machine.clock_synchronised(mark)


def test_a_module_that_is_not_there_is_told_in_one_line() -> None:
    assert (None, "No module named 'no_such_module'") == (
        machine.import_problem("numpy"),
        machine.import_problem("no_such_module"),
    )


def test_a_raspberry_pi_is_told_by_its_model(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.write_bytes(b"Raspberry Pi 4 Model B Rev 1.4\0")
    assert (True, False) == (
        machine.is_raspberry_pi(model),
        machine.is_raspberry_pi(tmp_path / "none"),
    )
