import pytest

from device.audio.capture_queue import CaptureQueue
from device.clock import SimulatedClock

pytestmark = pytest.mark.unit


def test_pieces_come_in_order_with_the_moment_of_their_callback() -> None:
    clock = SimulatedClock(5.0)
    queue = CaptureQueue(clock, 10)
    stream = queue.begin()
    queue.put(stream, b"ab", 1, False)
    clock.advance(0.5)
    queue.put(stream, b"cd", 1, False)
    first, second = queue.get(0), queue.get(0)
    assert first is not None
    assert second is not None
    assert [(b"ab", 5.0), (b"cd", 5.5)] == [
        (piece.data, piece.captured_at) for piece in (first, second)
    ]
    assert None is queue.get(0)


def test_what_finds_no_room_is_dropped_and_counted_before_the_next_piece() -> None:
    queue = CaptureQueue(SimulatedClock(), 2)
    stream = queue.begin()
    for data in (b"1", b"2", b"3", b"4"):
        queue.put(stream, data, 320, False)
    queue.get(0)
    queue.put(stream, b"5", 320, False)
    queue.get(0)
    piece = queue.get(0)
    assert piece is not None
    assert (b"5", 640, 1) == (piece.data, piece.dropped_samples, queue.overflows)


def test_an_overflow_of_portaudio_is_passed_on_and_counted() -> None:
    queue = CaptureQueue(SimulatedClock(), 2)
    queue.put(queue.begin(), b"1", 320, True)
    piece = queue.get(0)
    assert piece is not None
    assert (True, 1) == (piece.overflow, queue.overflows)


def test_a_stream_that_was_given_up_is_not_heard_any_more() -> None:
    queue = CaptureQueue(SimulatedClock(), 2)
    old = queue.begin()
    queue.put(old, b"old", 1, False)
    queue.begin()
    queue.put(old, b"late", 1, False)
    assert (None, None) == (queue.get(0), queue.last_callback_at)
