"""A short lesson as envelopes, built step by step; used by the tests of the dashboard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lesson.events import (
    CueMode,
    Ender,
    Focus,
    LessonEnded,
    LessonEvent,
    LessonStarted,
    Name,
    NamePosition,
    NameRole,
    Pause,
    PauseOutcome,
    Question,
    QuestionForm,
    Source,
    Turn,
)
from lesson.wire import Envelope, event_id

START = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)


class LessonScript:
    """Collects events of one start of a device, numbered without gaps."""

    def __init__(
        self,
        device: str = "lokaal-12",
        lesson: str = "01hzdemolesson0001",
        boot: str = "00000000000000a1",
        start: datetime = START,
        first_seq: int = 1,
    ) -> None:
        self.device = device
        self.lesson = lesson
        self.boot = boot
        self.start = start
        self.envelopes: list[Envelope] = []
        self._seq = first_seq

    def add(self, event: LessonEvent) -> LessonScript:
        self.envelopes.append(
            Envelope(
                id=event_id(self.boot, self._seq),
                device=self.device,
                lesson=self.lesson,
                boot=self.boot,
                seq=self._seq,
                wall=self.start + timedelta(seconds=event.t),
                event=event,
            )
        )
        self._seq += 1
        return self

    def started(self, mode: CueMode = CueMode.CUE, roster_size: int = 26) -> LessonScript:
        return self.add(
            LessonStarted(
                t=0,
                wall=self.start,
                clock_synchronised=True,
                mode=mode,
                language="nl",
                roster_size=roster_size,
                recogniser="demo-nl-1",
                software="0.1.0",
            )
        )

    def ended(self, t: float) -> LessonScript:
        return self.add(LessonEnded(t=t, reason="button"))

    def question_pause_name(
        self,
        t: float,
        pause_s: float,
        pupil: str = "p07",
        form: QuestionForm = QuestionForm.OPEN,
    ) -> LessonScript:
        """A question of two seconds, ``pause_s`` of silence, a name, an answer."""
        end = t + 2
        called = end + pause_s
        focus = Focus.OPEN if form is QuestionForm.OPEN else Focus.CHECK
        self.add(Turn(t=t, t_end=end, source=Source.TEACHER, speech_s=2.0))
        self.add(
            Question(
                t=t,
                t_end=end,
                form=form,
                focus=focus,
                arms=True,
                probability=0.9,
                reasons=("verb_first",),
            )
        )
        self.add(
            Pause(
                t=end,
                t_end=called,
                outcome=PauseOutcome.MEASURED,
                ended_by=Ender.NAME,
                net_s=pause_s,
                reason="name",
            )
        )
        self._name(called, pupil, NamePosition.ALONE)
        self.add(Turn(t=called, t_end=called + 0.5, source=Source.TEACHER, speech_s=0.5))
        return self.add(Turn(t=called + 1, t_end=called + 3, source=Source.PUPIL, speech_s=2.0))

    def name_first(self, t: float, pupil: str = "p03") -> LessonScript:
        """A name inside its question, and the pupil answering 0.8 s after it."""
        end = t + 2.5
        self._name(t, pupil, NamePosition.FIRST)
        self.add(
            Question(
                t=t,
                t_end=end,
                form=QuestionForm.CHECK,
                focus=Focus.CHECK,
                arms=True,
                probability=0.8,
            )
        )
        self.add(
            Pause(
                t=end,
                t_end=end + 0.8,
                outcome=PauseOutcome.MEASURED,
                ended_by=Ender.PUPIL,
                net_s=0.8,
                reason="pupil",
            )
        )
        self.add(Turn(t=t, t_end=end, source=Source.TEACHER, speech_s=2.5))
        return self.add(Turn(t=end + 0.8, t_end=end + 2, source=Source.PUPIL, speech_s=1.2))

    def _name(self, t: float, pupil: str, position: NamePosition) -> None:
        self.add(
            Name(
                t=t,
                t_end=t + 0.4,
                pupil=pupil,
                role=NameRole.CALL,
                position=position,
                probability=0.9,
            )
        )


def a_lesson(**where: object) -> LessonScript:
    """Eight questions: pauses kept, short and glued, and one name first."""
    script = LessonScript(**where).started()  # type: ignore[arg-type]
    for step, pause_s in enumerate((3.2, 1.4, 3.6, 0.1, 2.9, 4.1, 2.2)):
        script.question_pause_name(20 + 15 * step, pause_s, pupil=f"p{step + 1:02d}")
    return script.name_first(140)
