"""What the receiver has not acknowledged yet, read through a connection of one's own."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from device.closing import Closing
from device.errors import JournalError
from device.journal import schema

#: Before every event: boots and sequence numbers start at 1.
START = (0, 0)


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """An event that is still to be acknowledged.

    Attributes:
        position: number of the boot in this journal and of the event in the boot; sorts in the
            order of writing.
        boot, lesson: ids as they travel.
        payload: the envelope's bytes, the same at every attempt.
    """

    position: tuple[int, int]
    boot: str
    lesson: str
    payload: bytes


class Outbox(Closing):
    """For one thread, beside the writer's connection. Only acknowledgements empty it."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the outbox of the journal at ``path``, which a ``Journal`` holds open.

        Raises:
            JournalError: no such journal, or the disk refuses.
        """
        if not path.exists():
            raise JournalError(f"no journal at {path}: open the journal before its outbox")
        try:
            return cls(schema.connect(path), path)
        except sqlite3.Error as error:
            raise schema.explain(error, path) from error

    def pending(
        self,
        limit: int,
        after: tuple[int, int] = START,
        boot: str | None = None,
    ) -> list[PendingEvent]:
        """The oldest events not acknowledged, at most ``limit``, behind the position ``after``."""
        rows = self._query(
            # CROSS JOIN keeps the order of the loops: never a walk over all that was acknowledged
            "SELECT event.boot, event.seq, boot.id, event.lesson, event.envelope"
            " FROM outbox CROSS JOIN boot ON boot.number = outbox.boot"
            " CROSS JOIN event ON event.boot = outbox.boot AND event.seq > outbox.acknowledged"
            " WHERE (event.boot, event.seq) > (?, ?) AND (? IS NULL OR boot.id = ?)"
            " ORDER BY event.boot, event.seq LIMIT ?",
            (*after, boot, boot, limit),
        )
        return [PendingEvent((row[0], row[1]), row[2], row[3], row[4]) for row in rows]

    def count(self) -> int:
        """How many events are not acknowledged yet."""
        ((count,),) = self._query(schema.COUNT_WAITING, ())
        return int(count)

    def acknowledge(self, boot: str, upto: int) -> int | None:
        """Take the events of ``boot`` up to and including ``upto`` out of the outbox.

        Returns:
            how many that were, or ``None`` for a boot or number that this journal never wrote.

        Of an earlier boot the receiver may have more than this journal: a torn disk forgets.
        """
        known = self._known(boot)
        if known is None:
            return None
        number, last, acknowledged = known
        if upto > last:
            ((newest,),) = self._query("SELECT max(number) FROM boot", ())
            if number == newest:
                return None
            upto = last
        if upto > acknowledged:
            self._query(
                "UPDATE outbox SET acknowledged = ? WHERE boot = ? AND acknowledged < ?",
                (upto, number, upto),
            )
        return max(0, upto - acknowledged)

    def restore(self, boot: str, after: int) -> int:
        """Put the events of ``boot`` behind ``after`` back: the receiver lost them.

        Returns:
            how many came back.
        """
        known = self._known(boot)
        if known is None or after >= known[2]:
            return 0
        self._query(
            "INSERT INTO outbox (boot, acknowledged) VALUES (?, ?)"
            " ON CONFLICT (boot) DO UPDATE SET acknowledged = excluded.acknowledged",
            (known[0], after),
        )
        return known[2] - after

    def close(self) -> None:
        self._connection.close()

    def _known(self, boot: str) -> tuple[int, int, int] | None:
        """Number of the boot, its last sequence number, and how far it was acknowledged."""
        rows = self._query(
            "SELECT number, (SELECT coalesce(max(seq), 0) FROM event WHERE event.boot = number),"
            " (SELECT acknowledged FROM outbox WHERE outbox.boot = number)"
            " FROM boot WHERE id = ?",
            (boot,),
        )
        if not rows:
            return None
        number, last, acknowledged = rows[0]
        return number, last, last if acknowledged is None else acknowledged

    def _query(self, query: str, parameters: tuple[str | int | None, ...]) -> list[Any]:
        try:
            return self._connection.execute(query, parameters).fetchall()
        except sqlite3.Error as error:
            raise schema.explain(error, self._path) from error
