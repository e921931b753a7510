"""Two ingest and two web processes share a school: PostgreSQL, mosquitto, and nothing twice."""

from __future__ import annotations

import http.client
import queue
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from lesson_events import LessonScript
from mosquitto import Mosquitto
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from people import People
from postgresql import PostgreSQL, available
from sqlalchemy import create_engine, text, update

from dashboard.accounts.roles import Role
from dashboard.app import create_app
from dashboard.settings import Settings
from dashboard.store.models import Lesson
from lesson import topics
from lesson.wire import Acknowledgement

pytestmark = [pytest.mark.broker, pytest.mark.slow]

DEVICES = 30


@pytest.fixture
def postgresql() -> Iterator[str]:
    if not available():
        pytest.skip("PostgreSQL is not installed: apt install postgresql")
    with TemporaryDirectory(prefix="pg-") as folder:  # a short path: it holds sockets
        Path(folder).chmod(0o755)
        server = PostgreSQL(Path(folder) / "p")
        server.start()
        yield server.url
        server.stop()


class School:
    """Thirty devices on one connection, which also hears what is acknowledged."""

    def __init__(self, broker: Mosquitto) -> None:
        self.acknowledged: queue.Queue[tuple[str, int]] = queue.Queue()
        self.scripts = [_lesson(number) for number in range(DEVICES)]
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.max_inflight_messages_set(200)
        self._client.on_message = self._heard
        self._client.connect(broker.host, broker.port)
        self._client.subscribe(topics.acknowledgement("+"), 1)
        self._client.loop_start()

    def send(self) -> None:
        """All lessons at once, an event of each device after the other, everything twice."""
        for _ in range(2):
            for envelopes in zip(*(script.envelopes for script in self.scripts), strict=True):
                for envelope in envelopes:
                    topic = topics.event(envelope.device, envelope.lesson)
                    self._client.publish(topic, envelope.to_json(), 1)

    def send_until_acknowledged(self) -> None:
        """As devices do: what nobody acknowledges is sent again."""
        wanted = {script.device: len(script.envelopes) for script in self.scripts}
        for _ in range(20):
            self.send()
            while wanted:
                try:
                    device, upto = self.acknowledged.get(timeout=5)
                except queue.Empty:
                    break
                if upto >= wanted.get(device, upto + 1):
                    del wanted[device]
            if not wanted:
                return
        raise AssertionError(f"never acknowledged: {sorted(wanted)}")

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _heard(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        upto = Acknowledgement.model_validate_json(message.payload).upto
        self.acknowledged.put((topics.device_of(message.topic) or "", upto))


def _lesson(number: int) -> LessonScript:
    script = LessonScript(f"lokaal-{number}", f"01hzlesson{number:06d}", f"{number + 1:016x}")
    script.started()
    for index in range(2):
        script.question_pause_name(20.0 * index + 5, 3.2)
    return script.ended(90)


def test_two_workers_store_the_events_of_thirty_devices_once(
    mosquitto: Mosquitto, postgresql: str, start: Callable, tmp_path: Path, wait_until: Callable
) -> None:
    log = tmp_path / "dashboard.ingest.log"
    workers = [
        start(
            *("dashboard.ingest", "--broker", mosquitto.address, "--database", postgresql),
            *("--group", "school", "--client-id", f"ingest-{number}"),
        )
        for number in (1, 2)
    ]
    wait_until(lambda: log.read_text().count("receiving from") == 2, "both receive")
    school = School(mosquitto)
    school.send_until_acknowledged()
    school.close()
    for worker in workers:
        worker.terminate()
        assert 0 == worker.wait(120)
    engine = create_engine(postgresql)
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT device, count(*), count(DISTINCT id), max(seq) FROM event GROUP BY device")
        ).all()
        marks = dict(connection.execute(text("SELECT device, upto FROM boot")).all())
    engine.dispose()
    expected = {script.device: len(script.envelopes) for script in school.scripts}
    assert {d: (n, n, n) for d, n in expected.items()} == {r[0]: tuple(r[1:]) for r in rows}
    assert expected == marks
    said = [line for line in log.read_text().splitlines() if "stopped:" in line]
    shared = ["stored" in line or "duplicate" in line for line in said]
    assert [True, True] == shared, f"one of the two had nothing to do: {said}"
    assert "database_retry" not in log.read_text()
    assert [DEVICES, DEVICES] == _lessons_listed(postgresql, start, tmp_path, wait_until)


def _lessons_listed(
    database: str, start: Callable, tmp_path: Path, wait_until: Callable
) -> list[int]:
    """How many lessons each of two web processes lists for one log-in, which both know."""
    key = tmp_path / "site.key"
    app = create_app(Settings(database=database, secret_file=key))
    people = People(app)
    teacher = people.account(Role.TEACHER, "sanne")
    with people.parts.writing() as session, session.begin():
        session.execute(update(Lesson).values(owner=teacher))
    way = people.client(teacher).get_cookie("denkpauze")
    people.parts.close()
    for _ in range(2):
        start("dashboard", "--database", database, "--port", "0", "--secret-file", str(key))
    log = tmp_path / "dashboard.log"
    wait_until(lambda: 2 == len(_addresses(log)), "both serve")
    return [_listed(address, f"denkpauze={way.value}") for address in sorted(_addresses(log))]


def _addresses(log: Path) -> set[str]:
    return set(re.findall(r"http://(127\.0\.0\.1:\d+)", log.read_text()))


def _listed(address: str, cookie: str) -> int:
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request("GET", "/lessons", headers={"Cookie": cookie})
    page = connection.getresponse().read().decode()
    connection.close()
    return page.count('<th scope="row">')


def test_a_worker_that_dies_leaves_its_share_to_the_other(
    mosquitto: Mosquitto, postgresql: str, start: Callable, tmp_path: Path, wait_until: Callable
) -> None:
    log = tmp_path / "dashboard.ingest.log"
    first, _ = [
        start(
            *("dashboard.ingest", "--broker", mosquitto.address, "--database", postgresql),
            *("--group", "school", "--client-id", f"ingest-{number}"),
        )
        for number in (1, 2)
    ]
    wait_until(lambda: log.read_text().count("receiving from") == 2, "both receive")
    first.kill()
    first.wait()
    school = School(mosquitto)
    school.send_until_acknowledged()
    school.close()
