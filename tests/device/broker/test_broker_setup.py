"""What ``denkpauze broker-setup`` leaves behind, run after run. mosquitto hashes the passwords."""

from __future__ import annotations

import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest

from device.broker.access import access_rules, drop_in
from device.cli import run

pytestmark = pytest.mark.process

ROOT = Path(__file__).resolve().parents[3]
OURS, OTHER = "lokaal-12", "lokaal-99"


@dataclass
class Done:
    status: int
    said: str
    complained: str


class Setup:
    """The command with folders of one test; ``localhost`` unless the test says otherwise."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder / "broker"
        self._drop_ins = folder / "conf.d"
        self._drop_ins.mkdir()
        self._capture = capture

    def __call__(self, *arguments: str) -> Done:
        folders = ["--folder", str(self.folder), "--drop-ins", str(self._drop_ins)]
        status = run(["broker-setup", *folders, "--host", "localhost", *arguments])
        return Done(status, *self._capture.readouterr())

    @property
    def passwords(self) -> str:
        return (self.folder / "passwords").read_text()

    @property
    def files(self) -> dict[str, bytes]:
        files = (file for file in self.folder.rglob("*") if file.is_file())
        return {str(file.relative_to(self.folder)): file.read_bytes() for file in files}

    def mode(self, name: str) -> str:
        return oct(stat.S_IMODE((self.folder / name).stat().st_mode))


@pytest.fixture
def setup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Setup:
    if shutil.which("mosquitto_passwd") is None:
        pytest.skip("mosquitto is not installed: apt install mosquitto")
    return Setup(tmp_path, capsys)


def test_what_is_secret_is_closed_to_others(setup: Setup) -> None:
    setup("--device", OURS)
    expected = {
        "authority.key": "0o600",
        "server.key": "0o640",
        "passwords": "0o640",
        "give": "0o700",
        f"give/{OURS}": "0o700",
        f"give/{OURS}/password": "0o600",
    }
    assert expected == {name: setup.mode(name) for name in expected}


def test_no_password_is_printed_or_kept_in_clear(setup: Setup) -> None:
    done = setup("--device", OURS)
    secret = (setup.folder / "give" / OURS / "password").read_text().strip()
    assert (0, False, False) == (done.status, secret in done.said, secret in setup.passwords)


def test_running_it_again_changes_nothing_that_is_good(setup: Setup) -> None:
    setup("--device", OURS)
    before = setup.files
    done = setup("--device", OURS)
    assert (0, before, False) == (done.status, setup.files, "Carry" in done.said)


def test_a_second_device_leaves_the_first_ones_password(setup: Setup) -> None:
    setup("--device", OURS)
    first = setup.passwords
    done = setup("--device", OTHER)
    assert (True, True, False) == (
        setup.passwords.startswith(first),
        f"give/{OTHER}" in done.said,
        f"give/{OURS}" in done.said,
    )


@pytest.mark.parametrize(
    ("rotated", "changed"),
    [
        ("certificate", {"server.key", "server.pem"}),
        ("authority", {"authority.key", "authority.pem", "server.key", "server.pem"}),
        ("passwords", {"passwords"}),
    ],
)
def test_rotation_renews_what_it_says(setup: Setup, rotated: str, changed: set[str]) -> None:
    setup("--device", OURS)
    before = setup.files
    done = setup("--rotate", rotated)
    after = setup.files
    new = {name for name in after if before[name] != after[name] and "/" not in name}
    assert (0, changed) == (done.status, new)


def test_a_new_authority_has_to_be_carried_to_every_account(setup: Setup) -> None:
    setup("--device", OURS)
    done = setup("--rotate", "authority")
    assert [True, True] == [f"give/{name}" in done.said for name in (OURS, "dashboard")]
    authority = (setup.folder / "authority.pem").read_bytes()
    assert authority == (setup.folder / "give" / OURS / "authority.pem").read_bytes()


def test_one_password_can_be_renewed_alone(setup: Setup) -> None:
    setup("--device", OURS, "--device", OTHER)
    before = set(setup.passwords.splitlines())
    setup("--rotate", "passwords", "--device", OURS)
    renewed = set(setup.passwords.splitlines()) - before
    assert [OURS] == [line.partition(":")[0] for line in renewed]


def test_a_removed_device_loses_its_account_and_its_files(setup: Setup) -> None:
    setup("--device", OURS, "--device", OTHER)
    setup("--remove", OURS)
    assert (False, True, False) == (
        OURS in setup.passwords,
        OTHER in setup.passwords,
        (setup.folder / "give" / OURS).exists(),
    )


def test_each_ingest_worker_has_an_account(setup: Setup) -> None:
    setup("--workers", "2")
    accounts = [line.partition(":")[0] for line in setup.passwords.splitlines()]
    rules = (setup.folder / "access.acl").read_text()
    assert (["dashboard", "dashboard-2"], 2) == (accounts, rules.count("user dashboard"))


def test_a_lost_key_is_named_with_its_cure(setup: Setup) -> None:
    setup("--device", OURS)
    (setup.folder / "authority.key").unlink()
    done = setup("--rotate", "certificate")
    assert (1, True) == (done.status, "--rotate authority" in done.complained)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--device", "Lokaal 12"), "a device id is small letters"),
        (("--device", "lokaal/12"), "a device id is small letters"),
        (("--device", "+"), "a device id is small letters"),
        (("--device", "dashboard-3"), "names that begin with dashboard are the dashboard's"),
        (("--remove", "nobody"), "there is no such account"),
        (("--host", "no host"), "is no name or address"),
        (("--folder", "/proc/none"), "run this as root, or choose another --folder"),
        (("--drop-ins", "/no/such"), "sudo apt install mosquitto"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    setup: Setup, arguments: tuple[str, ...], message: str
) -> None:
    done = setup(*arguments)
    lines = done.complained.strip().splitlines()
    assert (1, True, 1) == (done.status, message in done.complained, len(lines))


def test_the_examples_in_config_are_what_the_command_makes() -> None:
    folder = Path("/etc/denkpauze/broker")
    examples = ROOT / "config"
    assert drop_in(folder, 8883) == (examples / "mosquitto-shared.conf").read_text()
    assert access_rules() == (examples / "mosquitto.acl").read_text()
