"""A thin wrapper around paho-mqtt 2: MQTT 5, callbacks that only enqueue and never raise."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from pydantic import ValidationError

from device.errors import BrokerError
from device.telemetry.mailbox import LinkChange, Mailbox
from lesson import topics
from lesson.connection import connection_problem
from lesson.wire import Acknowledgement, Command, DeviceStatus

SESSION_EXPIRY_S = 14 * 24 * 3600
#: An acknowledgement, command or status is under 300 bytes; anything larger is not one.
LARGEST_INCOMING_BYTES = 1024
RECONNECT_FIRST_S = 1
RECONNECT_LONGEST_S = 8
CONNECT_TIMEOUT_S = 3.0
#: Bounds of paho's own queue, which nothing relies on: the journal is the queue.
PAHO_IN_FLIGHT = 64
PAHO_QUEUED = 256


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where the broker is and how to log in.

    Attributes:
        keepalive_s: after 1.5 times this without a sign of life the broker publishes the will.
        certificate_authority: PEM file; given, the connection uses TLS.
    """

    host: str = "127.0.0.1"
    port: int = 1883
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    keepalive_s: int = 15
    certificate_authority: Path | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class MqttLink:
    """One client with a fixed id. What happens to it goes to the mailbox.

    Args:
        will: builds the last will, asked before each connect so that it is never stale.
        counters: ``malformed``, ``refused``, ``callback_errors`` and ``connects`` go up here.
    """

    def __init__(
        self,
        broker: BrokerAddress,
        device: str,
        mailbox: Mailbox,
        will: Callable[[], DeviceStatus],
        counters: Counter[str],
    ) -> None:
        self._broker = broker
        self._mailbox = mailbox
        self._will = will
        self._counters = counters
        self._ack_topic = topics.acknowledgement(device)
        self._status_topic = topics.status(device)
        self._command_topic = topics.command(device)
        self._client = self._build(f"denkpauze-{device}")

    def start(self) -> None:
        """Connect in the background and for ever again; needs no broker to be there yet."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION_EXPIRY_S
        properties.MaximumPacketSize = 64 * LARGEST_INCOMING_BYTES
        self._client.connect_async(
            self._broker.host,
            self._broker.port,
            keepalive=self._broker.keepalive_s,
            clean_start=False,
            properties=properties,
        )
        self._client.loop_start()

    def publish(
        self, topic: str, payload: bytes, *, qos: int, retain: bool = False, expiry_s: int = 0
    ) -> MQTTMessageInfo | None:
        """Hand a message to paho; ``None`` when it takes none now."""
        properties = None
        if expiry_s:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.MessageExpiryInterval = expiry_s
        info = self._client.publish(topic, payload, qos, retain, properties)
        return info if info.rc == MQTTErrorCode.MQTT_ERR_SUCCESS else None

    def stop(self) -> None:
        """Take leave of the broker, which then publishes no will; waits for the thread's end."""
        self._client.disconnect()
        self._client.loop_stop()

    def _build(self, client_id: str) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion.MQTTv5
        )
        client.suppress_exceptions = True  # an exception would end paho's thread unnoticed
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.reconnect_delay_set(RECONNECT_FIRST_S, RECONNECT_LONGEST_S)
        client.max_inflight_messages_set(PAHO_IN_FLIGHT)
        client.max_queued_messages_set(PAHO_QUEUED)
        if self._broker.username is not None:
            client.username_pw_set(self._broker.username, self._broker.password)
        if self._broker.certificate_authority is not None:
            try:
                client.tls_set(ca_certs=str(self._broker.certificate_authority))
            except OSError as error:
                raise BrokerError(
                    f"the broker's certificate authority {self._broker.certificate_authority} "
                    f"cannot be read: check the file ({error})"
                ) from error
        client.on_pre_connect = self._guarded(self._arm_will)
        client.on_connect = self._guarded(self._connected)
        client.on_connect_fail = self._guarded(self._not_connected)
        client.on_disconnect = self._guarded(self._disconnected)
        client.on_message = self._guarded(self._received)
        client.on_publish = self._guarded(self._published)
        return client

    def _guarded(self, callback: Callable[..., None]) -> Callable[..., None]:
        def guarded(*arguments: Any) -> None:
            try:
                callback(*arguments)
            except Exception:  # nothing may end the network thread
                self._counters["callback_errors"] += 1

        return guarded

    def _arm_will(self, client: Client, _userdata: object) -> None:
        will = self._will().model_dump_json().encode()
        client.will_set(self._status_topic, will, qos=1, retain=True)

    def _connected(
        self, client: Client, _userdata: object, _flags: object, reason: ReasonCode, _: object
    ) -> None:
        if reason.is_failure:
            self._mailbox.link_changed(LinkChange(False, f"the broker refuses: {reason}"))
            return
        self._counters["connects"] += 1
        client.subscribe([(self._ack_topic, 1), (self._status_topic, 1), (self._command_topic, 1)])
        self._mailbox.link_changed(LinkChange(True))

    def _not_connected(self, _client: Client, _userdata: object) -> None:
        # paho calls this while it handles what went wrong
        problem = connection_problem(sys.exception(), address="port", certificate="tls_ca")
        self._mailbox.link_changed(LinkChange(False, problem))

    def _disconnected(
        self, _client: Client, _userdata: object, _flags: object, reason: ReasonCode, _: object
    ) -> None:
        self._mailbox.link_changed(LinkChange(False, str(reason)))

    def _received(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        try:
            if len(message.payload) > LARGEST_INCOMING_BYTES:
                raise ValueError("too large")
            if message.topic == self._ack_topic:
                ack = Acknowledgement.model_validate_json(message.payload)
                if not self._mailbox.acknowledged(ack.boot, ack.upto):
                    raise ValueError("too many boots at once")
            elif message.topic == self._command_topic:
                self._mailbox.ordered(Command.model_validate_json(message.payload))
            elif (
                message.topic == self._status_topic
                and message.payload
                and DeviceStatus.model_validate_json(message.payload).state == "lost"
            ):
                self._counters["status_corrections"] += 1
                self._mailbox.status_due()  # we are alive, whatever an older will says
        except (ValidationError, ValueError):
            self._counters["malformed"] += 1

    def _published(
        self, _client: Client, _userdata: object, _mid: int, reason: ReasonCode, _: object
    ) -> None:
        # A good PUBACK says only that the broker has it in memory: nothing to do. paho holds a
        # lock of its own here, so no more than this.
        if reason.is_failure:
            self._counters["refused"] += 1
            self._mailbox.refused(str(reason))
