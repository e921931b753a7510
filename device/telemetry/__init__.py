"""Sending what the journal holds over MQTT 5, and the live phase beside it."""

from device.telemetry.client import Telemetry
from device.telemetry.link import BrokerAddress
from device.telemetry.private_broker import PrivateBroker

__all__ = ["BrokerAddress", "PrivateBroker", "Telemetry"]
