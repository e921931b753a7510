"""A real mosquitto as ``denkpauze broker-setup`` makes it, and clients good and bad."""

from __future__ import annotations

import os
import queue
import ssl
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from mosquitto import Mosquitto, free_port
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

ANSWER_S = 20.0


def broker_setup(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as an administrator would; its folders lie below ``folder``."""
    (folder / "conf.d").mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "device.cli", "broker-setup"]
    command += ["--folder", str(folder / "broker"), "--drop-ins", str(folder / "conf.d")]
    return subprocess.run(
        [*command, *arguments], capture_output=True, text=True, timeout=120, check=False
    )


class SharedBroker(Mosquitto):
    """TLS, accounts and rules as shipped. ``folder`` holds what ``broker-setup`` made."""

    def __init__(self, folder: Path, devices: Iterable[str]) -> None:
        super().__init__(folder / "data")
        self.made = folder
        self.host = "localhost"
        self.port = free_port()
        arguments = ["--host", "localhost", "--port", str(self.port)]
        for device in devices:
            arguments += ["--device", device]
        done = broker_setup(folder, *arguments)
        assert 0 == done.returncode, done.stderr

    @property
    def authority(self) -> Path:
        return self.made / "broker" / "authority.pem"

    def password_file(self, account: str) -> Path:
        return self.made / "broker" / "give" / account / "password"

    def password(self, account: str) -> str:
        return self.password_file(account).read_text().strip()

    def _configuration(self) -> str:
        lines = [f"include_dir {self.made / 'conf.d'}", "log_type all"]
        if os.geteuid() == 0:
            lines.append("user root")  # its own user may not enter the test's folder
        return "\n".join(lines) + "\n"


class Guest:
    """One MQTT connection under a test's control; what the broker answers is waited for."""

    def __init__(
        self,
        broker: Mosquitto,
        account: str | None,
        password: str | None,
        authority: Path | None,
        client_id: str = "guest",
    ) -> None:
        self.answer: ReasonCode | None = None
        self.messages: queue.Queue[MQTTMessage] = queue.Queue()
        self._connected: queue.Queue[ReasonCode] = queue.Queue()
        self._granted: queue.Queue[list[ReasonCode]] = queue.Queue()
        self._published: queue.Queue[ReasonCode] = queue.Queue()
        self.gone: queue.Queue[ReasonCode] = queue.Queue()
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id, protocol=MQTTProtocolVersion.MQTTv5
        )
        self._client.on_connect = lambda _c, _u, _f, reason, _p: self._connected.put(reason)
        self._client.on_subscribe = lambda _c, _u, _m, reasons, _p: self._granted.put(reasons)
        self._client.on_publish = lambda _c, _u, _m, reason, _p: self._published.put(reason)
        self._client.on_disconnect = lambda _c, _u, _f, reason, _p: self.gone.put(reason)
        self._client.on_message = lambda _c, _u, message: self.messages.put(message)
        if account is not None:
            self._client.username_pw_set(account, password)
        if authority is not None:
            self._client.tls_set_context(ssl.create_default_context(cafile=str(authority)))
        self._broker = broker

    def enter(self) -> ReasonCode:
        """Connect and return the broker's answer.

        Raises:
            OSError: there was no answer, as when TLS fails.
        """
        self._client.connect(self._broker.host, self._broker.port, 10)
        self._client.loop_start()
        self.answer = self._connected.get(timeout=ANSWER_S)
        return self.answer

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> str:
        """Publish once with QoS 1: the name of the broker's answer."""
        self.send(topic, payload, 1, retain)
        return str(self._published.get(timeout=ANSWER_S))

    def send(self, topic: str, payload: bytes, qos: int = 0, retain: bool = False) -> None:
        """Publish and do not wait."""
        sent = self._client.publish(topic, payload, qos, retain, Properties(3))
        assert sent.rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def subscribe(self, topic: str) -> str:
        """The name of the broker's answer."""
        self._client.subscribe(topic, 1)
        return str(self._granted.get(timeout=ANSWER_S)[0])

    def __enter__(self) -> Self:
        assert not self.enter().is_failure
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
