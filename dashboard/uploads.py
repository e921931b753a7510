"""A lesson file that somebody brings: checked, given ids of its own, and stored as a lesson."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dashboard.accounts.models import DeletedLesson
from dashboard.i18n import gettext
from dashboard.inbox import UPLOADS, Accepted
from dashboard.store.by_hand import PERSON
from dashboard.store.insertion import insert_missing
from dashboard.store.models import Device, Lesson
from dashboard.store.writer import store_in
from lesson.events import Correction, LessonEnded, LessonEvent, LessonStarted
from lesson.lesson_file import LessonFile, read_lesson_file
from lesson.wire import Envelope, event_id

#: A lesson of an hour with a thousand events is half a megabyte.
LARGEST_FILE_BYTES = 8 * 1024 * 1024


class UnusableFileError(ValueError):
    """Why a file is not taken in."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Where the lesson is now, and whether it was there before."""

    device: str
    lesson: str
    new: bool


def take_in(
    session: Session, content: bytes, owner: int, began: datetime | None, now: datetime
) -> Uploaded:
    """Store a lesson file for a teacher; the same file twice is one lesson.

    Args:
        began: when the lesson was, where the file cannot know it (a film).

    Needs an application context for the language of what is refused.

    Raises:
        UnusableFileError: it is no lesson file, or no lesson is in it.
    """
    try:
        file = read_lesson_file(content)
    except ValueError as error:
        raise UnusableFileError(_in_words(str(error))) from None
    started = next((e.event for e in file.events if isinstance(e.event, LessonStarted)), None)
    if started is None:
        raise UnusableFileError(gettext("no beginning of a lesson is in it"))
    if not any(isinstance(entry.event, LessonEnded) for entry in file.events):
        raise UnusableFileError(gettext("the lesson in it has no end: analyse the recording again"))
    digest = _free_digest(session, content, owner)
    identifier = digest[:24]
    if session.get(Lesson, (UPLOADS, identifier)) is not None:
        return Uploaded(UPLOADS, identifier, new=False)
    insert_missing(session, Device, {"id": UPLOADS, "first_seen": now})
    wall = began or started.wall
    session.add(Lesson(device=UPLOADS, id=identifier, owner=owner, started=wall, last_t=0.0))
    session.flush()
    envelopes = _envelopes(file, identifier, digest[24:40], wall)
    store_in(session, [Accepted(UPLOADS, envelope) for envelope in envelopes], now)
    return Uploaded(UPLOADS, identifier, new=True)


def _in_words(problem: str) -> str:
    """Where the file is not as expected, of «at PLACE: what the reader of files says»."""
    place = problem.partition(":")[0].removeprefix("at ")
    if place == "the beginning":
        return gettext("it is no file of events")
    return gettext("something else than expected stands at «%(place)s»", place=place)


def _free_digest(session: Session, content: bytes, owner: int) -> str:
    """Hexadecimal digits for ids: the same for the same file, unless it was deleted since."""
    attempt = 0
    while True:
        seed = f"{owner}/{attempt}/".encode()
        digest = hashlib.sha256(seed + content).hexdigest()
        deleted = session.get(DeletedLesson, (UPLOADS, digest[:24])) is not None
        if not deleted and not digest[24:].startswith(PERSON):
            return digest
        attempt += 1


def _envelopes(file: LessonFile, lesson: str, boot: str, wall: datetime) -> list[Envelope]:
    """The events under new ids; what a correction points at moves along."""
    new_ids = {
        entry.id: event_id(boot, seq)
        for seq, entry in enumerate(file.events, start=1)
        if entry.id is not None
    }
    envelopes = []
    for seq, entry in enumerate(file.events, start=1):
        event = _adapted(entry.event, new_ids, wall)
        envelopes.append(
            Envelope(
                id=event_id(boot, seq),
                device=UPLOADS,
                lesson=lesson,
                boot=boot,
                seq=seq,
                wall=wall + timedelta(seconds=event.t),
                event=event,
            )
        )
    return envelopes


def _adapted(event: LessonEvent, new_ids: dict[str, str], wall: datetime) -> LessonEvent:
    if isinstance(event, Correction) and event.target is not None:
        return event.model_copy(update={"target": new_ids.get(event.target, event.target)})
    if isinstance(event, LessonStarted):
        return event.model_copy(update={"wall": wall, "clock_synchronised": True})
    return event
