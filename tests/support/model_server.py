"""An HTTP server on loopback that gives a file in all the wrong ways, and in the right one."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Given:
    """What the server does. ``faults`` are used up one per request; then it behaves.

    Attributes:
        released: lets go of requests that hang.
        ranges: the Range header of each request, or None.
    """

    content: bytes = b""
    faults: list[Callable[[Handler], None]] = field(default_factory=list)
    address: str = ""
    released: threading.Event = field(default_factory=threading.Event)
    ranges: list[str | None] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with the content, from the byte that is asked for."""

    given: Given

    def do_GET(self) -> None:
        self.given.ranges.append(self.headers.get("Range"))
        self.given.paths.append(self.path)
        if self.given.faults:
            self.given.faults.pop(0)(self)
        else:
            self.send_from(self.first_byte())

    def first_byte(self) -> int:
        wanted = self.headers.get("Range")
        return int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0

    def send_from(self, first: int, count: int | None = None, length: int | None = None) -> None:
        """Send ``count`` bytes (all) and say that it were ``length`` (what is true)."""
        content = self.given.content
        if first >= len(content):
            self.send_error(416)
            return
        body = content[first:]
        if first:
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body if count is None else body[:count])

    def redirect(self, location: str) -> None:
        self.send_response(302)
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(content: bytes, *faults: Callable[[Handler], None]) -> Iterator[Given]:
    """A server at ``given.address`` while the block runs."""
    given = Given(content, list(faults))
    handler = type("BoundHandler", (Handler,), {"given": given})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    given.address = f"http://127.0.0.1:{server.server_port}/model.zip"
    try:
        yield given
    finally:
        given.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def truncate(count: int) -> Callable[[Handler], None]:
    """Break off after ``count`` bytes of the answer."""
    return lambda handler: handler.send_from(handler.first_byte(), count)


def stall(count: int) -> Callable[[Handler], None]:
    """Send ``count`` bytes and then nothing, without hanging up."""

    def fault(handler: Handler) -> None:
        handler.send_from(handler.first_byte(), count)
        handler.given.released.wait(30)

    return fault


def status(code: int) -> Callable[[Handler], None]:
    """Refuse with this status."""
    return lambda handler: handler.send_error(code)


def redirect(location: str) -> Callable[[Handler], None]:
    """Send elsewhere."""
    return lambda handler: handler.redirect(location)
