"""Well-formed inputs, from which mutations start."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from device.clock import SimulatedClock
from device.journal import Journal
from lesson import topics
from lesson.events import (
    CueMode,
    Ender,
    Focus,
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
    Source,
    Turn,
)
from lesson.lesson_file import FileEntry, LessonFile
from lesson.wire import (
    Acknowledgement,
    Command,
    CommandDone,
    DeviceInfo,
    DeviceStatus,
    Envelope,
    LessonId,
    LiveState,
    SetTarget,
    event_id,
)

DEVICE = "lokaal-12"
LESSON: LessonId = "01hzdemolesson0001"
BOOT = "00000000000000a1"
WALL = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[2] / "config" / "denkpauze.example.toml"

#: what the dashboard reads, and behind it what the device reads
TOPICS = (
    topics.event(DEVICE, LESSON),
    topics.live(DEVICE),
    topics.status(DEVICE),
    topics.info(DEVICE),
    topics.command_done(DEVICE),
    topics.acknowledgement(DEVICE),
    topics.command(DEVICE),
)

STARTED = LessonStarted(
    t=0,
    wall=WALL,
    clock_synchronised=True,
    mode=CueMode.CUE,
    language="nl",
    recogniser="demo",
    software="0.1.0",
)
EVENTS: tuple[LessonEvent, ...] = (
    STARTED,
    Question(
        t=10.0,
        t_end=12.5,
        form=QuestionForm.OPEN,
        focus=Focus.OPEN,
        arms=True,
        probability=0.9,
        reasons=("verb_first",),
    ),
    Pause(
        t=12.5,
        t_end=15.9,
        outcome=PauseOutcome.MEASURED,
        ended_by=Ender.NAME,
        net_s=3.2,
        prompts=((13.0, 13.4),),
        reason="ended_by_name",
    ),
    Name(
        t=15.9,
        t_end=16.3,
        pupil="p07",
        role=NameRole.CALL,
        position=NamePosition.ALONE,
        probability=0.8,
    ),
    Turn(t=17.0, t_end=20.0, source=Source.PUPIL, speech_s=2.5),
    Mark(t=21.0, by="teacher"),
)
ENVELOPES = tuple(
    Envelope(
        id=event_id(BOOT, seq),
        device=DEVICE,
        lesson=LESSON,
        boot=BOOT,
        seq=seq,
        wall=WALL,
        event=event,
    )
    for seq, event in enumerate(EVENTS, start=1)
)


def messages() -> list[bytes]:
    """The place of the topic in ``TOPICS`` as a first byte, then the payload."""
    others = (
        LiveState(lesson=LESSON, t=14.0, phase="think", think_s=1.5, target_s=3.0),
        DeviceStatus(state="ready", boot=BOOT, lesson=LESSON),
        DeviceInfo(software="0.1.0", recogniser="demo", language="nl"),
        CommandDone(id=BOOT, result="done"),
        Acknowledgement(boot=BOOT, upto=7),
        Command(id=BOOT, lesson=LESSON, order=SetTarget(target_s=3.5)),
    )
    return [
        *(b"\0" + envelope.to_json() for envelope in ENVELOPES),
        *(
            bytes([place]) + other.model_dump_json().encode()
            for place, other in enumerate(others, start=1)
        ),
    ]


def lesson_files() -> list[bytes]:
    entries = tuple(FileEntry(id=one.id, event=one.event) for one in ENVELOPES)
    file = LessonFile(device=DEVICE, lesson=LESSON, events=entries)
    return [file.to_json().encode(), file.with_figures().model_dump_json().encode()]


def settings() -> list[bytes]:
    return [
        EXAMPLE.read_bytes(),
        b'version = 1\n[lesson]\nmode = "silent"\ntarget_s = 3.5\nroster = "klas.txt"\n',
        b'version = 1\n[mqtt]\nenabled = true\nusername = "a"\npassword = "geheim-geheim"\n',
        b"version = 1\n[outputs]\nlight_red_pin = 5\nhaptic = true\n",
    ]


def rosters() -> list[bytes]:
    return [
        b"# groep 6\nFatima, Fatim\nDaan B.\nDaan K.\n- Sophie\n",
        "José\nZoë, Zoe\nJan-Willem\nŁukasz\n".encode(),
        b"\xef\xbb\xbfNoor\r\nSem\r\n",
    ]


def tables() -> list[bytes]:
    return [
        b"naam;ook;niet tellen\r\nFatima;Fatim/Fati;\r\nSophie;;ja\r\n",
        b"sep=;\nDaan B.;;\nDaan K.;;\n",
        b'name,spellings,objects\n"Jan, Willem","a,b",x\nNoor,,\n',
        b"sep=,\n\nnaam\nJos\xe9\n",
    ]


def journals() -> list[bytes]:
    """A journal of one lesson that was not ended."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.sqlite"
        with Journal.open(path, DEVICE, SimulatedClock()) as journal:
            lesson = journal.start_lesson(STARTED).lesson
            journal.append_all([(lesson, event) for event in EVENTS[1:]])
        return [path.read_bytes()]
