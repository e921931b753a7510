"""What a model costs: time to load, memory over a long lesson, speed on one core.

Run as a process of its own (``python -m tools.speech.resources``), so that nothing else of a build
is counted. Memory is the resident set of that process, Python and libraries included, without the
sound that it plays.
"""

from __future__ import annotations

import itertools
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

LESSON_S = 3000
BLOCK_S = 0.1


def measured(
    model: Path, sounds: list[Path], root: Path, lesson_s: float = LESSON_S
) -> dict[str, float]:
    """Load time, memory after loading and at the end, and how much faster than real time.

    The recordings are played one after the other until ``lesson_s`` (50 minutes) has been heard by
    one recogniser, which never starts afresh.
    """
    program = [sys.executable, "-m", "tools.speech.resources"]
    command = [*program, str(lesson_s), str(model), *map(str, sounds)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    """Print the figures as one line of JSON."""
    import vosk

    from tools.speech.recordings import SAMPLE_RATE, read_samples

    vosk.SetLogLevel(-1)
    started_s = time.process_time()
    model = vosk.Model(sys.argv[2])
    load_s = time.process_time() - started_s
    recogniser = vosk.KaldiRecognizer(model, SAMPLE_RATE)
    recogniser.SetWords(True)
    step, lesson_s, heard_s = int(BLOCK_S * SAMPLE_RATE), float(sys.argv[1]), 0.0
    loaded_mb = _resident_mb()
    blocks = [read_samples(Path(name)).astype("<i2") for name in sys.argv[3:]]
    pieces = [
        sound[first : first + step] for sound in blocks for first in range(0, len(sound), step)
    ]
    sounds_mb = sum(sound.nbytes for sound in blocks) / 2**20
    started_s = time.process_time()
    for piece in itertools.cycle(pieces):
        if recogniser.AcceptWaveform(piece.tobytes()):
            recogniser.Result()
        else:
            recogniser.PartialResult()
        heard_s += len(piece) / SAMPLE_RATE
        if heard_s >= lesson_s:
            break
    spent_s = time.process_time() - started_s
    figures = {
        "load_s": round(load_s, 2),
        "loaded_mb": round(loaded_mb),
        "after_50_minutes_mb": round(_resident_mb() - sounds_mb),
        "times_real_time": round(heard_s / spent_s, 1),
    }
    print(json.dumps(figures))


def _resident_mb() -> float:
    """What this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    main()
