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
from dashboard.accounts.models import Account, Login, Share, Watch
from dashboard.figures import lesson_summary
from dashboard.store import queries
from dashboard.store.models import Base, Device, Lesson, StoredEvent
from dashboard.talk.models import Guess, Note

IN_MEMORY_BYTES = 4 * 1024 * 1024
#: Columns of ``account`` and ``login`` that are secrets, not data about somebody.
SECRETS = ("password_hash", "digest")
EVENT_COLUMNS = ("lesson", "device", "id", "kind", "t", "wall", "received_at", "body")


def archive(session: Session, account: int, now: datetime) -> BinaryIO:
    """A zip: ``account.json``, ``lessons.csv``, ``events.csv`` and a JSON file for each lesson."""
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
            packed.writestr(f"lessons/{lesson.device}_{lesson.id}.json", _lesson(session, lesson))
        packed.writestr("events.csv", events.getvalue())
    file.seek(0)
    return cast(BinaryIO, file)


def _about(session: Session, account: int, now: datetime) -> dict[str, Any]:
    owned = select(Device).where(Device.owner == account).order_by(Device.id)
    given = (
        select(Share, Account.full_name)
        .join(Account, Account.id == Share.account)
        .join(Lesson, (Lesson.device == Share.device) & (Lesson.id == Share.lesson))
        .where(policy.owned_by(account))
    )
    received = select(Share).where(Share.account == account)
    logins = select(Login).where(Login.account == account)
    watches = select(Watch).where(Watch.account == account)
    return {
        "made": now.isoformat(),
        "account": _row(session.get_one(Account, account)),
        "logins": [_row(login) for login in session.scalars(logins)],
        "devices": [_row(device) for device in session.scalars(owned)],
        "shared_with_others": [
            _row(share) | {"name": name} for share, name in session.execute(given)
        ],
        "shared_with_me": [_row(share) for share in session.scalars(received)],
        "watching": [_row(watch) for watch in session.scalars(watches)],
        "my_notes": [
            _row(note) for note in session.scalars(select(Note).where(Note.account == account))
        ],
    }


def _lesson(session: Session, lesson: Lesson) -> str:
    entries = queries.lesson_entries(session, lesson.device, lesson.id)
    return _json(
        {
            "lesson": _row(lesson),
            "notes": [_row(note) for note in session.scalars(_of(Note, lesson))],
            "expected": [_row(guess) for guess in session.scalars(_of(Guess, lesson))],
            "figures": lesson_summary(entries).model_dump(mode="json"),
            "events": [
                {"id": identifier, "event": event.model_dump(mode="json")}
                for identifier, event in entries
            ],
        }
    )


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
