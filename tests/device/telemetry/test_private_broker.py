"""The demo's own broker, and the drop-in for the installed one."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from mosquitto import available
from paho.mqtt import publish, subscribe

from device.errors import BrokerError
from device.telemetry.private_broker import DURABLE, PrivateBroker

pytestmark = pytest.mark.broker

ROOT = Path(__file__).resolve().parents[3]
DROP_IN = ROOT / "config" / "mosquitto.conf"

if not available():
    pytest.skip("mosquitto is not installed: apt install mosquitto", allow_module_level=True)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_it_listens_on_loopback_only_and_is_gone_afterwards() -> None:
    with PrivateBroker() as broker:
        assert answers(broker.port)
        assert broker.pid is not None
        listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        port = f":{broker.port:04X}"
        addresses = [row[1] for row in listening if row[1].endswith(port) and row[3] == "0A"]
        assert ["0100007F" + port] == addresses
        pid, port_number = broker.pid, broker.port
    assert not answers(port_number)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_was_retained_outlives_a_kill(tmp_path: Path) -> None:
    broker = PrivateBroker(folder=tmp_path)
    with broker:
        for topic in ("a/b", "a/c"):  # it saves at every second change
            publish.single(topic, b"kept", 1, True, broker.host, broker.port)
        assert broker.pid is not None
        os.kill(broker.pid, signal.SIGKILL)
        broker.stop()
        port = broker.port
        broker.start()
        assert port == broker.port
        message = subscribe.simple("a/b", 1, hostname=broker.host, port=broker.port)
        assert b"kept" == message.payload


def test_a_missing_mosquitto_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr("device.telemetry.private_broker._MORE_FOLDERS", "/nonexistent")
    with pytest.raises(BrokerError, match="sudo apt install mosquitto"):
        PrivateBroker().start()


def test_a_broker_that_does_not_start_shows_what_it_said(tmp_path: Path) -> None:
    broker = PrivateBroker(folder=tmp_path, options=("no_such_option 1",))
    with pytest.raises(BrokerError, match="no_such_option"):
        broker.start()
    assert broker.pid is None


@pytest.mark.slow
def test_a_killed_demo_leaves_no_broker_behind(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from device.telemetry import PrivateBroker\n"
        "with PrivateBroker(folder=Path(sys.argv[1])) as broker:\n"
        "    print(broker.pid, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as demo:
        assert demo.stdout is not None
        pid = int(demo.stdout.readline())
        descriptor = os.pidfd_open(pid)
        demo.kill()
    import select

    try:
        assert [descriptor] == select.select([descriptor], [], [], 20)[0]
    finally:
        os.close(descriptor)


def test_the_drop_in_is_as_durable_as_the_private_broker() -> None:
    lines = set(DROP_IN.read_text().splitlines())
    assert set() == set(DURABLE) - lines


def test_the_drop_in_listens_on_loopback_only() -> None:
    listeners = re.findall(r"^listener (.*)$", DROP_IN.read_text(), re.MULTILINE)
    assert ["1883 127.0.0.1"] == listeners


def test_mosquitto_takes_the_drop_in_beside_the_settings_of_debian(tmp_path: Path) -> None:
    folder = tmp_path / "conf.d"
    folder.mkdir()
    lines = DROP_IN.read_text().splitlines()
    without_listener = [line for line in lines if not line.startswith(("listener", "allow_"))]
    (folder / "denkpauze.conf").write_text("\n".join(without_listener) + "\n")
    options = ("allow_anonymous true", f"include_dir {folder}")
    with PrivateBroker(folder=tmp_path / "broker", options=options) as broker:
        publish.single("a/b", b"x", 1, True, broker.host, broker.port)
