"""What may be said of an unforeseen error: its kind and its place, never its text.

The text of an exception often repeats the value that caused it, and that may be a name or a spoken
word. What a service prints is kept in a log, so there only the kind of the error is named, and
where in the program it happened. ``DENKPAUZE_TRACE=1`` gives the rest, to whoever asks for it.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from device.errors import DenkpauzeError

TRACE_VARIABLE = "DENKPAUZE_TRACE"
#: frames named, the innermost ones
DEEPEST = 8


def place(trace: TracebackType | None) -> str:
    """Where it happened: ``app.py:201 in _hear, pipeline.py:33 in feed``, outermost first."""
    frames = traceback.extract_tb(trace, limit=-DEEPEST) if trace is not None else []
    named = [f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
    return ", ".join(named) or "an unknown place"


def summary(error: BaseException) -> str:
    """One line about an error without anything of what was worked on."""
    return f"{type(error).__name__} at {place(error.__traceback__)}"


def told(error: BaseException) -> str:
    """The text of an error of ours, which is written with care; of any other its summary."""
    return str(error) if isinstance(error, DenkpauzeError) else summary(error)


def install() -> None:
    """Say no more than that when a thread or the program ends with an error."""
    if os.environ.get(TRACE_VARIABLE):
        return
    sys.excepthook = _of_program
    threading.excepthook = _of_thread
    sys.unraisablehook = _of_cleaning


def _of_program(
    _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
) -> None:
    _say("the program", error)


def _of_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None and ended.exc_type is not SystemExit:
        name = ended.thread.name if ended.thread is not None else "a thread that is gone"
        _say(f"thread {name}", ended.exc_value)


def _of_cleaning(ignored: sys.UnraisableHookArgs) -> None:
    if ignored.exc_value is not None:
        _say("cleaning up", ignored.exc_value)


def _say(what: str, error: BaseException) -> None:
    print(f"denkpauze: {what} ended with {summary(error)}", file=sys.stderr, flush=True)
