"""A lesson from the microphone: its sound stays in memory (P1)."""

from __future__ import annotations

from pathlib import Path

import pytest
import traced
from device_run import DeviceRun
from installed import demo_sound, wait_until
from pulse import MIC_SOURCE, Pulse

from lesson.events import Question

pytestmark = [
    pytest.mark.audio,
    pytest.mark.slow,
    pytest.mark.skipif(traced.STRACE is None, reason="strace is not installed"),
]

#: one question of the demo lesson
FIRST_S, LAST_S = 39.0, 46.0


def test_the_sound_of_a_microphone_reaches_no_file(pulse: Pulse, tmp_path: Path) -> None:
    sound, log, raw = demo_sound(FIRST_S, LAST_S), tmp_path / "trace", tmp_path / "lesson.raw"
    raw.write_bytes(sound.tobytes())
    with DeviceRun(tmp_path / "device") as device:
        device.before = traced.command(log)
        device.start(
            f'[microphone]\ncard = "pulse:{MIC_SOURCE}"\n',
            **pulse.environment | {"PYTHONDONTWRITEBYTECODE": "1"},
        )
        device.wait_for(len, "the lesson begins")
        wait_until(lambda: pulse.control("list", "short", "source-outputs") != "", "it listens")
        pulse.play(raw)
        device.wait_for(
            lambda events: any(isinstance(event, Question) for event in events), "it is heard"
        )
        assert 0 == device.stop(), device.log
        wait_until(lambda: traced.over(log, device.pid), "the trace is written")
    trace = traced.read(log)
    assert set() == {
        path for path in trace.opened if not traced.is_allowed(path, tmp_path / "device")
    }
    assert set() == traced.holders(trace, sound)
    assert 0 < sum(map(len, trace.written.values()))
