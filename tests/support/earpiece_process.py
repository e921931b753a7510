"""Drives the real earpiece in a process of its own: one command per line on standard input.

``tick`` is a pause that is kept: wait, and go asked for twice. Answers: ``ready <mask samples>``,
``fired``, and ``degraded <message>``.
"""

from __future__ import annotations

import sys

from device.clock import SystemClock
from device.errors import OutputError
from device.feedback.driver import CueDriver
from device.feedback.earpiece import Earpiece


def say(words: str) -> None:
    print(words, flush=True)


def main() -> None:
    try:
        earpiece = Earpiece(sys.argv[1], volume=0.2)
    except OutputError as error:
        say(f"error {error}")
        return
    driver = CueDriver(
        [earpiece], SystemClock(), on_degraded=lambda report: say(f"degraded {report.message}")
    )
    with driver:
        say(f"ready {earpiece.mask_samples}")
        for _ in sys.stdin:
            driver.wait_light()
            driver.go()
            driver.go()
            say("fired")


if __name__ == "__main__":
    main()
