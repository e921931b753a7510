"""A rogue account that sends without end: contained, and the others' events arrive all the same."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from device_process import INFO, STARTED
from mosquitto import skip_without_broker
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
LEAST_FLOOD = 50_000
A_SECOND = 10_000
#: in one write
AT_ONCE = 500
EVENTS = 100
SECRET = b'{"content": "that no log may hold"}'


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[SharedBroker]:
    skip_without_broker()
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


def flood(broker: SharedBroker, started: threading.Event, enough: threading.Event) -> None:
    """Rubbish on topics of its own, ``A_SECOND`` messages in each second, until it is enough.

    At last some rubbish that the broker has to acknowledge, behind which nothing is left.
    """
    clock = SystemClock()
    begun_s, sent = clock.monotonic(), 0
    events = topics.event(ROGUE, "lesson00")
    rubbish = published(topics.live(ROGUE)) * (AT_ONCE - 1) + published(events)
    with entered(broker) as line:
        while sent < LEAST_FLOOD or not enough.is_set():
            line.sendall(rubbish)
            sent += AT_ONCE
            clock.sleep(max(0.0, begun_s + sent / A_SECOND - clock.monotonic()))
            if sent >= BURST_MESSAGES:
                started.set()
    with Guest(broker, ROGUE, broker.password(ROGUE), broker.authority) as rogue:
        rogue.publish(events, SECRET)


def entered(broker: SharedBroker) -> ssl.SSLSocket:
    """A connection that the broker has taken, in MQTT by hand."""
    account, password = ROGUE.encode(), broker.password(ROGUE).encode()
    asked = text_of(b"MQTT") + b"\x05\xc2\x00\x3c\x00" + text_of(b"rogue")
    asked += text_of(account) + text_of(password)
    context = ssl.create_default_context(cafile=str(broker.authority))
    plain = socket.create_connection((broker.host, broker.port), timeout=60)
    line = context.wrap_socket(plain, server_hostname=broker.host)
    line.sendall(packet(0x10, asked))
    answer = line.recv(1024)
    assert (0x20, 0) == (answer[0], answer[3]), answer
    return line


def published(topic: str) -> bytes:
    """One message that nobody acknowledges."""
    return packet(0x30, text_of(topic.encode()) + b"\x00" + SECRET)


def packet(kind: int, body: bytes) -> bytes:
    """With its length, which is below 16,384."""
    low, high = len(body) % 128, len(body) // 128
    return bytes([kind, low | 0x80, high] if high else [kind, low]) + body


def text_of(content: bytes) -> bytes:
    return len(content).to_bytes(2, "big") + content


def test_events_of_others_arrive_once_through_a_flood(
    broker: SharedBroker, ingest: Path, tmp_path: Path
) -> None:
    until(lambda: "receiving" in ingest.read_text())
    started, enough = threading.Event(), threading.Event()
    rogue = threading.Thread(target=flood, args=(broker, started, enough))
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
    enough.set()
    rogue.join(120)
    engine = create_engine(f"sqlite:///{tmp_path / 'dashboard.db'}")
    with engine.connect() as connection:
        query = text("SELECT device, count(*), count(DISTINCT id) FROM event GROUP BY device")
        stored = [tuple(row) for row in connection.execute(query)]
    engine.dispose()
    assert [(HONEST, EVENTS + 1, EVENTS + 1)] == stored
    log = ingest.read_text()
    assert (1, False) == (log.count("sends more than any lesson"), "content" in log)
