"""All MQTT topics in one place. Both ends build them here; nobody writes one by hand.

====================================================  ========  ===  ======================
topic                                                 retained  QoS  payload
====================================================  ========  ===  ======================
``denkpauze/v1/<device>/status``                      yes       1    ``DeviceStatus``
``denkpauze/v1/<device>/info``                        yes       1    ``DeviceInfo``
``denkpauze/v1/<device>/lesson/<lesson>/event``       no        1    ``Envelope``
``denkpauze/v1/<device>/live``                        no        0    ``LiveState``
``denkpauze/v1/<device>/ack``                         no        1    ``Acknowledgement``
====================================================  ========  ===  ======================
"""

from __future__ import annotations

ROOT = "denkpauze/v1"


def status(device: str) -> str:
    return f"{ROOT}/{device}/status"


def info(device: str) -> str:
    return f"{ROOT}/{device}/info"


def event(device: str, lesson: str) -> str:
    return f"{ROOT}/{device}/lesson/{lesson}/event"


def live(device: str) -> str:
    return f"{ROOT}/{device}/live"


def acknowledgement(device: str) -> str:
    return f"{ROOT}/{device}/ack"


#: What the receiver subscribes to: filter and QoS.
RECEIVER_FILTERS = (
    (f"{ROOT}/+/status", 1),
    (f"{ROOT}/+/info", 1),
    (f"{ROOT}/+/lesson/+/event", 1),
    (f"{ROOT}/+/live", 0),
)


def device_of(topic: str) -> str | None:
    """The device id in a topic of ours, or ``None`` for any other topic."""
    parts = topic.split("/")
    return parts[2] if len(parts) > 3 and "/".join(parts[:2]) == ROOT else None
