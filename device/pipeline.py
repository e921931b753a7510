"""From sound to steps: framer, listener and cue policy in one place, still without any thread.

``analyse`` and a live lesson run the same pipeline, so they write the same events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from device.audio.framer import Framer
from device.audio.frames import SAMPLE_RATE, Block, Discontinuity, Frame, Gap, Resumed
from device.detect.listener import Listener, Output
from device.feedback.cueing import Cueing
from lesson.events import LessonEvent
from lesson.phases import Phase


@dataclass(frozen=True, slots=True)
class Step:
    """What one frame brought.

    Attributes:
        position_s: end of the frame on the audio clock.
        phases: changes of the live phase.
        events: decided cues first, then what became final.
    """

    position_s: float
    phases: tuple[Phase, ...]
    events: tuple[LessonEvent, ...]


class Pipeline:
    """Steps once per frame; belongs to one thread.

    ``first_sample`` is above 0 when a lesson goes on.
    """

    def __init__(self, listener: Listener, cueing: Cueing, first_sample: int = 0) -> None:
        self._framer = Framer(remove_offset=True, first_sample=first_sample)
        self._listener = listener
        self._cueing = cueing
        self._mask: tuple[int, int] | None = None

    def feed(self, item: Block | Gap | Resumed) -> Iterator[Step]:
        """Take what a source delivered; yields one step per frame or discontinuity."""
        return self._steps(self._framer.feed(item))

    def finish(self) -> Iterator[Step]:
        """End of the sound: everything that was heard becomes final."""
        yield from self._steps(self._framer.flush())
        yield self._step(self._listener.finish())

    def _steps(self, frames: Sequence[Frame | Discontinuity]) -> Iterator[Step]:
        self._listener.look_ahead(frames)
        for frame in frames:
            yield self._step(self._listener.feed(frame))

    def _step(self, outputs: list[Output]) -> Step:
        phases: tuple[Phase, ...] = ()
        events: list[LessonEvent] = []
        if outputs:  # nearly every frame brings nothing
            phases = tuple(output for output in outputs if isinstance(output, Phase))
            events = [output for output in outputs if not isinstance(output, Phase)]
        position_s = self._listener.position / SAMPLE_RATE
        cues = self._cueing.step(position_s, phases)
        mask = self._cueing.mask()
        if mask is not None and mask != self._mask:
            self._mask = mask
            self._listener.mask(*mask)
        return Step(position_s, phases, (*cues, *events))
