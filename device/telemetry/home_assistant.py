"""Announces the device to Home Assistant, when that is switched on: its state, nothing of a lesson.

The form is that of Home Assistant's device discovery over MQTT (2024.11 and later): one retained
message names the device and its entities, which read the retained topics that are there anyway.
"""

from __future__ import annotations

import json

from lesson import topics
from lesson.wire import DeviceInfo

#: What a status says while somebody can be asked to look at the device.
PRESENT = ("init", "ready", "sleeping")
_IN_LESSON = "{{ 'ON' if value_json.state == 'ready' and value_json.lesson else 'OFF' }}"
_AVAILABLE = f"{{{{ 'online' if value_json.state in {list(PRESENT)} else 'offline' }}}}"


def announcement(device: str, info: DeviceInfo) -> bytes:
    """The payload for ``topics.home_assistant(device)``: UTF-8 JSON."""
    mark = f"denkpauze_{device}"
    status = {
        "state_topic": topics.status(device),
        "availability_topic": topics.status(device),
        "availability_template": _AVAILABLE,
    }
    components = {
        "status": {
            **status,
            "platform": "sensor",
            "name": "Status",
            "unique_id": f"{mark}_status",
            "device_class": "enum",
            "options": list(PRESENT),
            "value_template": "{{ value_json.state }}",
            "entity_category": "diagnostic",
        },
        "lesson": {
            **status,
            "platform": "binary_sensor",
            "name": "Les" if info.language == "nl" else "Lesson",
            "unique_id": f"{mark}_lesson",
            "device_class": "running",
            "value_template": _IN_LESSON,
        },
    }
    return json.dumps(
        {
            "device": {
                "identifiers": [mark],
                "name": f"Denkpauze {device}",
                "manufacturer": "Denkpauze",
                "sw_version": info.software,
            },
            "origin": {"name": "Denkpauze", "sw_version": info.software},
            "components": components,
            "qos": 1,
        }
    ).encode()
