"""What the device does not do to people (P5, P6), and that its signals can be stopped (P25)."""

from __future__ import annotations

import gc
import io
import queue
import re
from collections.abc import Iterator
from dataclasses import fields
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest
from cue_outputs import RecordingOutput, await_idle
from installed import LESSON
from pydantic import TypeAdapter
from rich.console import Console
from spoken_lesson import SpokenLesson

from device.app import MAIN_LOOP_S
from device.audio.frames import SAMPLE_RATE
from device.audio.recording import Recording
from device.clock import SimulatedClock
from device.detect.voices import Chance, layers
from device.feedback.build import Box
from device.feedback.buttons import AT_ONCE, Button, Press
from device.feedback.cueing import Cueing
from device.feedback.driver import CueDriver
from device.feedback.policy import CuePolicy
from device.feedback.terminal import TerminalView
from device.feedback.timeline import AudioTimeline
from device.feedback.view_state import Header
from device.live_box import LiveBox
from device.models import BUILT_IN_FOLDER
from device.pipeline import Pipeline
from lesson.events import Cue, CueMode, Event, LessonEvent
from lesson.phases import Phase, PhaseName
from lesson.wire import Acknowledgement, Command, CommandDone, DeviceInfo, DeviceStatus, LiveState

pytestmark = pytest.mark.unit

SENT: list[Any] = [
    *(LessonEvent, LiveState, DeviceStatus, DeviceInfo, Acknowledgement, Command, CommandDone)
]
#: what would say something about a person, not about a pause
PERSONAL = re.compile(
    r"(?:^|_)(?:emotion|mood|stress|engage|attenti|personalit|sentiment|character|gender|"
    r"voiceprint|embedding|speaker_id|score|grade|rank|rating)",
    re.I,
)


def named(schema: Any) -> Iterator[str]:
    """All names of fields and all values of enumerations in a JSON schema."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from map(str, schema.get("enum", []))
        yield str(schema.get("const", ""))
        for inner in schema.values():
            yield from named(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from named(inner)


def vectors(schema: Any, place: str = "") -> set[str]:
    """Names of fields that hold a list of any length."""
    found = set()
    if isinstance(schema, dict):
        if schema.get("type") == "array" and schema.get("minItems") != schema.get("maxItems", -1):
            found.add(place)
        for key, inner in schema.get("properties", {}).items():
            found |= vectors(inner, key)
        for key, inner in schema.items():
            if key != "properties":
                found |= vectors(inner, place)
    elif isinstance(schema, list):
        for inner in schema:
            found |= vectors(inner, place)
    return found


@pytest.mark.parametrize("model", SENT, ids=lambda model: getattr(model, "__name__", "event"))
def test_no_field_of_a_message_infers_anything_about_a_person(model: Any) -> None:
    schema = TypeAdapter(model).json_schema()
    names = list(named(schema))
    assert 2 < len(names)
    assert [] == [name for name in names if PERSONAL.search(name)]
    # think prompts (two times each) and reasons: nothing that could hold the features of a voice
    assert vectors(schema) <= {"prompts", "reasons"}


def test_the_search_finds_such_fields() -> None:
    class Turn(Event):
        voice: list[float]
        engagement: float

    schema = TypeAdapter(Turn).json_schema()
    assert ["engagement"] == [name for name in named(schema) if PERSONAL.search(name)]
    assert {"voice"} == vectors(schema)


def test_no_model_tells_one_pupil_from_another() -> None:
    """The network for voices says «one» and «many»; no speech model brings a speaker model."""
    assert (3,) == layers()[-1].bias.shape
    assert {"one", "many"} == {field.name for field in fields(Chance)}
    brought = {path.name for path in BUILT_IN_FOLDER.rglob("*")}
    assert not brought & {"spk", "vosk-model-spk", "final.ext.raw", "xvector", "mean.vec"}


def sound_held(holder: object) -> list[int]:
    """Lengths of all stretches of sound that an object leads to, those of zeros left out."""
    seen: set[int] = set()
    left, lengths = [holder], []
    while left:
        one = left.pop()
        if id(one) in seen or isinstance(one, type | ModuleType | FunctionType):
            continue
        seen.add(id(one))
        if isinstance(one, np.ndarray) and one.dtype == np.int16 and one.any():
            lengths.append(len(one))
        left += gc.get_referents(one)
    return lengths


def test_at_most_ten_seconds_of_sound_are_held_and_none_after_the_lesson() -> None:
    lesson = SpokenLesson()
    for _ in range(3):
        lesson.teacher("waarom drijft ijs op water")
        lesson.room(2.0)
        lesson.teacher("sanne")
        lesson.room(1.0)
    pipeline = Pipeline(lesson.listener(), Cueing(CuePolicy(CueMode.CUE)))
    held = [0]
    for item in lesson.items():
        list(pipeline.feed(item))
        held.append(sum(sound_held(pipeline)))
    assert SAMPLE_RATE < max(held) <= 10 * SAMPLE_RATE
    list(pipeline.finish())
    assert [] == sound_held(pipeline)


class Desk:
    """A lesson's box, cues and output on simulated time."""

    def __init__(self) -> None:
        self.clock = SimulatedClock(start_s=100.0)
        self.output = RecordingOutput(self.clock)
        self.driver = CueDriver([self.output], self.clock)
        self.timeline = AudioTimeline()
        self.cueing = Cueing(CuePolicy(CueMode.CUE), self.driver, self.timeline)
        self.presses: queue.Queue[Press] = queue.Queue()
        header = Header(source="test", model="-", mode=CueMode.CUE, link="none")
        console = Console(file=io.StringIO())
        self.live = LiveBox(
            Recording(LESSON),
            Box(),
            self.presses,
            TerminalView(console, "nl", clock=self.clock, header=header, target_s=3.0),
            on_mark=lambda _what: None,
            mute_cues=self.cueing.mute_cues,
            end_lesson=lambda: None,
        )

    def frame(self, position_s: float, *phases: Phase) -> list[Cue]:
        self.clock.advance(100.0 + position_s - self.clock.monotonic())
        self.timeline.observe(round(position_s * SAMPLE_RATE), 100.0 + position_s)
        return self.cueing.step(position_s, phases)


