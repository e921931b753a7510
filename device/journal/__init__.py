"""The journal: what the device has written down, and what of it has not arrived elsewhere yet.

``Journal`` writes, ``JournalWriter`` is the thread that does so for the pipeline, ``Outbox``
reads for the telemetry through a connection of its own. See ``docs/telemetry.md``.
"""

from device.journal.heartbeat import Heartbeat, Moment, Unfinished
from device.journal.outbox import Outbox, PendingEvent
from device.journal.store import Journal, new_lesson_id
from device.journal.writer import JournalWriter, WriterCounters

__all__ = [
    "Heartbeat",
    "Journal",
    "JournalWriter",
    "Moment",
    "Outbox",
    "PendingEvent",
    "Unfinished",
    "WriterCounters",
    "new_lesson_id",
]
