"""``denkpauze wipe``: nothing of a lesson can be read from the files afterwards (P11, P20)."""

from __future__ import annotations

import queue
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from mosquitto import Mosquitto, free_port
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from device.cli import cli
from device.clock import SystemClock
from device.commands.context import CommandContext
from device.journal import Journal, Outbox
from device.names.enrolled import enrolled_path, write_enrolled
from lesson import topics
from lesson.events import CueMode, LessonStarted, Mark

pytestmark = pytest.mark.broker

STARTED = LessonStarted(
    t=0,
    wall=datetime(2026, 9, 1, 9, 0, tzinfo=UTC),
    clock_synchronised=True,
    mode=CueMode.CUE,
    language="nl",
    recogniser="none",
    software="0.1.0",
)


class Device:
    """A device's folder after two lessons, with everything that it may keep."""

    def __init__(self, folder: Path, broker: str = "") -> None:
        self.data = folder / "data"
        self.settings = folder / "denkpauze.toml"
        self.roster = self.data / "klas.txt"
        self.data.mkdir()
        self.roster.write_text("Fatima\nDaan\n", encoding="utf-8")
        (folder / "password").write_text("geheim\n", encoding="utf-8")
        self.settings.write_text(
            'version = 1\n[device]\nid = "lokaal-12"\ndata_folder = "data"\n'
            f'[lesson]\nroster = "data/klas.txt"\n{broker}',
            encoding="utf-8",
        )
        write_enrolled(enrolled_path(self.data, "nl"), "mark", {"fatima": ("fatie ma",)})
        self.lessons = []
        for _ in range(2):
            with self.journal() as journal:
                lesson = journal.start_lesson(STARTED).lesson
                self.lessons.append(lesson)
                journal.append_all([(lesson, Mark(t=t, by="teacher")) for t in range(200)])

    def journal(self) -> Journal:
        return Journal.open(self.data / "journal.sqlite", "lokaal-12", SystemClock())

    def wipe(self, *arguments: str, answer: str = "") -> Result:
        return CliRunner().invoke(
            cli,
            ["--config", str(self.settings), "wipe", *arguments],
            obj=CommandContext(),
            input=answer,
            standalone_mode=False,
        )

    def keep_hold(self, folder: Path) -> list[Path]:
        """Second names for all files, to see what became of their blocks."""
        folder.mkdir()
        held = []
        for number, path in enumerate(p for p in self.data.rglob("*") if p.is_file()):
            held.append(folder / str(number))
            held[-1].hardlink_to(path)
        return held


def test_nothing_is_left_and_the_blocks_are_overwritten(tmp_path: Path) -> None:
    device = Device(tmp_path)
    held = device.keep_hold(tmp_path / "held")
    (device.data / "journal.sqlite.damaged-20260901T090000-00").write_bytes(b"old")
    done = device.wipe("--yes")
    assert 0 == done.return_value, done.output
    assert [] == [path for path in device.data.rglob("*") if path.is_file()]
    assert not device.settings.exists()
    assert b"" == b"".join(path.read_bytes() for path in held).replace(b"\0", b"")
    assert "2" in done.output
    assert "geheugenkaart" in done.output


def test_no_is_no_and_so_is_no_answer(tmp_path: Path) -> None:
    device = Device(tmp_path)
    for answer in ("n\n", "\n"):
        assert 1 == device.wipe(answer=answer).return_value
    assert isinstance(device.wipe(answer="").exception, click.Abort)
    with device.journal() as journal:
        assert device.lessons == journal.lessons()
    assert 0 == device.wipe(answer="y\n").return_value
    assert not device.roster.exists()


def test_the_settings_may_be_kept(tmp_path: Path) -> None:
    device = Device(tmp_path)
    assert 0 == device.wipe("--yes", "--keep-settings").return_value
    assert device.settings.exists()
    assert not device.roster.exists()


def test_a_class_list_elsewhere_stays_and_is_named(tmp_path: Path) -> None:
    device = Device(tmp_path)
    elsewhere = tmp_path / "elders.txt"
    device.roster.rename(elsewhere)
    device.settings.write_text(device.settings.read_text().replace("data/klas", "elders"))
    done = device.wipe("--yes")
    assert (True, True) == (elsewhere.exists(), "elders.txt" in done.output.replace("\n", ""))


