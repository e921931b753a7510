"""The demo as a newcomer starts it: a real lesson, its live page, and nothing left behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from installed import demo_truth, environment, journal, wait_until
from mosquitto import available

from lesson.events import Cue, Pause, Signal
from tools.bench.demo_process import DemoProcess
from tools.bench.live_page import chromium, live_page

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not available(), reason="mosquitto is not installed"),
]

SPEED = 8
STOP_TIMEOUT_S = 60.0


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[DemoProcess]:
    """The demo in real time."""
    with DemoProcess(tmp_path, environment=environment(tmp_path / "home")) as process:
        yield process


def children(pid: int) -> set[int]:
    """All processes below this one."""
    try:
        own = {
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        }
    except OSError:  # it has just ended
        return set()
    return own.union(*(children(child) for child in own))


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"  # it has ended, and only its new parent has not noticed


def opened(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
    read(connection)  # only now are the files really open
    return connection


def read(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT kind FROM event ORDER BY number").fetchall()
    return [kind for (kind,) in rows]


def kinds(database: Path) -> list[str]:
    """Kinds of the events that the dashboard has so far."""
    try:
        with closing(opened(database)) as connection:
            return read(connection)
    except sqlite3.OperationalError:  # neither file nor tables are there yet
        return []


def pause_is_open(path: Path) -> bool:
    """Whether the lesson waits for a name: a signal was given and its pause is not written."""
    events = [envelope.event for envelope in journal(path)]
    signals = [event for event in events if isinstance(event, Cue) and event.signal is Signal.WAIT]
    ended = {event.t for event in events if isinstance(event, Pause)}
    return bool(signals) and signals[-1].question_end not in ended


@pytest.mark.browser
@pytest.mark.skipif(chromium() is None, reason="Chromium is not installed")
def test_a_pause_runs_on_the_page_while_it_runs_in_the_lesson(demo: DemoProcess) -> None:
    with live_page(demo.url) as page:
        first, later = page.running_pause(timeout_s=120)
        assert pause_is_open(demo.journal)
        assert later.width > first.width
        page.wait_for_episodes(later.episodes + 1)
        assert [] == page.problems


@pytest.mark.process
def test_ctrl_c_in_a_lesson_leaves_no_process_and_no_file_behind(demo: DemoProcess) -> None:
    # the lesson has begun once its first event is in the dashboard's database
    wait_until(lambda: len(kinds(demo.database)) > 0, "the lesson begins")
    started = children(demo.pid)
    assert len(started) >= 3, started  # broker, receiver, pages
    demo.interrupt()
    assert 0 == demo.wait(STOP_TIMEOUT_S), demo.output
    assert "Traceback" not in demo.output
    wait_until(lambda: not any(map(alive, started)), "all of them have ended", 10)
    # the sound server's library may leave a folder of its own
    assert [] == list(demo.temporary.glob("denkpauze*"))


@pytest.mark.process
def test_the_demo_plays_to_its_end_and_stores_the_lesson(tmp_path: Path) -> None:
    home = environment(tmp_path / "home")
    with DemoProcess(tmp_path, "--speed", str(SPEED), environment=home) as demo:
        assert demo.url.startswith("http://127.0.0.1:")
        wait_until(lambda: len(kinds(demo.database)) > 0, "the lesson begins")
        # what is open can be read although the demo removes its files at the end
        with closing(opened(demo.database)) as database:
            assert 0 == demo.wait(demo_truth()["duration_s"] / SPEED + 120), demo.output
            stored = read(database)
    assert ("lesson_started", "lesson_ended") == (stored[0], stored[-1])
    assert stored.count("question") >= 0.8 * len(demo_truth()["questions"])
    assert "Traceback" not in demo.output
