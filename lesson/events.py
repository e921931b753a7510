"""Everything that can happen in a lesson, as frozen events on the lesson's own audio clock.

Times are seconds of recorded sound since the lesson began, rounded to the millisecond. An end
is the acoustic end, never the moment at which the device made up its mind. The definitions
behind the fields are in ``docs/definitions.md``.

An event carries no spoken words and no names: a pupil is an alias such as ``p07``, and only the
teacher's own device knows who that is. Unknown fields are refused, so nothing else can slip in.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from lesson.values import NUMBER, WHOLE, Flag, Moment, in_order


class Source(StrEnum):
    """Who is heard."""

    TEACHER = "teacher"
    PUPIL = "pupil"
    MANY = "many"
    UNKNOWN = "unknown"


class QuestionForm(StrEnum):
    """What kind of question an utterance is (definition B1)."""

    CHECK = "check"
    OPEN = "open"
    CHOICE = "choice"
    YESNO = "yesno"
    TAG = "tag"
    COMPLETION = "completion"
    INDIRECT = "indirect"
    DECLARATIVE = "declarative"
    FOLLOWUP = "followup"
    ELICIT_IMPERATIVE = "elicit_imperative"
    META = "meta"
    PROCEDURAL = "procedural"
    RHETORICAL = "rhetorical"


#: Forms that start the think timer and enter the wait-time figures (table in definition B1).
ARMING_FORMS = frozenset(
    {
        QuestionForm.CHECK,
        QuestionForm.OPEN,
        QuestionForm.CHOICE,
        QuestionForm.YESNO,
        QuestionForm.COMPLETION,
        QuestionForm.INDIRECT,
        QuestionForm.DECLARATIVE,
        QuestionForm.FOLLOWUP,
        QuestionForm.ELICIT_IMPERATIVE,
    }
)


class Focus(StrEnum):
    """Thought-provoking (denkstimulerend) or check question (controlevraag)."""

    OPEN = "open"
    CHECK = "check"


class Ender(StrEnum):
    """What ended the silence after a question."""

    NAME = "name"
    PUPIL = "pupil"
    CHORAL = "choral"
    TEACHER_CONTINUES = "teacher_continues"
    SELF_ANSWER = "self_answer"
    REPHRASE = "rephrase"
    TIMEOUT = "timeout"
    LESSON_END = "lesson_end"


class PauseOutcome(StrEnum):
    """Whether a pause yields a number.

    Only ``MEASURED`` does. ``CENSORED`` lasted longer than 15 s (werktijd), ``UNMEASURED`` lost
    its sound, ``INTERRUPTED`` was ended by noise, ``RETRACTED`` was a hesitation after all.
    """

    MEASURED = "measured"
    UNMEASURED = "unmeasured"
    RETRACTED = "retracted"
    CENSORED = "censored"
    INTERRUPTED = "interrupted"


class NameRole(StrEnum):
    """Why a pupil's name was said (definition B3); only a ``CALL`` gives the turn."""

    CALL = "call"
    MENTION = "mention"
    THANKS = "thanks"
    REPRIMAND = "reprimand"


class NamePosition(StrEnum):
    """Where the name stood in its utterance."""

    FIRST = "first"
    LAST = "last"
    INSIDE = "inside"
    ALONE = "alone"


class Signal(StrEnum):
    """The whole cue vocabulary: two signals, and taking the first one back quietly."""

    WAIT = "wait"
    GO = "go"
    OFF = "off"


class CueMode(StrEnum):
    """``CUE`` shows signals; ``SILENT`` measures only (baseline): the driver is never called."""

    CUE = "cue"
    SILENT = "silent"


class HealthPart(StrEnum):
    """The part of the device whose health changed."""

    MICROPHONE = "microphone"
    SIGNAL = "signal"
    RECOGNISER = "recogniser"
    OUTPUT = "output"
    JOURNAL = "journal"
    LINK = "link"


