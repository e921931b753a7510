"""A rogue account that sends without end: contained, and the others' events arrive all the same."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from device_process import INFO, STARTED
from mosquitto import available
from shared_broker import Guest, SharedBroker
from sqlalchemy import create_engine, text

from dashboard.allowance import BURST_MESSAGES
from device.clock import SystemClock
from device.journal import Journal
from device.telemetry import BrokerAddress, Telemetry
from lesson import topics
from lesson.events import Mark

pytestmark = [pytest.mark.broker, pytest.mark.slow]

HONEST, ROGUE = "lokaal-12", "lokaal-99"
FLOOD_MESSAGES = 20_000
EVENTS = 100
SECRET = b'{"content": "that no log may hold"}'


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[SharedBroker]:
    if not available():
        pytest.skip("mosquitto is not installed: apt install mosquitto")
    with SharedBroker(tmp_path / "shared", (HONEST, ROGUE)) as running:
        yield running


@pytest.fixture
def ingest(broker: SharedBroker, tmp_path: Path) -> Iterator[Path]:
    """A running ingest; its log. The database is beside it."""
    log = tmp_path / "ingest.log"
    command = [sys.executable, "-m", "dashboard.ingest", "--broker", broker.address]
    command += ["--database", f"sqlite:///{tmp_path / 'dashboard.db'}", "--username", "dashboard"]
    command += ["--password-file", str(broker.password_file("dashboard"))]
    command += ["--tls-ca", str(broker.authority)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=dict(os.environ))
    yield log
    process.terminate()
    assert 0 == process.wait(30)


def until(reached: Callable[[], bool]) -> None:
    """Poll, for a minute at most."""
    clock = SystemClock()
    deadline = clock.monotonic() + 60
    while not reached():
        assert clock.monotonic() < deadline
        clock.sleep(0.02)


def flood(broker: SharedBroker, started: threading.Event) -> None:
    """Rubbish on topics of its own, most of it without waiting for any answer."""
    rogue = Guest(broker, ROGUE, broker.password(ROGUE), broker.authority)
    with rogue:
        for number in range(FLOOD_MESSAGES):
            if number % 100 == 0:
                rogue.publish(topics.event(ROGUE, "lesson00"), SECRET)
            else:
                rogue.send(topics.live(ROGUE), SECRET)
            if number == BURST_MESSAGES:
                started.set()


def test_events_of_others_arrive_once_through_a_flood(
    broker: SharedBroker, ingest: Path, tmp_path: Path
) -> None:
    until(lambda: "receiving" in ingest.read_text())
    started = threading.Event()
    rogue = threading.Thread(target=flood, args=(broker, started))
    rogue.start()
    assert started.wait(60)
    address = BrokerAddress(
        "localhost",
        broker.port,
        HONEST,
        broker.password(HONEST),
        certificate_authority=broker.authority,
    )
    clock = SystemClock()
    with Journal.open(tmp_path / "journal.db", HONEST, clock) as journal:
        lesson = journal.start_lesson(STARTED).lesson
        journal.append_all([(lesson, Mark(t=n / 10, by="teacher")) for n in range(EVENTS)])
        telemetry = Telemetry(
            journal=journal.path,
            boot=journal.boot,
            device=HONEST,
            broker=address,
            info=INFO,
            clock=clock,
        )
        telemetry.start()
        until(lambda: telemetry.counters["acknowledged"] == EVENTS + 1)
        telemetry.stop()
    rogue.join(120)
    engine = create_engine(f"sqlite:///{tmp_path / 'dashboard.db'}")
    with engine.connect() as connection:
        query = text("SELECT device, count(*), count(DISTINCT id) FROM event GROUP BY device")
        stored = [tuple(row) for row in connection.execute(query)]
    engine.dispose()
    assert [(HONEST, EVENTS + 1, EVENTS + 1)] == stored
    log = ingest.read_text()
    assert (1, False) == (log.count("sends more than any lesson"), "content" in log)
