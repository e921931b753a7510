"""Finite-state transducers in OpenFst's files, and Debian's OpenFst tools where they are needed."""

from __future__ import annotations

import os
import struct
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

MAGIC = 2125659606
_VERSION = 2
_EXPANDED_MUTABLE = 0x3
_SORTED = {"ilabel": 0x10000000, "olabel": 0x40000000}


class FstToolError(RuntimeError):
    """An OpenFst tool is missing or failed."""


@dataclass(frozen=True)
class Arc:
    """From state ``source`` to ``target``; label 0 is epsilon; ``cost`` is -log probability."""

    source: int
    target: int
    input_label: int
    output_label: int
    cost: float


@dataclass
class Fst:
    """A transducer that starts in state 0."""

    arcs: list[Arc] = field(default_factory=list)
    finals: dict[int, float] = field(default_factory=dict)
    state_count: int = 1

    def new_state(self) -> int:
        """The number of a fresh state."""
        self.state_count += 1
        return self.state_count - 1

    def add(self, source: int, target: int, labels: tuple[int, int], cost: float = 0.0) -> None:
        """Add one arc with (input label, output label)."""
        self.arcs.append(Arc(source, target, *labels, cost))


def _text(value: str) -> bytes:
    return struct.pack("<i", len(value)) + value.encode()


def write_vector(fst: Fst, file: Path, sort: str) -> None:
    """Write OpenFst's plain type, arcs sorted by ``ilabel`` or ``olabel``."""
    leaving: dict[int, list[Arc]] = defaultdict(list)
    for arc in fst.arcs:
        leaving[arc.source].append(arc)
    by_input = sort == "ilabel"
    properties = _EXPANDED_MUTABLE | _SORTED[sort]
    header = struct.pack("<i", MAGIC) + _text("vector") + _text("standard")
    header += struct.pack("<iiQqqq", _VERSION, 0, properties, 0, fst.state_count, len(fst.arcs))
    body = bytearray(header)
    for state in range(fst.state_count):
        arcs = sorted(
            leaving[state],
            key=lambda arc: (
                (arc.input_label, arc.output_label)
                if by_input
                else (arc.output_label, arc.input_label)
            ),
        )
        body += struct.pack("<fq", fst.finals.get(state, float("inf")), len(arcs))
        for arc in arcs:
            body += struct.pack("<iifi", arc.input_label, arc.output_label, arc.cost, arc.target)
    file.write_bytes(bytes(body))


@dataclass(frozen=True)
class Header:
    """The first fields of any OpenFst file."""

    fst_type: str
    arc_type: str
    version: int
    start: int
    states: int


def read_header(file: Path) -> Header:
    """Read a header.

    Raises:
        ValueError: not an OpenFst file.
    """
    data = file.read_bytes()[:200]
    if len(data) < 8 or struct.unpack_from("<i", data)[0] != MAGIC:
        raise ValueError(f"{file} is not an OpenFst file")
    offset, names = 4, []
    for _ in range(2):
        (length,) = struct.unpack_from("<i", data, offset)
        names.append(data[offset + 4 : offset + 4 + length].decode())
        offset += 4 + length
    version, _, _, start, states, _ = struct.unpack_from("<iiQqqq", data, offset)
    return Header(names[0], names[1], version, start, states)


def read_vector(file: Path) -> Fst:
    """Read a file of ``write_vector``."""
    header = read_header(file)
    data = file.read_bytes()
    offset = 4 + 8 + len(header.fst_type) + len(header.arc_type) + struct.calcsize("<iiQqqq")
    fst = Fst(state_count=header.states)
    for state in range(header.states):
        final, count = struct.unpack_from("<fq", data, offset)
        offset += 12
        if final != float("inf"):
            fst.finals[state] = final
        for _ in range(count):
            input_label, output_label, cost, target = struct.unpack_from("<iifi", data, offset)
            fst.add(state, target, (input_label, output_label), cost)
            offset += 16
    return fst


def _plugin(name: str) -> str:
    """The path of one of OpenFst's plug-in libraries, which the tools must be made to load."""
    for folder in sorted(Path("/usr/lib").glob("*-linux-gnu")):
        for library in sorted(folder.glob(f"{name}.so.*")):
            return str(library)
    raise FstToolError(f"{name}.so not found: apt install libfst-tools")


def convert(source: Path, target: Path, fst_type: str, plugin: str, *options: str) -> None:
    """Convert an FST to another of OpenFst's types.

    Raises:
        FstToolError: the tools are missing or refuse.
    """
    command = ["fstconvert", f"--fst_type={fst_type}", *options, str(source), str(target)]
    environment = dict(os.environ, LD_PRELOAD=_plugin(plugin))
    try:
        result = subprocess.run(command, env=environment, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise FstToolError("fstconvert not found: apt install libfst-tools") from error
    if result.returncode != 0 or "ERROR" in result.stderr:
        raise FstToolError(f"fstconvert to {fst_type} failed: {result.stderr.strip()[:300]}")


def to_look_ahead(source: Path, target: Path, scratch: Path) -> dict[int, int]:
    """Convert (sorted by olabel) to the type with look-ahead on output labels.

    Returns the new number of every output label; the other side must be renumbered alike.
    """
    pairs = scratch / "relabel.txt"
    convert(
        source,
        target,
        "olabel_lookahead",
        "libfstlookahead",
        f"--save_relabel_opairs={pairs}",
    )
    rows = [line.split() for line in pairs.read_text().splitlines()]
    return {int(old): int(new) for old, new in rows}


def to_ngram(source: Path, target: Path) -> None:
    """Convert a back-off model (sorted by ilabel) to the compact n-gram type."""
    convert(source, target, "ngram", "libfstngram")
