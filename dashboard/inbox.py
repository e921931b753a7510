"""From an MQTT message to a checked model, or to the reason why it is refused. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from dashboard.store.by_hand import PERSON
from lesson import topics
from lesson.wire import CommandDone, DeviceInfo, DeviceStatus, Envelope, LiveState

#: A device never sends more: the longest event is a few hundred bytes.
MAX_PAYLOAD_BYTES = 32_768

#: The «device» of lessons that people bring as a file. No real one may be called so.
UPLOADS = "upload"

_DEVICE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")

_MODELS: dict[tuple[str, ...], type[BaseModel]] = {
    ("status",): DeviceStatus,
    ("info",): DeviceInfo,
    ("live",): LiveState,
    ("done",): CommandDone,
}

Payload = Envelope | LiveState | DeviceStatus | DeviceInfo | CommandDone


@dataclass(frozen=True, slots=True)
class Message:
    """What came in: never parsed in the network thread."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message of one device that can be stored."""

    device: str
    payload: Payload


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that is not stored; ``reason`` is a machine word, never content."""

    reason: str


def read(message: Message) -> Accepted | Refused:
    """Check size, topic and payload; never raises."""
    if len(message.payload) > MAX_PAYLOAD_BYTES:
        return Refused("oversized")
    device = topics.device_of(message.topic)
    if device is None or not _DEVICE.fullmatch(device):
        return Refused("unknown_topic")
    if device == UPLOADS:
        return Refused("device_of_uploads")
    if not message.payload:
        return Refused("cleared")  # by a deletion: nothing is kept under this topic any longer
    parts = tuple(message.topic.split("/")[3:])
    try:
        if len(parts) == 3 and parts[0] == "lesson" and parts[2] == "event":
            return _event(device, parts[1], message.payload)
        model = _MODELS.get(parts)
        if model is None:
            return Refused("unknown_topic")
        return Accepted(device, model.model_validate_json(message.payload))  # type: ignore[arg-type]
    except (ValidationError, ValueError, RecursionError):
        return Refused("malformed")


def _event(device: str, lesson: str, payload: bytes) -> Accepted | Refused:
    envelope = Envelope.from_json(payload)
    if envelope.device != device:
        return Refused("other_device")
    if envelope.boot.startswith(PERSON):
        return Refused("boot_of_a_person")
    if envelope.lesson != lesson:
        return Refused("other_lesson")
    return Accepted(device, envelope)
