"""A TCP proxy on loopback that can turn into a black hole or refuse, as a school network does."""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import threading
from types import TracebackType
from typing import Literal, Self

Mode = Literal["pass", "hole", "refuse"]


class Proxy:
    """Forwards to ``127.0.0.1:target_port``.

    ``hole``: connections stay open and are accepted, and no byte passes in either direction.
    ``refuse``: open connections are reset, new ones too. Connections that were in a hole are
    reset when it ends, as a router does that forgot them.
    """

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._mode: Mode = "pass"
        self._pairs: dict[socket.socket, socket.socket | None] = {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._selector = selectors.DefaultSelector()
        self._waker, self._wakened = socket.socketpair()
        self._closing = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def set(self, mode: Mode) -> None:
        self._mode = mode
        self._waker.send(b"m")

    def __enter__(self) -> Self:
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._wakened, selectors.EVENT_READ)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing = True
        self._waker.send(b"c")
        self._thread.join(5)
        self._reset_all()
        for each in (self._listener, self._waker, self._wakened):
            each.close()
        self._selector.close()

    def _run(self) -> None:
        mode: Mode = "pass"
        while not self._closing:
            for key, _ in self._selector.select():
                sock = key.fileobj
                assert isinstance(sock, socket.socket)
                if sock is self._wakened:
                    sock.recv(64)
                elif sock is self._listener:
                    self._accept(mode)
                elif sock in self._pairs:
                    self._forward(sock)
            if mode != self._mode:
                mode = self._change(mode, self._mode)

    def _change(self, old: Mode, new: Mode) -> Mode:
        if new == "hole":
            for sock in self._pairs:
                self._selector.unregister(sock)
        elif new == "refuse" or old == "hole":
            self._reset_all(registered=old != "hole")
        return new

    def _accept(self, mode: Mode) -> None:
        near, _ = self._listener.accept()
        if mode == "refuse":
            near.close()
            return
        if mode == "hole":
            self._pairs[near] = None
            return
        try:
            far = socket.create_connection(("127.0.0.1", self._target_port), 5)
        except OSError:
            near.close()
            return
        for one, other in ((near, far), (far, near)):
            self._pairs[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _forward(self, sock: socket.socket) -> None:
        other = self._pairs[sock]
        assert other is not None
        try:
            data = sock.recv(65536)
            if data:
                other.sendall(data)
                return
        except OSError:
            pass
        for each in (sock, other):
            self._selector.unregister(each)
            del self._pairs[each]
            each.close()

    def _reset_all(self, *, registered: bool = True) -> None:
        for sock in list(self._pairs):
            if registered:
                with contextlib.suppress(KeyError):
                    self._selector.unregister(sock)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # RST
            sock.close()
        self._pairs.clear()
