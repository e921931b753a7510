"""The MQTT connection of ingest: callbacks enqueue and count, nothing more."""

from __future__ import annotations

import logging
import queue
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from dashboard.allowance import Allowance
from dashboard.clock import Clock, SystemClock
from dashboard.errors import ArgumentError
from dashboard.inbox import MAX_PAYLOAD_BYTES, Message
from lesson import topics
from lesson.connection import connection_problem
from lesson.wire import Acknowledgement

log = logging.getLogger(__name__)

QUEUE_MESSAGES = 10_000
SESSION_EXPIRY_S = 24 * 3600
#: A member of a group that is gone must not keep its share: the broker would go on queueing for
#: it. What is lost then was not acknowledged, and comes again to the others.
GROUP_EXPIRY_S = 5
KEEPALIVE_S = 15


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where the broker is and how to enter it."""

    host: str
    port: int
    username: str | None = None
    password_file: Path | None = None
    tls_ca: Path | None = None
    client_id: str = "denkpauze-ingest"
    #: receivers of one group divide the events among them (MQTT 5 shared subscriptions)
    group: str | None = None


class Receiver:
    """Subscribed to all devices, with a session that the broker keeps while ingest is away.

    A full queue refuses the newest message and counts it, and so does a device that sends far
    more than any lesson: an event that is not acknowledged comes again, and the next live state
    makes up for a lost one.
    """

    def __init__(self, address: BrokerAddress, clock: Clock | None = None) -> None:
        self.messages: queue.Queue[Message] = queue.Queue(QUEUE_MESSAGES)
        self.counts: Counter[str] = Counter()
        self._address = address
        self._allowance = Allowance((clock or SystemClock()).monotonic, _complain_of_flood)
        self._problem = ""
        self._subscribed = threading.Event()
        self._client = _client(address)
        self._client.on_connect = self._connected
        self._client.on_connect_fail = self._not_connected
        self._client.on_disconnect = self._disconnected
        self._client.on_subscribe = self._granted
        self._client.on_message = self._received
        self._thread = threading.Thread(target=self._run, name="mqtt", daemon=True)

    @property
    def connected(self) -> bool:
        """Whether the broker has granted the subscriptions of this connection."""
        return self._subscribed.is_set() and self._client.is_connected()

    @property
    def alive(self) -> bool:
        """Whether the network thread runs; it reconnects by itself as long as it does."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Connect in the background, and again with back-off whenever the link is lost."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        alone = self._address.group is None
        properties.SessionExpiryInterval = SESSION_EXPIRY_S if alone else GROUP_EXPIRY_S
        self._client.connect_async(
            self._address.host,
            self._address.port,
            keepalive=KEEPALIVE_S,
            clean_start=False,
            properties=properties,
        )
        self._thread.start()

    def acknowledge(self, device: str, acknowledgement: Acknowledgement) -> None:
        """Tell a device what is stored; waits inside the client while the link is lost."""
        payload = acknowledgement.model_dump_json()
        self._client.publish(topics.acknowledgement(device), payload, qos=1)

    def publish(
        self, topic: str, payload: str, *, retain: bool, timeout_s: float, expiry_s: int = 0
    ) -> bool:
        """Send and wait until the broker has it; False when it has not by then.

        With ``expiry_s`` the broker drops it when its receiver is away for longer.
        """
        if not self.connected:
            return False
        properties = None
        if expiry_s:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.MessageExpiryInterval = expiry_s
        sent = self._client.publish(topic, payload, 1, retain, properties)
        try:
            sent.wait_for_publish(timeout_s)
            return sent.is_published()
        except (ValueError, RuntimeError):  # the client's queue is full, or the link is lost
            return False

    def close(self) -> None:
        """Leave the broker; may be called twice."""
        self._subscribed.clear()
        self._client.disconnect()
        if self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        self._client.loop_forever(retry_first_connection=True)

    def _connected(
        self,
        client: Client,
        _userdata: Any,
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self.counts["connection_refused"] += 1
            log.warning("the broker %s refused: %s", self._where(), reason)
            return
        client.subscribe(list(topics.receiver_filters(self._address.group)))

    def _not_connected(self, _client: Client, _userdata: Any) -> None:
        # paho calls this while it handles what went wrong
        problem = connection_problem(sys.exception(), address="--broker", certificate="--tls-ca")
        if problem != self._problem:
            log.warning("no connection to the broker %s: %s", self._where(), problem)
        self._problem = problem

    def _granted(
        self,
        _client: Client,
        _userdata: Any,
        _mid: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            log.error("the broker %s does not let ingest subscribe: check its ACL", self._where())
            return
        self._subscribed.set()
        self._problem = ""
        log.info("receiving from the broker %s", self._where())

    def _disconnected(
        self,
        _client: Client,
        _userdata: Any,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if self._subscribed.is_set():
            log.warning("the broker %s is gone (%s); trying again", self._where(), reason)
        self._subscribed.clear()

    def _received(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        try:
            if len(message.payload) > MAX_PAYLOAD_BYTES:
                self.counts["oversized"] += 1
                return
            if self._is_flood(message.topic):
                return
            self.messages.put_nowait(Message(message.topic, bytes(message.payload)))
        except queue.Full:
            self.counts["queue_full"] += 1
        except Exception:  # an exception here would end the network thread for good
            self.counts["unreadable"] += 1

    def _is_flood(self, topic: str) -> bool:
        device = topics.device_of(topic)
        if device is None or self._allowance.admits(device):
            return False
        self.counts["flood"] += 1
        return True

    def _where(self) -> str:
        return f"{self._address.host}:{self._address.port}"


def _client(address: BrokerAddress) -> Client:
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=address.client_id,
        protocol=MQTTProtocolVersion.MQTTv5,
    )
    client.reconnect_delay_set(min_delay=1, max_delay=8)
    client.max_queued_messages_set(1000)
    client.suppress_exceptions = True
    try:
        if address.username is not None:
            password = address.password_file
            client.username_pw_set(
                address.username, password.read_text().strip() if password is not None else None
            )
        if address.tls_ca is not None:
            client.tls_set(ca_certs=str(address.tls_ca))
    except (OSError, ValueError) as error:
        raise ArgumentError(f"cannot use the broker's password or certificate: {error}") from error
    return client


def _complain_of_flood(device: str) -> None:
    log.warning("%.34r sends more than any lesson does: the excess is dropped", device)
