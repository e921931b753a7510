"""What the sender hands to the link and when: a real journal, a link that only writes down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from device_process import STARTED

from device.clock import SystemClock
from device.journal import Journal, Outbox
from device.telemetry.mailbox import MOST_BOOTS, LinkChange, Mailbox
from device.telemetry.sender import BATCH_EVENTS, BATCH_INTERVAL_S, RETRY_S, OutboxSender
from device.telemetry.window import SendWindow
from lesson import topics
from lesson.events import Mark
from lesson.wire import Envelope

pytestmark = pytest.mark.unit

DEVICE = "lokaal-12"


class WrittenDown:
    """A link that takes ``room`` messages."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Envelope]] = []
        self.room = 10_000

    def publish(self, topic: str, payload: bytes, **_options: object) -> object | None:
        if self.room == 0:
            return None
        self.room -= 1
        self.sent.append((topic, Envelope.from_json(payload)))
        return object()

    @property
    def sequence(self) -> list[int]:
        return [envelope.seq for _, envelope in self.sent]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.db", DEVICE, SystemClock()) as opened:
        lesson = opened.start_lesson(STARTED).lesson
        opened.append_all([(lesson, Mark(t=t, by="teacher")) for t in range(99)])
        yield opened


@pytest.fixture
def link() -> WrittenDown:
    return WrittenDown()


@pytest.fixture
def sender(journal: Journal, link: WrittenDown) -> Iterator[OutboxSender]:
    window = SendWindow(first=50, largest=64, timeout_s=5)
    with Outbox.open(journal.path) as outbox:
        yield OutboxSender(outbox, link, DEVICE, window, Counter())  # type: ignore[arg-type]


def test_events_go_out_in_order_on_the_topic_of_their_lesson(
    journal: Journal, sender: OutboxSender, link: WrittenDown
) -> None:
    sender.send(100.0)
    topic = topics.event(DEVICE, journal.lessons()[0])
    assert list(range(1, BATCH_EVENTS + 1)) == link.sequence
    assert {topic} == {sent_topic for sent_topic, _ in link.sent}


def test_no_more_than_one_batch_goes_out_at_a_time(sender: OutboxSender, link: WrittenDown) -> None:
    for moment in (100.0, 100.05, 100.0999):
        sender.send(moment)
    assert BATCH_EVENTS == len(link.sent)
    assert sender.due_at == pytest.approx(100.0 + BATCH_INTERVAL_S)
    sender.send(100.11)
    assert 2 * BATCH_EVENTS == len(link.sent)


def test_no_more_than_the_window_is_under_way(sender: OutboxSender, link: WrittenDown) -> None:
    for step in range(10):
        sender.send(100.0 + step * 0.4)
        if step > 3:
            assert 50 == len(link.sent)
    assert 105.0 == sender.due_at


def test_what_the_link_does_not_take_is_tried_again_later(
    sender: OutboxSender, link: WrittenDown
) -> None:
    link.room = 5
    sender.send(100.0)
    assert 100.0 + RETRY_S == sender.due_at
    link.room = 10_000
    sender.send(100.0 + RETRY_S)
    assert list(range(1, 26)) == link.sequence


def test_nothing_is_due_when_everything_is_acknowledged(
    journal: Journal, sender: OutboxSender, link: WrittenDown
) -> None:
    now = 100.0
    while not sender.empty:
        sender.send(now)
        now += 1
        sender.acknowledged(journal.boot, link.sequence[-1], now)
    sender.send(now + 1)
    assert list(range(1, 101)) == link.sequence
    assert sender.due_at is None


def test_many_acknowledgements_are_kept_as_the_highest_of_each_boot() -> None:
    mailbox = Mailbox(SystemClock())
    for upto in (3, 9, 4):
        assert mailbox.acknowledged("0" * 16, upto)
    taken = [mailbox.acknowledged(f"{number:016x}", 1) for number in range(MOST_BOOTS + 5)]
    assert MOST_BOOTS == sum(taken)
    assert 9 == mailbox.collect(0).acknowledged["0" * 16]


def test_of_several_losses_the_first_gives_the_reason_and_the_newest_state_counts() -> None:
    mailbox = Mailbox(SystemClock())
    mailbox.link_changed(LinkChange(False, "first"))
    mailbox.link_changed(LinkChange(False, "second"))
    assert LinkChange(False, "first") == mailbox.collect(0).link
    mailbox.link_changed(LinkChange(False, "first"))
    mailbox.link_changed(LinkChange(True))
    assert LinkChange(True) == mailbox.collect(0).link
    assert mailbox.collect(0).link is None


def test_it_is_overloaded_while_the_link_refuses_or_nothing_is_acknowledged(
    journal: Journal, sender: OutboxSender, link: WrittenDown
) -> None:
    link.room = 0
    sender.send(100.0)
    refused = sender.overloaded
    link.room = 10_000
    sender.send(100.0 + RETRY_S)
    taken = sender.overloaded
    sender.send(100.0 + RETRY_S + 5)
    silent = sender.overloaded
    sender.acknowledged(journal.boot, 1, 107.0)
    assert (True, False, True, False) == (refused, taken, silent, sender.overloaded)