def test_the_button_darkens_the_light_within_100_ms() -> None:
    """The main loop may have looked at the buttons just before: a whole round of it passes."""
    desk = Desk()
    with desk.driver:
        desk.frame(1.5, Phase(1.5, PhaseName.THINK, 1.0, "question_decided"))
        assert ["wait"] == desk.output.await_count(1)
        await_idle(desk.driver)
        pressed_s = desk.clock.monotonic()
        desk.presses.put(Press(Button.CUES_OFF, pressed_s))
        desk.clock.advance(MAIN_LOOP_S)
        desk.live.look(desk.clock.monotonic())
        assert ["wait", "off"] == desk.output.await_count(2)
        assert desk.output.calls[1][1] - pressed_s <= 0.1
        await_idle(desk.driver)
        desk.frame(3.99)
        desk.clock.advance(1.0)  # beyond the moment for which *go* was armed
        await_idle(desk.driver)
        desk.frame(5.0)
        assert "go" not in desk.output.names
    assert Button.CUES_OFF in AT_ONCE  # the press itself counts, not its end


@pytest.mark.slow
def test_without_signals_the_same_is_measured() -> None:
    lesson = SpokenLesson()
    for pause_s in (3.4, 1.5):
        lesson.teacher("waarom drijft ijs op water")
        lesson.room(pause_s)
        lesson.teacher("sanne")
        lesson.room(1.0)

    def measured(muted: bool) -> list[Event]:
        cueing = Cueing(CuePolicy(CueMode.CUE))
        cueing.mute_cues(muted)
        pipeline = Pipeline(lesson.listener(), cueing)
        steps = [step for item in lesson.items() for step in pipeline.feed(item)]
        events = [event for step in (*steps, *pipeline.finish()) for event in step.events]
        assert muted is not any(isinstance(event, Cue) for event in events)
        return [event for event in events if not isinstance(event, Cue)]

    assert 4 <= len(measured(True))
    assert measured(False) == measured(True)
