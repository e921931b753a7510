"""What each decoding option of a Vosk model does to words, work and delay.

``python -m tools.decoding_options --lessons FOLDER`` decodes the teacher's utterances of the
Dutch test lessons once per option, on a copy of the model, and prints a table for docs/models.md.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import vosk

from device.model_store.tuning import changed
from tools.speech.augmentation import SAMPLE_RATE
from tools.speech.clips import Clip, lesson_clips
from tools.speech.evaluation import CHUNK_BYTES, UNKNOWN, pairs

MODEL = Path(__file__).resolve().parent.parent / "device" / "data" / "models" / "nl"
LESSONS = ("p01", "p02", "p03", "p04", "p05", "p06")
#: One change each against the model as it is; the last row is what is written for a Pi 4.
VARIANTS: dict[str, dict[str, str]] = {
    "as built": {},
    "frames-per-chunk 20 (Vosk's own)": {"frames-per-chunk": "20"},
    "frames-per-chunk 50": {"frames-per-chunk": "50"},
    "determinize-min-chunk-size 20, max-delay 60 (Vosk's own)": {
        "determinize-min-chunk-size": "20",
        "determinize-max-delay": "60",
    },
    "max-active 7000": {"max-active": "7000"},
    "max-active 3000": {"max-active": "3000"},
    "max-active 2000": {"max-active": "2000"},
    "max-active 1000": {"max-active": "1000"},
    "beam 15": {"beam": "15"},
    "beam 11": {"beam": "11"},
    "beam 10": {"beam": "10"},
    "beam 8": {"beam": "8"},
    "lattice-beam 6": {"lattice-beam": "6"},
    "lattice-beam 3": {"lattice-beam": "3"},
    "lattice-beam 2": {"lattice-beam": "2"},
    "max-active 3000, beam 11, lattice-beam 4": {"max-active": "3000", "beam": "11"},
}


@dataclass
class Measured:
    """Sums over all utterances of one variant."""

    words: int = 0
    errors: int = 0
    clips: int = 0
    first_right: int = 0
    sound_s: float = 0.0
    work_s: float = 0.0
    last_ms: list[float] = field(default_factory=list)
    delay_ms: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    wrong: list[float] = field(default_factory=list)

    def row(self, name: str) -> str:
        """One row of the table."""
        cells = (
            name,
            f"{100 * self.errors / self.words:.1f} %",
            f"{100 * self.first_right / self.clips:.1f} %",
            f"{1000 * self.work_s / self.sound_s:.0f} ms",
            f"{np.percentile(self.last_ms, 95):.0f} ms",
            f"{np.median(self.delay_ms):.0f} / {np.percentile(self.delay_ms, 95):.0f} ms",
            f"{np.mean(self.right):.2f} / {np.mean(self.wrong):.2f}",
        )
        return f"| {' | '.join(cells)} |"


def measure(model: vosk.Model, clips: list[Clip]) -> Measured:
    """Decode every clip in blocks of 100 ms; work is processor time, not wall time."""
    total = Measured()
    for clip in clips:
        recogniser = vosk.KaldiRecognizer(model, SAMPLE_RATE)
        recogniser.SetWords(True)
        sound = np.clip(np.round(clip.samples), -32768, 32767).astype("<i2").tobytes()
        heard: list[dict[str, object]] = []
        shown: dict[int, float] = {}  # number of words on show -> position in the sound, ms
        for start in range(0, len(sound), CHUNK_BYTES):
            began = time.process_time()
            ended = recogniser.AcceptWaveform(sound[start : start + CHUNK_BYTES])
            total.work_s += time.process_time() - began
            if ended:
                heard += json.loads(recogniser.Result()).get("result", [])
            partial = json.loads(recogniser.PartialResult()).get("partial", "").split()
            position_ms = 1000 * min(start + CHUNK_BYTES, len(sound)) / 2 / SAMPLE_RATE
            shown.setdefault(len(heard) + len(partial), position_ms)
        began = time.process_time()
        last = recogniser.FinalResult()
        took_s = time.process_time() - began
        total.work_s += took_s
        total.last_ms.append(1000 * took_s)
        heard += json.loads(last).get("result", [])
        _count(total, clip, heard, shown)
        total.sound_s += len(sound) / 2 / SAMPLE_RATE
    return total


def _count(
    total: Measured, clip: Clip, heard: list[dict[str, object]], shown: dict[int, float]
) -> None:
    known = [item for item in heard if item["word"] != UNKNOWN]
    texts = [str(item["word"]) for item in known]
    errors, matched = pairs(clip.words, texts)
    total.errors += errors
    total.words += len(clip.words)
    total.clips += 1
    total.first_right += bool(texts) and texts[0] == clip.words[0]
    for i, j in matched:
        store = total.right if clip.words[i] == texts[j] else total.wrong
        store.append(float(str(known[j]["conf"])))
    for number, item in enumerate(heard, 1):
        at = [position for count, position in shown.items() if count >= number]
        if at:
            total.delay_ms.append(min(at) - 1000 * float(str(item["end"])))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=MODEL)
    options = parser.parse_args()
    vosk.SetLogLevel(-1)
    clips = [clip for name in LESSONS for clip in lesson_clips(options.lessons, name, ())]
    print("| option | word errors | first word | work per second | last result, p95 |", end="")
    print(" word on show after its end, median / p95 | confidence right / wrong |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, values) in enumerate(VARIANTS.items()):
            copy = Path(folder) / str(number)
            shutil.copytree(options.model, copy)
            conf = copy / "conf" / "model.conf"
            conf.write_text(changed(conf.read_text("utf-8"), values), "utf-8")
            print(measure(vosk.Model(str(copy)), clips).row(name), flush=True)


if __name__ == "__main__":
    main()
