"""The script of the demo lesson: who says what, how long after what, and why it is there."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lesson.events import QuestionForm

TEACHER = "teacher"
HESITATION = "//"
SCRIPT = Path(__file__).with_name("script_nl.toml")

Seconds = Annotated[float, Field(ge=0, le=30)]
Decibel = Annotated[float, Field(ge=-60, le=60)]

QUESTION_KINDS = frozenset({"question", "rephrase", "question_name_last", "name_first_question"})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Voice(_Part):
    """A voice of espeak-ng and its loudness relative to the teacher."""

    voice: str
    words_per_minute: Annotated[int, Field(ge=80, le=250)]
    pitch: Annotated[int, Field(ge=0, le=99)]
    level_db: Decibel


class Room(_Part):
    """The classroom: reverberation time, direct sound against room, and background noise."""

    reverberation_s: Annotated[float, Field(ge=0.1, le=2)]
    teacher_direct_to_reverb_db: Decibel
    pupil_direct_to_reverb_db: Decibel
    ventilation_snr_db: Decibel
    babble_snr_db: Decibel
    babble_speakers: Annotated[int, Field(ge=1, le=20)]
    chatter: tuple[str, ...]
    whisper: str


class Noise(_Part):
    """A sound ``at_s`` after the acoustic end of its turn."""

    kind: Literal["cough", "chair", "rustle", "door", "whisper"]
    at_s: Seconds
    level_db: Decibel


class Turn(_Part):
    """One utterance; the fields are explained at the head of the script."""

    text: Annotated[str, Field(min_length=1)]
    kind: Literal[
        "statement",
        "question",
        "rephrase",
        "name_call",
        "question_name_last",
        "name_first_question",
        "self_answer",
        "answer",
        "feedback",
        "pupil_question",
    ]
    gap_s: Seconds
    speaker: str = TEACHER
    say: str | None = None
    form: QuestionForm | None = None
    question_type: Literal["open", "check"] | None = None
    name: str | None = None
    name_role: Literal["mention", "thanks", "reprimand"] | None = None
    name_gap_s: Seconds = 0.0
    hesitation_s: Seconds = 0.0
    filler: bool = False
    prompt: bool = False
    level_db: Decibel | None = None
    noise: tuple[Noise, ...] = ()
    cases: tuple[str, ...] = ()

    @property
    def spoken(self) -> str:
        """What the synthesizer is given."""
        return self.say or self.text

    @property
    def is_question(self) -> bool:
        return self.kind in QUESTION_KINDS

    @property
    def displayed(self) -> str:
        """The text without hesitation marks."""
        return " ".join(part.strip() for part in self.text.split(HESITATION))

    @model_validator(mode="after")
    def _complete(self) -> Turn:
        if self.is_question != (self.form is not None and self.question_type is not None):
            raise ValueError(f"form and question_type belong to a question: {self.text!r}")
        calls = self.kind in {"name_call", "question_name_last", "name_first_question"}
        if (self.name is not None) != (calls or self.name_role is not None):
            raise ValueError(f"a name needs a name_role unless the kind calls it: {self.text!r}")
        if (self.hesitation_s > 0) != (HESITATION in self.text):
            raise ValueError(f"a hesitation needs {HESITATION} and hesitation_s: {self.text!r}")
        return self


class LessonFrame(_Part):
    """What holds for the lesson as a whole; ``level_dbfs`` is the teacher's active level."""

    scene: str
    lang: Literal["nl", "en"]
    seed: int
    title: str
    target_s: Annotated[float, Field(ge=2, le=10)]
    start_s: Seconds
    end_s: Seconds
    level_dbfs: Annotated[float, Field(ge=-60, le=-6)]


class Roster(_Part):
    """The pupils of the class."""

    names: tuple[str, ...]


class Script(_Part):
    """A whole lesson."""

    lesson: LessonFrame
    room: Room
    voices: dict[str, Voice]
    roster: Roster
    turn: tuple[Turn, ...]

    @model_validator(mode="after")
    def _known_people(self) -> Script:
        for person in (TEACHER, *self.roster.names):
            if person not in self.voices:
                raise ValueError(f"no voice for {person}")
        for turn in self.turn:
            if turn.speaker not in self.voices:
                raise ValueError(f"no voice for {turn.speaker}: {turn.text!r}")
            if turn.name is not None and turn.name not in self.roster.names:
                raise ValueError(f"{turn.name} is not in the roster: {turn.text!r}")
            if turn.name is not None and turn.name not in turn.text:
                raise ValueError(f"{turn.name} is not in the text: {turn.text!r}")
        return self


def load(path: Path = SCRIPT) -> Script:
    """Read a script.

    Raises:
        OSError: the file cannot be read.
        tomllib.TOMLDecodeError: it is not TOML.
        pydantic.ValidationError: a field is unknown, missing or contradicts another.
    """
    return Script.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
