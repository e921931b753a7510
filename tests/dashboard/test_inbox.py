"""What is let in from the broker, and what is refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lesson_events import LessonScript

from dashboard.inbox import MAX_PAYLOAD_BYTES, Accepted, Message, Refused, read
from lesson import topics
from lesson.wire import DeviceStatus

pytestmark = pytest.mark.unit

ENVELOPE = LessonScript().started().envelopes[0]
TOPIC = topics.event(ENVELOPE.device, ENVELOPE.lesson)


def test_an_event_on_its_own_topic_is_accepted() -> None:
    assert Accepted(ENVELOPE.device, ENVELOPE) == read(Message(TOPIC, ENVELOPE.to_json()))


def test_a_status_is_accepted() -> None:
    status = DeviceStatus(state="lost", boot="00000000000000a1")
    message = Message(topics.status("a1"), status.model_dump_json().encode())
    assert Accepted("a1", status) == read(message)


@pytest.mark.parametrize(
    ("reason", "topic", "payload"),
    [
        ("other_device", topics.event("other", ENVELOPE.lesson), ENVELOPE.to_json()),
        ("other_lesson", topics.event(ENVELOPE.device, "otherlesson"), ENVELOPE.to_json()),
        ("unknown_topic", "somewhere/else/a/b", b"{}"),
        ("unknown_topic", topics.acknowledgement("a1"), b"{}"),
        ("unknown_topic", topics.live("UPPER"), b"{}"),
        ("cleared", topics.status("a1"), b""),
        ("malformed", topics.live("a1"), b"\xff\xfe"),
        ("malformed", topics.live("a1"), b"[" * 30_000),
        ("malformed", topics.status("a1"), b'{"state":"ready","boot":"00000000000000a1","x":1}'),
        ("malformed", TOPIC, ENVELOPE.to_json().replace(b'"seq":1', b'"seq":2')),
        ("oversized", TOPIC, b" " * (MAX_PAYLOAD_BYTES + 1)),
    ],
)
def test_anything_else_is_refused_with_its_reason(reason: str, topic: str, payload: bytes) -> None:
    assert Refused(reason) == read(Message(topic, payload))


@given(payload=st.binary(max_size=200), name=st.text(max_size=20))
def test_no_message_whatsoever_raises(payload: bytes, name: str) -> None:
    for topic in (name, f"denkpauze/v1/{name}/live", TOPIC):
        assert isinstance(read(Message(topic, payload)), Refused)
