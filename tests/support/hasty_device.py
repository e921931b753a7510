"""``denkpauze run`` as fast as it goes, with a log of everything, and a crash at the end.

``python hasty_device.py WORDS ARGUMENTS…``: the crash is about the text of the file WORDS, in a
thread first and then in the program itself.
"""

from __future__ import annotations

import functools
import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from device.audio.paced import Paced
from device.cli import main
from device.commands import run
from device.detect.words import Recogniser
from device.lesson_plan import LessonPlan

#: sound is there at once; so that nothing of it is given up, each utterance is waited for
SPEED = 1000.0


def inline(plan: LessonPlan, made: Callable[..., Recogniser], *, threaded: bool) -> Recogniser:
    return made(plan, threaded=False)


def fail(words: str) -> None:
    raise KeyError(words)


if __name__ == "__main__":
    said = Path(sys.argv.pop(1)).read_text(encoding="utf-8")
    logging.basicConfig(level=logging.DEBUG)
    run.Paced = functools.partial(Paced, speed=SPEED)
    run.LessonRun = functools.partial(run.LessonRun, real_time=False)
    LessonPlan.recogniser = functools.partialmethod(inline, LessonPlan.recogniser)
    try:
        main()
    except SystemExit as done:
        print(f"the lesson ended with status {done.code or 0}", file=sys.stderr)
    thread = threading.Thread(target=fail, args=(said,), name="afterwards")
    thread.start()
    thread.join()
    fail(said)
