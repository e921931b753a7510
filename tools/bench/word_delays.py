"""How soon words are known, on the clock of the sound: ``python -m tools.bench.word_delays``.

*Final* words are counted from the true end of what the teacher said to the sample with which its
last words are handed over; the machine's own work comes on top and is given apart. A *partial* word
is counted from its end to the sound after which it first stands in a result, unfinished or last.
Nothing in the device waits for partial words; they show how far behind the search is.
"""

from __future__ import annotations

import argparse
import json
import time
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from device.audio.framer import Framer
from device.audio.frames import SAMPLE_RATE, Frame, Samples
from device.audio.recording import Recording
from device.detect.listener import Listener
from device.detect.recogniser import InlineRecogniser
from device.detect.words import Transcript
from device.models import BUILT_IN_FOLDER
from device.roster import Roster
from tools.bench.figures import Figure
from tools.bench.lessons import DEMO_SOUND

FINAL_WITHIN_MS = 300.0
PARTIAL_WITHIN_MS = 250.0


@dataclass
class Delays:
    """One value an utterance, or a word.

    Attributes:
        final_ms: from the true end of the utterance to its final words.
        work_ms: processor time of the last step.
        partial_ms: from the end of a word to the first result that has so many words.
    """

    final_ms: list[float] = field(default_factory=list)
    work_ms: list[float] = field(default_factory=list)
    partial_ms: list[float] = field(default_factory=list)

    def table(self) -> str:
        """In Markdown."""
        rows = (
            ("final words, on the audio clock", self.final_ms, f"{FINAL_WITHIN_MS:.0f} ms"),
            ("work of the last step (processor time)", self.work_ms, ""),
            ("partial words, on the audio clock", self.partial_ms, f"{PARTIAL_WITHIN_MS:.0f} ms"),
        )
        lines = ["| delay | n | median | p95 | largest | wanted |", "| --- " * 6 + "|"]
        for name, values, wanted in rows:
            middle, most = np.percentile(values, (50, 95))
            cells = (name, len(values), f"{middle:.0f} ms", f"{most:.0f} ms")
            lines.append(f"| {' | '.join(map(str, cells))} | {max(values):.0f} ms | {wanted} |")
        return "\n".join(lines)


class Watched:
    """The device's recogniser, with notes of when it knew what."""

    def __init__(self, inner: InlineRecogniser, ends: list[int], delays: Delays) -> None:
        self._inner = inner
        self._ends = ends
        self._delays = delays
        self._utterance = 0
        self._position = 0
        self._shown: dict[int, int] = {}
        self._finished: dict[int, tuple[int, float]] = {}

    def begin(self, utterance: int, first_sample: int) -> None:
        self._utterance = utterance
        self._position = first_sample
        self._shown = {}
        self._inner.begin(utterance, first_sample)

    def accept(self, samples: Samples) -> None:
        self._inner.accept(samples)
        self._position += len(samples)
        unfinished = self._inner._recogniser  # a private look: the device never needs one
        assert unfinished is not None
        words = json.loads(unfinished.PartialResult()).get("partial", "").split()
        self._shown.setdefault(len(self._inner._words) + len(words), self._position)

    def finish(self) -> None:
        began = time.process_time()
        self._inner.finish()
        work_ms = 1000 * (time.process_time() - began)
        self._finished[self._utterance] = (self._position, work_ms)

    def transcripts(self) -> list[Transcript]:
        ready = self._inner.transcripts()
        for transcript in ready:
            finished = self._note(transcript)
            for number, word in enumerate(transcript.words, 1):
                at = [position for count, position in self._shown.items() if count >= number]
                shown = min(at, default=finished)
                self._delays.partial_ms.append(_ms(shown - word.end_sample))
        return ready

    def _note(self, transcript: Transcript) -> int:
        """The sample at which it was ready; what was no part of an utterance is not counted."""
        position, work_ms = self._finished.pop(transcript.utterance)
        place = bisect_right(self._ends, position)
        end = self._ends[place - 1] if place else 0
        if any(word.first_sample < end for word in transcript.words):
            self._delays.final_ms.append(_ms(position - end))
            self._delays.work_ms.append(work_ms)
        return position

    def drain(self) -> list[Transcript]:
        return self.transcripts()

    def close(self) -> None:
        self._inner.close()


def measure(sound: Path, delays: Delays) -> None:
    """Hear a lesson with the built-in model of its language; its truth lies beside the sound."""
    truth = json.loads(sound.with_suffix(".json").read_text("utf-8"))
    language = truth.get("lang", "nl")
    ends = sorted(
        round(item["end_s"] * SAMPLE_RATE)
        for item in truth["utterances"]
        if item["speaker"] == "teacher"
    )
    recogniser = Watched(InlineRecogniser(BUILT_IN_FOLDER / language), ends, delays)
    listener = Listener(recogniser, Roster.empty(), language)
    framer = Framer(remove_offset=True)
    with Recording(sound) as recording:
        for item in recording.items():
            for frame in framer.feed(item):
                if isinstance(frame, Frame):
                    listener.feed(frame)
    listener.finish()


def delay_figures(sounds: Iterable[Path]) -> dict[str, Figure]:
    """How late final and partial words come, in seconds, over several lessons together."""
    delays = Delays()
    for sound in sounds:
        measure(sound, delays)
    named = {
        "final_p95_s": (delays.final_ms, 95),
        "partial_p50_s": (delays.partial_ms, 50),
        "partial_p95_s": (delays.partial_ms, 95),
    }
    return {
        key: Figure(float(np.percentile(values, share)) / 1000 if values else None, n=len(values))
        for key, (values, share) in named.items()
    }


def _ms(samples: int) -> float:
    return 1000 * samples / SAMPLE_RATE


def main() -> None:
    """Print the table for the demo lesson, or for the sounds that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sounds", type=Path, nargs="*", default=[DEMO_SOUND])
    delays = Delays()
    for sound in parser.parse_args().sounds:
        measure(sound, delays)
    print(delays.table())


if __name__ == "__main__":
    main()
