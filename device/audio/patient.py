"""A microphone that may not be there yet: the lesson begins with a gap until it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from device.audio.cards import portaudio
from device.audio.frames import SAMPLE_RATE, Block, Gap, Resumed, SourceState
from device.audio.microphone import Microphone
from device.clock import Clock
from device.closing import Closing
from device.errors import SourceError

RETRY_S = 2.0
#: while nothing is heard, the audio clock moves in steps of this length
GAP_PIECE_S = 0.25


def look_again() -> None:
    """Let PortAudio see cards that were plugged in since it made its list; no stream is open."""
    sounddevice = portaudio()
    sounddevice._terminate()
    sounddevice._initialize()


class PatientMicrophone(Closing):
    """The microphone of a live lesson, looked for every two seconds until it can be opened.

    From then on it is that ``Microphone``, with its own way of getting lost sound back. Only a
    sound system that hangs ends the source with an error: waiting does not cure that.

    Args:
        card: as for ``Microphone``.
        clock: gives the time and sleeps.
        build: makes the microphone.
        refresh: called before each attempt to find a microphone that was not there.
    """

    def __init__(
        self,
        card: str | None,
        clock: Clock,
        *,
        build: Callable[[str | None, Clock], Microphone] = Microphone,
        refresh: Callable[[], None] = look_again,
    ) -> None:
        self._card = card
        self._clock = clock
        self._build = build
        self._refresh = refresh
        self._microphone: Microphone | None = None
        self._muted = False
        self._closed = False
        self._light: Callable[[bool], None] | None = None
        #: why there is no microphone, in one line; empty when there is
        self.problem = ""
        self._find()

    @property
    def name(self) -> str:
        return self._microphone.name if self._microphone else self._card or "-"

    @property
    def is_open(self) -> bool:
        return self._microphone is not None and self._microphone.is_open

    @property
    def flowing(self) -> bool:
        return self._microphone is not None and self._microphone.flowing

    @property
    def muted(self) -> bool:
        return self._microphone.muted if self._microphone else self._muted

    @property
    def hung(self) -> bool:
        return self._microphone is not None and self._microphone.hung

    def show_on(self, light: Callable[[bool], None]) -> None:
        """As for ``Microphone``, whichever is found."""
        self._light = light
        light(False)
        if self._microphone is not None:
            self._microphone.show_on(light)

    def mute(self) -> bool:
        self._muted = True
        return self._microphone is None or self._microphone.mute()

    def unmute(self) -> None:
        self._muted = False
        if self._microphone is not None:
            self._microphone.unmute()

    def close(self) -> None:
        """May be called twice and from another thread."""
        self._closed = True
        if self._microphone is not None:
            self._microphone.close()

    def items(self) -> Iterator[Block | Gap | Resumed]:
        """Gaps until there is a microphone, then its sound.

        Raises:
            SourceError: the sound system hangs, or the microphone stayed lost for good.
        """
        told_until = due = self._clock.monotonic()
        waited = False
        while not self._closed:
            now = self._clock.monotonic()
            if not self._muted and now >= due:
                due = now + RETRY_S
                if self._open():
                    break
            self._clock.sleep(GAP_PIECE_S)
            missing_samples = round((self._clock.monotonic() - told_until) * SAMPLE_RATE)
            told_until += missing_samples / SAMPLE_RATE
            yield Gap(missing_samples, SourceState.MUTED if self._muted else SourceState.LOST)
            waited = True
        if self._closed or self._microphone is None:
            return
        if waited:
            yield Resumed()
        yield from self._microphone.items()

    def _open(self) -> bool:
        """Whether the microphone could be opened."""
        if self._microphone is None:
            self._refresh()
            self._find()
        if self._microphone is None:
            return False
        try:
            self._microphone.__enter__()
        except SourceError as error:
            if self._microphone.hung:
                raise
            self._microphone.close()
            self._microphone = None
            self.problem = str(error)
            return False
        return True

    def _find(self) -> None:
        try:
            self._microphone = self._build(self._card, self._clock)
        except SourceError as error:
            self.problem = str(error)
        else:
            self.problem = ""
            if self._light is not None:
                self._microphone.show_on(self._light)
