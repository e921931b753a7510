"""Two hundred live pages without a browser: they read the stream and note when what arrived."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

OPEN_TIMEOUT_S = 120.0
ANSWER_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who watches what: a cookie, and a device."""

    cookie: str
    device: str


#: device, length of the pause that a state carried, moment on this machine's clock, for each viewer
Arrivals = list[list[tuple[str, float, float]]]


class Viewers:
    """They run in a process of their own, so that they cost the publisher nothing.

    Args:
        stalled: one more, which reads its first frame and then nothing any more.
    """

    def __init__(self, port: int, tickets: Sequence[Ticket], stalled: Ticket) -> None:
        self._here, there = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(
            target=_watch, args=(port, list(tickets), stalled, there), daemon=True
        )

    def __enter__(self) -> Self:
        """Returns when everybody has a first frame.

        Raises:
            TimeoutError: somebody has not.
        """
        self._process.start()
        if not self._here.poll(OPEN_TIMEOUT_S):
            raise TimeoutError("not every viewer got a first frame")
        self._here.recv()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.join()

    def arrivals(self) -> Arrivals:
        """What each of them has got since the beginning; they stop reading."""
        self._here.send("done")
        if not self._here.poll(ANSWER_TIMEOUT_S):
            raise TimeoutError("the viewers do not answer")
        found: Arrivals = self._here.recv()
        return found


def _watch(port: int, tickets: list[Ticket], stalled: Ticket, pipe: Connection) -> None:
    asyncio.run(_watch_all(port, tickets, stalled, pipe))


async def _watch_all(port: int, tickets: list[Ticket], stalled: Ticket, pipe: Connection) -> None:
    arrivals: Arrivals = [[] for _ in tickets]
    first = [asyncio.Event() for _ in tickets]
    sleeper = _stall(port, stalled)
    tasks = [
        asyncio.create_task(_read(port, ticket, got, event))
        for ticket, got, event in zip(tickets, arrivals, first, strict=True)
    ]
    await asyncio.gather(*(event.wait() for event in first))
    pipe.send("ready")
    await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
    for task in tasks:
        task.cancel()
    pipe.send(arrivals)
    sleeper.close()


async def _read(
    port: int, ticket: Ticket, got: list[tuple[str, float, float]], first: asyncio.Event
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_request(port, ticket))
    while line := await reader.readline():
        if not line.startswith(b"data: "):
            continue
        now = time.monotonic()
        state = json.loads(line[6:])
        if not state:  # a sign of life
            continue
        first.set()
        if state["think_s"] is not None:
            got.append((state["device"], state["think_s"], now))


def _stall(port: int, ticket: Ticket) -> socket.socket:
    """A connection with the smallest buffer there is, which nobody reads from."""
    stream = socket.socket()
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    stream.connect(("127.0.0.1", port))
    stream.sendall(_request(port, ticket))
    stream.recv(100)
    return stream


def _request(port: int, ticket: Ticket) -> bytes:
    return (
        f"GET /live/stream?device={ticket.device} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Cookie: {ticket.cookie}\r\n\r\n"
    ).encode()
