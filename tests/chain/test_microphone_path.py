"""Sound server, PortAudio, chain and journal: a lesson that is heard, not read from a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from device_run import DeviceRun
from installed import ROSTER, demo_sound, excerpt_truth, wait_until
from pulse import MIC_SINK, MIC_SOURCE, Pulse

from device.event_lines import Line, event_lines
from device.roster import Roster
from lesson.events import (
    Cue,
    Health,
    HealthPart,
    HealthState,
    LessonEvent,
    LessonStarted,
    Name,
    Pause,
    PauseOutcome,
    Signal,
)
from tools.score.report import report
from tools.score.tally import tally

pytestmark = [pytest.mark.audio, pytest.mark.slow]

#: from the teacher's explanation over a kept pause to the answer after a short one
FIRST_S, LAST_S = 31.5, 62.4
#: after the first answer: where a part can be cut out
MIDDLE_S = 48.3
SETTINGS = f'[microphone]\ncard = "pulse:{MIC_SOURCE}"\n'


class Room:
    """What the microphone hears: a faint hiss all the time, and parts of the demo lesson."""

    def __init__(self, server: Pulse, folder: Path) -> None:
        self._server = server
        self._folder = folder
        hiss = np.random.default_rng(1).normal(0, 4, 120 * 16_000).round()
        self._hiss = self._raw("hiss", hiss)

    def hiss(self) -> None:
        """A sink that nobody plays into gives exact zeros, as no microphone does."""
        self._server.play(self._hiss)

    def play(self, start_s: float, end_s: float) -> Callable[[], bool]:
        """Begin to play a part of the lesson; returns how to ask whether it is over."""
        player = self._server.play(self._raw("lesson", demo_sound(start_s, end_s)))
        return lambda: player.poll() is not None

    def _raw(self, name: str, sound: np.ndarray) -> Path:
        path = self._folder / f"{name}.raw"
        path.write_bytes(sound.astype("<i2").tobytes())
        return path


@pytest.fixture
def room(pulse: Pulse, tmp_path: Path) -> Room:
    made = Room(pulse, tmp_path)
    made.hiss()
    return made


def begin(device: DeviceRun, pulse: Pulse) -> None:
    """Return when the device records."""
    device.start(SETTINGS, **pulse.environment)
    device.wait_for(lambda events: started(events), "the lesson begins")
    wait_until(lambda: pulse.control("list", "short", "source-outputs") != "", "sound is taken")


def started(events: list[LessonEvent]) -> bool:
    return any(isinstance(event, LessonStarted) for event in events)


def microphone_health(events: list[LessonEvent]) -> list[HealthState]:
    return [
        event.state
        for event in events
        if isinstance(event, Health) and event.part is HealthPart.MICROPHONE
    ]


def calls(events: list[LessonEvent]) -> list[str | None]:
    roster = Roster.read(ROSTER)
    return [
        roster.name_of(event.pupil)
        for event in events
        if isinstance(event, Name) and event.role == "call" and event.pupil
    ]


def moved(lines: list[Line], by_s: float) -> list[Line]:
    moments = ("t", "t_start", "t_end")
    return [{k: v + by_s if k in moments else v for k, v in line.items()} for line in lines]


def test_a_lesson_heard_through_the_sound_server_is_measured_as_it_was(
    device: DeviceRun, pulse: Pulse, room: Room
) -> None:
    begin(device, pulse)
    over = room.play(FIRST_S, LAST_S)
    device.wait_for(lambda events: over(), "the sound is over", LAST_S - FIRST_S + 60)
    device.wait_for(lambda events: "Mees" in calls(events), "the last name is heard")
    assert 0 == device.stop(), device.log
    events = device.events()
    assert [] == microphone_health(events)
    # the device's clock began some time before the sound: line them up at the first name
    truth = excerpt_truth(FIRST_S, LAST_S)
    found = event_lines(events, Roster.read(ROSTER))
    true_s = next(name["start_s"] for name in truth["names"] if name["role"] == "call")
    heard_s = next(line["t_start"] for line in found if line["type"] == "name")
    figures = report(tally(truth, moved(found, true_s - heard_s)))
    assert 2 == figures["questions_true"]
    assert (1.0, 1.0, 1.0, 1.0) == (
        figures["question_recall"],
        figures["wait_given"],
        figures["wait_within_150ms"],
        figures["name_recall"],
    ), found


def test_a_microphone_pulled_out_in_a_think_pause_is_used_again_when_it_is_back(
    device: DeviceRun, pulse: Pulse, room: Room
) -> None:
    begin(device, pulse)
    room.play(FIRST_S, MIDDLE_S)
    device.wait_for(waiting, "the light comes on in the first pause")
    pulse.unload(MIC_SINK)
    device.wait_for(microphone_health, "the loss is noticed")
    pulse.load(MIC_SINK)
    room.hiss()
    device.wait_for(lambda events: HealthState.OK in microphone_health(events), "sound is back", 90)
    before = len(device.events())
    over = room.play(MIDDLE_S, LAST_S)
    device.wait_for(lambda events: over(), "the sound is over")
    device.wait_for(lambda events: "Mees" in calls(events), "the name after the pause is heard")
    assert 0 == device.stop(), device.log

    events = device.events()
    lost, back = microphone_health(events)
    assert (True, HealthState.OK) == (lost is not HealthState.OK, back)
    pauses = [event for event in events if isinstance(event, Pause)]
    first = next(event for event in events if isinstance(event, Cue))
    pulled = next(pause for pause in pauses if pause.t == first.question_end)
    assert (PauseOutcome.UNMEASURED, None) == (pulled.outcome, pulled.t_end)
    later = [pause for pause in pauses if pause in events[before:]]
    measured = [pause.t_end - pause.t for pause in later if pause.t_end is not None]
    assert any(abs(length - 1.1) <= 0.15 for length in measured), later
    assert "Daan" not in calls(events)


def waiting(events: list[LessonEvent]) -> bool:
    """Whether the latest signal is the one that asks to wait."""
    cues = [event for event in events if isinstance(event, Cue)]
    return bool(cues) and cues[-1].signal is Signal.WAIT
