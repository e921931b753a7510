"""The envelope in which an event travels from the device to the dashboard.

``boot`` and ``seq`` order all events of one start of the device without gaps, so a receiver can
tell what is missing and drop what it has already. ``id`` is made of both and never reused.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from lesson.events import EventId, LessonEvent, RecogniserName, SoftwareVersion

DeviceId = Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$")]
LessonId = Annotated[str, Field(pattern=r"^[0-9a-z]{8,26}$")]
BootId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
SequenceNumber = Annotated[int, Field(ge=1, le=9_999_999_999)]


def event_id(boot: str, seq: int) -> str:
    """The id of the ``seq``-th event after the start ``boot``: ``<boot>-<seq, six digits>``."""
    return f"{boot}-{seq:06d}"


class Envelope(BaseModel):
    """One event with all that is needed to store it exactly once and in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    id: EventId
    device: DeviceId
    lesson: LessonId
    boot: BootId
    seq: SequenceNumber
    wall: AwareDatetime
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

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    boot: BootId
    upto: Annotated[int, Field(ge=0, le=9_999_999_999)]


class LiveState(BaseModel):
    """The phase as shown live; at most five a second, never stored.

    ``think_s`` is the length of the running pause when the message was made.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    lesson: LessonId
    t: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    phase: Literal["listening", "think", "named", "answer", "lost"]
    think_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    target_s: Annotated[float, Field(ge=2, le=10)]
    muted: bool = False
    microphone: Literal["ok", "trouble"] = "ok"


class DeviceStatus(BaseModel):
    """Retained: what the device is doing; the will sets ``lost``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    state: Literal["init", "ready", "sleeping", "disconnected", "lost"]
    boot: BootId
    lesson: LessonId | None = None


class DeviceInfo(BaseModel):
    """Retained: what the device is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    software: SoftwareVersion
    recogniser: RecogniserName
    language: Literal["nl", "en"]
