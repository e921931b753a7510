"""The broker helper itself: it must really die and really come back on the same port."""

from __future__ import annotations

import socket

import pytest
from mosquitto import Mosquitto

pytestmark = pytest.mark.broker


def accepts(broker: Mosquitto) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((broker.host, broker.port)) == 0


def test_a_killed_broker_is_gone_and_comes_back_on_its_port(mosquitto: Mosquitto) -> None:
    port = mosquitto.port
    assert accepts(mosquitto)
    mosquitto.kill()
    assert not accepts(mosquitto)
    mosquitto.start()
    assert accepts(mosquitto)
    assert port == mosquitto.port