class HealthState(StrEnum):
    """What became of it."""

    OK = "ok"
    LOST = "lost"
    SILENT = "silent"
    WRONG_DEVICE = "wrong_device"
    OVERFLOW = "overflow"
    MUTED = "muted"
    TOO_QUIET = "too_quiet"
    TOO_NOISY = "too_noisy"
    CLIPPING = "clipping"
    DEGRADED = "degraded"


def _milliseconds(value: float) -> float:
    return round(value, 3)


Seconds = Annotated[
    float,
    Field(ge=0, lt=7 * 24 * 3600, allow_inf_nan=False),
    AfterValidator(_milliseconds),
    NUMBER,
]
Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), NUMBER]
PupilAlias = Annotated[str, Field(pattern=r"^p[0-9]{2,3}$")]
#: A short machine word such as ``verb_first`` or ``no_words``: never speech.
ReasonCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
RecogniserName = Annotated[str, Field(pattern=r"^[A-Za-z0-9._ -]{1,60}$")]
SoftwareVersion = Annotated[str, Field(pattern=r"^[A-Za-z0-9._+-]{1,40}$")]
EventId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}-[0-9]{6,10}$")]

#: Nothing of the kind lasts longer. Times in milliseconds instead of seconds end up beyond it.
LONGEST_QUESTION_S = 600.0
LONGEST_PAUSE_S = 600.0
LONGEST_NAME_S = 60.0
#: Somebody may begin while the end of the question is still heard.
OVERLAP_S = 1.0
#: A signal belongs to a question that ended shortly before it, or ends now.
CUE_AFTER_QUESTION_S = 60.0


class Event(BaseModel):
    """Common to all events: ``t``, the onset in seconds since the lesson began."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    t: Seconds


class LessonStarted(Event):
    """The anchor between the audio clock and the wall clock."""

    kind: Literal["lesson_started"] = "lesson_started"
    wall: Moment
    clock_synchronised: Flag
    mode: CueMode
    language: Literal["nl", "en"]
    target_s: Annotated[float, Field(ge=2, le=10), NUMBER] = 3.0
    roster_size: Annotated[int, Field(ge=0, le=999), WHOLE] = 0
    recogniser: RecogniserName
    software: SoftwareVersion


class LessonEnded(Event):
    """The lesson is over; ``interrupted`` says that nobody ended it."""

    kind: Literal["lesson_ended"] = "lesson_ended"
    reason: Literal["button", "end_of_recording", "stopped", "interrupted"]


class Question(Event):
    """A teacher's question: ``t`` = its first word, ``t_end`` = acoustic end of its last.

    A name called after it is not part of it, a tag («hè?») is. ``arms`` says whether it starts
    the think timer and counts in the wait-time figures. ``focus`` is ``None`` when unsure.
    """

    kind: Literal["question"] = "question"
    t_end: Seconds
    form: QuestionForm
    focus: Focus | None = None
    arms: Flag
    probability: Probability
    snr_db: Annotated[float, Field(ge=-40, le=120, allow_inf_nan=False), NUMBER] | None = None
    reasons: tuple[ReasonCode, ...] = ()

    def model_post_init(self, _context: object) -> None:
        in_order(self.t, self.t_end, LONGEST_QUESTION_S)


class Pause(Event):
    """The silence after a question: ``t`` = the question's ``t_end``.

    ``t_end`` is the onset of the next lexical speech, teacher's or pupil's (wait time 1), and
    ``None`` when there is no such moment. Think prompts («denk even na») lie inside the pause
    and do not end it. ``net_s`` is the longest uninterrupted silence.
    """

    kind: Literal["pause"] = "pause"
    t_end: Seconds | None
    outcome: PauseOutcome
    ended_by: Ender | None = None
    net_s: Seconds | None = None
    prompts: tuple[tuple[Seconds, Seconds], ...] = ()
    reason: ReasonCode

    def model_post_init(self, _context: object) -> None:
        if self.t_end is not None:
            in_order(self.t - OVERLAP_S, self.t_end, LONGEST_PAUSE_S)
        for begin, end in self.prompts:
            in_order(begin, end, LONGEST_PAUSE_S)
        in_order(0.0, self.net_s or 0.0, LONGEST_PAUSE_S)


class Name(Event):
    """A pupil's name as the teacher said it. ``pupil`` is ``None`` for «zeg het maar»."""

    kind: Literal["name"] = "name"
    t_end: Seconds
    pupil: PupilAlias | None
    role: NameRole
    position: NamePosition
    probability: Probability

    def model_post_init(self, _context: object) -> None:
        in_order(self.t, self.t_end, LONGEST_NAME_S)


