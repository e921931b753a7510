"""A question whose pause runs, and the two events it leaves when the pause is over."""

from __future__ import annotations

from dataclasses import dataclass, field

from device.detect.completeness import Completeness
from device.detect.entries import longest_silence_s, seconds
from device.detect.questions.scoring import QuestionScore
from device.detect.reading import Chunk
from device.detect.words import Word
from lesson.events import Ender, Pause, PauseOutcome, Question

#: a voice that falls further ends its sentence, whatever the words say
FINAL_FALL_SEMITONES = -3.2


@dataclass(slots=True)
class OpenQuestion:
    """What was asked so far.

    Attributes:
        fell: the voice fell as at the end of a sentence.
        prompts: samples at which the teacher gave time to think, began and ended.
    """

    first_sample: int
    end_sample: int
    score: QuestionScore
    snr_db: float
    words: tuple[Word, ...]
    completeness: Completeness
    fell: bool = False
    prompts: list[tuple[int, int]] = field(default_factory=list)

    def events(
        self, outcome: PauseOutcome, until_sample: int | None, ender: Ender | None, reason: str
    ) -> tuple[Question, Pause]:
        """The question and its pause, which ended at ``until_sample`` if anybody knows."""
        end = seconds(self.end_sample)
        until = None if until_sample is None else max(end, seconds(until_sample))
        asked = Question(
            t=seconds(self.first_sample),
            t_end=end,
            form=self.score.form,
            focus=self.score.focus,
            arms=self.score.arms,
            probability=round(self.score.probability, 3),
            snr_db=round(self.snr_db, 1),
            reasons=self.score.reasons,
        )
        pause = Pause(
            t=end,
            t_end=until,
            outcome=outcome,
            ended_by=ender,
            net_s=None if until is None else longest_silence_s(end, until, self.prompts),
            prompts=tuple((seconds(a), seconds(b)) for a, b in self.prompts),
            reason=reason,
        )
        return asked, pause


def fell(chunk: Chunk) -> bool:
    """Whether the voice fell as at the end of a sentence."""
    return chunk.rise_semitones is not None and chunk.rise_semitones < FINAL_FALL_SEMITONES
