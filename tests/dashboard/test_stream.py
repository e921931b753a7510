"""The running web server: its live stream, its limits and its end."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lesson_events import a_lesson
from sqlalchemy import Engine

from dashboard.clock import SystemClock
from dashboard.inbox import Accepted
from dashboard.live import DISMISSED, HEARTBEAT, RETRY, LiveHub, Snapshot, Ticket, Viewer
from dashboard.store.writer import store, store_receiver_state
from lesson.wire import LiveState

pytestmark = [pytest.mark.process, pytest.mark.slow]

DEVICE = "lokaal-12"
VIEWERS = 10


class Stream:
    """One connection to the live stream."""

    def __init__(self, port: int, path: str, cookie: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._connection.request("GET", path, headers={"Cookie": cookie})
        self.response = self._connection.getresponse()

    def block(self) -> str:
        """The next block of the stream, without its empty line."""
        lines = []
        while (line := self.response.readline().decode()) not in ("\n", ""):
            lines.append(line.rstrip("\n"))
        return "\n".join(lines)

    def message(self) -> tuple[int, dict]:
        """The next event, with its id."""
        while not (block := self.block()).startswith("id: "):
            assert block, "the stream ended"
        number, data = block.split("\n", 1)
        return int(number.removeprefix("id: ")), json.loads(data.removeprefix("data: "))

    def close(self) -> None:
        self.response.close()
        self._connection.close()


class Server:
    """The web server as a process, and the database that it reads."""

    def __init__(self, process: subprocess.Popen[bytes], link: str, engine: Engine) -> None:
        self.process = process
        address = urlsplit(link)
        assert address.port is not None
        self.port = address.port
        self.cookie = self._enter(address.path)
        self._engine = engine
        store_receiver_state(engine, connected=True, now=SystemClock().now())

    def _enter(self, path: str) -> str:
        """Follow the link that lets in; the cookie that it gives."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        cookie = connection.getresponse().headers["Set-Cookie"].split(";")[0]
        connection.close()
        return cookie

    def live(self, phase: str, think_s: float | None = None) -> None:
        live = LiveState(lesson="01hzdemolesson0001", t=9, phase=phase, think_s=think_s, target_s=3)
        store(self._engine, [Accepted(DEVICE, live)], SystemClock().now())


@pytest.fixture
def server(
    start: Callable, database: str, engine: Engine, tmp_path: Path, wait_until: Callable
) -> Server:
    options = ("--port", "0", "--viewers", str(VIEWERS), "--demo", DEVICE)
    process = start("dashboard", "--database", database, *options)
    log = tmp_path / "dashboard.log"
    wait_until(lambda: "http://" in log.read_text() or process.poll() is not None, "it serves")
    return Server(process, log.read_text().strip(), engine)


@pytest.fixture
def stream(server: Server) -> Iterator[Callable[..., Stream]]:
    opened: list[Stream] = []

    def connect(path: str = "/live/stream") -> Stream:
        opened.append(Stream(server.port, path, server.cookie))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


def test_a_viewer_gets_the_whole_state_at_once_and_each_change(
    server: Server, stream: Callable
) -> None:
    server.live("think", 0.5)
    viewer = stream()
    headers = viewer.response.headers
    assert ("text/event-stream", "no-cache", "no") == (
        headers.get_content_type(),
        headers["Cache-Control"],
        headers["X-Accel-Buffering"],
    )
    assert "retry: 1000" == viewer.block()
    first, state = viewer.message()
    assert ("listening", "think", True) == (state["status"], state["phase"], state["running"])
    assert state["think_s"] >= 0.5
    server.live("named")
    second, state = viewer.message()
    assert ("named", False) == (state["phase"], state["running"])
    assert second > first


def test_all_viewers_get_the_same_bytes_of_one_tick(server: Server, stream: Callable) -> None:
    server.live("listening")
    viewers = [stream() for _ in range(VIEWERS)]
    for viewer in viewers:
        viewer.message()
    server.live("named")
    assert 1 == len({viewer.message()[0] for viewer in viewers})


