"""All formats in which a lesson can be had: what they are called, and who makes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.exports import elan, lines, praat, table
from dashboard.exports.codebook import codebook
from dashboard.exports.tiers import Lesson
from dashboard.i18n import Words
from dashboard.i18n import lazy_gettext as _
from lesson.lesson_file import FileEntry, LessonFile

CSV = "text/csv; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Context:
    """What a writer may need beside the lesson."""

    device: str
    lesson_id: str
    #: ISO 8601 with offset
    made: str
    style: table.Style


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a lesson down.

    Attributes:
        ending: of the file's name.
        purpose: for whom it is, in the words of the page.
        on_film: whether the film's offset changes it.
    """

    ending: str
    media_type: str
    purpose: Words
    on_film: bool
    write: Callable[[Lesson, Context], str]


def _json(lesson: Lesson, context: Context) -> str:
    entries = (entry if isinstance(entry, tuple) else (None, entry) for entry in lesson.entries)
    file = LessonFile(
        device=context.device,
        lesson=context.lesson_id,
        events=tuple(FileEntry(id=identifier, event=event) for identifier, event in entries),
    )
    return file.with_figures().to_json()


FORMATS = {
    "json": Format(
        ".json",
        "application/json",
        _("everything, to keep or to take into another Denkpauze"),
        on_film=False,
        write=_json,
    ),
    "events": Format(
        ".events.csv",
        CSV,
        _("table with a row for each event"),
        on_film=True,
        write=lambda lesson, context: table.events(lesson, context.style),
    ),
    "episodes": Format(
        ".episodes.csv",
        CSV,
        _("table with a row for each question and its turn"),
        on_film=True,
        write=lambda lesson, context: table.episodes(lesson, context.style),
    ),
    "codebook": Format(
        ".codebook.csv",
        CSV,
        _("what the columns and codes of the tables mean"),
        on_film=False,
        write=lambda _lesson, context: codebook(context.style),
    ),
    "elan": Format(
        ".eaf",
        "application/xml",
        _("annotations for ELAN"),
        on_film=True,
        write=lambda lesson, context: elan.write(lesson, context.made),
    ),
    "textgrid": Format(
        ".TextGrid",
        TEXT,
        _("annotations for Praat"),
        on_film=True,
        write=lambda lesson, _context: praat.write(lesson),
    ),
    "audacity": Format(
        ".labels.txt",
        TEXT,
        _("label track for Audacity"),
        on_film=True,
        write=lambda lesson, _context: lines.audacity(lesson),
    ),
    "webvtt": Format(
        ".vtt",
        "text/vtt; charset=utf-8",
        _("subtitles for the film of the lesson"),
        on_film=True,
        write=lambda lesson, _context: lines.webvtt(lesson),
    ),
    "chapters": Format(
        ".chapters.vtt",
        "text/vtt; charset=utf-8",
        _("the marked fragments as chapters of the film"),
        on_film=True,
        write=lambda lesson, _context: lines.webvtt_chapters(lesson),
    ),
    "rttm": Format(
        ".rttm",
        TEXT,
        _("who speaks when, for speech researchers"),
        on_film=True,
        write=lambda lesson, _context: lines.rttm(lesson),
    ),
    "sdis": Format(
        ".sds",
        TEXT,
        _("the order of events, for GSEQ"),
        on_film=False,
        write=lambda lesson, _context: lines.sdis(lesson),
    ),
}
