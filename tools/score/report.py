"""Figures from a tally, each under the name that the bench and the tests ask for it."""

from __future__ import annotations

from tools.score.matching import mean, percentile, share
from tools.score.tally import Tally

Figure = float | int | dict[str, int] | None
Report = dict[str, Figure]

_WAIT_TOLERANCE_S = 0.15
_TICK_TOLERANCE_S = 0.05
_DECIMALS = 3


def _f1(counts: Tally, precision: float | None, recall: float | None) -> float | None:
    if precision and recall:
        return 2 * precision * recall / (precision + recall)
    return 0.0 if counts.questions_true or counts.questions_system else None


def _absolute(values: list[float]) -> list[float]:
    return [abs(value) for value in values]


def _per_ten_minutes(count: int, counts: Tally) -> float:
    return 10 * count / counts.minutes


def _question_figures(counts: Tally) -> Report:
    precision = share(counts.questions_matched, counts.questions_system)
    recall = share(counts.questions_found, counts.questions_true)
    return {
        "minutes": counts.minutes,
        "questions_true": counts.questions_true,
        "questions_system": counts.questions_system,
        "questions_matched": counts.questions_matched,
        "question_precision": precision,
        "question_recall": recall,
        "question_f1": _f1(counts, precision, recall),
        "false_questions_per_10min": _per_ten_minutes(
            counts.questions_system - counts.questions_matched, counts
        ),
        "question_end_mae_s": mean(_absolute(counts.end_errors_s)),
        "open_check_accuracy": share(counts.types_right, counts.types_given),
    }


def _pause_figures(counts: Tally) -> Report:
    errors = _absolute(counts.wait_errors_s)
    close = sum(error <= _WAIT_TOLERANCE_S for error in errors)
    return {
        "waits": len(errors),
        "wait_given": share(len(errors), counts.waits_true),
        "wait_mae_s": mean(errors),
        "wait_median_error_s": percentile(counts.wait_errors_s, 50),
        "wait_abs_p95_s": percentile(errors, 95),
        "wait_within_150ms": share(close, len(errors)),
        "ender_accuracy": share(counts.enders_right, counts.enders_given),
        "ender3_accuracy": share(counts.enders_pooled_right, counts.enders_given),
        "order_accuracy": share(counts.orders_right, counts.orders_given),
        "order_confusion": dict(counts.order_confusion),
        "ender_confusion": dict(counts.ender_confusion),
        "names_true": counts.names_true,
        "names_system": counts.names_system,
        "name_recall": share(counts.names_found, counts.names_true),
        "name_precision": share(counts.names_found, counts.names_system),
    }


def _cue_figures(counts: Tally) -> Report:
    errors = counts.tick_errors_s
    return {
        "led_on": counts.led_on,
        "led_precision": share(counts.led_on - counts.led_false, counts.led_on),
        "led_latency_median_s": percentile(counts.led_latencies_s, 50),
        "led_latency_p95_s": percentile(counts.led_latencies_s, 95),
        "false_cues_per_10min": _per_ten_minutes(counts.led_false, counts),
        "ticks_due": counts.ticks_due,
        "ticks_on_time": len(errors),
        "ticks_missed": counts.ticks_due - len(errors),
        "ticks_missed_share": share(counts.ticks_due - len(errors), counts.ticks_due),
        "ticks_due_lit": counts.ticks_due_lit,
        "ticks_missed_share_lit": share(
            counts.ticks_due_lit - counts.ticks_kept_lit, counts.ticks_due_lit
        ),
        "tick_within_50ms": share(sum(abs(e) <= _TICK_TOLERANCE_S for e in errors), len(errors)),
        "tick_error_median_s": percentile(errors, 50),
        "tick_abs_error_p95_s": percentile(_absolute(errors), 95),
        "tick_abs_error_max_s": max(_absolute(errors), default=None),
        "false_ticks_per_10min": _per_ten_minutes(counts.ticks_false, counts),
    }


def report(counts: Tally) -> Report:
    """All figures, rounded to three decimals; figures on cues only where a cue was given.

    ``None`` stands for a share or mean of nothing.
    """
    figures = _question_figures(counts) | _pause_figures(counts)
    if counts.led_on or counts.ticks:
        figures |= _cue_figures(counts)
    return {
        key: round(value, _DECIMALS) if isinstance(value, float) else value
        for key, value in figures.items()
    }
