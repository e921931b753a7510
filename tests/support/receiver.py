"""A small receiver after the contract: stores by id, acknowledges the gapless mark."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from lesson import topics
from lesson.wire import Acknowledgement, DeviceStatus, Envelope, LiveState


class Receiver:
    """Used by tests as the other end; ``stored`` outlives ``stop`` and ``start``."""

    def __init__(self, host: str, port: int, *, user: str | None = None) -> None:
        self.stored: dict[str, Envelope] = {}
        self.arrivals = 0
        self.states: list[DeviceStatus] = []
        self.infos: list[bytes] = []
        self.lives: list[LiveState] = []
        #: how often each acknowledgement is sent; 0 = lost
        self.copies = 1
        self.errors: list[BaseException] = []
        self._address = (host, port)
        self._user = user
        self._marks: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._client: Client | None = None

    @property
    def duplicates(self) -> int:
        return self.arrivals - len(self.stored)

    def start(self) -> Self:
        client = Client(
            CallbackAPIVersion.VERSION2, "receiver", protocol=MQTTProtocolVersion.MQTTv5
        )
        client.reconnect_delay_set(1, 1)
        client.on_connect = lambda *_: client.subscribe(list(topics.RECEIVER_FILTERS))
        client.on_message = self._received
        if self._user:
            client.username_pw_set(self._user, "secret")
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = 3600
        client.connect_async(*self._address, clean_start=False, properties=properties)
        granted = threading.Event()
        client.on_subscribe = lambda *_: granted.set()
        client.loop_start()
        assert granted.wait(15), "the receiver did not get through to the broker"
        self._client = client
        return self

    def stop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.disconnect()
            client.loop_stop()

    def forget(self) -> None:
        """Lose everything that was stored, as a wiped database does."""
        with self._changed:
            self.stored.clear()
            self._marks.clear()
            self.arrivals = 0

    def wait(self, reached: Callable[[Receiver], bool], timeout_s: float = 40.0) -> None:
        with self._changed:
            done = self._changed.wait_for(lambda: self.errors or reached(self), timeout_s)
        assert not self.errors, self.errors
        assert done, (
            f"not reached: {len(self.stored)} stored, marks {dict(self._marks)}, "
            f"states {[state.state for state in self.states]}"
        )

    def wait_for_events(self, count: int, timeout_s: float = 40.0) -> None:
        self.wait(lambda receiver: len(receiver.stored) >= count, timeout_s)

    def sequence(self, boot: str) -> list[int]:
        return sorted(envelope.seq for envelope in self.stored.values() if envelope.boot == boot)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _received(self, client: Client, _userdata: Any, message: MQTTMessage) -> None:
        with self._changed:
            try:
                self._take(client, message)
            except BaseException as error:
                self.errors.append(error)
            self._changed.notify_all()

    def _take(self, client: Client, message: MQTTMessage) -> None:
        device = topics.device_of(message.topic)
        assert device is not None
        if message.topic == topics.status(device):
            self.states.append(DeviceStatus.model_validate_json(message.payload))
        elif message.topic == topics.info(device):
            self.infos.append(message.payload)
        elif message.topic == topics.live(device):
            self.lives.append(LiveState.model_validate_json(message.payload))
        else:
            self._store(client, device, Envelope.from_json(message.payload))

    def _store(self, client: Client, device: str, envelope: Envelope) -> None:
        self.arrivals += 1
        self.stored[envelope.id] = envelope
        boot = envelope.boot
        while f"{boot}-{self._marks[boot] + 1:06d}" in self.stored:
            self._marks[boot] += 1
        ack = Acknowledgement(boot=boot, upto=self._marks[boot]).model_dump_json()
        for _ in range(self.copies):
            client.publish(topics.acknowledgement(device), ack, qos=1)
