"""The envelope in which an event travels from the device to the dashboard.

``boot`` and ``seq`` order all events of one start of the device without gaps, so a receiver can
tell what is missing and drop what it has already. ``id`` is made of both and never reused.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lesson.events import LONGEST_PAUSE_S, EventId, LessonEvent, RecogniserName, SoftwareVersion
from lesson.values import NUMBER, WHOLE, Flag, Moment, Version

DeviceId = Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$")]
LessonId = Annotated[str, Field(pattern=r"^[0-9a-z]{8,26}$")]
CommandId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
BootId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
SequenceNumber = Annotated[int, Field(ge=1, le=9_999_999_999), WHOLE]

#: A command that has not reached the device by then is not worth doing any more.
COMMAND_FOR_S = 4
#: How often it is said that somebody watches, and how long that holds.
WATCHED_EVERY_S = 20
WATCHED_FOR_S = 45


def event_id(boot: str, seq: int) -> str:
    """The id of the ``seq``-th event after the start ``boot``: ``<boot>-<seq, six digits>``."""
    return f"{boot}-{seq:06d}"


class Envelope(BaseModel):
    """One event with all that is needed to store it exactly once and in order."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    v: Version = 1
    id: EventId
    device: DeviceId
    lesson: LessonId
    boot: BootId
    seq: SequenceNumber
    wall: Moment
    event: LessonEvent

    @model_validator(mode="after")
    def _id_matches(self) -> Envelope:
        if self.id != event_id(self.boot, self.seq):
            raise ValueError(f"id {self.id} does not belong to boot {self.boot} seq {self.seq}")
        return self

    def to_json(self) -> bytes:
        """The bytes as they travel: UTF-8 JSON, absent optional values as ``null``."""
        return self.model_dump_json().encode()

    @classmethod
    def from_json(cls, payload: bytes | str) -> Envelope:
        """Parse and check.

        Raises:
            pydantic.ValidationError: not JSON, an unknown field, or a value out of range.
        """
        return cls.model_validate_json(payload)


class Acknowledgement(BaseModel):
    """The receiver has stored every event of ``boot`` up to and including ``upto``."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    v: Version = 1
    boot: BootId
    upto: Annotated[int, Field(ge=0, le=9_999_999_999), WHOLE]


class LiveState(BaseModel):
    """The phase as shown live; at most five a second, never stored.

    ``think_s`` is the length of the running pause when the message was made. ``muted`` is about
    the microphone, ``cues_muted`` about the signals. ``target_s`` is that of the next signal.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    v: Version = 1
    lesson: LessonId
    t: Annotated[float, Field(ge=0, lt=7 * 24 * 3600, allow_inf_nan=False), NUMBER]
    phase: Literal["listening", "think", "named", "answer", "lost"]
    think_s: (
        Annotated[float, Field(ge=0, le=LONGEST_PAUSE_S, allow_inf_nan=False), NUMBER] | None
    ) = None
    target_s: Annotated[float, Field(ge=2, le=10), NUMBER]
    muted: Flag = False
    cues_muted: Flag = False
    microphone: Literal["ok", "trouble"] = "ok"


class DeviceStatus(BaseModel):
    """Retained: what the device is doing; the will sets ``lost``."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    v: Version = 1
    state: Literal["init", "ready", "sleeping", "disconnected", "lost"]
    boot: BootId
    lesson: LessonId | None = None


class DeviceInfo(BaseModel):
    """Retained: what the device is."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    v: Version = 1
    software: SoftwareVersion
    recogniser: RecogniserName
    language: Literal["nl", "en"]


class MarkMoment(BaseModel):
    """Mark this moment as a fragment, or the last name-first question as deliberate."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Literal["mark"] = "mark"
    label: Literal["fragment", "deliberate_name_first"] = "fragment"


class MuteCues(BaseModel):
    """Stop the signals, or allow them again from the next question on; measuring goes on."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Literal["mute_cues"] = "mute_cues"
    muted: Flag


class SetTarget(BaseModel):
    """The pause after which *go* comes, from the next question on; figures keep the lesson's."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Literal["target"] = "target"
    target_s: Annotated[float, Field(ge=2, le=10), NUMBER]


class Watched(BaseModel):
    """How many people watch live by way of ``source``; holds for ``WATCHED_FOR_S``."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Literal["watched"] = "watched"
    source: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
    viewers: Annotated[int, Field(ge=0, le=9999), WHOLE]


class Command(BaseModel):
    """Something to do at once in the lesson that it names, and in no other.

    It expires at the broker after ``COMMAND_FOR_S``, so neither end has to know the time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    v: Version = 1
    id: CommandId
    lesson: LessonId
    order: Annotated[MarkMoment | MuteCues | SetTarget | Watched, Field(discriminator="kind")]


class CommandDone(BaseModel):
    """The answer to one command: done, or why not."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    v: Version = 1
    id: CommandId
    result: Literal["done", "no_lesson", "not_allowed"]