def test_a_quiet_stream_still_says_that_it_is_there(server: Server, stream: Callable) -> None:
    viewer = stream()
    viewer.message()
    assert "event: beat" == viewer.block().splitlines()[0]


def test_full_is_full_and_the_other_pages_go_on(server: Server, stream: Callable) -> None:
    viewers = [stream() for _ in range(VIEWERS)]
    for viewer in viewers:
        viewer.message()
    refused = stream()
    assert (503, "10") == (refused.response.status, refused.response.headers["Retry-After"])
    page = stream("/lessons")
    assert 200 == page.response.status


def test_a_viewer_who_left_makes_place(
    server: Server, stream: Callable, wait_until: Callable
) -> None:
    viewers = [stream() for _ in range(VIEWERS)]
    for viewer in viewers:
        viewer.message()
    viewers[0].close()

    def there_is_place() -> bool:
        server.live("listening")  # something must be written for a departure to be noticed
        return stream().response.status == 200

    wait_until(there_is_place, "the place is free")


def test_sigterm_ends_it_in_good_order_with_viewers_connected(
    server: Server, stream: Callable
) -> None:
    viewer = stream()
    viewer.message()
    server.process.send_signal(signal.SIGTERM)
    assert 0 == server.process.wait(20)


def test_a_port_in_use_is_one_clear_line(
    server: Server, start: Callable, tmp_path: Path, database: str
) -> None:
    log = tmp_path / "dashboard.log"
    before = log.read_text()
    second = start("dashboard", "--database", database, "--port", str(server.port))
    assert 1 == second.wait(20)
    line = log.read_text().removeprefix(before).strip()
    assert line.startswith(f"dashboard: cannot listen on 127.0.0.1 port {server.port}")
    assert "\n" not in line


def test_a_slow_viewer_keeps_only_the_newest_frame() -> None:
    viewer = Viewer(DEVICE, SystemClock())
    frames = viewer.frames(heartbeat_s=0.01)
    assert RETRY == next(frames)
    for frame in (b"a", b"b", b"c"):
        viewer.offer(frame)
    assert (b"c", 2) == (next(frames), viewer.replaced)
    assert HEARTBEAT == next(frames)


def test_a_database_that_fails_is_shown_as_a_lost_link_and_recovers(wait_until: Callable) -> None:
    answers = iter((Snapshot({"status": "listening"}, {}), None, Snapshot({"status": "off"}, {})))
    turn = SystemClock()
    last = Snapshot({"status": "off"}, {})

    def read(devices: Collection[str]) -> dict[str, Snapshot]:
        answer = next(answers, last)
        if answer is None:
            raise OSError("gone")
        return dict.fromkeys(devices, answer)

    hub = LiveHub(read, turn, tick_s=0.05, viewers=1)
    viewer = hub.join(DEVICE)
    frames = viewer.frames(heartbeat_s=5)
    next(frames)
    seen = [json.loads(next(frames).decode().split("data: ")[1])["status"] for _ in range(3)]
    hub.close()
    assert ["listening", "link_lost", "off"] == seen
    assert 1 == hub.failures


def refuse(_tickets: Collection[Ticket]) -> set[Ticket]:
    return set()


def fail(_tickets: Collection[Ticket]) -> set[Ticket]:
    raise OSError("the database is away")


@pytest.mark.parametrize(("check", "last"), [(refuse, [DISMISSED]), (fail, [])])
def test_who_may_watch_no_longer_hears_so_and_who_cannot_be_checked_may_try_again(
    check: Callable, last: list[bytes]
) -> None:
    hub = LiveHub(lambda _devices: {}, SystemClock(), tick_s=0.05, viewers=1, check=check)
    viewer = hub.join(DEVICE, ("a log-in", DEVICE))
    assert [RETRY, *last] == list(viewer.frames(heartbeat_s=5))
    hub.close()


def test_many_events_of_a_lesson_are_one_state(server: Server, stream: Callable) -> None:
    script = a_lesson()
    store(server._engine, [Accepted(e.device, e) for e in script.envelopes], SystemClock().now())
    _, state = stream(f"/live/stream?device={DEVICE}").message()
    assert 8 == state["lesson"]["questions"]
