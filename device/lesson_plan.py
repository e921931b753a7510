"""What a lesson is begun with, and the parts that follow from it."""

from __future__ import annotations

import importlib.metadata
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from device.detect.listener import Listener
from device.detect.questions.scoring import question_scorer
from device.detect.recogniser import InlineRecogniser, ThreadedRecogniser
from device.detect.words import Deaf, Recogniser
from device.errors import ModelError
from device.machine import clock_synchronised, step_back
from device.model_store.loading import make_sure_it_loads
from device.models import ActiveModel, find_model
from device.names.check import NameVerdict, listening, phrases
from device.names.judge import judge
from device.roster import Roster
from device.settings import Settings
from lesson.events import CueMode, LessonStarted

Words = Literal["needed", "wanted", "none"]
MicrophonePlace = Literal["clip", "room"]


@dataclass(frozen=True, slots=True)
class LessonPlan:
    """All that is decided before the first sample is heard.

    Attributes:
        model: ``None``: no words are heard.
        problem: why no words are heard, when they should be.
        data_folder: where it is remembered which models load; ``None``: they are not tried first.
        names: which names of the class list are heard, and as what.
        microphone: worn by the teacher (``clip``), or somewhere in the ``room``.
        light_for_checks: comprehension checks and procedural questions start the light too.
    """

    language: Literal["nl", "en"]
    mode: CueMode
    target_s: float
    roster: Roster
    model: ActiveModel | None
    problem: str = field(default="", kw_only=True)
    data_folder: Path | None = field(default=None, kw_only=True)
    names: tuple[NameVerdict, ...] = field(default=(), kw_only=True, repr=False)
    microphone: MicrophonePlace = field(default="clip", kw_only=True)
    light_for_checks: bool = field(default=False, kw_only=True)

    @classmethod
    def make(
        cls,
        settings: Settings,
        *,
        language: Literal["nl", "en"] | None = None,
        mode: CueMode | None = None,
        roster: Path | None = None,
        words: Words = "needed",
        microphone: MicrophonePlace = "clip",
    ) -> LessonPlan:
        """The settings' plan, with what the command line says otherwise.

        Args:
            words: ``wanted`` makes a plan without a model when there is something wrong with it,
                ``none`` looks for no model at all.
            microphone: where the microphone was.

        Raises:
            RosterError: the class list cannot be read.
            ModelError: words are needed, and a model that was named is none.
        """
        spoken = language or settings.device.language
        own = spoken == settings.device.language
        path = roster or settings.lesson.roster
        model, problem = None, ""
        try:
            if words != "none":
                model = find_model(spoken, settings.recogniser.model_path if own else None)
        except ModelError as error:
            if words == "needed":
                raise
            problem = str(error)
        pupils = Roster.read(path) if path else Roster.empty()
        names = judge(pupils, model, spoken, settings.device.data_folder)
        return cls(
            language=spoken,
            mode=mode or settings.lesson.mode,
            target_s=settings.lesson.target_s,
            roster=listening(pupils, names),
            names=names,
            model=model,
            problem=problem,
            data_folder=settings.device.data_folder,
            microphone=microphone,
            light_for_checks=settings.lesson.light_for_checks,
        )

    def without_words(self, problem: str) -> LessonPlan:
        """The same plan, without a model, because of this problem."""
        return replace(self, model=None, problem=problem)

    @property
    def model_name(self) -> str:
        """As shown and sent: the model's name, or that there is none."""
        return re.sub(r"[^A-Za-z0-9._ -]", "_", self.model.name)[:60] if self.model else "none"

    def started(self, wall: datetime) -> LessonStarted:
        """The event that begins the lesson at this wall time."""
        return LessonStarted(
            t=0.0,
            wall=wall,
            clock_synchronised=clock_synchronised(),
            mode=self.mode,
            language=self.language,
            target_s=self.target_s,
            roster_size=len(self.roster),
            recogniser=self.model_name,
            software=software_version(),
        )

    def recogniser(self, *, threaded: bool) -> Recogniser:
        """A recogniser for the model; ``threaded`` for a live lesson.

        Raises:
            ModelError: Vosk cannot use the model.
        """
        if self.model is None:
            return Deaf()
        if self.data_folder is not None:
            make_sure_it_loads(self.model.path, self.language, self.data_folder)
        inline = InlineRecogniser(
            self.model.path, phrases(self.names), self.language, as_it_comes=threaded
        )

        def in_its_thread() -> Recogniser:
            step_back()  # words can wait, the cue and the measurement cannot
            return inline

        return ThreadedRecogniser(in_its_thread) if threaded else inline

    def listener(self, recogniser: Recogniser) -> Listener:
        """The detection core for this lesson."""
        near = self.microphone == "clip"
        scorer = question_scorer(self.language, self.light_for_checks)
        return Listener(recogniser, self.roster, self.language, scorer, near)


def software_version() -> str:
    """Version of the installed package."""
    return importlib.metadata.version("denkpauze")
