"""A recording heard at real time while the broker is killed: nothing changes, nothing is lost."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from device_run import DeviceRun
from installed import ROSTER as CLASS_LIST
from installed import Json, demo_sound, denkpauze, lines, wait_until, write_wav
from mosquitto import Mosquitto, skip_without_broker
from sqlalchemy.orm import Session

from dashboard.figures import lesson_summary
from dashboard.store import queries
from dashboard.store.database import open_database
from device.event_lines import event_lines
from device.roster import Roster
from lesson.events import HealthPart, LessonEvent, Question
from lesson.metrics import summarise
from lesson.wire import Envelope

pytestmark = [pytest.mark.broker, pytest.mark.slow]

#: ends of sentences in the demo lesson; between them two names after the question, one glued to
#: it and one before it
FIRST_S, LAST_S = 31.5, 93.3
RUN_TIMEOUT_S = LAST_S - FIRST_S + 120


@dataclass(frozen=True)
class Heard:
    """The same recording heard by ``run``, with what arrived, and by ``analyse``."""

    journal: list[Envelope]
    database: Path
    analysed: list[Json]


def stored(database: Path) -> list[tuple[str, int]]:
    """Boot and number of what the dashboard has, in order of the numbers."""
    if not database.exists():
        return []
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute("SELECT boot, seq FROM event ORDER BY boot, seq").fetchall()
    except sqlite3.OperationalError:  # its tables are not made yet
        return []
    finally:
        connection.close()


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory, start: Callable[..., None]) -> Iterator[Heard]:
    skip_without_broker()
    folder = tmp_path_factory.mktemp("broker")
    recording = write_wav(folder / "deel.wav", demo_sound(FIRST_S, LAST_S))
    database = folder / "dashboard.sqlite"
    with Mosquitto(folder / "mosquitto") as broker, DeviceRun(folder / "device") as device:
        ingest = [sys.executable, "-m", "dashboard.ingest", "--broker", broker.address]
        start(*ingest, "--database", f"sqlite:///{database}")
        mqtt = f'[mqtt]\nenabled = true\nhost = "{broker.host}"\nport = {broker.port}\n'
        device.start(mqtt, "--input", recording)
        device.wait_for(lambda _: len(stored(database)) >= 4, "events arrive")
        broker.kill()
        missed = len(device.events()) + 4
        device.wait_for(lambda events: len(events) >= missed, "the lesson goes on without broker")
        arrived = len(stored(database))
        assert arrived < missed
        broker.start()
        assert 0 == device.wait(RUN_TIMEOUT_S), device.log
        journal = device.envelopes()
        wait_until(lambda: len(stored(database)) >= len(journal), "all has arrived", 90)
        yield Heard(journal, database, analysed(recording, folder))


def analysed(recording: Path, folder: Path) -> list[Json]:
    options = ("--language", "nl", "--roster", CLASS_LIST, "--out", folder / "out")
    done = denkpauze(folder / "home", "analyse", recording, *options)
    assert 0 == done.returncode, done.stderr
    return lines(folder / "out" / f"{recording.stem}.jsonl")


def test_every_event_is_in_the_database_once_and_without_gaps(heard: Heard) -> None:
    boots = {envelope.boot for envelope in heard.journal}
    numbers = [envelope.seq for envelope in heard.journal]
    assert (1, list(range(1, len(numbers) + 1))) == (len(boots), numbers)
    assert [(envelope.boot, envelope.seq) for envelope in heard.journal] == stored(heard.database)


def test_the_dashboard_has_the_same_events_and_figures_as_the_device(heard: Heard) -> None:
    engine = open_database(f"sqlite:///{heard.database}")
    with Session(engine) as session:
        # in order of arrival: what was sent again came later
        entries = queries.lesson_entries(session, "lokaal-12", heard.journal[0].lesson)
    engine.dispose()
    written = [(envelope.id, envelope.event) for envelope in heard.journal]
    assert written == sorted(entries, key=lambda entry: entry[0])
    assert summarise(written) == lesson_summary(entries)


def test_a_recording_heard_at_real_time_gives_the_events_of_its_analysis(heard: Heard) -> None:
    def measured(event: LessonEvent) -> bool:
        return not (event.kind == "health" and event.part is HealthPart.LINK)

    events = [envelope.event for envelope in heard.journal if measured(envelope.event)]
    assert sum(isinstance(event, Question) for event in events) >= 3
    live = event_lines(events, Roster.read(CLASS_LIST))
    assert without_cues(heard.analysed) == without_cues(live)


def without_cues(lines: list[Json]) -> list[Json]:
    """Cues are decided when the words are known: sooner or later, as fast as the machine is."""
    return [line for line in lines if line["type"] != "cue"]
