"""Somebody else's voice in the noise of a class: a small network that knows the background.

A pupil is 8 to 20 dB below the teacher, often no louder than the murmur of the others. Level
and pitch of single frames cannot tell them apart; how the spectrum stands out of what the room
was like before, over most of a second, can. The network says how likely one voice is and how
likely many voices at once are, 0.16 s late. Trained by ``tools/voices``.
"""

from __future__ import annotations

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
    """What the room is like in each band while the teacher is silent; steps once per frame."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """After a discontinuity."""
        self._bands: Floats | None = None
        self._frames = 0
        self._fluctuation_db = 0.0

    def step(
        self, features: FrameFeatures, teacher_speaks: bool, wearer_db: float | None
    ) -> Floats:
        """The network's input of one frame, shape (INPUTS,), about -1 to 4."""
        bands = features.bands_db.astype(np.float32)
        if self._bands is None:
            self._bands = bands.copy()
        above = bands - self._bands
        if not teacher_speaks:
            self._follow(above)
        given = np.empty(INPUTS, dtype=np.float32)
        np.maximum(np.minimum(above * 0.1, 4.0), -1.0, out=given[:_BANDS])
        below_wearer_db = -20.0 if wearer_db is None else features.level_db - wearer_db
        given[_BANDS] = features.harmonicity
        given[_BANDS + 1] = features.voiced
        given[_BANDS + 2] = max(-3.0, min(1.0, below_wearer_db / 20))
        given[_BANDS + 3] = self._fluctuation_db / 5
        return given

    def _follow(self, above: Floats) -> None:
        """A quantile by small steps up and smaller steps down, quicker at first."""
        assert self._bands is not None
        self._frames += 1
        step_db = _FIRST_STEP_DB if self._frames < _FIRST_FRAMES else _STEP_DB
        self._bands += np.where(above > 0, step_db * _QUANTILE, step_db * (_QUANTILE - 1))
        spread_db = min(10.0, float(np.abs(above).mean()))
        self._fluctuation_db += _FLUCTUATION_STEP * (spread_db - self._fluctuation_db)


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
    """Steps once per frame; answers for the frame ``LATE_FRAMES`` before."""

    def __init__(self, weights: tuple[Layer, ...] | None = None) -> None:
        self._layers = layers() if weights is None else weights
        self.reset()

    def reset(self) -> None:
        """After a discontinuity."""
        self._memories = [
            np.zeros((spacing * (TAPS - 1) + 1, layer.matrix.shape[1] // TAPS), dtype=np.float32)
            for spacing, layer in zip(SPACING, self._layers, strict=False)
        ]

    def step(self, given: Floats) -> Chance:
        """Take the input of one frame."""
        for spacing, memory, layer in zip(SPACING, self._memories, self._layers, strict=False):
            memory[:-1] = memory[1:]
            memory[-1] = given
            given = np.maximum(layer.matrix @ memory[::spacing].ravel() + layer.bias, 0.0)
        last = self._layers[-1]
        logits = last.matrix @ given + last.bias
        odds = np.exp(logits - logits.max())
        _, one, many = (odds / odds.sum()).tolist()
        return Chance(one, many)
