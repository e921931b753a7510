"""Fixtures of the dashboard's tests: databases, clocks and running processes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from mosquitto import Mosquitto
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dashboard import i18n
from dashboard.store import queries
from dashboard.store.database import open_database

WAIT_S = 30.0

Start = Callable[..., subprocess.Popen[bytes]]


class SteppedClock:
    """A clock that moves when a test moves it."""

    def __init__(self, now: datetime = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)) -> None:
        self._now = now
        self._monotonic = 100.0

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def monotonic(self) -> float:
        return self._monotonic

    def now(self) -> datetime:
        return self._now

    def wait(self, condition: object, timeout_s: float | None) -> bool:
        self.advance(timeout_s or 0)
        return False

    def sleep(self, seconds: float) -> None:
        self.advance(seconds)


def wait_until(claim: Callable[[], bool], what: str) -> None:
    """Poll until the claim holds; fails with ``what`` after half a minute."""
    deadline = time.monotonic() + WAIT_S
    while not claim():
        assert time.monotonic() < deadline, f"still not so after {WAIT_S:.0f} s: {what}"
        time.sleep(0.02)


@pytest.fixture(name="wait_until")
def wait_until_fixture() -> Callable[[Callable[[], bool], str], None]:
    return wait_until


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """A real browser; the test is skipped where there is none."""
    from chromium import launched  # only here: other tests need no Playwright

    with launched() as browser:
        yield browser


@pytest.fixture
def in_english() -> Iterator[None]:
    """Words and figures are written as on an English page."""
    yield from _page_in("en")


@pytest.fixture
def in_dutch() -> Iterator[None]:
    """Words and figures are written as on a Dutch page."""
    yield from _page_in("nl")


def _page_in(language: str) -> Iterator[None]:
    app = Flask("dashboard")
    i18n.install(app, "Europe/Amsterdam")
    with app.test_request_context(f"/?lang={language}"):
        yield


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The address of a database of this test's own, not created yet."""
    return f"sqlite:///{tmp_path / 'dashboard.sqlite3'}"


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    opened = open_database(database, writing=True)
    yield opened
    opened.dispose()


@pytest.fixture
def receiving(database: str) -> Callable[[], bool]:
    """Whether ingest says in the database that it receives; before that, messages are lost."""

    def ask() -> bool:
        opened = open_database(database)
        with Session(opened) as session:
            state = queries.receiver_state(session)
        opened.dispose()
        return state is not None and state.connected

    return ask


@pytest.fixture
def site(
    mosquitto: Mosquitto,
    database: str,
    start: Start,
    tmp_path: Path,
    receiving: Callable[[], bool],
) -> Callable[..., str]:
    """Start ingest and the pages with these options; returns what the pages print then."""

    def serve(*options: str) -> str:
        start("dashboard.ingest", "--broker", mosquitto.address, "--database", database)
        start("dashboard", "--database", database, "--port", "0", *options)
        log = tmp_path / "dashboard.log"
        wait_until(lambda: "http://" in log.read_text(), "the pages are served")
        wait_until(receiving, "ingest receives")
        return log.read_text().strip()

    return serve


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start ``python -m MODULE ARGUMENTS…``; all are ended after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def launch(module: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (tmp_path / f"{module}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        started.append(process)
        return process

    yield launch
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
