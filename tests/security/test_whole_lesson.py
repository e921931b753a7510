"""A whole lesson under watch: what the kernel, the broker and the logs saw of it (P1–P4, P17, P21).

The real command hears the demo lesson, sends it through a real broker to the real ingest, and
crashes at the end with all that was said as the text of the error.
"""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import traced
from installed import LESSON, ROSTER, demo_sound, demo_truth, environment, journal, wait_until
from mosquitto import Mosquitto, available
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from device.texts import DUTCH

pytestmark = [pytest.mark.process, pytest.mark.slow]

SUPPORT = Path(__file__).parents[1] / "support" / "hasty_device.py"
SETTINGS = """version = 1
[device]
id = "lokaal-12"
data_folder = "data"
[mqtt]
enabled = true
host = "127.0.0.1"
port = {port}
[outputs]
light = false
buttons = false
"""
#: what is said there by us, in words that a teacher uses as well
OURS = {"printed": DUTCH.values(), "broker": ["Success. Plugin of"]}
NAMES = ROSTER.read_text(encoding="utf-8").split()


@dataclass(frozen=True)
class Seen:
    """One lesson from all sides.

    Attributes:
        trace: of the device.
        folder: of the device's settings.
        port: of the broker.
        texts: what was printed, logged, sent and stored, by where it was found.
    """

    trace: traced.Trace
    folder: Path
    port: int
    texts: dict[str, str]


class Tap:
    """Hears everything that goes through a broker."""

    def __init__(self, broker: Mosquitto) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = lambda _c, _u, m: self.heard.append((m.topic, m.payload))
        self._client.connect(broker.host, broker.port)
        self._client.subscribe("#", 1)
        self._client.loop_start()

    @property
    def events(self) -> int:
        return sum(topic.endswith("/event") for topic, _ in self.heard)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    if not available() or traced.STRACE is None:
        pytest.skip("mosquitto or strace is not installed: apt install mosquitto strace")
    folder = tmp_path_factory.mktemp("lesson")
    log, ingest_log = folder / "trace", folder / "ingest.log"
    with Mosquitto(folder / "mosquitto") as broker, ingest_log.open("wb") as told:
        (folder / "denkpauze.toml").write_text(SETTINGS.format(port=broker.port))
        tap = Tap(broker)
        stored = ["--database", f"sqlite:///{folder / 'dashboard.sqlite'}"]
        ingest = subprocess.Popen(
            [sys.executable, "-m", "dashboard.ingest", "--broker", broker.address, *stored],
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
        )
        try:
            printed = heard_by_device(folder, log)
            written = journal(folder / "data" / "journal.sqlite")
            wait_until(lambda: tap.events >= len(written), "all has been sent")
        finally:
            ingest.terminate()
            ingest.wait()
            tap.close()
        texts = {
            "printed": printed,
            "ingest": ingest_log.read_text(encoding="utf-8"),
            "broker": broker.log.read_text(encoding="utf-8"),
            "mqtt": "".join(f"{topic} {payload.decode()}\n" for topic, payload in tap.heard),
            "journal": dump(folder / "data" / "journal.sqlite"),
            "database": dump(folder / "dashboard.sqlite"),
        }
    return Seen(traced.read(log), folder, broker.port, texts)


def heard_by_device(folder: Path, log: Path) -> str:
    """What the device printed from the beginning of the lesson to its crash."""
    said = folder / "said"
    said.write_text(" ".join([*words(), *NAMES]), encoding="utf-8")
    command = [*traced.command(log), sys.executable, SUPPORT, said]
    command += ["--config", folder / "denkpauze.toml", "run", "--language", "nl"]
    process = subprocess.Popen(
        [*map(str, command), "--roster", str(ROSTER), "--input", str(LESSON)],
        env=environment(folder / "home", PYTHONDONTWRITEBYTECODE="1"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    printed, _ = process.communicate(timeout=300)
    wait_until(lambda: traced.over(log, process.pid), "the trace is written")
    return printed


def dump(database: Path) -> str:
    with closing(sqlite3.connect(database)) as connection:
        return "\n".join(connection.iterdump())


def words(*texts: str) -> set[str]:
    """All words of the texts, else of all that is said in the lesson."""
    said = texts or [utterance["text"] for utterance in demo_truth()["utterances"]]
    return set(re.findall(r"\w+", " ".join(said).casefold()))


def test_the_lesson_was_measured_sent_and_stored(seen: Seen) -> None:
    assert 200 < len(words())
    assert "the lesson ended with status 0" in seen.texts["printed"]
    for place in ("mqtt", "journal", "database"):
        assert 10 <= seen.texts[place].count("denkpauze" if place == "mqtt" else "INSERT"), place
    for kind in ("question", "pause", "name"):
        assert f'"kind":"{kind}"' in seen.texts["mqtt"]


def test_only_the_journal_is_written(seen: Seen) -> None:
    written = {path for path in seen.trace.opened if not traced.is_allowed(path, seen.folder)}
    assert set() == written
    mapped = seen.trace.mapped - {str(seen.folder / "data" / "journal.sqlite-shm")}
    assert set() == {path for path in mapped if not path.startswith("/memfd:")}


def test_nothing_that_is_written_or_sent_is_sound(seen: Seen) -> None:
    sound = demo_sound()
    assert set() == traced.holders(seen.trace, sound)
    everything = sum(map(len, seen.trace.written.values()))
    assert 0 < everything < sound.nbytes / 2


def test_the_device_talks_to_its_broker_only(seen: Seen) -> None:
    away = [each for each in seen.trace.connected if "AF_INET" in each and "127.0.0.1" not in each]
    assert [] == away
    assert any(f"htons({seen.port})" in each for each in seen.trace.connected)


@pytest.mark.parametrize("place", ["printed", "ingest", "broker", "mqtt", "journal", "database"])
def test_no_name_and_no_word_of_the_lesson_is_found(seen: Seen, place: str) -> None:
    found = words(seen.texts[place])
    assert set() == {name.casefold() for name in NAMES} & found
    assert set() == (words() & found) - words(*OURS.get(place, ()))


def test_the_crash_is_told_by_its_place(seen: Seen) -> None:
    last = seen.texts["printed"].splitlines()[-2:]
    assert ["thread afterwards ended with KeyError at", "the program ended with KeyError at"] == [
        line.removeprefix("denkpauze: ").partition(" at ")[0] + " at" for line in last
    ]
