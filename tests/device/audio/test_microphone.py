"""The microphone's own logic over a scripted room; the real path is in test_capture.py."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Condition

import numpy as np
import pytest
from spoken_lesson import Heard, Said, SpokenLesson, hear

from device.audio.frames import Block, Gap, Resumed
from device.audio.liveness import LivenessLimits
from device.audio.microphone import Microphone
from device.audio.stream import Deliver, WrongDeviceError
from device.errors import SourceError
from lesson.events import Pause, Question

pytestmark = pytest.mark.unit

BLOCK = 320


def sound_at(first: int, end: int) -> np.ndarray:
    """What the room sounds like: every sample tells its number."""
    return (np.arange(first, end) % 20_011 + 1).astype(np.int16)


class ScriptedClock:
    """Waiting runs the script, in the one thread there is."""

    def __init__(self) -> None:
        self.time_s = 0.0
        self._script: list[tuple[float, Callable[[], None]]] = []

    def at(self, time_s: float, action: Callable[[], None]) -> None:
        self._script.append((time_s, action))
        self._script.sort(key=lambda entry: entry[0])

    def monotonic(self) -> float:
        return self.time_s

    def now(self) -> datetime:
        return datetime(2026, 9, 1, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        self.wait(Condition(), seconds)

    def wait(self, condition: Condition, timeout: float | None) -> bool:
        deadline = self.time_s + (timeout or 0.0)
        if not self._script or self._script[0][0] > deadline:
            self.time_s = deadline
            return False
        time_s, action = self._script.pop(0)
        self.time_s = max(self.time_s, time_s)
        action()
        return True


class FakeStream:
    def __init__(self, deliver: Deliver, rate: int, channels: int) -> None:
        self.deliver, self.rate, self.channels = deliver, rate, channels
        self.active, self.finished, self.closed = True, False, False
        self.right: bool | None = True

    def right_device(self) -> bool | None:
        return self.right

    def close(self) -> None:
        self.closed = True


class Room:
    """Opens streams, and delivers sound into the open one each 20 ms."""

    name = "clip"

    def __init__(self, clock: ScriptedClock, rate: int = 16_000, channels: int = 1) -> None:
        self.clock, self.rate, self.channels = clock, rate, channels
        self.streams: list[FakeStream] = []
        self.error: SourceError | None = None
        self.sound: Callable[[int, int], np.ndarray] = sound_at
        self.quiet = self.zeros = self.overflow = False
        clock.at(0.02, lambda: self._tick(1))

    def open(self, deliver: Deliver) -> FakeStream:
        if self.error is not None:
            raise self.error
        self.streams.append(FakeStream(deliver, self.rate, self.channels))
        return self.streams[-1]

    def die(self) -> None:
        self.streams[-1].active, self.streams[-1].finished = False, True
        self.error = SourceError("gone")

    def heal(self) -> None:
        self.error = None
        self.quiet = self.zeros = False

    def _tick(self, number: int) -> None:
        count = self.rate // 50
        mono = self.sound((number - 1) * count, number * count)
        data = np.repeat(mono * (not self.zeros), self.channels).astype(np.int16).tobytes()
        for stream in self.streams:
            if not self.quiet and not stream.finished and not stream.closed:
                stream.deliver(data, count, self.overflow)
                self.overflow = False
        self.clock.at((number + 1) * 0.02, lambda: self._tick(number + 1))


class Listener:
    """Reads a microphone until a moment, and keeps what came with its lesson position."""

    def __init__(self, **options: object) -> None:
        self.clock = ScriptedClock()
        self.room = Room(
            self.clock,
            rate=options.pop("rate", 16_000),  # type: ignore[arg-type]
            channels=options.pop("channels", 1),  # type: ignore[arg-type]
        )
        options.setdefault("start", lambda work: work())
        self.microphone = Microphone(None, self.clock, opener=self.room, **options)  # type: ignore[arg-type]
        self.seen: list[tuple[float, Block | Gap | Resumed]] = []

    def until(self, end_s: float) -> "Listener":
        self.clock.at(end_s, self.microphone.close)
        for item in self.microphone.items():
            self.seen.append((self.clock.time_s, item))
        return self

    def changes(self) -> list[str]:
        """The states in order, each once."""
        names: list[str] = []
        for _, item in self.seen:
            name = str(item.state) if isinstance(item, Gap) else type(item).__name__
            if not names or names[-1] != name:
                names.append(name)
        return names

    def check_every_sample_has_its_true_number(self) -> None:
        position = 0
        for _, item in self.seen:
            if isinstance(item, Block):
                end = position + len(item.samples)
                assert sound_at(position, end).tolist() == item.samples.tolist()
                position = end
            elif isinstance(item, Gap):
                position += item.missing_samples
        assert abs(position - self.clock.time_s * 16_000) <= 0.3 * 16_000


def test_sound_comes_as_it_was_captured() -> None:
    listener = Listener().until(3.0)
    assert ["Block"] == listener.changes()
    listener.check_every_sample_has_its_true_number()


def test_a_stream_that_ends_gives_a_gap_at_once_and_comes_back() -> None:
    listener = Listener()
    listener.clock.at(1.01, listener.room.die)
    listener.clock.at(4.0, listener.room.heal)
    listener.until(9.0)
    assert ["Block", "lost", "Resumed", "Block"] == listener.changes()
    first_gap_s = next(time_s for time_s, item in listener.seen if isinstance(item, Gap))
    assert first_gap_s < 1.1
    listener.check_every_sample_has_its_true_number()


def test_the_audio_clock_keeps_moving_while_sound_is_lost() -> None:
    listener = Listener()
    listener.clock.at(1.0, listener.room.die)
    listener.until(6.0)
    gaps_s = [time_s for time_s, item in listener.seen if isinstance(item, Gap)]
    assert max(np.diff(gaps_s)) <= 0.5
    listener.check_every_sample_has_its_true_number()


def test_no_callback_for_half_a_second_is_a_loss() -> None:
    listener = Listener()
    listener.clock.at(1.0, lambda: setattr(listener.room, "quiet", True))
    listener.clock.at(2.0, listener.room.heal)
    listener.until(5.0)
    assert ["Block", "lost", "Resumed", "Block"] == listener.changes()
    first_gap_s = next(time_s for time_s, item in listener.seen if isinstance(item, Gap))
    assert 1.5 <= first_gap_s <= 1.6
    listener.check_every_sample_has_its_true_number()


def test_exact_zeros_for_a_tenth_of_a_second_are_a_loss_until_sound_varies() -> None:
    listener = Listener()
    listener.clock.at(1.01, lambda: setattr(listener.room, "zeros", True))
    listener.clock.at(8.0, listener.room.heal)
    listener.until(12.0)
    assert ["Block", "silent", "Resumed", "Block"] == listener.changes()
    first_gap_s = next(time_s for time_s, item in listener.seen if isinstance(item, Gap))
    back_s = next(time_s for time_s, item in listener.seen if isinstance(item, Resumed))
    assert 1.1 <= first_gap_s <= 1.15
    assert 8.0 <= back_s <= 8.1
    listener.check_every_sample_has_its_true_number()


@pytest.mark.parametrize(("zeros_s", "lost"), [(0.08, False), (0.1, True), (0.42, True)])
def test_a_hole_in_the_sound_is_as_long_as_its_samples(zeros_s: float, lost: bool) -> None:
    listener = Listener()
    listener.clock.at(1.01, lambda: setattr(listener.room, "zeros", True))
    listener.clock.at(1.01 + zeros_s, listener.room.heal)
    listener.until(3.0)
    assert (["Block", "silent", "Resumed", "Block"] if lost else ["Block"]) == listener.changes()
    missing = sum(item.missing_samples for _, item in listener.seen if isinstance(item, Gap))
    assert lost * round(zeros_s * 16_000) == missing
    assert 1 == len(listener.room.streams)


def test_a_stream_that_is_open_and_deaf_does_not_flow() -> None:
    listener = Listener()
    flowing: list[bool] = []
    for at_s in (1.0, 1.5, 2.0):
        listener.clock.at(at_s, lambda: flowing.append(listener.microphone.flowing))
    listener.clock.at(1.01, lambda: setattr(listener.room, "zeros", True))
    listener.clock.at(1.9, listener.room.heal)
    listener.until(3.0)
    assert [True, False, True] == flowing


def test_zeros_before_the_stream_dies_are_told_once() -> None:
    listener = Listener()
    listener.clock.at(1.01, lambda: setattr(listener.room, "zeros", True))
    listener.clock.at(1.08, listener.room.die)
    listener.clock.at(4.0, listener.room.heal)
    listener.until(9.0)
    assert ["Block", "lost", "Resumed", "Block"] == listener.changes()
    listener.check_every_sample_has_its_true_number()


def test_a_silent_move_to_another_device_is_a_loss() -> None:
    listener = Listener()
    listener.clock.at(1.5, lambda: setattr(listener.room.streams[0], "right", False))
    listener.clock.at(
        1.5, lambda: setattr(listener.room, "error", WrongDeviceError("the earpiece answers"))
    )
    listener.clock.at(5.0, listener.room.heal)
    listener.until(12.0)
    assert ["Block", "wrong_device", "Resumed", "Block"] == listener.changes()
    listener.check_every_sample_has_its_true_number()


def test_the_old_stream_is_closed_before_the_next_is_opened() -> None:
    listener = Listener()
    listener.clock.at(1.0, lambda: setattr(listener.room, "quiet", True))
    listener.clock.at(4.0, listener.room.heal)
    listener.until(9.0)
    assert len(listener.room.streams) > 1
    assert all(stream.closed for stream in listener.room.streams)


def test_it_gives_up_with_advice_after_the_last_attempt() -> None:
    listener = Listener(limits=LivenessLimits(attempts=3))
    listener.clock.at(1.0, listener.room.die)
    with pytest.raises(SourceError, match="clip stayed without sound after 3 attempts"):
        listener.until(60.0)


def test_an_overflow_is_a_break_and_sound_goes_on() -> None:
    listener = Listener()
    listener.clock.at(1.01, lambda: setattr(listener.room, "overflow", True))
    listener.until(2.0)
    assert ["Block", "overflow", "Resumed", "Block"] == listener.changes()
    assert 1 == listener.microphone.overflows


def test_a_consumer_that_sleeps_loses_sound_and_knows_how_much() -> None:
    listener = Listener()

    def sleep_long() -> None:
        while listener.clock.time_s < 8.0:  # only the room goes on meanwhile
            listener.clock.wait(Condition(), 0.02)

    listener.clock.at(1.01, sleep_long)
    listener.until(12.0)
    assert ["Block", "overflow", "Resumed", "Block"] == listener.changes()
    lost = sum(item.missing_samples for _, item in listener.seen if isinstance(item, Gap))
    assert 1.9 * 16_000 <= lost <= 2.1 * 16_000
    listener.check_every_sample_has_its_true_number()


def test_mute_closes_the_stream_and_unmute_opens_another() -> None:
    listener = Listener()
    open_after: list[bool] = []

    def mute() -> None:
        assert listener.microphone.mute()
        open_after.append(listener.microphone.is_open)

    listener.clock.at(1.01, mute)
    listener.clock.at(4.0, listener.microphone.unmute)
    listener.until(6.0)
    assert ["Block", "muted", "Resumed", "Block"] == listener.changes()
    assert ([False], True) == (open_after, listener.room.streams[0].closed)
    listener.check_every_sample_has_its_true_number()


def test_nothing_is_heard_or_opened_while_muted() -> None:
    listener = Listener()
    listener.clock.at(1.01, lambda: (listener.microphone.mute(), None)[1])
    listener.until(5.0)
    assert 1 == len(listener.room.streams)
    heard_s = [time_s for time_s, item in listener.seen if isinstance(item, Block)]
    assert max(heard_s) <= 1.01


def test_muting_while_lost_says_muted() -> None:
    listener = Listener()
    listener.clock.at(1.0, listener.room.die)
    listener.clock.at(2.0, lambda: (listener.microphone.mute(), None)[1])
    listener.until(4.0)
    assert ["Block", "lost", "muted"] == listener.changes()


def test_closing_that_hangs_ends_with_an_error_and_a_flag() -> None:
    frozen = False

    def start(work: Callable[[], None]) -> None:
        if not frozen:
            work()

    listener = Listener(start=start, errand_timeout_s=2.0)

    def freeze() -> None:
        nonlocal frozen
        frozen = listener.room.quiet = True

    listener.clock.at(1.0, freeze)
    with pytest.raises(SourceError, match=r"does not answer.*restart this program"):
        listener.until(60.0)
    assert listener.microphone.hung
    assert 3.4 <= listener.clock.time_s <= 3.8
    assert ["Block", "lost"] == listener.changes()


def test_opening_that_hangs_is_refused() -> None:
    listener = Listener(start=lambda work: None, errand_timeout_s=2.0)
    with pytest.raises(SourceError, match="does not answer"), listener.microphone:
        pass
    assert listener.microphone.hung


def test_a_microphone_that_cannot_be_opened_at_the_start_is_refused() -> None:
    listener = Listener()
    listener.room.error = SourceError("microphone clip cannot be opened")
    with pytest.raises(SourceError, match="clip cannot be opened"), listener.microphone:
        pass


def test_a_stereo_card_of_48_khz_is_heard_at_16_khz() -> None:
    listener = Listener(rate=48_000, channels=2).until(2.0)
    assert ["Block"] == listener.changes()
    samples = sum(len(item.samples) for _, item in listener.seen if isinstance(item, Block))
    assert abs(samples - 32_000) < 1_600


def test_closing_twice_is_harmless() -> None:
    listener = Listener().until(0.5)
    listener.microphone.close()
    assert (False, False) == (listener.microphone.is_open, listener.microphone.hung)


def heard_live(lesson: SpokenLesson, zeros: list[Said]) -> Heard:
    """The events of a lesson through the microphone, whose sound has holes of zeros."""
    sound = np.concatenate([item.samples for item in lesson.items() if isinstance(item, Block)])
    for hole in zeros:
        sound[round(hole.start * 16_000) : round(hole.end * 16_000)] = 0
    listener = Listener()
    listener.room.sound = lambda first, end: sound[first:end]
    listener.until(lesson.now)
    return hear([item for _, item in listener.seen], lesson.listener())


@pytest.mark.parametrize(("zeros", "asked"), [(False, True), (True, False)])
def test_what_is_said_after_a_hole_in_a_sentence_is_no_question(zeros: bool, asked: bool) -> None:
    lesson = SpokenLesson()
    lesson.teacher("en die damp")
    hole = lesson.room(0.42)
    lesson.teacher("kun je niet zien")
    lesson.room(0.78)
    lesson.teacher("dat is zo")
    lesson.room(1.0)
    heard = heard_live(lesson, [hole] if zeros else [])
    assert asked is bool(heard.of(Question))
    assert asked is bool(heard.of(Pause))


def test_zeros_are_not_taken_for_the_level_of_the_room() -> None:
    lesson = SpokenLesson()
    hole = lesson.room(2.0)
    lesson.room(1.0)
    asked = lesson.teacher("waarom drijft ijs op water")
    lesson.room(3.4)
    named = lesson.teacher("sanne")
    lesson.room(1.0)
    (pause,) = heard_live(lesson, [hole]).of(Pause)
    assert (asked.end, named.start) == pytest.approx((pause.t, pause.t_end), abs=0.04)
