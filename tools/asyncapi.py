"""Write ``docs/asyncapi.yaml``, the MQTT contract, from the topics and payload models.

    python -m tools.asyncapi

The version-independent ``mqtt`` binding is used with protocol version 5: it is the one that
holds QoS and retain, and AsyncAPI has deprecated its ``mqtt5`` binding in favour of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from lesson import topics
from lesson.wire import (
    Acknowledgement,
    Command,
    CommandDone,
    DeviceInfo,
    DeviceStatus,
    Envelope,
    LiveState,
)

PAGE = Path(__file__).resolve().parent.parent / "docs" / "asyncapi.yaml"
BINDING_VERSION = "0.2.0"


@dataclass(frozen=True)
class Channel:
    """One topic: who sends on it, what, and how it is delivered."""

    name: str
    topic: str
    payload: type[BaseModel]
    qos: int
    retain: bool
    sender: str
    summary: str


CHANNELS = (
    Channel(
        "status",
        topics.status("{device}"),
        DeviceStatus,
        1,
        True,
        "device",
        "What the device is doing. Its will sets `lost`.",
    ),
    Channel("info", topics.info("{device}"), DeviceInfo, 1, True, "device", "What the device is."),
    Channel(
        "event",
        topics.event("{device}", "{lesson}"),
        Envelope,
        1,
        False,
        "device",
        "One event of a lesson. Sent again until acknowledged: receivers drop known ids.",
    ),
    Channel(
        "live",
        topics.live("{device}"),
        LiveState,
        0,
        False,
        "device",
        "The phase of this moment, for showing only: never stored, never counted.",
    ),
    Channel(
        "acknowledgement",
        topics.acknowledgement("{device}"),
        Acknowledgement,
        1,
        False,
        "receiver",
        "Everything of this start up to a sequence number is stored.",
    ),
    Channel(
        "command",
        topics.command("{device}"),
        Command,
        1,
        False,
        "receiver",
        "Something to do now in a running lesson. Expires within seconds; each id is done once.",
    ),
    Channel(
        "command_done",
        topics.command_done("{device}"),
        CommandDone,
        1,
        False,
        "device",
        "What became of a command.",
    ),
)
PARAMETERS = {
    "device": {"description": "Device id: lower-case letters, digits and hyphens, at most 32."},
    "lesson": {"description": "Lesson id: 8 to 26 lower-case letters and digits."},
}


def document() -> dict[str, Any]:
    """The whole AsyncAPI document as plain data."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Denkpauze over MQTT",
            "version": "1",
            "description": (
                "What a Denkpauze device publishes and what its receiver answers. No message "
                "carries spoken words or names: a pupil is an alias such as p07. Unknown fields "
                "are refused at every level. Seen from the device."
            ),
        },
        "defaultContentType": "application/json",
        "servers": {
            "broker": {
                "host": "{broker}",
                "protocol": "mqtt",
                "protocolVersion": "5",
                "variables": {"broker": {"description": "Host and port of the school's broker."}},
            }
        },
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {_operation_name(channel): _operation(channel) for channel in CHANNELS},
        "components": {
            "messages": {channel.payload.__name__: _message(channel) for channel in CHANNELS},
            "schemas": _schemas(),
        },
    }


def _channel(channel: Channel) -> dict[str, Any]:
    name = channel.payload.__name__
    return {
        "address": channel.topic,
        "parameters": {
            key: value for key, value in PARAMETERS.items() if f"{{{key}}}" in channel.topic
        },
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
    }


def _operation_name(channel: Channel) -> str:
    return f"{'send' if channel.sender == 'device' else 'receive'}_{channel.name}"


def _operation(channel: Channel) -> dict[str, Any]:
    name = channel.payload.__name__
    return {
        "action": "send" if channel.sender == "device" else "receive",
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "summary": channel.summary,
        "messages": [{"$ref": f"#/channels/{channel.name}/messages/{name}"}],
        "bindings": {
            "mqtt": {
                "qos": channel.qos,
                "retain": channel.retain,
                "bindingVersion": BINDING_VERSION,
            }
        },
    }


def _message(channel: Channel) -> dict[str, Any]:
    name = channel.payload.__name__
    return {
        "name": name,
        "summary": channel.summary,
        "contentType": "application/json",
        "payload": {"$ref": f"#/components/schemas/{name}"},
    }


def _schemas() -> dict[str, Any]:
    _, schema = models_json_schema(
        [(channel.payload, "serialization") for channel in CHANNELS],
        ref_template="#/components/schemas/{model}",
    )
    return {name: _in_draft_07(part) for name, part in sorted(schema["$defs"].items())}


def _in_draft_07(part: Any) -> Any:
    """Say the same in AsyncAPI's dialect: JSON Schema draft 7, a discriminator being a name."""
    if isinstance(part, list):
        return [_in_draft_07(each) for each in part]
    if not isinstance(part, dict):
        return part
    said = {key: _in_draft_07(value) for key, value in part.items()}
    if isinstance(said.get("discriminator"), dict):
        said["discriminator"] = said["discriminator"]["propertyName"]
    if "prefixItems" in said:
        said["items"] = said.pop("prefixItems")
        said["additionalItems"] = False
    return said


class _WithoutAliases(yaml.SafeDumper):
    """Writes equal parts out each time, for readers."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's signature
        return True


def page() -> str:
    """The document as YAML text."""
    head = "# Made by `python -m tools.asyncapi` from lesson/topics.py and lesson/wire.py.\n"
    body = yaml.dump(
        document(), Dumper=_WithoutAliases, sort_keys=False, allow_unicode=True, width=96
    )
    return head + body


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
