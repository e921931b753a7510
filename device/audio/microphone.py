"""The microphone as a source that survives losing its sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Self

from device.audio.capture import ERRAND_TIMEOUT_S, Capture, Sound
from device.audio.errand import Start, in_thread
from device.audio.frames import SAMPLE_RATE, Block, Gap, Resumed, SourceState
from device.audio.liveness import LivenessLimits, Transition
from device.audio.stream import Opener, PortAudioOpener
from device.clock import Clock
from device.closing import Closing

#: how often the stream is looked at when no sound arrives
TICK_S = 0.05
#: while sound is lost, the audio clock moves in steps of this length
GAP_PIECE_S = 0.25
#: a microphone always has some noise: one same value for so long is a hole in the sound, such as
#: a receiver makes that has lost its transmitter
HOLE_S = 0.1


class Microphone(Closing):
    """Sound from a card, 16 kHz mono, in blocks of about 20 ms.

    When sound is lost, ``items`` says so at once with a ``Gap`` and goes on with one about every
    0.25 s, so that the audio clock stays true to real time. Meanwhile the stream is closed and
    opened again with growing pauses; ``Resumed`` comes once varying sound arrives from the right
    device. A level that is digitally flat for 0.1 s, such as exact zeros, counts as lost as well;
    after 3 s the stream is opened anew.

    ``items`` belongs to one thread; ``mute``, ``unmute`` and ``close`` may come from any.

    Args:
        card: part of the microphone's name, upper or lower case; ``pulse`` or ``pulse:SOURCE``
            for a sound server; ``None`` for the only card there is.
        clock: gives the time.
        limits: when to worry and when to give up.
        errand_timeout_s: opening or closing that takes longer is taken to hang.
        opener: opens the streams; PortAudio unless told.
        start: runs what may hang; threads unless told.

    Raises:
        SourceError: PortAudio is missing, or no or several microphones have that name.
    """

    def __init__(
        self,
        card: str | None,
        clock: Clock,
        *,
        limits: LivenessLimits | None = None,
        errand_timeout_s: float = ERRAND_TIMEOUT_S,
        opener: Opener | None = None,
        start: Start = in_thread,
    ) -> None:
        self._opener = opener or PortAudioOpener(card)
        self._clock = clock
        self._capture = Capture(
            self._opener, clock, limits or LivenessLimits(), errand_timeout_s, start
        )
        self._opened = False
        #: monotonic seconds up to which everything is delivered, as sound or as gap
        self._told_until = clock.monotonic()
        self._missing: SourceState | None = None
        self._flat: list[Sound] = []  # perhaps the beginning of a hole
        self._in_hole = False

    @property
    def name(self) -> str:
        """The microphone that is used, for messages and the log."""
        return self._opener.name

    @property
    def is_open(self) -> bool:
        """Whether a stream is open now: what the listening light shows."""
        return self._capture.is_open

    @property
    def flowing(self) -> bool:
        """Whether sound comes now: a stream may be open and deaf."""
        return self.is_open and self._capture.flowing and not self._in_hole

    @property
    def muted(self) -> bool:
        return self._capture.muted

    @property
    def hung(self) -> bool:
        """Opening or closing never came back. A thread then hangs inside PortAudio, so the
        process can only end by ``os._exit``, with a status that is not 0."""
        return self._capture.hung

    @property
    def overflows(self) -> int:
        """How often sound was lost for want of room or time, since the start."""
        return self._capture.queue.overflows

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """The last 100 changes of the liveness state, oldest first."""
        return tuple(self._capture.transitions)

    def show_on(self, light: Callable[[bool], None]) -> None:
        """Switch this light on before a stream is opened, and off after it is closed."""
        self._capture.listening.show_on(light)

    def __enter__(self) -> Self:
        """Open the stream.

        Raises:
            SourceError: it cannot be opened, or opening hangs.
        """
        self._open()
        return self

    def close(self) -> None:
        """End the sound. Never hangs: look at ``hung`` afterwards."""
        self._capture.close()

    def mute(self) -> bool:
        """Close the stream itself; returns once it is closed, or False when closing hangs."""
        return self._capture.mute()

    def unmute(self) -> None:
        """Let ``items`` open the stream again."""
        self._capture.unmute()

    def items(self) -> Iterator[Block | Gap | Resumed]:
        """Sound until ``close``.

        Raises:
            SourceError: it stayed lost for all attempts, or opening or closing hangs.
        """
        self._open()
        heard_any = False
        while not self._capture.closed:
            sound = self._capture.next(TICK_S)
            if not self._capture.flowing:
                yield from self._miss()
                heard_any = True
            elif sound is not None:
                if not heard_any:
                    self._told_until = _begin(sound)
                    heard_any = True
                yield from self._hear_hole(sound) if sound.flat_s else self._hear(sound)

    def _open(self) -> None:
        if not self._opened:
            self._opened = True
            self._capture.open_first()
            self._told_until = self._clock.monotonic()

    def _miss(self) -> Iterator[Gap]:
        self._flat.clear()
        self._in_hole = False
        state = self._capture.outage or SourceState.LOST
        now = self._clock.monotonic()
        if state is not self._missing or now - self._told_until >= GAP_PIECE_S:
            self._missing = state
            yield self._gap(now, state)

    def _hear_hole(self, sound: Sound) -> Iterator[Gap]:
        """Sound that may be none. A hole is as long as its samples, however late they come."""
        if self._missing is not None:
            return
        self._flat.append(sound)
        if not self._in_hole and sound.flat_s < HOLE_S:
            return
        self._in_hole = True
        yield Gap(sum(len(each.samples) for each in self._flat), SourceState.SILENT)
        self._flat.clear()
        self._told_until = max(self._told_until, sound.captured_at)

    def _hear(self, sound: Sound) -> Iterator[Block | Gap | Resumed]:
        if self._in_hole:
            self._in_hole = False
            yield Resumed()
        short, self._flat = self._flat, []
        for each in (*short, sound):
            yield from self._deliver(each)

    def _deliver(self, sound: Sound) -> Iterator[Block | Gap | Resumed]:
        samples = sound.samples
        if self._missing is not None:
            yield self._gap(_begin(sound), self._missing)
            self._missing = None
            yield Resumed()
            # a gap that was told a moment ago may reach into this block
            told_samples = round((self._told_until - _begin(sound)) * SAMPLE_RATE)
            samples = samples[max(0, told_samples) :]
        elif sound.lost_before:
            yield self._gap(_begin(sound), SourceState.OVERFLOW)
            yield Resumed()
        if len(samples):
            yield Block(samples, captured_at=sound.captured_at)
        self._told_until = max(self._told_until, sound.captured_at)

    def _gap(self, until: float, state: SourceState) -> Gap:
        missing_samples = max(0, round((until - self._told_until) * SAMPLE_RATE))
        self._told_until += missing_samples / SAMPLE_RATE
        return Gap(missing_samples, state)


def _begin(sound: Sound) -> float:
    return sound.captured_at - len(sound.samples) / SAMPLE_RATE
