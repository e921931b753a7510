"""What a lesson is begun with, and the parts that follow from it."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from device.detect.listener import Listener
from device.detect.recogniser import InlineRecogniser, ThreadedRecogniser
from device.detect.words import Deaf, Recogniser
from device.machine import clock_synchronised
from device.models import ActiveModel, find_model
from device.roster import Roster
from device.settings import Settings
from lesson.events import CueMode, LessonStarted


@dataclass(frozen=True, slots=True)
class LessonPlan:
    """All that is decided before the first sample is heard."""

    language: Literal["nl", "en"]
    mode: CueMode
    target_s: float
    roster: Roster
    model: ActiveModel | None

    @classmethod
    def make(
        cls,
        settings: Settings,
        *,
        language: Literal["nl", "en"] | None = None,
        mode: CueMode | None = None,
        roster: Path | None = None,
    ) -> LessonPlan:
        """The settings' plan, with what the command line says otherwise.

        Raises:
            RosterError: the class list cannot be read.
            ModelError: a model that was named is none.
        """
        spoken = language or settings.device.language
        own = spoken == settings.device.language
        path = roster or settings.lesson.roster
        return cls(
            language=spoken,
            mode=mode or settings.lesson.mode,
            target_s=settings.lesson.target_s,
            roster=Roster.read(path) if path else Roster.empty(),
            model=find_model(spoken, settings.recogniser.model_path if own else None),
        )

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
            ModelError: Vosk cannot load the model.
        """
        if self.model is None:
            return Deaf()
        inline = InlineRecogniser(self.model.path)
        build: Callable[[], Recogniser] = lambda: inline  # noqa: E731 - loaded here, used there
        return ThreadedRecogniser(build) if threaded else inline

    def listener(self, recogniser: Recogniser) -> Listener:
        """The detection core for this lesson."""
        return Listener(recogniser, self.roster, self.language)


def software_version() -> str:
    """Version of the installed package."""
    return importlib.metadata.version("denkpauze")
