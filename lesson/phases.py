"""What is going on right now: the live counterpart of the events.

Events are final; a phase is the device's present belief, shown on the light, the terminal and
the trainer's page while a pause runs. It is never stored and never counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PhaseName(StrEnum):
    """The step of question – think pause – name that the lesson is in."""

    LISTENING = "listening"  # nothing asked
    THINK = "think"  # a question was asked and nobody speaks
    NAMED = "named"  # a name was called after a question
    ANSWER = "answer"  # a pupil speaks after a question
    LOST = "lost"  # no sound to judge by


@dataclass(frozen=True, slots=True)
class Phase:
    """A change of phase.

    Attributes:
        t: audio-clock time in seconds at which the device decided it.
        name: the new phase.
        since: audio-clock time in seconds at which the phase began, at or before ``t``; for
            ``THINK`` the acoustic end of the question, from which the target is counted.
        reason: machine word for logs and tests, such as ``question_decided`` or ``hesitation``.
        held: the phase stays, but a voice is heard of which nobody knows yet whether it says
            anything: nothing new may be signalled.
    """

    t: float
    name: PhaseName
    since: float
    reason: str
    held: bool = False
