"""Writing the journal: numbering events without gaps and closing what a crash left open."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, Self

from device.clock import Clock
from device.closing import Closing
from device.errors import JournalError
from device.journal import schema
from device.journal.heartbeat import RESUME_WITHIN_S, Heartbeat, Moment, Unfinished
from lesson.events import Event, LessonEnded, LessonEvent, LessonStarted
from lesson.wire import Envelope, event_id


def new_lesson_id() -> str:
    """An id that says nothing about the class, the teacher or the moment."""
    return secrets.token_hex(8)


class Journal(Closing):
    """All events of this device on disk; the first place that an event goes to.

    Each open is a *boot* with an id of its own, in which events are numbered from 1 without
    gaps. A lesson that an earlier boot left open is ``unfinished`` when its last heartbeat was at
    most two minutes ago; whoever goes on with it just appends, and the start of another lesson
    ends it. Any other is ended as ``interrupted`` on opening.
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
        #: the lesson that may go on, if one was going on until a short while ago
        self.unfinished: Unfinished | None = None
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
            except BaseException as error:
                connection.close()
                if not isinstance(error, Exception) or not schema.content_means_damage(error):
                    raise
            connection, aside = schema.begin_anew(path, clock)
            return cls(connection, holder, path, device, clock, aside)
        except sqlite3.Error as error:
            holder.close()
            raise schema.explain(error, path) from error
        except BaseException:
            holder.close()
            raise

    def start_lesson(self, started: LessonStarted, lesson: str | None = None) -> Envelope:
        """Begin a lesson at once, under a new id unless one is given; ends any that is open."""
        return self.append(lesson or new_lesson_id(), started)

    def append(self, lesson: str, event: LessonEvent) -> Envelope:
        """Write one event and wait until the disk has it."""
        return self.append_all([(lesson, event)])[-1]

    def append_all(
        self, items: Sequence[tuple[str, LessonEvent]], heartbeat: Heartbeat | None = None
    ) -> list[Envelope]:
        """Write events in one transaction, all or none, and wait until the disk has them.

        Returns:
            what was written: the events, and before a lesson's start the end of one left open.

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
                    endings = self._endings() if isinstance(event, LessonStarted) else []
                    for which, what in (*endings, (lesson, event)):
                        seq += 1
                        envelopes.append(self._insert(which, what, seq))
                if heartbeat is not None:
                    self._beat(heartbeat)
                self._connection.execute("COMMIT")
                return envelopes
            except sqlite3.Error as error:
                raise schema.explain(error, self.path) from error
            finally:
                self._roll_back_if_open()

    def events(self, lesson: str) -> list[Envelope]:
        """All events of a lesson in the order in which they were written.

        Raises:
            JournalError: one of them is damaged, or the disk refuses.
        """
        rows = self._read("SELECT envelope FROM event WHERE lesson = ? ORDER BY boot, seq", lesson)
        try:
            return [Envelope.from_json(envelope) for (envelope,) in rows]
        except ValueError:
            raise JournalError(
                f"journal {self.path}: an event of lesson {lesson!r} is damaged: "
                "`denkpauze wipe --lesson` takes the lesson out"
            ) from None

    def lessons(self) -> list[str]:
        """The ids of all lessons, oldest first."""
        return [lesson for (lesson,) in self._read("SELECT id FROM lesson ORDER BY rowid")]

    def close(self) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                self._connection.close()
                self._holder.close()

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
            self.unfinished = self._find_unfinished(Moment.now(clock))
            spared = self.unfinished.lesson if self.unfinished else ""
            for seq, (lesson, ending) in enumerate(self._endings(spared), start=1):
                self._insert(lesson, ending, seq)
            execute("COMMIT")
        finally:
            self._roll_back_if_open()
        return number

    def _endings(self, spared: str = "") -> list[tuple[str, LessonEvent]]:
        """For each lesson that is open and not ``spared``, that it was interrupted."""
        rows = self._connection.execute(
            "SELECT id FROM lesson WHERE ended IS NULL AND id != ? ORDER BY rowid", (spared,)
        )
        return [
            (lesson, LessonEnded(t=self._last_known_t(lesson), reason="interrupted"))
            for (lesson,) in rows.fetchall()
        ]

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
            execute("DELETE FROM heartbeat WHERE lesson = ?", (lesson,))
        return envelope

    def _beat(self, beat: Heartbeat) -> None:
        moment = beat.moment
        self._connection.execute(
            "INSERT INTO heartbeat SELECT id, ?, ?, ?, ?, ? FROM lesson"
            " WHERE id = ? AND ended IS NULL"
            " ON CONFLICT (lesson) DO UPDATE SET t = excluded.t,"
            " kernel_boot = excluded.kernel_boot, since_boot_s = excluded.since_boot_s,"
            " wall = excluded.wall, synchronised = excluded.synchronised",
            (
                beat.t,
                moment.kernel_boot,
                moment.since_boot_s,
                moment.wall.isoformat(),
                moment.synchronised,
                beat.lesson,
            ),
        )

    def _find_unfinished(self, now: Moment) -> Unfinished | None:
        """The newest lesson that is open, if it was heard at most two minutes ago."""
        row = self._connection.execute(
            "SELECT lesson.id, t, kernel_boot, since_boot_s, wall, synchronised"
            " FROM heartbeat JOIN lesson ON lesson.id = heartbeat.lesson"
            " WHERE ended IS NULL ORDER BY lesson.rowid DESC LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        lesson, t, kernel, since_boot_s, wall, synchronised = row
        beat = Moment(kernel, since_boot_s, datetime.fromisoformat(wall), bool(synchronised))
        elapsed_s = now.elapsed_s(beat)
        if elapsed_s is None or elapsed_s > RESUME_WITHIN_S:
            return None
        try:
            started = self.events(lesson)[0].event
        except (JournalError, IndexError):
            return None  # damaged: it is ended like any other
        if not isinstance(started, LessonStarted):
            return None
        lost_t = self._last_known_t(lesson)
        return Unfinished(lesson, started, lost_t, t + elapsed_s, now.since_boot_s)

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
        beat = self._connection.execute("SELECT t FROM heartbeat WHERE lesson = ?", (lesson,))
        moments = [0.0, *(t for (t,) in beat)]
        for (payload,) in rows:
            try:
                event = Envelope.from_json(payload).event
            except ValueError:
                continue  # a damaged event must not keep the others from being written
            moments += [event.t, getattr(event, "t_end", None) or 0.0]
        return float(max(moments))

    def _roll_back_if_open(self) -> None:
        if not self._closed and self._connection.in_transaction:
            try:
                self._connection.execute("ROLLBACK")
            except sqlite3.Error as error:
                raise JournalError(
                    f"journal {self.path}: cannot undo a write: restart ({error})"
                ) from error
