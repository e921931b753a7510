"""A service that hears a lesson, and the first time stalls in it.

The pipeline stops in mid-lesson, as behind a frozen sound server, while the main thread, the
journal's and all others go on: it looks alive and is deaf.

Usage: ``python stalling_device.py FOLDER``.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rich.console import Console

from device.app import LessonRun
from device.audio.frames import FRAME_SAMPLES, SAMPLE_RATE, Block
from device.clock import SystemClock
from device.closing import Closing
from device.lesson_plan import LessonPlan
from device.roster import Roster
from device.settings import DeviceSettings, OutputSettings, Settings
from device.watchdog import ServiceManager
from lesson.events import CueMode

STALLS_AFTER_S = 1.0


class Stalling(Closing):
    """Noise in real time; with ``stalls`` it never delivers anything after a second."""

    name = "noise"

    def __init__(self, *, stalls: bool) -> None:
        self._stalls = stalls
        self._clock = SystemClock()
        self._closed = False

    def close(self) -> None:
        self._closed = True

    def items(self) -> Iterator[Block]:
        noise = np.random.default_rng(1).normal(0, 20, FRAME_SAMPLES).astype(np.int16)
        due = begun = self._clock.monotonic()
        while not self._closed:
            due += FRAME_SAMPLES / SAMPLE_RATE
            self._clock.sleep(due - self._clock.monotonic())
            if self._stalls and due - begun > STALLS_AFTER_S:
                threading.Event().wait()
            yield Block(noise, captured_at=due)


def main() -> None:
    folder = Path(sys.argv[1])
    stalled = folder / "stalled"
    source = Stalling(stalls=not stalled.exists())
    stalled.touch()
    settings = Settings(
        device=DeviceSettings(id="lokaal-12", data_folder=folder / "data"),
        outputs=OutputSettings(light=False, buttons=False, terminal=False),
    )
    run = LessonRun(
        settings,
        LessonPlan("nl", CueMode.CUE, 3.0, Roster.empty(), None),
        source,
        SystemClock(),
        Console(),
        resumes=True,
        manager=ServiceManager.from_environment(os.environ, os.getpid()),
    )
    signal.signal(signal.SIGTERM, run.stop)
    run.run()


if __name__ == "__main__":
    main()
