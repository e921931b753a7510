"""The types that sound travels in. The sample number is the only clock in ``device/audio`` and
``device/detect``: 16 kHz, mono, 16 bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
#: 20 ms: a length that webrtcvad accepts (definition B0)
FRAME_SAMPLES = 320

Samples = NDArray[np.int16]


class SourceState(StrEnum):
    """Why sound stopped, or that it flows again."""

    OK = "ok"
    LOST = "lost"
    SILENT = "silent"
    WRONG_DEVICE = "wrong_device"
    OVERFLOW = "overflow"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive samples as a source delivers them, of any length.

    Attributes:
        samples: int16, shape (n,), 16 kHz mono.
        captured_at: monotonic clock in seconds when the last sample was captured; ``None`` for
            a recording.
    """

    samples: Samples
    captured_at: float | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Sound is missing here: ``missing_samples`` of time went by unheard (0 when unknown)."""

    missing_samples: int
    state: SourceState


@dataclass(frozen=True, slots=True)
class Resumed:
    """Sound flows again after a gap."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Exactly ``FRAME_SAMPLES`` samples; ``first_sample`` counts from the start of the lesson."""

    first_sample: int
    samples: Samples

    @property
    def end_sample(self) -> int:
        return self.first_sample + len(self.samples)


@dataclass(frozen=True, slots=True)
class Discontinuity:
    """Between ``first_sample`` and ``end_sample`` nothing was heard. No pause may cross it."""

    first_sample: int
    end_sample: int
    state: SourceState


class Source(Protocol):
    """Where sound comes from. A context manager; ``close`` may be called twice.

    ``items`` yields ``Block`` in order, ``Gap`` where sound went missing and ``Resumed`` when it
    came back; it ends when the source is exhausted or closed, and raises ``SourceError`` when
    the source fails for good.
    """

    @property
    def name(self) -> str: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def items(self) -> Iterator[Block | Gap | Resumed]: ...

    def close(self) -> None: ...
