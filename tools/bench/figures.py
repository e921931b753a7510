"""The figures that the bench prints: how each is called and written, and whether more is better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

Json = dict[str, Any]


class Unit(Enum):
    """How a value is written."""

    SHARE = "share"
    RATIO = "ratio"
    MILLISECONDS = "ms"
    SECONDS = "s"
    RATE = "per 10 min"
    COUNT = "count"
    TIMES = "times"
    MEGABYTES = "MB"
    KILOBYTES = "kB"
    PER_SECOND = "per s"

    def write(self, value: float | None) -> str:
        """The value for people; a dash where there is none. Times are given in seconds."""
        if value is None:
            return "–"
        match self:
            case Unit.SHARE:
                return f"{100 * value:.1f} %"
            case Unit.RATIO:
                return f"{value:.3f}"
            case Unit.MILLISECONDS:
                return f"{_short(1000 * value)} ms"
            case Unit.SECONDS:
                return f"{value:.2f} s"
            case Unit.RATE:
                return f"{value:.1f}"
            case Unit.PER_SECOND:
                return f"{_short(value)} per s"
            case Unit.COUNT:
                return f"{value:.0f}"
            case Unit.TIMES:
                return f"{value:.0f} ×"
            case Unit.MEGABYTES | Unit.KILOBYTES:
                return f"{_short(value)} {self.value}"


def _short(value: float) -> str:
    """Three digits at least, no more decimals than they need."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a figure is: its name for people, its unit, and whether more of it is better.

    ``slack`` is how much worse a figure without an interval may get before that is called a step
    back, as a share of its old value: generous where the clock of a shared machine is in it.
    """

    title: str
    unit: Unit
    more_is_better: bool = True
    slack: float = 0.01
    #: the count in a lesson's report that says of how many
    counted: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % interval where it has one, and of how many it is."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: float | None = None

    def to_json(self) -> Json:
        return {key: value for key, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, data: Mapping[str, float]) -> Figure:
        return cls(data.get("value"), data.get("low"), data.get("high"), data.get("n"))


#: group → key → figure
Figures = dict[str, dict[str, Figure]]

LESSON_KINDS: dict[str, Kind] = {
    "question_f1": Kind("question F1", Unit.RATIO, counted="questions_true"),
    "question_precision": Kind("question precision", Unit.SHARE, counted="questions_system"),
    "question_recall": Kind("question recall", Unit.SHARE, counted="questions_true"),
    "false_questions_per_10min": Kind("false questions per 10 min", Unit.RATE, False),
    "question_end_mae_s": Kind("question end, mean error", Unit.MILLISECONDS, False),
    "led_precision": Kind("cue (led_on): precision", Unit.SHARE, counted="led_on"),
    "false_cues_per_10min": Kind("false cues per 10 min", Unit.RATE, False, counted="led_on"),
    "led_latency_median_s": Kind("led_on after the true end, p50", Unit.MILLISECONDS, False),
    "led_latency_p95_s": Kind("led_on after the true end, p95", Unit.MILLISECONDS, False),
    "wait_given": Kind("wait time given", Unit.SHARE, counted="questions_matched"),
    "wait_within_150ms": Kind("wait time within 150 ms", Unit.SHARE, counted="waits"),
    "wait_mae_s": Kind("wait time, mean error", Unit.MILLISECONDS, False, counted="waits"),
    "ender_accuracy": Kind("what ended the pause", Unit.SHARE, counted="questions_matched"),
    "order_accuracy": Kind("order", Unit.SHARE, counted="questions_matched"),
    "open_check_accuracy": Kind("open or check, where said", Unit.SHARE),
    "name_recall": Kind("name calls: recall", Unit.SHARE, counted="names_true"),
    "name_precision": Kind("name calls: precision", Unit.SHARE, counted="names_system"),
    "tick_within_50ms": Kind("3 s sign within 50 ms", Unit.SHARE, counted="ticks_on_time"),
    "ticks_missed_share": Kind("3 s signs missed", Unit.SHARE, False, counted="ticks_due"),
    "ticks_missed_share_lit": Kind(
        "the same, checks of understanding left out", Unit.SHARE, False, counted="ticks_due_lit"
    ),
    "false_ticks_per_10min": Kind("false 3 s signs per 10 min", Unit.RATE, False),
}

#: what is measured once, not by lesson
OTHER_KINDS: dict[str, Kind] = {
    "prompts_nl_f1": Kind("read-aloud Dutch prompts not seen: F1", Unit.RATIO),
    "prompts_nl_f1_errors": Kind("the same, 15 % of the words wrong", Unit.RATIO),
    "prompts_nl_f1_first": Kind("the same, and 30 % of the first words", Unit.RATIO),
    "recorded_nl_f1": Kind("Dutch prompts of two readers, two in five questions: F1", Unit.RATIO),
    "recorded_nl_f1_errors": Kind("the same, 15 % of their words wrong", Unit.RATIO),
    "classroom_en_f1": Kind("English classroom talk not seen: F1", Unit.RATIO),
    "lookalikes_armed": Kind("look-alikes that arm the light", Unit.SHARE, False),
    "focus_nl_macro_f1": Kind("open or check, Dutch: macro-F1", Unit.RATIO),
    "focus_en_macro_f1": Kind("open or check, English: macro-F1", Unit.RATIO),
    "focus_en_turns_macro_f1": Kind("the same, with what was said before", Unit.RATIO),
    "word_s": Kind("decision per word", Unit.MILLISECONDS, False, slack=0.5),
    "weights_kb": Kind("weights, the larger language", Unit.KILOBYTES, False, slack=0.1),
    "cost_share": Kind("CPU of all but the recogniser, of its own", Unit.SHARE, False, 0.2),
    "cpu_s_per_min": Kind("CPU seconds per minute of sound", Unit.SECONDS, False, 0.25),
    "peak_mb": Kind("most memory in an hour", Unit.MEGABYTES, False, 0.1),
    "wer": Kind("word error rate", Unit.SHARE, False),
    "first_word": Kind("first word right", Unit.SHARE),
    "question_class": Kind("question class from the words", Unit.SHARE),
    "end_median_s": Kind("end from the words, median", Unit.MILLISECONDS, False),
    "end_p90_s": Kind("end from the words, p90", Unit.MILLISECONDS, False),
    "names_heard": Kind("names heard, roster of 25", Unit.SHARE),
    "names_false": Kind("names heard falsely", Unit.COUNT, False),
    "size_mb": Kind("model on disk", Unit.MEGABYTES, False),
    "load_s": Kind("loading", Unit.SECONDS, False, 0.5),
    "memory_mb": Kind("memory after 50 minutes", Unit.MEGABYTES, False, 0.1),
    "times_real_time": Kind("recogniser, times real time", Unit.TIMES, slack=0.25),
    "final_p95_s": Kind("final words after the end, p95", Unit.MILLISECONDS, False, 0.2),
    "partial_p50_s": Kind("partial words, median", Unit.MILLISECONDS, False, 0.2),
    "partial_p95_s": Kind("partial words, p95", Unit.MILLISECONDS, False, 0.2),
}

#: of the dashboard: pages, load, and what an event costs
DASHBOARD_KINDS: dict[str, Kind] = {
    "live_delivered": Kind("live states that every viewer got", Unit.SHARE),
    "publish_to_browser_p50_s": Kind("publish to browser, p50", Unit.MILLISECONDS, False, 0.3),
    "publish_to_browser_p95_s": Kind("publish to browser, p95", Unit.MILLISECONDS, False, 0.2),
    "events_kept": Kind("events stored", Unit.SHARE),
    "web_peak_mb": Kind("most memory of the web process", Unit.MEGABYTES, False, 0.1),
    "viewer_cpu": Kind("CPU of a viewer in a second", Unit.MILLISECONDS, False, 0.5),
    "message_cpu_s": Kind("CPU of a message at ingest", Unit.MILLISECONDS, False, 0.5),
    "review_p95_s": Kind("review page of 400 events, p95", Unit.MILLISECONDS, False, 0.5),
    "list_p95_s": Kind("list of 1,000 lessons, p95", Unit.MILLISECONDS, False, 0.5),
    "live_page_kb": Kind("live page over the wire", Unit.KILOBYTES, False, 0.1),
    "first_paint_s": Kind("first paint of the live page, slowest", Unit.SECONDS, False, 0.5),
    "barriers": Kind("axe-core: violations, all pages and looks", Unit.COUNT, False),
    "event_wire_kb": Kind("an event on the wire, acknowledged", Unit.KILOBYTES, False, 0.05),
    "live_wire_kb": Kind("a live state on the wire", Unit.KILOBYTES, False, 0.05),
    "event_database_kb": Kind("an event in PostgreSQL", Unit.KILOBYTES, False, 0.05),
    "lesson_database_kb": Kind("a lesson of 400 events in PostgreSQL", Unit.KILOBYTES, False, 0.05),
    "ingest_events_per_s": Kind("events stored by one ingest", Unit.PER_SECOND, slack=0.5),
    "event_cpu_s": Kind("CPU of an event when many come", Unit.MILLISECONDS, False, 0.5),
    "ingest_live_per_s": Kind("live states stored by one ingest", Unit.PER_SECOND, slack=0.5),
}

KINDS = LESSON_KINDS | OTHER_KINDS | DASHBOARD_KINDS
