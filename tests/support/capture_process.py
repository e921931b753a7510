"""A process that records through ``Microphone`` and obeys its standard input.

PortAudio reads its environment once per process, so every test records in a process of its own.
Usage: ``python capture_process.py CARD RAW_FILE``. On standard output it writes one JSON object a
line: ``{"ready": name}``, each change between sound and gap, and the end. Samples go to RAW_FILE
(zeros where sound is missing), so that its length is the lesson's length. Commands: mute, unmute,
quit.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

from device.audio.frames import Block, Gap, Resumed
from device.audio.microphone import Microphone
from device.clock import SystemClock
from device.errors import SourceError


def say(**facts: object) -> None:
    # in one piece: two threads say something, and ``print`` writes its line end apart
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def obey(microphone: Microphone) -> None:
    for line in sys.stdin:
        command = line.strip()
        if command == "mute":
            say(muted=microphone.mute(), open=microphone.is_open)
        elif command == "unmute":
            microphone.unmute()
            say(muted=False)
        elif command == "quit":
            break
    microphone.close()


def record(microphone: Microphone, raw: Path) -> None:
    clock = SystemClock()
    state = None
    position = 0
    begun_at = None
    with raw.open("wb", buffering=0) as file:
        for item in microphone.items():
            if begun_at is None:
                begun_at = clock.monotonic() - samples_of(item) / 16000
            if isinstance(item, Block):
                file.write(item.samples.tobytes())
                position += len(item.samples)
                now = "ok"
            elif isinstance(item, Gap):
                file.write(bytes(2 * item.missing_samples))
                position += item.missing_samples
                now = str(item.state)
            else:
                continue
            if now != state:
                state = now
                real = clock.monotonic() - begun_at
                say(state=state, position_s=position / 16000, real_s=real)


def samples_of(item: Block | Gap | Resumed) -> int:
    if isinstance(item, Block):
        return len(item.samples)
    return item.missing_samples if isinstance(item, Gap) else 0


def main() -> None:
    card, raw = sys.argv[1], Path(sys.argv[2])
    try:
        with Microphone(card, SystemClock(), errand_timeout_s=2.0) as microphone:
            say(ready=microphone.name)
            threading.Thread(target=obey, args=(microphone,), daemon=True).start()
            record(microphone, raw)
        say(end="closed", hung=microphone.hung)
    except SourceError as error:
        say(end="error", text=str(error))
        os._exit(3)  # a hanging thread would keep an ordinary exit waiting


if __name__ == "__main__":
    main()
