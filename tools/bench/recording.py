"""Analyse one recording in this process and tell what it took, as one JSON object.

``python -m tools.bench.recording FILE --language nl --roster NAMES.txt --out FOLDER`` writes
``FOLDER/FILE.jsonl`` as ``denkpauze analyse`` does.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from device.analysis import analyse
from device.audio.recording import Recording
from device.detect.features import FrameAnalyser
from device.detect.name_spotter import NameSpotter
from device.detect.words import Recogniser
from device.event_lines import to_jsonl
from device.lesson_plan import LessonPlan
from device.models import BUILT_IN_FOLDER
from device.pipeline import Pipeline
from device.settings import Settings
from tools.bench.meter import MEASURING, Meter, peak_memory_bytes

DECODING = "decoding"
FEATURES = "features and VAD"
RECOGNISER = "recogniser"
DETECTION = "detection"
REST = "rest"
PARTS = (DECODING, FEATURES, RECOGNISER, DETECTION, MEASURING, REST)

#: wall time of the lesson; any will do
_WALL = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)


def settings_for(language: str, official: bool) -> Settings:
    """Settings for a language, with the built-in model unless ``official``."""
    built_in = BUILT_IN_FOLDER / language
    model = None if official or not built_in.is_dir() else built_in
    return Settings.model_validate(
        {"device": {"language": language}, "recogniser": {"model_path": model}}
    )


def _meter(recogniser: Recogniser) -> Meter:
    meter = Meter()
    for method in ("begin", "accept", "finish", "transcripts", "drain"):
        meter.wrap(type(recogniser), method, RECOGNISER)
    meter.wrap(NameSpotter, "refine", RECOGNISER)
    for method in ("look_ahead", "analyse"):
        meter.wrap(FrameAnalyser, method, FEATURES)
    for method in ("feed", "finish"):
        meter.wrap_iterator(Pipeline, method, DETECTION)
    meter.wrap_iterator(Recording, "items", DECODING)
    return meter


@click.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--language", type=click.Choice(["nl", "en"]), required=True)
@click.option("--roster", type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--official", is_flag=True, help="Use an official model where one is installed.")
def main(file: Path, language: str, roster: Path | None, out: Path, official: bool) -> None:
    """Analyse FILE and print what it took."""
    begun = time.process_time()
    plan = LessonPlan.make(settings_for(language, official), roster=roster)
    recogniser = plan.recogniser(threaded=False)
    loading = time.process_time() - begun
    meter = _meter(recogniser)
    wall, cpu = time.perf_counter(), time.process_time()
    with Recording(file) as recording:
        result = analyse(recording, plan, recogniser, _WALL)
    out.mkdir(parents=True, exist_ok=True)
    events = to_jsonl(result.lines(plan))
    (out / f"{file.stem}.jsonl").write_text(events, encoding="utf-8")
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    parts = {part: meter.seconds[part] for part in PARTS if part != REST}
    parts[REST] = cpu - sum(parts.values())
    figures = {
        "model": plan.model_name,
        "audio_s": result.duration_s,
        "wall_s": wall,
        "cpu_s": cpu,
        "loading_cpu_s": loading,
        "cpu_s_by_part": parts,
        "peak_memory_bytes": peak_memory_bytes(),
        "events": len(result.events),
    }
    click.echo(json.dumps(figures))


if __name__ == "__main__":
    main()
