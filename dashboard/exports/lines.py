"""Formats of one line per stretch: Audacity's labels, RTTM, WebVTT and GSEQ's SDIS."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dashboard.exports.tiers import Lesson, Stretch, Tier, tiers_of
from lesson.events import Feedback, Mark, Name, Pause, PauseOutcome, Question, Source, Turn

#: RTTM is about who speaks, so it has two of the rows.
_SPEAKERS = (Tier.TEACHER, Tier.PUPIL)
#: Of the rows, those that make sense one after another under a film.
_CUES = (Tier.QUESTION, Tier.PAUSE, Tier.NAME)
_NO_CODE = re.compile(r"[^A-Za-z0-9_]+")


def audacity(lesson: Lesson) -> str:
    """A label track: ``start⇥end⇥label``, seconds with six decimals."""
    return "".join(
        f"{stretch.start_s:.6f}\t{stretch.end_s:.6f}\t{tier.value}: {stretch.label}\n"
        for tier, stretch in _in_time(lesson, Tier)
    )


def rttm(lesson: Lesson) -> str:
    """Who speaks when, as tools that compare speaker segmentations read it."""
    return "".join(
        f"SPEAKER {lesson.name} 1 {stretch.start_s:.3f} {stretch.end_s - stretch.start_s:.3f} "
        f"<NA> <NA> {stretch.label} <NA> <NA>\n"
        for _, stretch in _in_time(lesson, _SPEAKERS)
    )


def webvtt(lesson: Lesson) -> str:
    """Subtitles for the school's own film: a cue with its code while it lasts."""
    return _vtt(
        (f"{tier.value}: {stretch.label}", stretch) for tier, stretch in _in_time(lesson, _CUES)
    )


def webvtt_chapters(lesson: Lesson) -> str:
    """The marked fragments as chapters of the film."""
    fragments = tiers_of(lesson)[Tier.FRAGMENT]
    return _vtt(
        (f"Fragment {number}: {fragment.label}", fragment)
        for number, fragment in enumerate(fragments, start=1)
    )


def sdis(lesson: Lesson) -> str:
    """Event sequential data for GSEQ: one session, what happened in order, without times."""
    codes = [code for event in lesson.events if (code := _code(event))]
    listed = " ".join(sorted(set(codes)))
    lines = [f"Event ({listed});" if listed else "Event;"]
    lines.append(f"% {_NO_CODE.sub('_', lesson.name)} %")
    lines += [" ".join(codes[start : start + 12]) for start in range(0, len(codes), 12)]
    return "\n".join(lines) + " /\n"


def _code(event: object) -> str | None:
    """A word of letters and underscores for what is part of the sequence (definition B10)."""
    if isinstance(event, Question):
        return f"Q_{event.form.value}"
    if isinstance(event, Pause):
        return "Pause" if event.outcome is PauseOutcome.MEASURED else None
    if isinstance(event, Name):
        return f"N_{event.role.value}"
    if isinstance(event, Turn) and event.source is not Source.TEACHER:
        return f"A_{event.source.value}"
    if isinstance(event, Feedback):
        return f"F_{'specific' if event.specific else 'general'}"
    if isinstance(event, Mark):
        return f"M_{event.label}"
    return None


def _in_time(lesson: Lesson, wanted: Iterable[Tier]) -> list[tuple[Tier, Stretch]]:
    rows = tiers_of(lesson)
    found = [(tier, stretch) for tier in wanted for stretch in rows[tier]]
    return sorted(found, key=lambda pair: (pair[1].start_s, pair[1].end_s))


def _vtt(cues: Iterable[tuple[str, Stretch]]) -> str:
    blocks = ["WEBVTT"]
    for number, (text, stretch) in enumerate(cues, start=1):
        span = f"{_clock(stretch.start_s)} --> {_clock(stretch.end_s)}"
        blocks.append(f"{number}\n{span}\n{text}")
    return "\n\n".join(blocks) + "\n"


def _clock(value_s: float) -> str:
    milliseconds = round(1000 * value_s)
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
