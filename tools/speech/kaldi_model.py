"""am/final.mdl: transition model and network in Kaldi's binary form, and the phone tables."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.speech.espeak import SILENCE
from tools.speech.lexicon import GARBAGE

POSITIONS = {"B": "begin", "I": "internal", "E": "end", "S": "singleton"}
PRIOR_SCALE = 0.5
GARBAGE_STEPS = 3.0
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Phone:
    """A unit at a place in the word. ``number`` is Kaldi's phone id, ``pdf`` the network's row."""

    name: str
    number: int
    pdf: int
    boundary: str
    stay: float

    @property
    def stay_label(self) -> int:
        """Transition id of the self-loop."""
        return 2 * self.number - 1

    @property
    def enter_label(self) -> int:
        """Transition id of the other arc (Kaldi's reordered graphs take it first)."""
        return 2 * self.number


def phone_table(units: Sequence[str], mean_steps: NDArray[np.float64]) -> dict[str, Phone]:
    """Silence, then each unit at each place in the word; last the garbage unit of ``[unk]``."""
    rows = [(SILENCE, 0, "nonword")]
    for pdf, unit in [*list(enumerate(units))[1:], (len(units), GARBAGE)]:
        rows += [(f"{unit}_{position}", pdf, name) for position, name in POSITIONS.items()]
    steps = np.append(mean_steps, GARBAGE_STEPS)
    table = {}
    for number, (name, pdf, boundary) in enumerate(rows, start=1):
        stay = float(np.clip(1 - 1 / max(steps[pdf], 1.15), 0.1, 0.95))
        table[name] = Phone(name, number, pdf, boundary, stay)
    return table


@dataclass(frozen=True)
class Layer:
    """One component of the network: an affine map when it has weights, else a plain function.

    ``offsets`` are the frames (of 10 ms) of the layer before that are put side by side.
    """

    name: str
    kind: str
    dimension: int
    offsets: tuple[int, ...] = (0,)
    weights: Matrix | None = None
    bias: Matrix | None = None


class KaldiWriter:
    """Kaldi's binary tokens, numbers, vectors and matrices."""

    def __init__(self, weight_bits: int = 8) -> None:
        """``weight_bits``: 32 for plain floats, 16 or 8 for Kaldi's compressed matrices.

        Raises:
            ValueError: another number of bits.
        """
        if weight_bits not in {8, 16, 32}:
            raise ValueError(f"weights have 8, 16 or 32 bits, not {weight_bits}")
        self._bits = weight_bits
        self.data = bytearray(b"\0B")

    def token(self, *names: str) -> None:
        """Words, each followed by a space."""
        for name in names:
            self.data += name.encode() + b" "

    def text(self, lines: str) -> None:
        """Raw text (the network's wiring)."""
        self.data += lines.encode()

    def integer(self, *values: int) -> None:
        """32-bit integers with their size mark."""
        for value in values:
            self.data += b"\4" + struct.pack("<i", value)

    def real(self, value: float) -> None:
        """A 32-bit float with its size mark."""
        self.data += b"\4" + struct.pack("<f", value)

    def integers(self, values: Sequence[int]) -> None:
        """A vector of 32-bit integers."""
        self.integer(len(values))
        self.data += np.asarray(values, "<i4").tobytes()

    def vector(self, values: Sequence[float] | Matrix) -> None:
        """A vector of floats."""
        self.data += b"FV "
        self.integer(len(values))
        self.data += np.asarray(values, "<f4").tobytes()

    def matrix(self, values: Matrix) -> None:
        """A matrix of rows x columns in the chosen number of bits."""
        if self._bits == 32:
            self.data += b"FM "
            self.integer(*values.shape)
            self.data += np.ascontiguousarray(values, "<f4").tobytes()
            return
        name, kind = (b"CM2 ", "<u2") if self._bits == 16 else (b"CM3 ", "u1")
        low = float(values.min())
        reach = float(values.max()) - low
        levels = (1 << self._bits) - 1
        self.data += name + struct.pack("<ffii", low, reach, *values.shape)
        self.data += np.round((values - low) / (reach or 1.0) * levels).astype(kind).tobytes()


def read_compressed(data: bytes) -> Matrix:
    """A matrix of ``KaldiWriter.matrix`` with 8 or 16 bits, from its first byte on.

    Raises:
        ValueError: not a compressed matrix.
    """
    kinds = {b"CM2 ": ("<u2", 65535), b"CM3 ": ("u1", 255)}
    if data[:4] not in kinds:
        raise ValueError(f"not a compressed matrix: {data[:4]!r}")
    kind, levels = kinds[data[:4]]
    low, reach, rows, columns = struct.unpack_from("<ffii", data, 4)
    values = np.frombuffer(data, kind, rows * columns, 20).reshape(rows, columns)
    return np.asarray(values.astype(np.float64) / levels * reach + low)


def with_prior(layers: Sequence[Layer], prior: NDArray[np.float64], garbage: float) -> list[Layer]:
    """Add softmax, division by the prior, and a constant row: the score of ``[unk]``'s unit."""
    count = len(prior)
    weights = np.vstack([np.eye(count), np.zeros((1, count))])
    bias = np.append(-PRIOR_SCALE * np.log(prior / prior.sum()), garbage)
    return [
        *layers,
        Layer("final.softmax", "LogSoftmaxComponent", count),
        Layer("final.prior", "FixedAffineComponent", count + 1, weights=weights, bias=bias),
    ]


def write_model(file: Path, phones: dict[str, Phone], layers: list[Layer], context: int) -> None:
    """Write am/final.mdl; ``context`` = frames that the network looks to either side."""
    writer = KaldiWriter()
    _write_transitions(writer, list(phones.values()))
    _write_network(writer, layers)
    writer.token("<LeftContext>")
    writer.integer(context)
    writer.token("<RightContext>")
    writer.integer(context)
    writer.token("<Priors>")
    writer.vector([])
    file.write_bytes(bytes(writer.data))


def _write_transitions(writer: KaldiWriter, phones: list[Phone]) -> None:
    """One emitting state per phone."""
    count = len(phones)
    writer.token("<TransitionModel>", "<Topology>")
    writer.integers(range(1, count + 1))
    writer.integers([-1] + [0] * count)
    writer.integer(1, 2, 0, 2)  # one topology of two states; the first: pdf class 0, two arcs
    for target in (0, 1):
        writer.integer(target)
        writer.real(0.5)
    writer.integer(-1, 0)  # the second: no pdf, no arcs
    writer.token("</Topology>", "<Triples>")
    writer.integer(count)
    for phone in phones:
        writer.integer(phone.number, 0, phone.pdf)
    writer.token("</Triples>", "<LogProbs>")
    logs = [0.0]
    for phone in phones:
        logs += [math.log(phone.stay), math.log(1 - phone.stay)]
    writer.vector(logs)
    writer.token("</LogProbs>", "</TransitionModel>")


def _write_network(writer: KaldiWriter, layers: list[Layer]) -> None:
    """The wiring as text, then the components."""
    wiring, before = ["input-node name=input dim=40"], "input"
    for layer in layers:
        parts = [f"Offset({before}, {offset})" if offset else before for offset in layer.offsets]
        source = f"Append({', '.join(parts)})" if len(parts) > 1 else parts[0]
        wiring.append(f"component-node name={layer.name} component={layer.name} input={source}")
        before = layer.name
    wiring.append(f"output-node name=output input={before} objective=linear")
    writer.token("<Nnet3>")
    writer.text("\n" + "\n".join(wiring) + "\n\n")  # exactly one empty line, and at the end
    writer.token("<NumComponents>")
    writer.integer(len(layers))
    for layer in layers:
        writer.token("<ComponentName>", layer.name, f"<{layer.kind}>")
        if layer.weights is not None and layer.bias is not None:
            writer.token("<LinearParams>")
            writer.matrix(layer.weights)
            writer.token("<BiasParams>")
            writer.vector(layer.bias)
        else:
            writer.token("<Dim>")
            writer.integer(layer.dimension)
            for name in ("<ValueAvg>", "<DerivAvg>"):
                writer.token(name)
                writer.vector([])
            writer.token("<Count>")
            writer.real(0.0)
        writer.token(f"</{layer.kind}>")
    writer.token("</Nnet3>")
