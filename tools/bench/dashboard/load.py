"""A school at work: thirty devices, two hundred viewers, one web process, a real mosquitto."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from dashboard.accounts.identity import digest, new_secret
from dashboard.accounts.models import Account, Login, Watch
from dashboard.accounts.roles import Role
from dashboard.app import create_app
from dashboard.clock import SystemClock
from dashboard.inbox import Accepted
from dashboard.parts import EXTENSION
from dashboard.settings import Settings
from dashboard.store import queries
from dashboard.store.database import open_database
from dashboard.store.models import Device, StoredEvent
from dashboard.store.writer import store
from lesson import topics
from lesson.wire import DeviceStatus, Envelope, LiveState
from tests.support.mosquitto import Mosquitto
from tools.bench.dashboard.long_lesson import Lesson
from tools.bench.dashboard.programs import Program, wait_for
from tools.bench.dashboard.school import cookie
from tools.bench.dashboard.viewers import Arrivals, Ticket, Viewers
from tools.bench.figures import Figure

STEP_S = 0.5
#: of so many messages one is an event: 400 in fifty minutes
EVENT_EVERY = 15
#: questions that each lesson has had before we look, and those that it has in all
BEFORE, QUESTIONS = 12, 24
#: messages of each device before the measuring begins
WARM_UP = 4
LAST_ARRIVES_S = 3.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it: the figures that must be reached are those of the default."""

    devices: int = 30
    viewers: int = 200
    seconds: float = 60.0

    @property
    def steps(self) -> int:
        return int(self.seconds / STEP_S)


@dataclass(frozen=True, slots=True)
class Sent:
    """When each live state was published, by device and length; and how many events went out."""

    live: dict[tuple[str, float], float]
    events: int


