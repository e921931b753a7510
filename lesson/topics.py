"""All MQTT topics in one place. Both ends build them here; nobody writes one by hand.

====================================================  ========  ===  ======================
topic                                                 retained  QoS  payload
====================================================  ========  ===  ======================
``denkpauze/v1/<device>/status``                      yes       1    ``DeviceStatus``
``denkpauze/v1/<device>/info``                        yes       1    ``DeviceInfo``
``denkpauze/v1/<device>/lesson/<lesson>/event``       no        1    ``Envelope``
``denkpauze/v1/<device>/live``                        no        0    ``LiveState``
``denkpauze/v1/<device>/ack``                         no        1    ``Acknowledgement``
``denkpauze/v1/<device>/command``                     no        1    ``Command``
``denkpauze/v1/<device>/done``                        no        1    ``CommandDone``
``homeassistant/device/denkpauze/<device>/config``    yes       1    Home Assistant's own form
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


def command(device: str) -> str:
    return f"{ROOT}/{device}/command"


def command_done(device: str) -> str:
    return f"{ROOT}/{device}/done"


def home_assistant(device: str) -> str:
    """Where Home Assistant looks for what is there; used only when that is switched on."""
    return f"homeassistant/device/denkpauze/{device}/config"


#: What the receiver subscribes to: filter and QoS.
RECEIVER_FILTERS = (
    (f"{ROOT}/+/status", 1),
    (f"{ROOT}/+/info", 1),
    (f"{ROOT}/+/lesson/+/event", 1),
    (f"{ROOT}/+/live", 0),
    (f"{ROOT}/+/done", 1),
)


def receiver_filters(group: str | None) -> tuple[tuple[str, int], ...]:
    """What a receiver subscribes to; in a group the members divide events and live states.

    Status and info stay with every member: a broker keeps nothing for a shared subscription, so
    a member that starts later would not learn of the devices that are there already.
    """
    if group is None:
        return RECEIVER_FILTERS
    own = {f"{ROOT}/+/status", f"{ROOT}/+/info"}
    return tuple(
        (name if name in own else f"$share/{group}/{name}", qos) for name, qos in RECEIVER_FILTERS
    )


def device_of(topic: str) -> str | None:
    """The device id in a topic of ours, or ``None`` for any other topic."""
    parts = topic.split("/")
    return parts[2] if len(parts) > 3 and "/".join(parts[:2]) == ROOT else None
