"""Which names the device hears in what a teacher says, with a class list of 25.

Each utterance of the teacher is cut at its true times, with ``CONTEXT_S`` of sound on either side,
and goes through the device's recogniser with its second look at doubtful words. The list holds the
class of the lesson and names from other lessons. Every name that is said counts, called or
mentioned; a name of the list that was heard and not said is a false one.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from device.audio.frames import SAMPLE_RATE, Block, Samples
from device.audio.recording import Recording
from device.detect.names import find_names
from device.lesson_plan import LessonPlan
from device.roster import Roster
from tools.bench.figures import Figure, Figures
from tools.bench.lessons import Lesson
from tools.bench.recording import settings_for
from tools.bench.targets import DUTCH_SPEECH, HUMAN_NAMES
from tools.questions.corpus import table
from tools.speech.languages import LANGUAGES

CONTEXT_S = 0.3
ROSTER_SIZE = 25
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def names_by_group(lessons: Sequence[Lesson], shared: Path) -> Figures:
    """Figures of Dutch lessons with a synthetic teacher, and of all lessons with a person.

    Args:
        lessons: test lessons; the demo lesson is left out.
        shared: holds the first names that fill the class lists.
    """
    names = {language: _other_names(shared, language) for language in LANGUAGES}
    groups: dict[str, list[Lesson]] = {DUTCH_SPEECH: [], HUMAN_NAMES: []}
    for lesson in lessons:
        if lesson.human:
            groups[HUMAN_NAMES].append(lesson)
        elif lesson.language == "nl" and not lesson.demo:
            groups[DUTCH_SPEECH].append(lesson)
    return {group: _figures(members, names) for group, members in groups.items()}


def _other_names(shared: Path, language: str) -> list[str]:
    """First names of pupils, as anybody might have in class."""
    if language == "en":
        return LANGUAGES["en"].names()
    return [row["name"] for row in table(shared / "data" / "text" / "nl_pupil_names.tsv")]


def _figures(lessons: Sequence[Lesson], names: Mapping[str, list[str]]) -> dict[str, Figure]:
    """Names heard, as a share of those said, and names heard that were not said."""
    said = heard = false = 0
    for lesson in lessons:
        own = [str(name) for name in lesson.truth["class_names"]]
        known = {name.lower() for name in own}
        others = [name for name in names[lesson.language] if name.lower() not in known]
        for wanted, found in _utterances(lesson, [*own, *others][:ROSTER_SIZE]):
            said += wanted.total()
            heard += (wanted & found).total()
            false += (found - wanted).total()
    return {
        "names_heard": Figure(heard / said if said else None, n=said),
        "names_false": Figure(false if said else None, n=said),
    }


def _utterances(lesson: Lesson, names: list[str]) -> Iterable[tuple[Counter[str], Counter[str]]]:
    """For each utterance of the teacher the names said, and those heard."""
    with tempfile.TemporaryDirectory(prefix="denkpauze-bench-") as folder:
        path = Path(folder) / "class.txt"
        path.write_text("\n".join(names) + "\n", encoding="utf-8")
        plan = LessonPlan.make(settings_for(lesson.language, official=False), roster=path)
        everyone = Roster.read(path)
    recogniser = plan.recogniser(threaded=False)
    sound = _samples(lesson.sound)
    for number, item in enumerate(lesson.truth["utterances"]):
        if item["speaker"] != "teacher":
            continue
        first = max(0, round((item["start_s"] - CONTEXT_S) * SAMPLE_RATE))
        recogniser.begin(number, first)
        recogniser.accept(sound[first : round((item["end_s"] + CONTEXT_S) * SAMPLE_RATE)])
        recogniser.finish()
        words = recogniser.drain()[0].words
        found = [name.pupil for name in find_names(words, plan.roster)]
        said = [everyone.pupil_of(word.lower()) for word in _WORD.findall(item["text"])]
        yield Counter(filter(None, said)), Counter(filter(None, found))
    recogniser.close()


def _samples(sound: Path) -> Samples:
    """A whole recording, int16 of shape (n,)."""
    with Recording(sound) as recording:
        return np.concatenate([i.samples for i in recording.items() if isinstance(i, Block)])
