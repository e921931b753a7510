"""What one lesson comes to: the format of a summary. ``lesson/metrics.py`` fills it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from lesson.episode import Order
from lesson.events import CueMode, QuestionForm
from lesson.feedback import FeedbackFigures
from lesson.spread import Spread
from lesson.statistics import Figure
from lesson.turns import TalkShares, TurnDistribution


class QuestionMix(BaseModel):
    """What was asked. ``arming`` counts the questions that start the think timer."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    arming: int
    by_form: dict[QuestionForm, int]
    open_share: Figure
    followup_share: Figure


class PauseFigures(BaseModel):
    """Think pauses and wait times, kept apart (definitions B4 and B5)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    denkpauze_gross: Spread
    denkpauze_net: Spread
    wait_time_1: Spread
    answer_time: Spread
    after_name: Spread
    wait_time_2: Spread
    wait_time_2_rowe: Spread
    denkpauze_success: Figure
    kept_share: Figure
    wait_time_1_at_least_3_share: Figure


class Counts(BaseModel):
    """Plain numbers of episodes, beside the figures."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    open: int
    called_out: int
    abandoned: int
    rephrased: int
    think_prompts: int
    turns_without_name: int
    censored: int
    unmeasured: int
    interrupted: int
    low_snr: int
    overlaps: int
    pupil_to_pupil: int
    unresolved_corrections: int


class LessonSummary(BaseModel):
    """Everything that is said about one lesson in figures. Plain JSON, without names or words.

    Attributes:
        v: version of this format.
        lesson_s: length of the lesson as far as events tell.
        target_s, epsilon_s: target think pause and tolerance used.
        episodes: decided episodes that began with a question.
        orders: number of episodes per order code, all codes present.
        question_pause_name_share: ``QPN`` ÷ nominations that belong to a question.
        name_first: name-first episodes that nobody called deliberate.
        name_first_deliberate: those that somebody did.
        self_answer_rate, stack_rate: shares of the episodes.
        answers_heard_share: episodes in which a pupil was heard; below 0.60 the pupils' times
            (``answer_time``, ``after_name``, ``wait_time_2``) are not measurable.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    v: Literal[1] = 1
    language: Literal["nl", "en"] | None
    mode: CueMode | None
    lesson_s: float
    target_s: float
    epsilon_s: float
    episodes: int
    orders: dict[Order, int]
    question_pause_name_share: Figure
    name_first: int
    name_first_deliberate: int
    self_answer_rate: Figure
    stack_rate: Figure
    answers_heard_share: Figure
    questions: QuestionMix
    pauses: PauseFigures
    talk: TalkShares
    turns: TurnDistribution
    feedback: FeedbackFigures
    counts: Counts
