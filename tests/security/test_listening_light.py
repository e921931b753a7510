"""No hidden mode: while a stream is open the light burns, whatever else goes wrong (P13, P14)."""

from __future__ import annotations

import io
import queue
from collections.abc import Callable

import pytest
from gpiozero.pins.mock import MockFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from device.app import MAIN_LOOP_S
from device.audio.capture import Capture
from device.audio.liveness import LivenessLimits
from device.audio.microphone import Microphone
from device.audio.stream import Deliver
from device.clock import SimulatedClock
from device.errors import SourceError
from device.feedback.build import build_box
from device.feedback.buttons import Button, Press
from device.feedback.light import BoxState, ListenLight
from device.feedback.pins import Pins
from device.feedback.terminal import TerminalView
from device.feedback.view_state import Header
from device.live_box import LiveBox
from lesson.events import CueMode

pytestmark = pytest.mark.unit


class Room:
    """A sound card that says when it records while the light is off."""

    name = "clip"

    def __init__(self) -> None:
        self.light = False
        self.burns = lambda: self.light
        self.streams: list[FakeStream] = []
        self.refuses = self.close_fails = False
        self.hidden: list[str] = []

    def lit(self, on: bool) -> None:
        self.light = on
        self.look("the light changed")

    def look(self, when: str) -> None:
        if any(stream.active for stream in self.streams) and not self.burns():
            self.hidden.append(when)

    def open(self, deliver: Deliver) -> FakeStream:
        self.streams.append(FakeStream(self, deliver))
        self.look("it was opened")
        if self.refuses:
            self.streams[-1].active = False
            raise SourceError("no")
        return self.streams[-1]


class FakeStream:
    rate, channels = 16_000, 1

    def __init__(self, room: Room, deliver: Deliver) -> None:
        self.room, self.deliver = room, deliver
        self.active, self.finished = True, False

    def right_device(self) -> bool | None:
        return True

    def close(self) -> None:
        self.room.look("before it was closed")
        self.active, self.finished = False, True
        if self.room.close_fails:
            raise SourceError("cannot close")


ACTIONS = ["next", "mute", "unmute", "refuse", "accept", "die", "close_fails"]


@settings(max_examples=200)
@given(st.lists(st.sampled_from(ACTIONS), max_size=30))
def test_whatever_happens_no_stream_is_open_while_the_light_is_off(actions: list[str]) -> None:
    room, clock = Room(), OneThread()
    capture = Capture(room, clock, LivenessLimits(), start=lambda work: work())
    capture.listening.show_on(room.lit)
    capture.open_first()
    for action in actions:
        clock.advance(0.3)
        room.refuses = action == "refuse" or (room.refuses and action != "accept")
        room.close_fails = room.close_fails or action == "close_fails"
        if action == "die":
            room.streams[-1].finished = True
        elif action in ("mute", "unmute"):
            getattr(capture, action)()
        try:
            capture.next(0.3)
        except SourceError:  # given up for good: whoever reads closes it
            break
        room.look(action)
    capture.close()
    assert ([], False) == (room.hidden, room.light)
    assert not any(stream.active for stream in room.streams)


class OneThread(SimulatedClock):
    """Waiting only takes time: nobody else is there."""

    def wait(self, _condition: object, timeout: float | None) -> bool:
        self.advance(timeout or 0.0)
        return False


def test_a_light_that_cannot_be_switched_on_keeps_the_microphone_closed() -> None:
    def broken(on: bool) -> None:
        if on:
            raise OSError("no pin")

    room = Room()
    microphone = Microphone(None, OneThread(), opener=room, start=lambda work: work())
    microphone.show_on(broken)
    with pytest.raises(SourceError, match="listening light"), microphone:
        pass
    assert [] == room.streams


def test_the_light_burns_while_closing_hangs() -> None:
    """A frozen sound server may still record: the light says so."""
    room, clock = Room(), OneThread()
    started: list[Callable[[], None]] = []
    capture = Capture(room, clock, LivenessLimits(), 5.0, start=started.append)
    capture.listening.show_on(room.lit)
    capture._open()
    capture.close()
    assert (True, True, True) == (capture.hung, room.light, room.streams[0].active)


class Box:
    """The box of a lesson with a microphone, on mock pins, in one thread."""

    def __init__(self, pins: MockFactory) -> None:
        self.clock, self.room = OneThread(), Room()
        self.microphone = Microphone(None, self.clock, opener=self.room, start=lambda work: work())
        self.presses: queue.Queue[Press] = queue.Queue()
        self.box = build_box(self.presses, self.clock, buttons=False)
        header = Header(source="test", model="-", mode=CueMode.CUE, link="none")
        console = Console(file=io.StringIO())
        self.live = LiveBox(
            self.microphone,
            self.box,
            self.presses,
            TerminalView(console, "nl", clock=self.clock, header=header, target_s=3.0),
            on_mark=lambda _what: None,
            mute_cues=lambda _muted: None,
            end_lesson=lambda: None,
        )
        self.pin = pins.pin(Pins().listen)
        self.room.burns = lambda: self.lit

    @property
    def lit(self) -> bool:
        return bool(self.pin.state)


def test_mute_closes_the_stream_and_darkens_the_light_within_100_ms(mock_pins: MockFactory) -> None:
    """From the press to the closed stream on the clock that stamps the sound.

    The main loop may have looked at the buttons just before, so a whole round of it passes.
    """
    box = Box(mock_pins)
    with box.microphone:
        box.live.look(box.clock.monotonic())
        assert (True, True) == (box.lit, box.room.streams[0].active)
        pressed_s = box.clock.monotonic()
        box.presses.put(Press(Button.MUTE, pressed_s))
        box.clock.advance(MAIN_LOOP_S)
        box.live.look(box.clock.monotonic())
        assert (False, False) == (box.lit, box.room.streams[0].active)
        assert box.clock.monotonic() - pressed_s <= 0.1
        # what a stream still delivers after that is heard by nobody
        box.room.streams[0].deliver(b"\x01\x00" * 320, 320, False)
        assert box.microphone._capture.next(0.0) is None


def test_the_light_needs_no_main_thread(mock_pins: MockFactory) -> None:
    """Opened again by the pipeline while nobody looks at the box: the light burns all the same."""
    box = Box(mock_pins)
    with box.microphone:
        box.microphone.mute()
        assert not box.lit
        box.microphone.unmute()
        seen = set()
        for _ in range(50):
            box.clock.advance(0.1)
            box.microphone._capture.next(0.0)
            seen.add((box.lit, any(stream.active for stream in box.room.streams)))
        assert {(True, True), (False, False)} == seen
    assert ([], False) == (box.room.hidden, box.lit)


def test_no_state_of_the_box_darkens_an_open_stream(mock_pins: MockFactory) -> None:
    box = Box(mock_pins)
    with box.microphone:
        for state in BoxState:
            box.live.show(state)
            assert box.lit or state is BoxState.WATCHED, state  # watched: it winks
        box.live.show(BoxState.LISTENING)
        assert box.lit


def test_an_error_in_the_lesson_closes_the_stream_and_then_the_light(
    mock_pins: MockFactory,
) -> None:
    box = Box(mock_pins)
    with pytest.raises(RuntimeError), box.microphone:
        raise RuntimeError("anything")
    assert ([], False) == (box.room.hidden, box.lit)


def test_a_light_that_was_given_back_is_not_touched_again(mock_pins: MockFactory) -> None:
    light = ListenLight()
    light.close()
    light.stream(True)
    light.close()
