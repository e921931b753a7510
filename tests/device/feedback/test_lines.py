"""One event, one line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from device.feedback.lines import line
from lesson.events import (
    Correction,
    Cue,
    CueMode,
    Ender,
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

pytestmark = pytest.mark.unit

STARTED = LessonStarted(
    t=0,
    wall=datetime(2026, 9, 1, tzinfo=UTC),
    clock_synchronised=True,
    mode=CueMode.SILENT,
    language="nl",
    recogniser="model",
    software="1",
)


def question(form: QuestionForm, focus: Focus | None, arms: bool) -> Question:
    return Question(t=10, t_end=12.3, form=form, focus=focus, arms=arms, probability=0.9)


def pause(outcome: PauseOutcome, ended_by: Ender | None, t_end: float | None = 15.5) -> Pause:
    return Pause(t=12.3, t_end=t_end, outcome=outcome, ended_by=ended_by, reason="word")


def name(pupil: str | None, role: NameRole = NameRole.CALL) -> Name:
    return Name(
        t=15.5, t_end=16, pupil=pupil, role=role, position=NamePosition.ALONE, probability=0.9
    )


CASES: list[tuple[LessonEvent, str]] = [
    (STARTED, "    0,0 s  les begint (Nulmeting – lampje uit, streeftijd 3,0 s)"),
    (
        question(QuestionForm.CHECK, Focus.CHECK, True),
        "   10,0 s  vraag (controlevraag)",
    ),
    (question(QuestionForm.CHOICE, None, True), "   10,0 s  vraag (soort onzeker)"),
    (
        question(QuestionForm.PROCEDURAL, None, False),
        "   10,0 s  vraag, telt niet mee voor de denkpauze (regelvraag)",
    ),
    (
        question(QuestionForm.CHECK, None, False),
        "   10,0 s  vraag, telt niet mee voor de denkpauze (ander soort)",
    ),
    (pause(PauseOutcome.MEASURED, Ender.NAME), "   12,3 s  denkpauze 3,2 s → naam"),
    (pause(PauseOutcome.MEASURED, Ender.PUPIL), "   12,3 s  wachttijd 3,2 s → leerling"),
    (
        pause(PauseOutcome.MEASURED, Ender.TIMEOUT, None),
        "   12,3 s  pauze zonder vervolg",
    ),
    (
        pause(PauseOutcome.UNMEASURED, None, None),
        "   12,3 s  pauze niet gemeten: geluid weg",
    ),
    (
        pause(PauseOutcome.RETRACTED, None),
        "   12,3 s  aarzeling in de vraag, geen denkpauze",
    ),
    (pause(PauseOutcome.CENSORED, None, None), "   12,3 s  werktijd, geen denkpauze"),
    (pause(PauseOutcome.INTERRUPTED, None), "   12,3 s  pauze onderbroken door lawaai"),
    (name("p03"), "   15,5 s  naam p03 (beurt)"),
    (name(None), "   15,5 s  naam leerling zonder naam (beurt)"),
    (name("p07", NameRole.THANKS), "   15,5 s  naam Bo (bedankt)"),
    (
        Turn(t=17, t_end=19, source=Source.PUPIL, speech_s=1.5),
        "   17,0 s  leerling aan het woord, 2,0 s",
    ),
    (
        Cue(t=12.8, signal=Signal.WAIT, question_end=12.3),
        "   12,8 s  lampje: wacht, ze denken",
    ),
    (
        Cue(t=15.3, signal=Signal.GO, question_end=12.3),
        "   15,3 s  lampje: 3,0 s: geef de beurt",
    ),
    (Cue(t=13.0, signal=Signal.OFF, question_end=12.3), "   13,0 s  lampje: uit"),
    (Mark(t=20, by="teacher"), "   20,0 s  fragment gemerkt"),
    (
        Mark(t=20, by="trainer", label="deliberate_name_first"),
        "   20,0 s  naam eerst was bewust",
    ),
    (
        Health(t=21, part=HealthPart.MICROPHONE, state=HealthState.LOST),
        "   21,0 s  apparaat: microfoon – weg",
    ),
    (
        Correction(t=22, action="add", event=name("p01"), by="teacher"),
        "   22,0 s  verbeterd met de hand",
    ),
    (LessonEnded(t=2999.96, reason="button"), " 3000,0 s  les klaar"),
]


@pytest.mark.parametrize(("event", "expected"), CASES)
def test_every_kind_of_event_has_its_line(event: LessonEvent, expected: str) -> None:
    assert line(event, "nl", {"p07": "Bo"}).replace("\xa0", " ") == expected


def test_english_lines_have_points_and_english_words() -> None:
    shown = line(pause(PauseOutcome.MEASURED, Ender.NAME), "en").replace("\xa0", " ")
    assert shown == "   12.3 s  think pause 3.2 s → name"
