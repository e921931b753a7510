"""What one event costs on its way into a real PostgreSQL; ``docs/scale.md`` reckons with it."""

from __future__ import annotations

import socket
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from sqlalchemy import Engine, create_engine, text

from dashboard.clock import SystemClock
from dashboard.inbox import Accepted
from dashboard.store.database import open_database
from dashboard.store.writer import store
from lesson import topics
from lesson.wire import Acknowledgement, LiveState
from tests.support.mosquitto import Mosquitto
from tests.support.postgresql import PostgreSQL
from tools.bench.dashboard.long_lesson import EVENTS, Lesson
from tools.bench.dashboard.programs import Program, wait_for
from tools.bench.figures import Figure

#: 8,000 events: ingest takes 10,000 into memory, and devices would send what is more again
LESSONS = 20
BATCH = 50
BATCHES = 40
STORED_TIMEOUT_S = 600.0
#: places in Linux's ``struct tcp_info``: bytes acknowledged by the other side, and received
_ACKNOWLEDGED, _RECEIVED = 120, 128


def scale_figures() -> dict[str, Figure]:
    """Wire, rows and processor time of an event, on a PostgreSQL that waits for the disk.

    Raises:
        RuntimeError: a program did not start.
        TimeoutError: ingest did not store what it was sent.
    """
    with tempfile.TemporaryDirectory(prefix="pg-") as name, _database(Path(name) / "p") as url:
        folder = Path(name)
        engine = open_database(url, writing=True)
        lessons = [_lesson(number) for number in range(LESSONS)]
        with Mosquitto(folder / "broker", persistence=False) as broker:
            arguments = ("--broker", broker.address, "--database", url)
            with Program(folder, "receiving from", "dashboard.ingest", *arguments):
                pass  # its subscription stays at the broker, and what is sent now waits there
            wire_bytes, live_bytes = _send(broker, lessons)
            with Program(folder, "receiving from", "dashboard.ingest", *arguments) as ingest:
                per_s = _stored_per_s(engine)
                cpu_s = ingest.cpu_s
        live_per_s = _live_per_s(engine, [lesson.device for lesson in lessons])
        stored = LESSONS * EVENTS
        bytes_of = _table_bytes(engine)
        engine.dispose()
    return {
        "event_wire_kb": Figure(wire_bytes / stored / 1000, n=stored),
        "live_wire_kb": Figure(live_bytes / 1000),
        "event_database_kb": Figure(bytes_of["event"] / stored / 1000, n=stored),
        "lesson_database_kb": Figure(sum(bytes_of.values()) / LESSONS / 1000, n=LESSONS),
        "ingest_events_per_s": Figure(per_s, n=stored),
        "event_cpu_s": Figure(cpu_s / stored, n=stored),
        "ingest_live_per_s": Figure(live_per_s, n=BATCH * BATCHES),
    }


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    folder.parent.chmod(0o755)  # PostgreSQL has an account of its own, which must get there
    server = PostgreSQL(folder, durable=True)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def _lesson(number: int) -> Lesson:
    return replace(
        Lesson(),
        device=f"lokaal-{number}",
        lesson=f"01hzscale{number:06d}",
        boot=f"{number:08x}000000d1",
        seed=number,
    )


def _send(broker: Mosquitto, lessons: Sequence[Lesson]) -> tuple[float, float]:
    """Publish all events as devices do, and some live states.

    Returns:
        Bytes that went either way for all events, and for one live state, without TCP's own.
    """
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.connect(broker.host, broker.port)
    client.loop_start()
    wait_for(client.is_connected, "the broker answers")
    topic = topics.live(lessons[0].device)
    state = LiveState(lesson=lessons[0].lesson, t=1234.5, phase="think", think_s=2.1, target_s=3)
    begun = _travelled(client)
    for _ in range(BATCH):
        client.publish(topic, state.model_dump_json())
    client.publish(topics.event("x", "y"), "", 1).wait_for_publish(STORED_TIMEOUT_S)
    before = _travelled(client)
    sent = [
        client.publish(topics.event(e.device, e.lesson), e.to_json(), 1)
        for lesson in lessons
        for e in lesson.envelopes()
    ]
    for each in sent:
        each.wait_for_publish(STORED_TIMEOUT_S)
    travelled = _travelled(client) - before
    client.disconnect()
    client.loop_stop()
    answer = Acknowledgement(boot=lessons[0].boot, upto=EVENTS).model_dump_json()
    answers = len(sent) * (len(answer) + len(topics.acknowledgement("lokaal-12")) + 8)
    return travelled + answers, (before - begun) / BATCH


def _travelled(client: Client) -> int:
    """Payload of the connection so far: acknowledged by the broker, and received from it."""
    link = client.socket()
    assert isinstance(link, socket.socket)
    figures = link.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 192)
    return sum(int.from_bytes(figures[at : at + 8], "little") for at in (_ACKNOWLEDGED, _RECEIVED))


def _stored_per_s(engine: Engine) -> float:
    """Events a second from the first look at which some were stored to the last."""
    wait_for(lambda: _count(engine) > 0, "the first event is stored", STORED_TIMEOUT_S)
    began, there = time.monotonic(), _count(engine)
    wait_for(lambda: _count(engine) >= LESSONS * EVENTS, "all are stored", STORED_TIMEOUT_S)
    return (LESSONS * EVENTS - there) / (time.monotonic() - began)


def _count(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM event")) or 0)


def _live_per_s(engine: Engine, devices: Sequence[str]) -> float:
    """Live states a second, in the batches in which ingest stores them when it has much to do."""
    now = SystemClock().now()
    began = time.monotonic()
    for number in range(BATCHES):
        batch = [
            Accepted(
                devices[(number * BATCH + at) % len(devices)],
                LiveState(lesson="01hzscale000001", t=number, phase="listening", target_s=3),
            )
            for at in range(BATCH)
        ]
        store(engine, batch, now)
    return BATCH * BATCHES / (time.monotonic() - began)


def _table_bytes(engine: Engine) -> dict[str, int]:
    """Tables with their indexes, as they lie on the disk after tidying."""
    plain = create_engine(engine.url, isolation_level="AUTOCOMMIT")
    sizes = {}
    with plain.connect() as connection:
        for table in ("event", "lesson", "boot"):
            connection.execute(text(f"VACUUM FULL {table}"))
            size = connection.scalar(text("SELECT pg_total_relation_size(:name)"), {"name": table})
            sizes[table] = int(size or 0)
    plain.dispose()
    return sizes
