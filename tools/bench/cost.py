"""What the analysis costs: processor time by part, memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tools.bench.figures import Figure, Json
from tools.bench.lessons import Measured
from tools.bench.meter import MEASURING
from tools.bench.recording import DECODING, PARTS, RECOGNISER
from tools.bench.table import Table

HOUR = "one hour"
NOT_THE_DEVICE = (DECODING, MEASURING)


def cost_figures(measured: Sequence[Measured], hour: Json | None) -> dict[str, Figure]:
    """Over all lessons: what everything but the recogniser costs, and CPU per minute of sound.

    Decoding the file is left out of the share, as a microphone gives samples, and so is measuring.
    """
    lessons = [each.taken for each in measured]
    cpu_s = sum(taken["cpu_s"] for taken in lessons)
    minutes = sum(taken["audio_s"] for taken in lessons) / 60
    recogniser_s = sum(taken["cpu_s_by_part"][RECOGNISER] for taken in lessons)
    apart_s = sum(taken["cpu_s_by_part"][part] for taken in lessons for part in NOT_THE_DEVICE)
    share = (cpu_s - recogniser_s - apart_s) / recogniser_s if recogniser_s else None
    found = {
        "cost_share": Figure(share, n=len(lessons)),
        "cpu_s_per_min": Figure(cpu_s / minutes, n=len(lessons)),
    }
    if hour is not None:
        found["peak_mb"] = Figure(hour["peak_memory_bytes"] / 1e6)
    return found


def cost_table(taken: Mapping[str, Json]) -> Table:
    """One line a recording."""
    rows = []
    for name, each in taken.items():
        minutes = each["audio_s"] / 60
        rows.append(
            [
                name,
                f"{each['audio_s'] / each['cpu_s']:.0f}",
                f"{each['audio_s'] / each['wall_s']:.0f}",
                f"{each['cpu_s'] / minutes:.2f}",
                *(f"{each['cpu_s_by_part'][part] / minutes:.2f}" for part in PARTS),
                f"{each['peak_memory_bytes'] / 1e6:.0f}",
            ]
        )
    head = ["lesson", "× on one core", "× elapsed", "CPU s/min", *PARTS, "peak MB"]
    return Table("Speed and memory", head, rows)
