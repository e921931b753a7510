"""The wire format is frozen: golden messages, and nothing but them gets through.

A change that breaks a golden file is a new major version in the topic root, not an edit here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from lesson import events, topics
from lesson.events import LessonEvent
from lesson.wire import Acknowledgement, DeviceInfo, DeviceStatus, Envelope, LiveState, event_id
from tools import asyncapi

pytestmark = pytest.mark.contract

GOLDEN = Path(__file__).parent / "golden"
MODELS: dict[str, type[BaseModel]] = {
    "device_status": DeviceStatus,
    "device_info": DeviceInfo,
    "live_state": LiveState,
    "acknowledgement": Acknowledgement,
}
KINDS = sorted(kind.model_fields["kind"].default for kind in get_args(get_args(LessonEvent)[0]))
NAMES = sorted([*KINDS, *MODELS])
SPEECH = "Sofie, wat is drie keer vier?"


def model_of(name: str) -> type[BaseModel]:
    return MODELS.get(name, Envelope)


def golden(name: str) -> bytes:
    return (GOLDEN / f"{name}.json").read_bytes().rstrip(b"\n")


def places(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value inside ``data``, itself included."""
    yield path
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from places(value, (*path, index))


def at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def replaced(name: str, path: tuple[str | int, ...], value: Any) -> bytes:
    data = json.loads(golden(name))
    at(data, path[:-1])[path[-1]] = value
    return json.dumps(data).encode()


LEAVES = [
    (name, path)
    for name in NAMES
    for path in places(json.loads(golden(name)))
    if not isinstance(at(json.loads(golden(name)), path), dict)
]
OBJECTS = [
    (name, path)
    for name in NAMES
    for path in places(json.loads(golden(name)))
    if isinstance(at(json.loads(golden(name)), path), dict)
]
NUMBERS = [
    (name, path)
    for name, path in LEAVES
    if type(at(json.loads(golden(name)), path)) in (int, float)
]


def test_every_kind_of_event_has_a_golden_message() -> None:
    assert NAMES == sorted(path.stem for path in GOLDEN.glob("*.json"))
    for kind in KINDS:
        assert kind == json.loads(golden(kind))["event"]["kind"]


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_message_comes_back_byte_for_byte(name: str) -> None:
    message = model_of(name).model_validate_json(golden(name))
    assert golden(name) == message.model_dump_json().encode()
    if isinstance(message, Envelope):
        assert golden(name) == Envelope.from_json(golden(name)).to_json()


@pytest.mark.parametrize(("name", "path"), OBJECTS)
def test_an_unknown_field_is_refused_at_every_level(name: str, path: tuple[str | int, ...]) -> None:
    with pytest.raises(ValidationError):
        model_of(name).model_validate_json(replaced_with_extra(name, path))


def replaced_with_extra(name: str, path: tuple[str | int, ...]) -> bytes:
    data = json.loads(golden(name))
    at(data, path)["text"] = "x"
    return json.dumps(data).encode()


@pytest.mark.parametrize(("name", "path"), LEAVES)
def test_speech_is_refused_in_every_field(name: str, path: tuple[str | int, ...]) -> None:
    with pytest.raises(ValidationError):
        model_of(name).model_validate_json(replaced(name, path, SPEECH))


@pytest.mark.parametrize(("name", "path"), NUMBERS)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), -1000.0])
def test_no_number_may_be_infinite_undefined_or_far_below_zero(
    name: str, path: tuple[str | int, ...], value: float
) -> None:
    with pytest.raises(ValidationError):
        model_of(name).model_validate_json(replaced(name, path, value))


def test_a_list_of_reasons_takes_no_speech() -> None:
    with pytest.raises(ValidationError):
        Envelope.from_json(replaced("question", ("event", "reasons"), [SPEECH]))


def test_an_id_must_belong_to_its_boot_and_number() -> None:
    with pytest.raises(ValidationError, match="does not belong"):
        Envelope.from_json(replaced("mark", ("seq",), 999))


@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"v": 2}'])
def test_other_payloads_are_refused(payload: bytes) -> None:
    for model in (Envelope, *MODELS.values()):
        with pytest.raises(ValidationError):
            model.model_validate_json(payload)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_an_envelope_or_a_validation_error(payload: bytes) -> None:
    with pytest.raises(ValidationError):
        Envelope.from_json(payload)


def test_event_ids_are_made_of_boot_and_number() -> None:
    assert "00c0ffee00c0ffee-000007" == event_id("00c0ffee00c0ffee", 7)
    assert "00c0ffee00c0ffee-12345678" == event_id("00c0ffee00c0ffee", 12_345_678)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"action": "remove", "by": "trainer"}, "target"),
        ({"action": "add", "target": "00c0ffee00c0ffee-000001", "by": "trainer"}, "target"),
        ({"action": "replace", "target": "00c0ffee00c0ffee-000001", "by": "trainer"}, "event"),
    ],
)
def test_a_correction_says_what_it_needs(data: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        events.parse_event({"kind": "correction", "t": 1, **data})


def test_topics_are_frozen() -> None:
    assert "denkpauze/v1/lokaal-12/status" == topics.status("lokaal-12")
    assert "denkpauze/v1/lokaal-12/info" == topics.info("lokaal-12")
    assert "denkpauze/v1/lokaal-12/live" == topics.live("lokaal-12")
    assert "denkpauze/v1/lokaal-12/ack" == topics.acknowledgement("lokaal-12")
    assert "denkpauze/v1/lokaal-12/lesson/01hz/event" == topics.event("lokaal-12", "01hz")
    assert "homeassistant/device/denkpauze/a1/config" == topics.home_assistant("a1")
    for made in (topics.status("a"), topics.event("a", "b")):
        assert "a" == topics.device_of(made)
    assert topics.device_of("homeassistant/sensor/a/config") is None


def test_the_asyncapi_file_is_made_from_the_code() -> None:
    assert asyncapi.page() == asyncapi.PAGE.read_text(encoding="utf-8"), (
        "run: python -m tools.asyncapi"
    )


def test_the_asyncapi_file_describes_every_golden_field() -> None:
    document = yaml.safe_load(asyncapi.PAGE.read_text(encoding="utf-8"))
    schemas = document["components"]["schemas"]
    for name in NAMES:
        data = json.loads(golden(name))
        assert list(data) == list(schemas[model_of(name).__name__]["properties"])
    for kind in KINDS:
        data = json.loads(golden(kind))["event"]
        (schema,) = (
            each
            for each in schemas.values()
            if "t" in each.get("properties", {})  # a command may be called like an event
            and each["properties"].get("kind", {}).get("const") == kind
        )
        assert list(data) == list(schema["properties"])
        assert schema["additionalProperties"] is False


def test_every_reference_in_the_asyncapi_file_leads_somewhere() -> None:
    document = asyncapi.document()
    references = [at(document, path) for path in places(document) if path and path[-1] == "$ref"]
    assert references
    for reference in references:
        assert at(document, tuple(reference.removeprefix("#/").split("/"))) is not None
