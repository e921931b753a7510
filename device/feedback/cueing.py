"""Policy and driver together: what the pipeline calls once per frame."""

from __future__ import annotations

from collections.abc import Iterable

from device.audio.frames import SAMPLE_RATE
from device.feedback.driver import CueDriver
from device.feedback.policy import CuePolicy
from device.feedback.timeline import AudioTimeline
from lesson.events import Cue, CueMode, Signal
from lesson.phases import Phase


class Cueing:
    """Decides the cues, has them shown, and returns them as events.

    Without a driver (``analyse``, a silent lesson) only the decisions are left. With a driver and
    a timeline, *go* is armed ahead: it comes at the right moment of the room's time although the
    frames arrive some tens of milliseconds late.

    Step it from the pipeline thread only; ``mute_cues`` and ``set_target`` from any.

    Raises:
        ValueError: a driver in silent mode: a baseline may not even be able to show a signal.
    """

    def __init__(
        self,
        policy: CuePolicy,
        driver: CueDriver | None = None,
        timeline: AudioTimeline | None = None,
    ) -> None:
        if policy.mode is CueMode.SILENT and driver is not None:
            raise ValueError("a silent lesson has no cue driver")
        self._policy = policy
        self._driver = driver
        self._timeline = timeline
        self._armed_s: float | None = None

    def step(self, position_s: float, phases: Iterable[Phase]) -> list[Cue]:
        """Advance to ``position_s``, the end of the newest frame; see ``CuePolicy.step``."""
        cues = self._policy.step(position_s, phases)
        if self._driver is not None:
            for cue in cues:
                self._show(self._driver, cue.signal)
            self._arm(self._driver)
        return cues

    def mute_cues(self, muted: bool) -> None:
        """The teacher's button: dark at once, before the next frame; the event follows with it."""
        self._policy.mute_cues(muted)
        if self._driver is not None:
            self._driver.mute(muted)

    def set_target(self, target_s: float) -> None:
        """The target from the next question on, between 2 and 10 s."""
        self._policy.set_target(target_s)

    def mask(self) -> tuple[int, int] | None:
        """First and end sample in which the microphone will hear our own *go*, if one is armed.

        The detection must take these samples for silence. The same range comes again after each
        step until *go* is given or called off.
        """
        due_s = self._policy.next_deadline_s
        if self._driver is None or due_s is None or not self._driver.mask_samples:
            return None
        first = round(due_s * SAMPLE_RATE)
        return first, first + self._driver.mask_samples

    def _show(self, driver: CueDriver, signal: Signal) -> None:
        if signal is Signal.WAIT:
            driver.wait_light()
        elif signal is Signal.GO:
            driver.go()
        else:
            driver.off()
        self._armed_s = None

    def _arm(self, driver: CueDriver) -> None:
        """Tell the driver the due time once, and again if the end of the question is corrected."""
        due_s = self._policy.next_deadline_s
        if due_s is None and self._armed_s is not None:
            driver.hold_go()
            self._armed_s = None
        if due_s is None or due_s == self._armed_s or self._timeline is None:
            return
        at_s = self._timeline.monotonic_at(due_s)
        if at_s is not None:
            driver.arm_go(at_s)
            self._armed_s = due_s
