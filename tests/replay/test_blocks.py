"""The same samples give the same events, however the source cuts them into blocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from installed import ROSTER, demo_sound, write_wav

from device.analysis import analyse
from device.audio.recording import Recording
from device.detect.words import Recogniser
from device.event_lines import to_jsonl
from device.lesson_plan import LessonPlan
from device.models import BUILT_IN_FOLDER
from device.settings import Settings

pytestmark = [pytest.mark.replay, pytest.mark.slow]

SETTINGS = Settings.model_validate({"recogniser": {"model_path": BUILT_IN_FOLDER / "nl"}})
WALL = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)

#: events of a recording, given its seconds and block length
Heard = Callable[[float, int], bytes]


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Heard:
    folder = tmp_path_factory.mktemp("blocks")
    plan = LessonPlan.make(SETTINGS, language="nl", roster=ROSTER)
    recogniser: Recogniser = plan.recogniser(threaded=False)

    def hear(seconds: float, block_samples: int) -> bytes:
        path: Path = folder / f"{seconds:.0f}.wav"
        if not path.exists():
            write_wav(path, demo_sound(0, seconds))
        with Recording(path, block_samples=block_samples) as recording:
            result = analyse(recording, plan, recogniser, WALL)
        stored = "".join(event.model_dump_json() + "\n" for event in result.events)
        return (stored + to_jsonl(result.lines(plan))).encode()

    return hear


@pytest.fixture(scope="module")
def reference(heard: Heard) -> bytes:
    """76 s with four questions, in the blocks of 20 ms that a microphone delivers."""
    events = heard(76, 320)
    assert events.count(b'"kind":"pause"') >= 3
    return events


@pytest.mark.parametrize("block_samples", [160, 4096, 100_000])
def test_block_length_does_not_change_a_byte(
    heard: Heard, reference: bytes, block_samples: int
) -> None:
    assert reference == heard(76, block_samples)


def test_sound_that_arrives_sample_by_sample_gives_the_same_bytes(heard: Heard) -> None:
    events = heard(40, 1)
    assert b'"ended_by":"name"' in events
    assert heard(40, 320) == events
