"""The box during a lesson: its light, its buttons, and how the microphone is doing."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from typing import Literal

from device.audio.frames import Source
from device.audio.microphone import Microphone
from device.audio.patient import PatientMicrophone
from device.feedback.build import Box
from device.feedback.buttons import Button, Press
from device.feedback.light import RESTING, BoxState, CueLight
from device.feedback.outputs import Output
from device.feedback.terminal import TerminalView

Mark = Literal["fragment", "deliberate_name_first"]

#: sources that can be muted and lost
LIVE = (Microphone, PatientMicrophone)


class LiveBox:
    """For the main thread, except ``muted``, ``flowing``, ``cues_muted`` and ``mute_cues``.

    Args:
        source: a recording is never muted and always flows.
        box: listen light and buttons, as far as they are there.
        presses: what the buttons put.
        view: shows the same as the light.
        on_mark: the teacher marked this moment, as what.
        mute_cues: stop the signals, or allow them again.
        end_lesson: the teacher wants no more of it.
        outputs: among them the cue light, which shows the box's state while there is no cue.
        watched: whether somebody follows the lesson live.
    """

    def __init__(
        self,
        source: Source,
        box: Box,
        presses: queue.Queue[Press],
        view: TerminalView,
        *,
        on_mark: Callable[[Mark], None],
        mute_cues: Callable[[bool], None],
        end_lesson: Callable[[], None],
        outputs: Sequence[Output] = (),
        watched: Callable[[], bool] = lambda: False,
    ) -> None:
        self._source = source
        self._box = box
        self._presses = presses
        self._view = view
        self._on_mark = on_mark
        self._mute_cues = mute_cues
        self._end_lesson = end_lesson
        self._light = next((one for one in outputs if isinstance(one, CueLight)), None)
        self._watched = watched
        self._cues_muted = False
        self._shown: BoxState | None = None
        if isinstance(source, LIVE) and box.listen_light is not None:
            source.show_on(box.listen_light.stream)

    @property
    def muted(self) -> bool:
        return isinstance(self._source, LIVE) and self._source.muted

    @property
    def cues_muted(self) -> bool:
        return self._cues_muted

    def mute_cues(self, muted: bool) -> None:
        """Stop the signals or allow them again; the button then does the opposite."""
        self._cues_muted = muted
        self._mute_cues(muted)
        self._view.set(cues_muted=muted)

    @property
    def flowing(self) -> bool:
        return not isinstance(self._source, LIVE) or self._source.flowing

    @property
    def status(self) -> str:
        """For the service manager: what is going on or missing, never what was said."""
        if self.muted:
            return "muted"
        if self.flowing:
            return "listening"
        problem = getattr(self._source, "problem", "") or "it delivers no sound"
        return f"no microphone ({problem})"

    def look(self, now_s: float) -> None:
        """Take the presses and show the state, at this moment on the monotonic clock."""
        if self._box.buttons is not None:
            self._box.buttons.look()
        self._read_buttons()
        if self.muted:
            self.show(BoxState.MUTED)
        else:
            listening = BoxState.WATCHED if self._watched() else BoxState.LISTENING
            self.show(listening if self.flowing else BoxState.TROUBLE)
        if self._light is not None and self._shown is not None:
            self._light.rest(RESTING[self._shown].at(now_s))

    def show(self, state: BoxState) -> None:
        """On the listen light and in the terminal, when it changes."""
        if state is self._shown:
            return
        self._shown = state
        self._view.set(box=state)
        light = self._box.listen_light
        if light is not None and isinstance(self._source, LIVE):
            light.watched(state is BoxState.WATCHED)  # the stream itself switches it on and off
        elif light is not None:
            light.state(state)

    def _read_buttons(self) -> None:
        while True:
            try:
                press = self._presses.get_nowait()
            except queue.Empty:
                return
            if press.button is Button.MARK:
                self._on_mark("deliberate_name_first" if press.long else "fragment")
            elif press.button is Button.LESSON:
                if press.long:
                    self._end_lesson()
            elif press.button is Button.CUES_OFF:
                self.mute_cues(not self._cues_muted)
            elif isinstance(self._source, LIVE):
                if self._source.muted:
                    self._source.unmute()
                else:
                    self._source.mute()
