"""What the figures must reach, and what they aim at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.bench.figures import KINDS, Figure, Figures
from tools.bench.sets import HUMAN, SYNTHETIC
from tools.bench.table import Table

DUTCH_SPEECH = "speech, Dutch"
ENGLISH_SPEECH = "speech, English"
STRANGER = "speech, a person never met"
HUMAN_NAMES = "speech, people in lessons"
RECOGNISER = "recogniser"
TEXT = "text"
COST = "cost"
DASHBOARD = "dashboard"


@dataclass(frozen=True, slots=True)
class Target:
    """What one figure of one group must be at least (or at most) and what it aims at."""

    group: str
    key: str
    must: float
    aim: float

    def reached(self, figure: Figure, limit: float) -> bool:
        """Whether a figure that was measured is as good as ``limit``."""
        if figure.value is None:
            return False
        if KINDS[self.key].more_is_better:
            return figure.value >= limit
        return figure.value <= limit

    def row(self, figures: Figures) -> list[str]:
        """Group, figure, must, aim, measured, n, and whether both are reached, for a table."""
        kind = KINDS[self.key]
        figure = figures.get(self.group, {}).get(self.key, Figure(None))
        sign = "≥" if kind.more_is_better else "≤"
        must, aim = (f"{sign} {kind.unit.write(limit)}" for limit in (self.must, self.aim))
        said = "not measured"
        if figure.value is not None:
            said = "reached" if self.reached(figure, self.must) else "NOT REACHED"
            said += ", aim too" if self.reached(figure, self.aim) else ""
        count = "–" if figure.n is None else f"{figure.n:.0f}"
        return [self.group, kind.title, must, aim, kind.unit.write(figure.value), count, said]


SPEECH_TARGETS = (
    Target(DUTCH_SPEECH, "wer", 0.12, 0.08),
    Target(DUTCH_SPEECH, "first_word", 0.93, 0.97),
    Target(DUTCH_SPEECH, "question_class", 0.93, 0.96),
    Target(ENGLISH_SPEECH, "wer", 0.20, 0.12),
    Target(ENGLISH_SPEECH, "first_word", 0.88, 0.93),
    Target(STRANGER, "question_class", 0.82, 0.90),
    Target(STRANGER, "wer", 0.58, 0.45),
    Target(DUTCH_SPEECH, "end_median_s", 0.015, 0.015),
    Target(DUTCH_SPEECH, "end_p90_s", 0.035, 0.035),
    Target(ENGLISH_SPEECH, "end_median_s", 0.015, 0.015),
    Target(ENGLISH_SPEECH, "end_p90_s", 0.035, 0.035),
    Target(DUTCH_SPEECH, "names_heard", 0.93, 0.98),
    Target(DUTCH_SPEECH, "names_false", 1, 0),
    Target(HUMAN_NAMES, "names_heard", 0.60, 0.85),
    Target(HUMAN_NAMES, "names_false", 2, 1),
    *(
        Target(group, key, must, aim)
        for group in (DUTCH_SPEECH, ENGLISH_SPEECH)
        for key, must, aim in (
            ("size_mb", 12, 9),
            ("load_s", 0.3, 0.3),
            ("memory_mb", 300, 220),
            ("times_real_time", 15, 25),
        )
    ),
    Target(RECOGNISER, "final_p95_s", 0.300, 0.300),
    Target(RECOGNISER, "partial_p50_s", 0.250, 0.250),
    Target(RECOGNISER, "partial_p95_s", 0.250, 0.250),
)

LESSON_TARGETS = (
    Target(SYNTHETIC, "question_f1", 0.82, 0.92),
    Target(SYNTHETIC, "led_precision", 0.90, 0.95),
    Target(SYNTHETIC, "false_cues_per_10min", 2, 1),
    Target(SYNTHETIC, "wait_within_150ms", 0.92, 0.98),
    Target(SYNTHETIC, "wait_mae_s", 0.10, 0.05),
    Target(SYNTHETIC, "ender_accuracy", 0.85, 0.95),
    Target(SYNTHETIC, "order_accuracy", 0.90, 0.97),
    Target(SYNTHETIC, "name_recall", 0.85, 0.95),
    Target(SYNTHETIC, "name_precision", 0.95, 0.98),
    Target(SYNTHETIC, "led_latency_median_s", 0.30, 0.22),
    Target(SYNTHETIC, "led_latency_p95_s", 0.60, 0.40),
    Target(SYNTHETIC, "tick_within_50ms", 0.95, 0.99),
    Target(SYNTHETIC, "ticks_missed_share", 0.10, 0.03),
    Target(HUMAN, "wait_within_150ms", 0.85, 0.95),
    Target(HUMAN, "false_cues_per_10min", 3, 1),
    Target(TEXT, "prompts_nl_f1", 0.87, 0.91),
    Target(TEXT, "prompts_nl_f1_errors", 0.77, 0.82),
    Target(TEXT, "prompts_nl_f1_first", 0.77, 0.82),
    Target(TEXT, "recorded_nl_f1", 0.87, 0.91),
    Target(TEXT, "recorded_nl_f1_errors", 0.77, 0.82),
    Target(TEXT, "classroom_en_f1", 0.83, 0.86),
    Target(TEXT, "lookalikes_armed", 0.03, 0.0),
    Target(TEXT, "focus_nl_macro_f1", 0.78, 0.85),
    Target(TEXT, "focus_en_macro_f1", 0.65, 0.70),
    Target(TEXT, "focus_en_turns_macro_f1", 0.65, 0.70),
    Target(TEXT, "word_s", 0.0003, 0.0001),
    Target(TEXT, "weights_kb", 500, 500),
    Target(COST, "cost_share", 0.25, 0.10),
)


#: 30 devices with two messages a second, 200 viewers, one web process; a lesson of 400 events
DASHBOARD_TARGETS = tuple(
    Target(DASHBOARD, key, must, aim)
    for key, must, aim in (
        ("live_delivered", 1.0, 1.0),
        ("events_kept", 1.0, 1.0),
        ("publish_to_browser_p95_s", 0.300, 0.250),
        ("web_peak_mb", 150, 120),
        ("review_p95_s", 0.150, 0.100),
        ("list_p95_s", 0.150, 0.050),
        ("live_page_kb", 150, 75),
        ("first_paint_s", 1.0, 0.5),
        ("barriers", 0, 0),
    )
)


def target_table(title: str, targets: Sequence[Target], figures: Figures) -> Table:
    """Must, aim and measured, and whether they are reached."""
    head = ["measured on", "figure", "must", "aim", "measured", "n", "verdict"]
    return Table(title, head, [target.row(figures) for target in targets], words=2)
