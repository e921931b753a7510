"""What is no message of ours is no message: wrong types, absurd times, milliseconds for seconds."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lesson_events import LessonScript
from pydantic import BaseModel, ValidationError

from lesson.events import parse_event
from lesson.lesson_file import FileEntry, LessonFile, read_lesson_file
from lesson.wire import Acknowledgement, DeviceInfo, DeviceStatus, Envelope, LiveState

pytestmark = pytest.mark.contract

GOLDEN = Path(__file__).parents[1] / "lesson" / "golden"
MODELS: dict[str, type[BaseModel]] = {
    "device_status": DeviceStatus,
    "device_info": DeviceInfo,
    "live_state": LiveState,
    "acknowledgement": Acknowledgement,
}
Place = tuple[str | int, ...]


def golden() -> dict[str, Any]:
    return {path.stem: json.loads(path.read_bytes()) for path in sorted(GOLDEN.glob("*.json"))}


def leaves(data: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    pairs: Any = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in pairs:
        if isinstance(value, dict | list):
            yield from leaves(value, (*place, key))
        else:
            yield (*place, key), value


def wrong(value: object) -> list[object]:
    """The same value as another type, and what else pydantic would take for it by itself."""
    if isinstance(value, bool):
        return [int(value), str(value).lower(), "yes", float(value)]
    if isinstance(value, int):
        return [str(value), True, float(value), [value], {"value": value}]
    if isinstance(value, float):
        return [str(value), True, False, [value], math.inf, -math.inf, math.nan]
    if isinstance(value, str) and value[:2] == "20" and "T" in value:
        absurd = ["0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z", "1969-12-31T00:00:00Z"]
        return [1_800_000_000, 1_800_000_000_000, 1.8e9, "1800000000", *absurd, value[:19]]
    if value is None:
        return [True, "Sofie", [value], {"value": value}]
    return [1, True, 1.5, [value], {"value": value}]


LEAVES = [(name, place) for name, data in golden().items() for place, _ in leaves(data)]


def put(data: Any, place: Place, value: object) -> bytes:
    inner = data
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    return json.dumps(data).encode()


@pytest.mark.parametrize(("name", "place"), LEAVES)
def test_a_value_of_another_type_is_refused(name: str, place: Place) -> None:
    model = MODELS.get(name, Envelope)
    value = dict(leaves(golden()[name]))[place]
    for other in wrong(value):
        with pytest.raises(ValidationError):
            model.model_validate_json(put(golden()[name], place, other))


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "question", "t": 12.1, "t_end": 15_300, "form": "open", "arms": True},
        {"kind": "question", "t": 12_100, "t_end": 15_300, "form": "open", "arms": True},
        {"kind": "pause", "t": 15.3, "t_end": 18_500, "outcome": "measured", "reason": "x"},
        {"kind": "pause", "t": 15.3, "t_end": None, "net_s": 3_200, "outcome": "measured"},
        {"kind": "pause", "t": 15.3, "t_end": 18.5, "net_s": 3_200, "outcome": "measured"},
        {"kind": "name", "t": 18.5, "t_end": 18_900, "pupil": None, "role": "call"},
        {"kind": "name", "t": 18_500, "t_end": 18_900, "pupil": None, "role": "call"},
        {"kind": "turn", "t": 2_400_000, "t_end": 2_412_000, "source": "pupil", "speech_s": 1.0},
        {"kind": "cue", "t": 18.3, "signal": "go", "question_end": 15_300},
        {"kind": "cue", "t": 18_300, "signal": "go", "question_end": 15.3},
        {"kind": "question", "t": 15.3, "t_end": 12.1, "form": "open", "arms": True},
        {"kind": "turn", "t": 15.3, "t_end": 12.1, "source": "pupil", "speech_s": 1.0},
    ],
)
def test_milliseconds_for_seconds_and_ends_before_beginnings_are_refused(
    data: dict[str, Any],
) -> None:
    more = {
        "question": {"probability": 0.9},
        "pause": {"reason": "x"},
        "name": {"probability": 0.9, "position": "alone"},
    }
    with pytest.raises(ValidationError) as caught:
        parse_event({**more.get(data["kind"], {}), **data})
    # nothing but the time is wrong with it
    assert all(error["type"] in ("value_error", "less_than") for error in caught.value.errors()), (
        caught.value
    )


def test_a_live_pause_in_milliseconds_is_refused() -> None:
    data = golden()["live_state"] | {"phase": "think", "think_s": 2_400}
    with pytest.raises(ValidationError):
        LiveState.model_validate_json(json.dumps(data))


def test_an_error_does_not_repeat_what_it_refused() -> None:
    for name, data in golden().items():
        with pytest.raises(ValidationError) as caught:
            MODELS.get(name, Envelope).model_validate_json(json.dumps(data | {"v": "Sofie"}))
        assert "Sofie" not in str(caught.value)


FILE = LessonFile(
    events=tuple(
        FileEntry(id=envelope.id, event=envelope.event)
        for envelope in LessonScript().started().envelopes
    )
).with_figures()
FILE_LEAVES = [place for place, _ in leaves(json.loads(FILE.to_json())) if place[0] != "figures"]


@pytest.mark.parametrize("place", FILE_LEAVES)
def test_a_lesson_file_with_a_value_of_another_type_is_refused(place: Place) -> None:
    value = dict(leaves(json.loads(FILE.to_json())))[place]
    for other in wrong(value):
        with pytest.raises(ValueError, match=r"^at "):
            read_lesson_file(put(json.loads(FILE.to_json()), place, other))


def test_figures_of_a_lesson_file_that_are_no_number_are_refused() -> None:
    whole = list(leaves(json.loads(FILE.to_json())))
    figures = [place for place, value in whole if "figures" in place and isinstance(value, float)]
    assert len(figures) > 50
    for place in figures:
        for other in (math.inf, math.nan):
            with pytest.raises(ValueError, match=r"^at figures\."):
                read_lesson_file(put(json.loads(FILE.to_json()), place, other))


@pytest.mark.parametrize("place", [(), ("events", 0), ("events", 0, "event"), ("figures",)])
def test_a_lesson_file_with_an_unknown_field_is_refused(place: Place) -> None:
    with pytest.raises(ValueError, match="text"):
        read_lesson_file(put(json.loads(FILE.to_json()), (*place, "text"), "x"))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(st.sampled_from(LEAVES), JSON)
def test_whatever_stands_in_a_field_is_refused_or_comes_back_as_it_was(
    leaf: tuple[str, Place], value: object
) -> None:
    """Nothing is reinterpreted: what is accepted means what was written."""
    name, place = leaf
    model = MODELS.get(name, Envelope)
    payload = put(golden()[name], place, value)
    try:
        message = model.model_validate_json(payload)
    except ValidationError:
        return
    back = dict(leaves(json.loads(message.model_dump_json())))
    if isinstance(value, float):
        assert abs(back[place] - value) <= 0.0005
    elif not isinstance(value, str):  # a date may be written in several ways
        assert value == back.get(place, value)
