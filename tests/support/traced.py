"""What a process does to files and networks, as the kernel saw it: by strace."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

STRACE = shutil.which("strace")
_WRITES = "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg"
_COPIES = "sendfile,copy_file_range,splice"
_CALLS = f"open,openat,openat2,creat,connect,mmap,{_WRITES},{_COPIES}"

_ESCAPED = re.compile(r"((?:\\x[0-9a-f]{2})+)")
_CALL = re.compile(r"^\d+ +(\w+)\((.*)")
#: an open file in the arguments, with its path
_FILE = re.compile(r"(\d+)<([^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_OPENED_TO_WRITE = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND")
#: looked for in what was written: long enough to occur nowhere by chance
_PIECE_SAMPLES = 24
_EVERY_SAMPLES = 3 * 16_000
#: all that a device writes, in its data folder
_OURS = re.compile(r"journal\.sqlite(-wal|-shm|-journal|\.lock)?|tried-models\.json\.part")
_SHARED_MEMORY = re.compile(r"PROT_WRITE.*MAP_SHARED")


@dataclass
class Trace:
    """Everything of a process and its children.

    Attributes:
        opened: files that were opened to be written to.
        written: what went into each file, pipe or connection.
        mapped: files of which a writable part of memory was shared.
        connected: addresses, as strace writes them.
    """

    opened: set[str] = field(default_factory=set)
    written: dict[str, bytearray] = field(default_factory=lambda: defaultdict(bytearray))
    mapped: set[str] = field(default_factory=set)
    connected: set[str] = field(default_factory=set)


def command(log: Path) -> list[str]:
    """What to put before a command to have it traced, with all bytes of each call.

    The command keeps the process id and gets the signals; ``over`` says when all is written.
    """
    assert STRACE is not None
    options = [
        "--daemonize=grandchild",
        "--follow-forks",
        "--seccomp-bpf",
        "-yy",
        "-xx",
        "-s",
        "1000000",
    ]
    return [STRACE, *options, "-e", "signal=none", "-e", f"trace={_CALLS}", "-o", str(log)]


def over(log: Path, pid: int) -> bool:
    """Whether the process has ended and its end was written down."""
    return re.search(rf"^{pid} +\+\+\+ ", log.read_text(encoding="ascii"), re.M) is not None


def read(log: Path) -> Trace:
    """Make sense of what ``command`` left.

    Raises:
        ValueError: it is empty.
    """
    trace = Trace()
    lines = log.read_text(encoding="ascii").splitlines()
    if not lines:
        raise ValueError(f"nothing was traced: {log}")
    for line in lines:
        match = _CALL.match(line)
        if match is not None:
            _note(trace, match[1], match[2])
    return trace


def is_allowed(path: str, folder: Path) -> bool:
    """Whether a device whose settings lie in that folder may write this file.

    Below ``/dev`` are sound cards, which PortAudio looks for, and memory.
    """
    place, _, name = path.rpartition("/")
    return path.startswith("/dev/") or (
        place == str(folder / "data") and bool(_OURS.fullmatch(name))
    )


def holders(trace: Trace, sound: NDArray[np.int16]) -> set[str]:
    """What was written a piece of the sound, as 16-bit or floating-point samples.

    One piece is looked for every three seconds, where it is loudest.
    """
    pieces = []
    for start in range(0, len(sound) - _EVERY_SAMPLES + 1, _EVERY_SAMPLES):
        part = sound[start : start + _EVERY_SAMPLES]
        loudest = int(np.argmax(np.abs(part[:-_PIECE_SAMPLES].astype(np.int32))))
        piece = part[loudest : loudest + _PIECE_SAMPLES]
        as_float = piece.astype(np.float32)
        pieces += [piece.tobytes(), as_float.tobytes(), (as_float / 32768).tobytes()]
    return {
        target
        for target, content in trace.written.items()
        if any(piece in content for piece in pieces)
    }


def _note(trace: Trace, call: str, arguments: str) -> None:
    if call in ("open", "openat", "openat2", "creat"):
        if call == "creat" or _OPENED_TO_WRITE.search(arguments):
            trace.opened.add(_plain(_TEXT.findall(arguments)[0]))
    elif call == "connect":
        trace.connected.add(_legible(arguments))
    elif call == "mmap":
        if _SHARED_MEMORY.search(arguments) and (files := list(_files(arguments))):
            trace.mapped.add(files[0])
    else:
        target = list(_files(arguments))[-1 if call == "splice" else 0]
        for text in _TEXT.findall(arguments):
            trace.written[target] += bytes.fromhex(text.replace("\\x", ""))
        if call in ("sendfile", "copy_file_range", "splice"):
            raise ValueError(f"what {call} copies to {target} is not seen here")


def _files(arguments: str) -> Iterator[str]:
    for _, path in _FILE.findall(arguments):
        yield _legible(path)


def _plain(escaped: str) -> str:
    return bytes.fromhex(escaped.replace("\\x", "")).decode(errors="replace")


def _legible(text: str) -> str:
    return _ESCAPED.sub(lambda match: _plain(match[1]), text)