def test_one_lesson_goes_and_the_other_stays(tmp_path: Path) -> None:
    device = Device(tmp_path)
    gone, stays = device.lessons
    held = device.keep_hold(tmp_path / "held")
    assert 0 == device.wipe("--lesson", gone, "--yes").return_value
    files = [*held, *(path for path in device.data.rglob("*") if path.is_file())]
    assert not any(gone.encode() in path.read_bytes() for path in files)
    with device.journal() as journal:
        assert [stays] == journal.lessons()
        assert 201 <= len(journal.events(stays))
    assert device.roster.exists()


def test_a_lesson_that_still_has_to_be_sent_stays(tmp_path: Path) -> None:
    device = Device(tmp_path, '[mqtt]\nenabled = true\nhost = "127.0.0.1"\n')
    refused = device.wipe("--lesson", device.lessons[0], "--yes")
    assert isinstance(refused.exception, OSError)
    assert "not sent yet" in str(refused.exception)
    with Outbox.open(device.data / "journal.sqlite") as outbox:
        for pending in outbox.pending(1000):
            outbox.acknowledge(pending.boot, pending.position[1])
    assert 0 == device.wipe("--lesson", device.lessons[0], "--yes").return_value


@pytest.mark.parametrize("lesson", ["0123456789abcdef", "' OR 1=1 --", ""])
def test_a_lesson_that_is_not_there_is_an_error_and_nothing_goes(
    tmp_path: Path, lesson: str
) -> None:
    device = Device(tmp_path)
    assert isinstance(device.wipe("--lesson", lesson, "--yes").exception, OSError)
    with device.journal() as journal:
        assert device.lessons == journal.lessons()


def test_a_lesson_that_is_going_on_is_not_wiped(tmp_path: Path) -> None:
    device = Device(tmp_path)
    with device.journal() as journal:
        refused = device.wipe("--yes")
        assert "in use" in str(refused.exception)
        assert device.lessons == journal.lessons()


def test_what_the_broker_retains_is_cleared(
    tmp_path: Path, mosquitto: Mosquitto, retained: Callable[[Mosquitto], list[str]]
) -> None:
    device = Device(
        tmp_path, f'[mqtt]\nenabled = true\nhost = "127.0.0.1"\nport = {mosquitto.port}\n'
    )
    client = Client(CallbackAPIVersion.VERSION2)
    client.connect(mosquitto.host, mosquitto.port)
    client.loop_start()
    own = (topics.status("lokaal-12"), topics.info("lokaal-12"), topics.home_assistant("lokaal-12"))
    for topic in (*own, topics.info("lokaal-14")):
        client.publish(topic, b"x", 1, retain=True).wait_for_publish(10)
    client.loop_stop()
    assert 0 == device.wipe("--yes").return_value
    assert [topics.info("lokaal-14")] == retained(mosquitto)


def test_without_the_broker_the_device_is_wiped_and_says_what_is_left(tmp_path: Path) -> None:
    device = Device(tmp_path, f'[mqtt]\nenabled = true\nhost = "127.0.0.1"\nport = {free_port()}\n')
    done = device.wipe("--yes")
    assert 1 == done.return_value
    assert "onthoudt nog de status" in done.output.replace("\n", " ")
    assert not (device.data / "journal.sqlite").exists()


@pytest.fixture
def retained() -> Callable[[Mosquitto], list[str]]:
    """All topics under which a broker retains something."""

    def ask(broker: Mosquitto) -> list[str]:
        end = "end/of/it"
        seen: queue.Queue[str] = queue.Queue()
        client = Client(CallbackAPIVersion.VERSION2)
        client.on_message = lambda _c, _u, message: seen.put(message.topic)
        client.connect(broker.host, broker.port)
        client.subscribe("#")
        client.loop_start()
        client.publish(end, b"x", 1)
        found = list(iter(lambda: seen.get(timeout=20), end))
        client.disconnect()
        client.loop_stop()
        return found

    return ask
