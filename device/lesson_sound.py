"""The sound of a live lesson on its way to the pipeline: counted, timed, and its age known."""

from __future__ import annotations

from collections.abc import Iterator

from device.audio.frames import SAMPLE_RATE, Block, Gap, Resumed, Source, SourceState
from device.clock import Clock
from device.feedback.timeline import AudioTimeline
from device.journal import Unfinished
from device.watchdog import Progress


class LessonSound:
    """What the source delivers. For the pipeline's thread; ``progress`` is read by others.

    Args:
        source: opened and closed by the caller.
        timeline: told how the audio clock and the monotonic clock go together; ``None`` where
            the sound is not live.
        unfinished: a lesson that goes on: the time that the device was away comes first, as a gap.
        torn: a lesson before this one is lost, perhaps in mid-sentence: a gap of no length comes
            first.
    """

    def __init__(
        self,
        source: Source,
        clock: Clock,
        timeline: AudioTimeline | None,
        unfinished: Unfinished | None,
        torn: bool = False,
    ) -> None:
        self._source = source
        self._torn = torn
        self._clock = clock
        self._timeline = timeline
        self._unfinished = unfinished
        self.progress = Progress()
        #: samples of the lesson so far, those that are missing included
        self.taken_samples = round(unfinished.lost_t * SAMPLE_RATE) if unfinished else 0

    def items(self) -> Iterator[Block | Gap | Resumed]:
        """Sound and gaps in order; what was given out before is worked through by then."""
        for item in self._with_absence():
            self._count(item)
            yield item
            captured_at = item.captured_at if isinstance(item, Block) else None
            age_s = 0.0 if captured_at is None else self._clock.monotonic() - captured_at
            self.progress = Progress(self.progress.steps + 1, age_s)

    def _with_absence(self) -> Iterator[Block | Gap | Resumed]:
        unfinished = self._unfinished
        if self._torn:
            yield Gap(0, SourceState.LOST)
            yield Resumed()
        for item in self._source.items():
            if unfinished is not None:
                new_s = len(item.samples) / SAMPLE_RATE if isinstance(item, Block) else 0.0
                away_s = unfinished.t_at(self._clock.since_boot()) - new_s - unfinished.lost_t
                yield Gap(max(0, round(away_s * SAMPLE_RATE)), SourceState.LOST)
                yield Resumed()
                unfinished = None
            yield item

    def _count(self, item: Block | Gap | Resumed) -> None:
        if not isinstance(item, Block):
            self.taken_samples += item.missing_samples if isinstance(item, Gap) else 0
            if self._timeline is not None:
                self._timeline.reset()
            return
        self.taken_samples += len(item.samples)
        if self._timeline is not None and item.captured_at is not None:
            self._timeline.observe(self.taken_samples, item.captured_at)