class Turn(Event):
    """A stretch of speech of one source, until another source speaks."""

    kind: Literal["turn"] = "turn"
    t_end: Seconds
    source: Source
    #: seconds of voice inside it, pauses left out
    speech_s: Seconds

    def model_post_init(self, _context: object) -> None:
        in_order(self.t, self.t_end)


class Feedback(Event):
    """What the teacher said about an answer (definition B9): a proposal, from words alone.

    ``specific`` names what was done or is missing; ``positive`` is progress or praise.
    """

    kind: Literal["feedback"] = "feedback"
    t_end: Seconds
    specific: Flag
    positive: Flag

    def model_post_init(self, _context: object) -> None:
        in_order(self.t, self.t_end)


class Cue(Event):
    """A signal as decided by the device; ``t`` is the moment of decision on the audio clock."""

    kind: Literal["cue"] = "cue"
    signal: Signal
    #: end of the question that the signal belongs to
    question_end: Seconds

    def model_post_init(self, _context: object) -> None:
        if not -CUE_AFTER_QUESTION_S <= self.t - self.question_end <= CUE_AFTER_QUESTION_S:
            raise ValueError("a signal stands beside its question: are the times in seconds?")


class Mark(Event):
    """Somebody marked this moment (fragment) or called a name-first deliberate."""

    kind: Literal["mark"] = "mark"
    by: Literal["teacher", "trainer"]
    label: Literal["fragment", "deliberate_name_first"] = "fragment"


class Health(Event):
    """A part of the device became worse or well again."""

    kind: Literal["health"] = "health"
    part: HealthPart
    state: HealthState
    #: length of sound that is missing, where some is
    missing_s: Seconds | None = None


class Correction(Event):
    """A person changed what was measured; the original stays in the log.

    ``t`` is the lesson time of the thing corrected. ``remove`` names a ``target``, ``replace``
    a target and the ``event`` that stands for it, ``add`` an event alone.
    """

    kind: Literal["correction"] = "correction"
    action: Literal["remove", "replace", "add"]
    target: EventId | None = None
    event: Correctable | None = None
    by: Literal["teacher", "trainer"]

    def model_post_init(self, _context: object) -> None:
        if (self.action == "add") == (self.target is not None):
            raise ValueError(
                f"a correction that would {self.action} needs a target, except for add"
            )
        if (self.action == "remove") == (self.event is not None):
            raise ValueError("a correction carries an event, except for remove")


Correctable = Annotated[
    Question | Pause | Name | Turn | Feedback | Mark, Field(discriminator="kind")
]

LessonEvent = Annotated[
    LessonStarted
    | LessonEnded
    | Question
    | Pause
    | Name
    | Turn
    | Feedback
    | Cue
    | Mark
    | Health
    | Correction,
    Field(discriminator="kind"),
]

Correction.model_rebuild()

_ADAPTER: TypeAdapter[LessonEvent] = TypeAdapter(LessonEvent)


def parse_event(data: object) -> LessonEvent:
    """Build an event from plain data.

    Raises:
        pydantic.ValidationError: an unknown kind or field, or a value out of range.
    """
    return _ADAPTER.validate_python(data)
