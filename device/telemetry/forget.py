"""Let the broker forget what it retains of a device."""

from __future__ import annotations

from collections import Counter

from device.clock import Clock
from device.errors import BrokerError
from device.telemetry.link import BrokerAddress, MqttLink
from device.telemetry.mailbox import Mailbox
from lesson import topics
from lesson.wire import DeviceStatus

TIMEOUT_S = 8.0


def clear_retained(
    address: BrokerAddress, device: str, clock: Clock, timeout_s: float = TIMEOUT_S
) -> None:
    """Publish nothing, retained, where the device's status and descriptions stood.

    Raises:
        BrokerError: the broker cannot be reached or did not answer in time.
    """
    gone = DeviceStatus(state="disconnected", boot="0" * 16)
    mailbox = Mailbox(clock)
    link = MqttLink(address, device, mailbox, lambda: gone, Counter())
    deadline = clock.monotonic() + timeout_s
    link.start()
    try:
        _await_connection(address, mailbox, clock, deadline)
        described = (topics.status(device), topics.info(device), topics.home_assistant(device))
        for topic in described:
            sent = link.publish(topic, b"", qos=1, retain=True)
            if sent is None:
                raise BrokerError(f"the broker {address} was lost again")
            sent.wait_for_publish(max(0.1, deadline - clock.monotonic()))
            if not sent.is_published():
                raise BrokerError(f"the broker {address} did not answer in {timeout_s:g} s")
    finally:
        link.stop()


def _await_connection(
    address: BrokerAddress, mailbox: Mailbox, clock: Clock, deadline: float
) -> None:
    reason = "no answer"
    while clock.monotonic() < deadline:
        change = mailbox.collect(deadline - clock.monotonic()).link
        if change is not None and change.connected:
            return
        if change is not None:
            reason = change.reason
            break
    raise BrokerError(f"the broker {address} cannot be reached ({reason})")
