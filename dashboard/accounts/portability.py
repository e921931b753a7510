"""Everything that is kept about one person, in formats that other programs read (P26).

CSV is for a spreadsheet, JSON for everything else; both hold the same events. The file lives in
memory or in an unnamed temporary file, never in a folder.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, BinaryIO, cast

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from dashboard.accounts import policy
from dashboard.accounts.models import Account, Goal, GoalShare, Login, Share, Watch
from dashboard.store import queries
from dashboard.store.models import Base, Device, Lesson, StoredEvent
from dashboard.talk.models import Guess, Note
from lesson.lesson_file import FileEntry, LessonFile

IN_MEMORY_BYTES = 4 * 1024 * 1024
#: Columns of ``account`` and ``login`` that are secrets, not data about somebody.
SECRETS = ("password_hash", "digest")
EVENT_COLUMNS = ("lesson", "device", "id", "kind", "t", "wall", "received_at", "body")


def archive(session: Session, account: int, now: datetime) -> BinaryIO:
    """A zip: ``account.json``, ``lessons.csv``, ``events.csv`` and two files for each lesson."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 handed on
    lessons = session.scalars(
        select(Lesson).where(policy.owned_by(account)).order_by(Lesson.started)
    ).all()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("account.json", _json(_about(session, account, now)))
        packed.writestr("lessons.csv", _table([_row(lesson) for lesson in lessons], _names(Lesson)))
        events = io.StringIO()
        writer = csv.DictWriter(events, EVENT_COLUMNS)
        writer.writeheader()
        for lesson in lessons:
            stored = _events(session, lesson)
            writer.writerows(stored)
            name = f"lessons/{lesson.device}_{lesson.id}"
            packed.writestr(f"{name}.json", _lesson(session, lesson))
            packed.writestr(f"{name}.lesson.json", _lesson_file(session, lesson))
        packed.writestr("events.csv", events.getvalue())
    file.seek(0)
    return cast(BinaryIO, file)


def _about(session: Session, account: int, now: datetime) -> dict[str, Any]:
    mine: dict[str, type[Base]] = {"logins": Login, "watching": Watch, "my_notes": Note}
    owned = select(Device).where(Device.owner == account).order_by(Device.id)
    return {
        "made": now.isoformat(),
        "account": _row(session.get_one(Account, account)),
        "devices": [_row(device) for device in session.scalars(owned)],
        **{
            name: [_row(row) for row in session.scalars(select(table).filter_by(account=account))]
            for name, table in mine.items()
        },
        **_sharing(session, account),
    }


def _sharing(session: Session, account: int) -> dict[str, Any]:
    """Goals, and what of lessons and goals is shared with whom, both ways."""
    lessons = (
        select(Share, Account.full_name)
        .join(Account, Account.id == Share.account)
        .join(Lesson, (Lesson.device == Share.device) & (Lesson.id == Share.lesson))
        .where(policy.owned_by(account))
    )
    goals = (
        select(GoalShare, Account.full_name)
        .join(Account, Account.id == GoalShare.account)
        .join(Goal, Goal.id == GoalShare.goal)
        .where(Goal.owner == account)
    )
    found: dict[str, Any] = {
        name: [_row(share) | {"name": of} for share, of in session.execute(given)]
        for name, given in (("shared_with_others", lessons), ("goals_shared_with_others", goals))
    }
    for name, received in (
        ("shared_with_me", select(Share).where(Share.account == account)),
        ("goals_shared_with_me", select(GoalShare).where(GoalShare.account == account)),
        ("goals", select(Goal).where(Goal.owner == account).order_by(Goal.id)),
    ):
        found[name] = [_row(row) for row in session.scalars(received)]
    return found


def _lesson(session: Session, lesson: Lesson) -> str:
    """What is kept beside the events of a lesson."""
    return _json(
        {
            "lesson": _row(lesson),
            "notes": [_row(note) for note in session.scalars(_of(Note, lesson))],
            "expected": [_row(guess) for guess in session.scalars(_of(Guess, lesson))],
        }
    )


def _lesson_file(session: Session, lesson: Lesson) -> str:
    """The events and figures, as a file that another site takes in."""
    entries = queries.lesson_entries(session, lesson.device, lesson.id)
    events = tuple(FileEntry(id=identifier, event=event) for identifier, event in entries)
    file = LessonFile(device=lesson.device, lesson=lesson.id, events=events)
    return file.with_figures().to_json()


def _of(table: type[Note] | type[Guess], lesson: Lesson) -> Any:
    return select(table).where(table.device == lesson.device, table.lesson == lesson.id)


def _events(session: Session, lesson: Lesson) -> Iterator[dict[str, Any]]:
    statement = (
        select(StoredEvent)
        .where(StoredEvent.device == lesson.device, StoredEvent.lesson == lesson.id)
        .order_by(StoredEvent.number)
    )
    for event in session.scalars(statement):
        row = _row(event)
        yield {name: row[name] for name in EVENT_COLUMNS} | {"body": json.dumps(row["body"])}


def _row(thing: Base) -> dict[str, Any]:
    """The columns of a row, moments as text, without secrets."""
    values = {name: getattr(thing, name) for name in _names(type(thing))}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _names(table: type[Base]) -> list[str]:
    return [column.key for column in inspect(table).column_attrs if column.key not in SECRETS]


def _table(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
