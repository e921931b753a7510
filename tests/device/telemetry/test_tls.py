"""The device and the broker's certificate: checked, and a wrong one is named as the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mosquitto import Mosquitto, available
from shared_broker import Guest, SharedBroker

from device.broker.certificates import new_authority
from lesson import topics
from lesson.events import HealthState

pytestmark = [
    pytest.mark.broker,
    pytest.mark.slow,
    # paho leaves a socket whose handshake failed to the garbage collector
    pytest.mark.filterwarnings("ignore:.*SSLSocket:pytest.PytestUnraisableExceptionWarning"),
]

DEVICE = "lokaal-12"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedBroker]:
    if not available():
        pytest.skip("mosquitto is not installed: apt install mosquitto")
    with SharedBroker(tmp_path_factory.mktemp("shared"), (DEVICE,)) as running:
        yield running


def account(broker: SharedBroker) -> dict[str, object]:
    return {
        "host": "localhost",
        "username": DEVICE,
        "password": broker.password(DEVICE),
        "certificate_authority": broker.authority,
    }


def lost(device: object) -> list[str]:
    return [text for state, text in device.health if state == HealthState.LOST]  # type: ignore[attr-defined]


def test_events_travel_over_tls_and_come_back_acknowledged(
    chain: Callable, broker: SharedBroker
) -> None:
    device = chain(broker.port, **account(broker))
    with Guest(broker, "dashboard", broker.password("dashboard"), broker.authority) as dashboard:
        dashboard.subscribe(topics.event("+", "+"))
        device.write(3)
        device.start()
        arrived = {dashboard.messages.get(timeout=20).topic for _ in range(4)}
    assert {topics.event(DEVICE, device.lesson)} == arrived


@pytest.mark.parametrize("reason", ["another authority", "another host"])
def test_a_certificate_that_is_not_the_brokers_is_refused_and_named(
    chain: Callable, broker: SharedBroker, tmp_path: Path, reason: str
) -> None:
    where = account(broker)
    if reason == "another authority":
        wrong = tmp_path / "wrong.pem"
        wrong.write_bytes(new_authority(datetime(2026, 9, 1, tzinfo=UTC)).certificate)
        where["certificate_authority"] = wrong
    else:
        where["host"] = "127.0.0.1"  # the certificate stands for localhost only
    device = chain(broker.port, **where)
    device.start()
    device.wait_until(lambda: bool(lost(device)))
    assert [True] == ["certificate is not to be trusted" in text for text in lost(device)]
    assert not device.telemetry.connected


def test_a_broker_without_tls_is_named_as_such(
    chain: Callable, broker: SharedBroker, mosquitto: Mosquitto
) -> None:
    device = chain(mosquitto.port, **account(broker))
    device.start()
    device.wait_until(lambda: bool(lost(device)))
    assert [True] == ["see port and tls_ca" in text for text in lost(device)]