def load_figures(size: Size) -> dict[str, Figure]:
    """Run it and measure.

    Raises:
        RuntimeError: a program did not start.
        TimeoutError: a viewer got nothing at all.
    """
    with tempfile.TemporaryDirectory(prefix="denkpauze-load-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/dashboard.sqlite3"
        engine = open_database(url, writing=True)
        lessons = [_lesson(number) for number in range(size.devices)]
        tickets = _fill(engine, url, lessons, size.viewers + 1)
        with (
            Mosquitto(folder / "broker") as broker,
            Program(
                *(folder, "receiving from", "dashboard.ingest"),
                *("--broker", broker.address, "--database", url),
            ) as ingest,
            Program(
                *(folder, r"http://[0-9.:]+", "dashboard", "--database", url),
                *("--port", "0", "--viewers", str(size.viewers + 1)),
            ) as web,
        ):
            wait_for(lambda: _receives(engine), "ingest receives")
            port = urlsplit(web.said).port
            assert port is not None
            with Viewers(port, tickets[1:], stalled=tickets[0]) as viewers:
                before = (ingest.cpu_s, web.cpu_s, time.monotonic())
                sent = _publish(broker, lessons, size.steps)
                time.sleep(LAST_ARRIVES_S)
                passed_s = time.monotonic() - before[2]
                costs = {
                    "viewer_cpu": Figure((web.cpu_s - before[1]) / passed_s / size.viewers),
                    "message_cpu_s": Figure(
                        (ingest.cpu_s - before[0]) / (len(sent.live) + sent.events)
                    ),
                    "web_peak_mb": Figure(web.peak_bytes / 1e6),
                }
                arrivals = viewers.arrivals()
        kept = _events(engine) - size.devices * len(_first(lessons[0]))
        engine.dispose()
    watched = [ticket.device for ticket in tickets[1:]]
    return {
        **_delivery(arrivals, watched, sent),
        "events_kept": Figure(kept / sent.events, n=sent.events),
        **costs,
    }


def _lesson(number: int) -> Lesson:
    return replace(
        Lesson(),
        device=f"lokaal-{number}",
        lesson=f"01hzload{number:06d}",
        boot=f"{number:08x}000000e1",
        questions=QUESTIONS,
        seed=number,
    )


def _first(lesson: Lesson) -> list[Envelope]:
    """What has happened already."""
    return lesson.envelopes()[: 400 * BEFORE // 48]


def _fill(engine: Engine, url: str, lessons: Sequence[Lesson], viewers: int) -> list[Ticket]:
    """A teacher for each device, and trainers who may watch; their ways in."""
    now = SystemClock().now()
    secrets = [new_secret() for _ in range(viewers)]
    devices = [lessons[number % len(lessons)].device for number in range(viewers)]
    with Session(engine) as session, session.begin():
        for lesson in lessons:
            teacher = _account(session, Role.TEACHER, lesson.device)
            session.add(Device(id=lesson.device, first_seen=now, owner=teacher))
        session.flush()
        for number, (secret, device) in enumerate(zip(secrets, devices, strict=True)):
            trainer = _account(session, Role.TRAINER, f"trainer-{number}")
            until = now + timedelta(hours=3)
            session.add(Watch(device=device, account=trainer, asked=now, allowed_until=until))
            session.add(Login(digest=digest(secret), account=trainer, created=now, expires=until))
    for lesson in lessons:
        status = DeviceStatus(state="ready", boot=lesson.boot, lesson=lesson.lesson)
        batch = [Accepted(lesson.device, each) for each in (status, *_first(lesson))]
        store(engine, batch, now)
    app = create_app(Settings(database=url))
    ways = [cookie(app, secret) for secret in secrets]
    app.extensions[EXTENSION].close()
    return [
        Ticket(f"{way['name']}={way['value']}", device)
        for way, device in zip(ways, devices, strict=True)
    ]


def _account(session: Session, role: Role, name: str) -> int:
    now = SystemClock().now()
    account = Account(name=name, full_name=name, role=role.value, password_hash="-", created=now)
    session.add(account)
    session.flush()
    return account.id


def _receives(engine: Engine) -> bool:
    with Session(engine) as session:
        state = queries.receiver_state(session)
        return state is not None and state.connected


def _events(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(StoredEvent)) or 0


def _publish(broker: Mosquitto, lessons: Sequence[Lesson], steps: int) -> Sent:
    """Two messages a second of each device, evenly spread, as long as it lasts."""
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.connect(broker.host, broker.port)
    client.loop_start()
    rest = [iter(lesson.envelopes()[len(_first(lesson)) :]) for lesson in lessons]
    live: dict[tuple[str, float], float] = {}
    events = 0
    began = time.monotonic()
    for step in range(steps):
        for number, lesson in enumerate(lessons):
            due = began + STEP_S * (step + number / len(lessons))
            time.sleep(max(0.0, due - time.monotonic()))
            event = next(rest[number], None) if step % EVENT_EVERY == EVENT_EVERY - 1 else None
            if event is not None:
                topic = topics.event(lesson.device, lesson.lesson)
                client.publish(topic, event.to_json(), 1)
                events += 1
                continue
            think_s = round((step + 1) / 100, 2)
            state = LiveState(
                lesson=lesson.lesson, t=600 + step, phase="named", think_s=think_s, target_s=3
            )
            if step >= WARM_UP:
                live[lesson.device, think_s] = time.monotonic()
            client.publish(topics.live(lesson.device), state.model_dump_json())
    client.disconnect()
    client.loop_stop()
    return Sent(live, events)


def _delivery(arrivals: Arrivals, watched: Sequence[str], sent: Sent) -> dict[str, Figure]:
    """The share of all states that every viewer of their device got, and how soon."""
    delays: list[float] = []
    wanted = 0
    for got, device in zip(arrivals, watched, strict=True):
        first = {}
        for name, think_s, moment in got:
            first.setdefault((name, think_s), moment)
        ours = {key: moment for key, moment in sent.live.items() if key[0] == device}
        wanted += len(ours)
        delays += [first[key] - moment for key, moment in ours.items() if key in first]
    return {
        "live_delivered": Figure(len(delays) / wanted, n=wanted),
        "publish_to_browser_p50_s": Figure(float(np.percentile(delays, 50)), n=len(delays)),
        "publish_to_browser_p95_s": Figure(float(np.percentile(delays, 95)), n=len(delays)),
    }
