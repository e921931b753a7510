"""A device that finds nothing around it starts all the same, and says what is missing."""

from __future__ import annotations

import resource
import subprocess
from pathlib import Path

import pytest
from device_run import DeviceRun
from installed import COMMAND, demo_sound, environment, wait_until, write_wav
from mosquitto import HOST, Mosquitto, free_port, skip_without_broker
from receiver import Receiver

from lesson.events import Health, HealthPart, HealthState, LessonEvent

pytestmark = [pytest.mark.process, pytest.mark.slow]

#: what the doctor calls it, how much it matters, and a part of the cure
MISSING = (
    ("Microphone", "blocker", "plug one in"),
    ("Pins", "attention", "the terminal shows the light"),
    ("MQTT broker", "attention", "is the broker on"),
)


def deaf(events: list[LessonEvent]) -> bool:
    return any(
        isinstance(event, Health)
        and (event.part, event.state) == (HealthPart.MICROPHONE, HealthState.LOST)
        for event in events
    )


def test_without_broker_microphone_and_light_a_lesson_begins_and_is_told_later(
    device: DeviceRun, tmp_path: Path
) -> None:
    skip_without_broker()
    broker = Mosquitto(tmp_path / "broker")
    broker.port = free_port()
    device.outputs = "light = true\nbuttons = true\n"
    device.start(
        '[microphone]\ncard = "nowhere"\n'
        f'[mqtt]\nenabled = true\nhost = "{HOST}"\nport = {broker.port}\n',
        LG_WD=str(tmp_path),
    )
    device.wait_for(deaf, "the missing microphone is in the journal")
    wait_until(lambda: all(word in device.log for word in ("nowhere", "light", "broker")), "said")
    doctor = subprocess.run(
        [COMMAND, "--config", str(device.file), "doctor"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**environment(tmp_path), "COLUMNS": "400"},
    )
    assert 1 == doctor.returncode
    for subject, verdict, cure in MISSING:
        (row,) = [row for row in doctor.stdout.splitlines() if f" {subject} " in row]
        assert (True, True) == (f" {verdict} " in row, cure in row), row
    receiver = Receiver(HOST, broker.port)
    with broker, receiver:
        wait_until(
            lambda: deaf([envelope.event for envelope in list(receiver.stored.values())]),
            "the loss arrives",
        )
        wait_until(lambda: any(state.state == "ready" for state in receiver.states), "it is ready")
        assert 0 == device.stop(), device.log


def test_a_disk_that_refuses_until_the_end_is_told_by_the_exit_status(
    device: DeviceRun, tmp_path: Path
) -> None:
    sound = write_wav(tmp_path / "lesson.wav", demo_sound(39.5, 43.0))
    device.start("", "--input", sound)
    device.wait_for(lambda events: len(events) > 0, "the lesson is in the journal")
    log = device.folder / "data" / "journal.sqlite-wal"
    resource.prlimit(device.pid, resource.RLIMIT_FSIZE, (log.stat().st_size, -1))
    assert 1 == device.wait(60.0)
    assert "the disk refused the last events of this lesson" in device.log
