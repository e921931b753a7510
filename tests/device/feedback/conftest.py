"""Pins that exist only in memory, fresh for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin


@pytest.fixture
def mock_pins() -> Iterator[MockFactory]:
    """gpiozero's mock factory with pins that can dim; the one before comes back afterwards."""
    before = Device.pin_factory
    factory = MockFactory(pin_class=MockPWMPin)
    Device.pin_factory = factory
    yield factory
    factory.reset()
    Device.pin_factory = before
