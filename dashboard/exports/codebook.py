"""The code book: what every column means and which codes it may hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from dashboard import words
from dashboard.exports.table import EPISODE_COLUMNS, Style, event_columns, write_table
from dashboard.i18n import Words
from dashboard.i18n import lazy_gettext as _
from lesson.episode import EpisodeEnd, Flag, Order
from lesson.events import (
    CueMode,
    Ender,
    Focus,
    HealthPart,
    HealthState,
    NamePosition,
    NameRole,
    PauseOutcome,
    QuestionForm,
    Signal,
    Source,
)

COLUMNS = {
    "number": _("place in the table"),
    "kind": _("kind of event"),
    "start_s": _("beginning, seconds since the lesson began"),
    "end_s": _("acoustic end, seconds since the lesson began; empty: a moment, or unknown"),
    "length_s": _("end minus beginning, seconds"),
    "film_s": _("beginning on the film's clock, seconds; the offset of the export is added"),
    "by_hand": _("1: put in or changed by a person, 0: as the device measured it"),
    "wall": _("date and time at the beginning of the lesson"),
    "clock_synchronised": _("1: the device knew the time from a time server"),
    "mode": _("whether the device gave signals"),
    "language": _("language of the lesson"),
    "target_s": _("think pause to aim for, seconds"),
    "roster_size": _("number of pupils on the class list"),
    "recogniser": _("speech model"),
    "software": _("version of the program on the device"),
    "reason": _("why: of the end of a lesson, or of what became of a pause"),
    "form": _("form of the question"),
    "focus": _("thought-provoking or check question; empty: unsure"),
    "arms": _("1: starts the think timer and counts in the wait-time figures"),
    "probability": _("how sure the device was, 0 to 1"),
    "snr_db": _("speech above noise, decibels"),
    "reasons": _("what the decision rested on"),
    "outcome": _("whether the pause gives a number"),
    "ended_by": _("what ended the silence, or the episode"),
    "net_s": _("longest uninterrupted silence inside the pause, seconds"),
    "prompts": _("think prompts inside the pause, beginning and end in seconds"),
    "pupil": _("alias of the pupil; the device alone knows who it is"),
    "role": _("why the name was said"),
    "position": _("where the name stood in its utterance"),
    "source": _("who is heard"),
    "speech_s": _("voice inside the turn, pauses left out, seconds"),
    "specific": _("1: the feedback names what was done or is missing (a proposal)"),
    "positive": _("1: the feedback is progress or praise (a proposal)"),
    "signal": _("signal to the teacher"),
    "question_end": _("end of the question that the signal belongs to, seconds"),
    "by": _("who set the mark"),
    "label": _("what the mark says"),
    "part": _("part of the device"),
    "state": _("what became of that part"),
    "missing_s": _("length of sound that is missing, seconds"),
    "order": _("order of question, pause, name and answer"),
    "stack_size": _("questions in a row less than one second apart"),
    "denkpauze_gross_s": _("think pause: end of the question to the name, seconds"),
    "denkpauze_net_s": _("longest uninterrupted silence in it, seconds"),
    "wait_time_1_s": _("end of the question to the next speech of anybody, seconds"),
    "answer_time_s": _("end of the question to the pupil's first word, seconds"),
    "after_name_s": _("end of the name to the pupil's first word, seconds"),
    "kept": _("1: the pause reached the target less the tolerance; empty: cannot be said"),
    "flags": _("what else there is to note"),
}

CODES: dict[str, tuple[type[StrEnum], ...]] = {
    "mode": (CueMode,),
    "form": (QuestionForm,),
    "focus": (Focus,),
    "outcome": (PauseOutcome,),
    "ended_by": (Ender, EpisodeEnd),
    "role": (NameRole,),
    "position": (NamePosition,),
    "source": (Source,),
    "signal": (Signal,),
    "part": (HealthPart,),
    "state": (HealthState,),
    "order": (Order,),
    "flags": (Flag,),
}

#: What the codes mean; those of the pages have their words from there.
MEANINGS: dict[type[StrEnum], Mapping[Any, Words]] = {
    QuestionForm: words.FORMS,
    Order: words.ORDERS,
    Focus: words.FOCUSES,
    PauseOutcome: {PauseOutcome.MEASURED: _("measured"), **words.OUTCOMES},
    Ender: words.ENDERS,
    CueMode: {
        CueMode.CUE: _("signals given"),
        CueMode.SILENT: _("measured only (baseline)"),
    },
    NameRole: words.ROLES,
    NamePosition: words.POSITIONS,
    Source: words.SOURCES,
    Signal: {
        Signal.WAIT: _("a think pause has begun"),
        Signal.GO: _("the target is reached"),
        Signal.OFF: _("the signal is taken back or over"),
    },
    HealthPart: {
        HealthPart.MICROPHONE: _("microphone"),
        HealthPart.SIGNAL: _("the sound itself"),
        HealthPart.RECOGNISER: _("speech recognition"),
        HealthPart.OUTPUT: _("light, tick or vibration"),
        HealthPart.JOURNAL: _("storage on the device"),
        HealthPart.LINK: _("connection to the broker"),
    },
    HealthState: {
        HealthState.OK: _("well again"),
        HealthState.LOST: _("gone"),
        HealthState.SILENT: _("delivers nothing but zeros"),
        HealthState.WRONG_DEVICE: _("another device than the one chosen"),
        HealthState.OVERFLOW: _("sound was lost"),
        HealthState.MUTED: _("muted by the teacher"),
        HealthState.TOO_QUIET: _("too quiet"),
        HealthState.TOO_NOISY: _("too noisy"),
        HealthState.CLIPPING: _("too loud"),
        HealthState.DEGRADED: _("works in part"),
    },
    EpisodeEnd: {
        EpisodeEnd.ANSWER: _("a pupil answers"),
        EpisodeEnd.NAMED: _("turn given, no answer heard"),
        EpisodeEnd.SELF_ANSWER: _("teacher answers"),
        EpisodeEnd.ABANDONED: _("left without an answer"),
        EpisodeEnd.WORK: _("working time"),
        EpisodeEnd.TIME_OUT: _("nothing for 15 seconds"),
        EpisodeEnd.LESSON_END: _("end of lesson"),
        EpisodeEnd.OPEN: _("not over yet"),
        EpisodeEnd.UNKNOWN: _("not to be told"),
    },
    Flag: {
        Flag.STACKED: _("questions stacked"),
        Flag.REPHRASED: _("question put again in other words"),
        Flag.REPEATED: _("question put again"),
        Flag.SELF_ANSWERED: _("teacher answers"),
        Flag.ABANDONED: _("left without an answer"),
        Flag.THINK_PROMPT: _("«think first» said in the pause"),
        Flag.CALLED_OUT: _("a pupil called out"),
        Flag.TURN_WITHOUT_NAME: _("a pupil began and no name was said"),
        Flag.UNKNOWN_PUPIL: _("turn given without a name"),
        Flag.DELIBERATE_NAME_FIRST: _("name first on purpose"),
        Flag.CENSORED: _("longer than is counted"),
        Flag.UNMEASURED: _("sound missing"),
        Flag.INTERRUPTED: _("noise"),
        Flag.LOW_SNR: _("speech hardly above the noise"),
    },
}


def codebook(style: Style) -> str:
    """A table: column, code, meaning. A row without a code is about the column itself.

    Needs an application context for the language.
    """
    rows = ({"column": c, "code": code, "meaning": text} for c, code, text in _lines())
    return write_table(("column", "code", "meaning"), rows, style)


def _lines() -> Iterator[tuple[str, str, str]]:
    for column in dict.fromkeys((*event_columns(), *EPISODE_COLUMNS)):
        yield column, "", str(COLUMNS[column])
        for kind in CODES.get(column, ()):
            for code in kind:
                yield column, code.value, str(MEANINGS[kind][code])
