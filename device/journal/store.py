"""Writing the journal: numbering events without gaps and closing what a crash left open."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from device.clock import Clock
from device.errors import JournalError
from device.journal import schema
from lesson.events import Event, LessonEnded, LessonEvent, LessonStarted
from lesson.wire import Envelope, event_id


def new_lesson_id() -> str:
    """An id that says nothing about the class, the teacher or the moment."""
    return secrets.token_hex(8)


class Journal:
    """All events of this device on disk; the first place that an event goes to.

    Each open is a *boot* with an id of its own, in which events are numbered from 1 without
    gaps. Lessons that an earlier boot left open are ended as ``interrupted`` on opening.
    Methods may be called from any thread; a failed write changes nothing and may be repeated.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        holder: IO[bytes],
        path: Path,
        device: str,
        clock: Clock,
        set_aside: Path | None,
    ) -> None:
        self.path = path
        self.device = device
        self.boot = secrets.token_hex(8)
        #: where a damaged journal was moved on opening, for one warning to the user
        self.set_aside = set_aside
        self._connection = connection
        self._holder = holder
        self._lock = threading.RLock()
        self._closed = False
        self._boot_number = self._begin(clock)

    @classmethod
    def open(cls, path: Path, device: str, clock: Clock) -> Self:
        """Open or create the journal at ``path`` for the device id ``device``.

        Raises:
            JournalError: in use by another process, made by a newer version, somebody else's
                file, or the disk refuses.
        """
        holder = schema.lock(path)
        try:
            connection, aside = schema.open_checked(path, clock)
            try:
                return cls(connection, holder, path, device, clock, aside)
            except BaseException:
                connection.close()
                raise
        except sqlite3.Error as error:
            holder.close()
            raise schema.explain(error, path) from error
        except BaseException:
            holder.close()
            raise

    def start_lesson(self, started: LessonStarted, lesson: str | None = None) -> Envelope:
        """Begin a lesson at once, under a new id unless one is given."""
        return self.append(lesson or new_lesson_id(), started)

    def append(self, lesson: str, event: LessonEvent) -> Envelope:
        """Write one event and wait until the disk has it."""
        return self.append_all([(lesson, event)])[0]

    def append_all(self, items: Sequence[tuple[str, LessonEvent]]) -> list[Envelope]:
        """Write events in one transaction, all or none, and wait until the disk has them.

        Raises:
            LookupError: an event of a lesson that was never started.
            JournalError: the disk refuses; nothing was written and no number was used up.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                seq = self._last_seq()
                envelopes = []
                for lesson, event in items:
                    seq += 1
                    envelopes.append(self._insert(lesson, event, seq))
                self._connection.execute("COMMIT")
                return envelopes
            except sqlite3.Error as error:
                raise schema.explain(error, self.path) from error
            finally:
                self._roll_back_if_open()

    def events(self, lesson: str) -> list[Envelope]:
        """All events of a lesson in the order in which they were written."""
        rows = self._read("SELECT envelope FROM event WHERE lesson = ? ORDER BY boot, seq", lesson)
        return [Envelope.from_json(envelope) for (envelope,) in rows]

    def lessons(self) -> list[str]:
        """The ids of all lessons, oldest first."""
        return [lesson for (lesson,) in self._read("SELECT id FROM lesson ORDER BY rowid")]

    def close(self) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                self._connection.close()
                self._holder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _read(self, query: str, *parameters: str) -> list[Any]:
        with self._lock:
            try:
                return self._connection.execute(query, parameters).fetchall()
            except sqlite3.Error as error:
                raise schema.explain(error, self.path) from error

    def _begin(self, clock: Clock) -> int:
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        try:
            number = execute(
                "INSERT INTO boot (id, opened) VALUES (?, ?)", (self.boot, clock.now().isoformat())
            ).lastrowid
            assert number is not None
            # Boots that were acknowledged to the end have no more business in the outbox.
            execute(
                "DELETE FROM outbox WHERE NOT EXISTS (SELECT 1 FROM event"
                " WHERE event.boot = outbox.boot AND event.seq > outbox.acknowledged)"
            )
            execute("INSERT INTO outbox (boot) VALUES (?)", (number,))
            self._boot_number = number
            unfinished = execute("SELECT id FROM lesson WHERE ended IS NULL ORDER BY rowid")
            for seq, (lesson,) in enumerate(unfinished.fetchall(), start=1):
                ending = LessonEnded(t=self._last_known_t(lesson), reason="interrupted")
                self._insert(lesson, ending, seq)
            execute("COMMIT")
        finally:
            self._roll_back_if_open()
        return number

    def _last_seq(self) -> int:
        (seq,) = self._connection.execute(
            "SELECT coalesce(max(seq), 0) FROM event WHERE boot = ?", (self._boot_number,)
        ).fetchone()
        return int(seq)

    def _insert(self, lesson: str, event: LessonEvent, seq: int) -> Envelope:
        execute = self._connection.execute
        if isinstance(event, LessonStarted):
            execute(
                "INSERT INTO lesson (id, device, anchor_wall, anchor_t) VALUES (?, ?, ?, ?)",
                (lesson, self.device, event.wall.isoformat(), event.t),
            )
        envelope = Envelope(
            id=event_id(self.boot, seq),
            device=self.device,
            lesson=lesson,
            boot=self.boot,
            seq=seq,
            wall=self._wall(lesson, event),
            event=event,
        )
        execute(
            "INSERT INTO event (boot, seq, lesson, envelope) VALUES (?, ?, ?, ?)",
            (self._boot_number, seq, lesson, envelope.to_json()),
        )
        if isinstance(event, LessonEnded):
            execute("UPDATE lesson SET ended = ? WHERE id = ?", (event.reason, lesson))
        return envelope

    def _wall(self, lesson: str, event: Event) -> datetime:
        row = self._connection.execute(
            "SELECT anchor_wall, anchor_t FROM lesson WHERE id = ?", (lesson,)
        ).fetchone()
        if row is None:
            raise LookupError(f"lesson {lesson} was never started in the journal {self.path}")
        anchor, anchor_t = row
        return datetime.fromisoformat(anchor) + timedelta(seconds=event.t - anchor_t)

    def _last_known_t(self, lesson: str) -> float:
        rows = self._connection.execute("SELECT envelope FROM event WHERE lesson = ?", (lesson,))
        moments = [0.0]
        for (payload,) in rows:
            event = Envelope.from_json(payload).event
            moments += [event.t, getattr(event, "t_end", None) or 0.0]
        return max(moments)

    def _roll_back_if_open(self) -> None:
        if not self._closed and self._connection.in_transaction:
            try:
                self._connection.execute("ROLLBACK")
            except sqlite3.Error as error:
                raise JournalError(
                    f"journal {self.path}: cannot undo a write: restart ({error})"
                ) from error
