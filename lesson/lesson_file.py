"""A lesson as one JSON file: what a device analysed, and what the dashboard gives and takes.

It holds events and nothing else that counts; figures are there for whoever reads the file, and are
computed again by whoever takes it in. No names, no words: the events have none.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lesson.events import EventId, LessonEvent
from lesson.metrics import summarise
from lesson.summary import LessonSummary
from lesson.values import Version
from lesson.wire import DeviceId, LessonId

#: More events than ten hours of lesson bring about.
MOST_EVENTS = 100_000


class FileEntry(BaseModel):
    """One event of the log; ``id`` is what a correction points at."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    id: EventId | None = None
    event: LessonEvent


class LessonFile(BaseModel):
    """One lesson. Corrections are among the events, as they were made."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    format: Literal["denkpauze-lesson"] = "denkpauze-lesson"
    v: Version = 1
    device: DeviceId | None = None
    lesson: LessonId | None = None
    figures: LessonSummary | None = None
    events: Annotated[tuple[FileEntry, ...], Field(max_length=MOST_EVENTS)]

    @property
    def entries(self) -> list[tuple[str | None, LessonEvent]]:
        """What ``lesson`` computes figures from."""
        return [(entry.id, entry.event) for entry in self.events]

    def with_figures(self) -> LessonFile:
        """The same lesson with the figures that follow from its events."""
        return self.model_copy(update={"figures": summarise(self.entries)})

    def to_json(self) -> str:
        """UTF-8 JSON, readable, absent optional values as ``null``."""
        return self.model_dump_json(indent=1) + "\n"


def read_lesson_file(content: bytes) -> LessonFile:
    """Take a file in.

    Raises:
        ValueError: it is no such file; the text says where in it and what is wrong.
    """
    try:
        return LessonFile.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the beginning"
        raise ValueError(f"at {place}: {first['msg']}") from None
    except RecursionError:
        raise ValueError("at the beginning: nested too deeply") from None
