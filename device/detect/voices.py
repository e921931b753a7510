"""Somebody else's voice in the noise of a class: a small network that knows the background.

A pupil is 8 to 20 dB below the teacher, often no louder than the murmur of the others. Level
and pitch of single frames cannot tell them apart; how the spectrum stands out of what the room
was like before, over most of a second, can. The network says how likely one voice is and how
likely many voices at once are, 0.16 s late. Trained by ``tools/voices``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from device.detect.features import FrameFeatures

Floats = NDArray[np.float32]

WEIGHTS = Path(__file__).parents[1] / "data" / "voices" / "voices.npz"
#: frames between two inputs of each layer; each sees five of them
SPACING = (1, 3, 8)
TAPS = 5
#: the output belongs to the frame this many before the newest one
LATE_FRAMES = 8
INPUTS = 20

_BANDS = 16
_QUANTILE = 0.3
_STEP_DB = 0.15
_FIRST_STEP_DB = 1.2
_FIRST_FRAMES = 100  # 2 s
_FLUCTUATION_STEP = 0.02


class Surroundings:
    """What the room is like in each band while the teacher is silent."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """After a discontinuity."""
        self._bands: Floats | None = None
        self._frames = 0
        self._fluctuation_db = 0.0

    def step(
        self,
        frames: Sequence[FrameFeatures],
        teacher_speaks: Sequence[bool],
        wearer_db: float | None,
    ) -> Floats:
        """The network's input for some frames, shape (frames, INPUTS), about -1 to 4."""
        bands = np.array([frame.bands_db for frame in frames], dtype=np.float32)
        if self._bands is None:
            self._bands = bands[0].copy()
        above = bands - self._bands
        given = np.empty((len(frames), INPUTS), dtype=np.float32)
        np.maximum(np.minimum(above * 0.1, 4.0), -1.0, out=given[:, :_BANDS])
        for row, frame in zip(given, frames, strict=True):
            below_wearer_db = -20.0 if wearer_db is None else frame.level_db - wearer_db
            row[_BANDS] = frame.harmonicity
            row[_BANDS + 1] = frame.voiced
            row[_BANDS + 2] = max(-3.0, min(1.0, below_wearer_db / 20))
        given[:, _BANDS + 3] = self._fluctuation_db / 5
        if not all(teacher_speaks):
            self._follow(above[[not speaks for speaks in teacher_speaks]])
        return given

    def _follow(self, above: Floats) -> None:
        """A quantile by small steps up and smaller steps down, quicker at first."""
        assert self._bands is not None
        self._frames += len(above)
        step_db = _FIRST_STEP_DB if self._frames < _FIRST_FRAMES else _STEP_DB
        self._bands += step_db * ((above > 0).sum(axis=0) - (1.0 - _QUANTILE) * len(above))
        for spread_db in np.abs(above).mean(axis=1).tolist():
            difference_db = min(10.0, spread_db) - self._fluctuation_db
            self._fluctuation_db += _FLUCTUATION_STEP * difference_db


@dataclass(frozen=True, slots=True)
class Layer:
    """Weights of one layer: ``matrix`` (outputs, TAPS · inputs), ``bias`` (outputs,)."""

    matrix: Floats
    bias: Floats


@cache
def layers(path: Path = WEIGHTS) -> tuple[Layer, ...]:
    """The trained layers, the last one without memory."""
    with np.load(path) as stored:
        return tuple(
            Layer(stored[f"matrix_{n}"].astype(np.float32), stored[f"bias_{n}"].astype(np.float32))
            for n in range(len(SPACING) + 1)
        )


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely somebody speaks: ``one`` voice nearby, or ``many`` at once."""

    one: float
    many: float


class VoiceNetwork:
    """Steps once per few frames; answers for those ``LATE_FRAMES`` before."""

    def __init__(self, weights: tuple[Layer, ...] | None = None) -> None:
        self._layers = layers() if weights is None else weights
        self.reset()

    def reset(self) -> None:
        """After a discontinuity."""
        self._memories = [
            np.zeros((spacing * (TAPS - 1), layer.matrix.shape[1] // TAPS), dtype=np.float32)
            for spacing, layer in zip(SPACING, self._layers, strict=False)
        ]

    def step(self, given: Floats) -> list[Chance]:
        """Take the inputs of the next frames, shape (frames, INPUTS); one answer for each."""
        count = len(given)
        for n, (spacing, layer) in enumerate(zip(SPACING, self._layers, strict=False)):
            rows = np.concatenate((self._memories[n], given))
            self._memories[n] = rows[count:]
            taps = [rows[tap * spacing : tap * spacing + count] for tap in range(TAPS)]
            given = np.concatenate(taps, axis=1) @ layer.matrix.T + layer.bias
            np.maximum(given, 0.0, out=given)
        last = self._layers[-1]
        logits = given @ last.matrix.T + last.bias
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = odds / odds.sum(axis=1, keepdims=True)
        return [Chance(one, many) for _, one, many in shares.tolist()]
