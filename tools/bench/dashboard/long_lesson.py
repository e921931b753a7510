"""A lesson of fifty minutes with four hundred events, the same every time. Nobody spoke it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lesson.events import (
    Cue,
    CueMode,
    Ender,
    Feedback,
    Focus,
    Health,
    HealthPart,
    HealthState,
    LessonEnded,
    LessonEvent,
    LessonStarted,
    Mark,
    Name,
    NamePosition,
    NameRole,
    Pause,
    PauseOutcome,
    Question,
    QuestionForm,
    Signal,
    Source,
    Turn,
)
from lesson.wire import Envelope, event_id

QUESTIONS = 48
EVENTS = 400
STEP_S = 61.0
START = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
FORMS = (
    (QuestionForm.OPEN, Focus.OPEN),
    (QuestionForm.CHECK, Focus.CHECK),
    (QuestionForm.CHOICE, Focus.CHECK),
    (QuestionForm.YESNO, Focus.CHECK),
    (QuestionForm.FOLLOWUP, Focus.OPEN),
)
PUPILS = 26


@dataclass(frozen=True, slots=True)
class Lesson:
    """Which lesson: all of it follows from these."""

    device: str = "lokaal-12"
    lesson: str = "01hzlonglesson0001"
    boot: str = "00000000000000e1"
    start: datetime = START
    mode: CueMode = CueMode.CUE
    #: a typical think pause, in seconds
    pause_s: float = 2.6
    seed: int = 7
    #: 48 make fifty minutes with ``EVENTS`` events, fewer a lesson that is as dense
    questions: int = QUESTIONS

    @property
    def length_s(self) -> float:
        return self.questions * STEP_S + 72

    def envelopes(self) -> list[Envelope]:
        """All of it, numbered without gaps, in order of time."""
        return [
            Envelope(
                id=event_id(self.boot, seq),
                device=self.device,
                lesson=self.lesson,
                boot=self.boot,
                seq=seq,
                wall=self.start + timedelta(seconds=event.t),
                event=event,
            )
            for seq, event in enumerate(self.events(), start=1)
        ]

    def events(self) -> list[LessonEvent]:
        """The same as events alone."""
        chance = random.Random(self.seed)
        first = LessonStarted(
            t=0,
            wall=self.start,
            clock_synchronised=True,
            mode=self.mode,
            language="nl",
            roster_size=PUPILS,
            recogniser="vosk-model-small-nl-0.22",
            software="0.1.0",
        )
        found: list[LessonEvent] = []
        for number in range(self.questions):
            t = round((number + 0.02 + 0.2 * chance.random()) * STEP_S, 2)
            found += _question(chance, t, self.pause_s, cues=self.mode is CueMode.CUE)
        found += [
            Mark(t=round(0.14 * self.length_s, 1), by="teacher"),
            Mark(t=round(0.54 * self.length_s, 1), by="trainer"),
            Health(
                t=round(0.67 * self.length_s, 1),
                part=HealthPart.SIGNAL,
                state=HealthState.TOO_NOISY,
            ),
            Health(t=round(0.69 * self.length_s, 1), part=HealthPart.SIGNAL, state=HealthState.OK),
        ]
        wanted = round(EVENTS * self.questions / QUESTIONS)
        found += _explanation(chance, wanted - 2 - len(found), self.questions)
        last = LessonEnded(t=self.length_s, reason="button")
        return [first, *sorted(found, key=lambda event: event.t), last]


def _question(
    chance: random.Random, t: float, typical_s: float, *, cues: bool
) -> Iterator[LessonEvent]:
    """A question with all that belongs to it; sometimes the name comes first."""
    form, focus = chance.choice(FORMS)
    end = round(t + chance.uniform(1.4, 4.0), 2)
    pause_s = round(max(0.1, chance.gauss(typical_s, 1.0)), 2)
    first = chance.random() < 0.12
    called = round(end + (0.9 if first else pause_s), 2)
    yield Turn(t=t, t_end=end, source=Source.TEACHER, speech_s=round(end - t, 2))
    yield Question(
        t=t, t_end=end, form=form, focus=focus, arms=True, probability=0.9, reasons=("verb_first",)
    )
    yield Pause(
        t=end,
        t_end=called,
        outcome=PauseOutcome.MEASURED,
        ended_by=Ender.PUPIL if first else Ender.NAME,
        net_s=round(called - end, 2),
        reason="pupil" if first else "name",
    )
    if cues and not first:
        yield Cue(t=round(end + 0.3, 2), signal=Signal.WAIT, question_end=end)
        if pause_s >= 3:
            yield Cue(t=round(end + 3, 2), signal=Signal.GO, question_end=end)
    yield Name(
        t=t if first else called,
        t_end=round((t if first else called) + 0.4, 2),
        pupil=f"p{1 + int(PUPILS * chance.random() ** 1.6):02d}",
        role=NameRole.CALL,
        position=NamePosition.FIRST if first else NamePosition.ALONE,
        probability=0.9,
    )
    answer = round(called + (0 if first else 1.2), 2)
    answered = round(answer + chance.uniform(1.0, 6.0), 2)
    yield Turn(t=answer, t_end=answered, source=Source.PUPIL, speech_s=round(answered - answer, 2))
    if chance.random() < 0.4:
        said = round(answered + 0.8, 2)
        yield Feedback(
            t=said, t_end=round(said + 2, 2), specific=chance.random() < 0.5, positive=True
        )


def _explanation(chance: random.Random, count: int, questions: int) -> Iterator[LessonEvent]:
    """Turns between the questions: mostly the teacher, sometimes the class."""
    for number in range(count):
        row, place = divmod(number, questions)
        t = round((place + 0.58 + 0.1 * row) * STEP_S, 2)
        end = round(t + chance.uniform(3.0, 6.0), 2)
        source = Source.TEACHER if chance.random() < 0.8 else Source.MANY
        yield Turn(t=t, t_end=end, source=source, speech_s=round((end - t) * 0.9, 2))
