"""All figures of one lesson, from its events alone (definitions B1–B8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from lesson.answers import follow_ups
from lesson.coding import Coder
from lesson.corrections import Entry, apply_corrections
from lesson.episode import Episode, Flag, Order
from lesson.episodes import target_of
from lesson.events import (
    Focus,
    LessonEvent,
    LessonStarted,
    Question,
    QuestionForm,
)
from lesson.feedback import feedback_figures
from lesson.moments import end_of
from lesson.segmentation import segment
from lesson.spread import spread
from lesson.statistics import Figure, known, ratio, share
from lesson.summary import Counts, LessonSummary, PauseFigures, QuestionMix
from lesson.thresholds import EPSILON_S, PUPILS_HEARD_SHARE, RESEARCH_WAIT_S
from lesson.turns import (
    nominations,
    speakers_known,
    talk_shares,
    turn_distribution,
)

_OPEN_OR_CLOSED = (
    QuestionForm.OPEN,
    QuestionForm.CHECK,
    QuestionForm.CHOICE,
    QuestionForm.YESNO,
    QuestionForm.COMPLETION,
)
_AFTER_QUESTION = (Order.QPN, Order.QN_SHORT, Order.QN_GLUED)


def summarise(
    events: Iterable[Entry], target_s: float | None = None, roster_size: int | None = None
) -> LessonSummary:
    """All figures of a lesson; any list of events gives a result.

    Args:
        events: the log in any order, as for ``build_episodes``.
        target_s: target think pause θ; ``None`` takes the lesson's own, or 3.0 s.
        roster_size: pupils in the room; ``None`` takes the lesson's own, if it has one.
    """
    corrected = apply_corrections(events)
    effective = corrected.events
    started = next((event for event in effective if isinstance(event, LessonStarted)), None)
    target = target_of(effective) if target_s is None else target_s
    segments = segment(effective)
    everything = Coder(effective, segments.pauses, target, EPSILON_S).code_all(segments.drafts)
    decided = [episode for episode in everything if not episode.open]
    asked = [episode for episode in decided if episode.questions]
    start, end = _extent(effective)
    orders = Counter(episode.order for episode in decided)
    deliberate = _flagged(decided, Flag.DELIBERATE_NAME_FIRST)
    named = _named_after_or_before_question(asked)
    return LessonSummary(
        language=started.language if started else None,
        mode=started.mode if started else None,
        lesson_s=round(end - start, 3),
        target_s=target,
        epsilon_s=EPSILON_S,
        episodes=len(asked),
        orders={order: orders[order] for order in Order},
        question_pause_name_share=share(orders[Order.QPN], len(named)),
        name_first=orders[Order.NQ] - deliberate,
        name_first_deliberate=deliberate,
        self_answer_rate=_self_answer_rate(effective, asked),
        stack_rate=share(_flagged(asked, Flag.STACKED), len(asked)),
        answers_heard_share=_answers_heard(asked),
        questions=_question_mix(effective, decided),
        pauses=_pause_figures(effective, decided),
        talk=talk_shares(effective, end - start),
        turns=turn_distribution(
            nominations(decided, segments.loose_calls), _room(started, roster_size), start, end
        ),
        feedback=feedback_figures(effective),
        counts=_counts(effective, everything, len(corrected.unresolved)),
    )


def _room(started: LessonStarted | None, roster_size: int | None) -> int | None:
    """Pupils in the room; 0 stands for unknown."""
    if roster_size is None and started is not None:
        roster_size = started.roster_size
    return roster_size or None


def _extent(events: Sequence[LessonEvent]) -> tuple[float, float]:
    """First and last moment that any event knows of."""
    if not events:
        return 0.0, 0.0
    return events[0].t, max(end_of(event) for event in events)


def _flagged(episodes: Iterable[Episode], flag: Flag) -> int:
    return sum(flag in episode.flags for episode in episodes)


def _named_after_or_before_question(asked: Iterable[Episode]) -> list[Episode]:
    """Episodes with a question and a name of known order, deliberate name-first left out."""
    return [
        episode
        for episode in asked
        if episode.order in (*_AFTER_QUESTION, Order.NQ)
        and Flag.DELIBERATE_NAME_FIRST not in episode.flags
    ]


def _answers_heard(asked: Sequence[Episode]) -> Figure:
    return share(sum(episode.answer is not None for episode in asked), len(asked))


def _self_answer_rate(events: Sequence[LessonEvent], asked: Sequence[Episode]) -> Figure:
    if not speakers_known(events):
        return Figure(value=None, n=len(asked), reason="not_measurable")
    return share(_flagged(asked, Flag.SELF_ANSWERED), len(asked))


def _question_mix(events: Iterable[LessonEvent], decided: Iterable[Episode]) -> QuestionMix:
    asked = [event for event in events if isinstance(event, Question)]
    by_form = Counter(question.form for question in asked)
    classed = [question for question in asked if question.form in _OPEN_OR_CLOSED]
    answers = sum(episode.answer_on is not None for episode in decided)
    return QuestionMix(
        arming=sum(question.arms for question in asked),
        by_form={form: by_form[form] for form in QuestionForm},
        open_share=share(sum(_is_open(question) for question in classed), len(classed)),
        followup_share=ratio(by_form[QuestionForm.FOLLOWUP], answers, answers),
    )


def _is_open(question: Question) -> bool:
    """By what is asked for, where that is known; by form otherwise."""
    if question.focus is not None:
        return question.focus is Focus.OPEN
    return question.form is QuestionForm.OPEN


def denkpauzes_s(decided: Iterable[Episode]) -> list[float]:
    """The think pauses behind ``pauses.denkpauze_gross``, in order of time."""
    return known(episode.denkpauze_gross_s for episode in _named_after(decided))


def waits_s(decided: Iterable[Episode]) -> list[float]:
    """The wait times behind ``pauses.wait_time_1``, in order of time."""
    return known(episode.wait_time_1_s for episode in decided if episode.questions)


def _named_after(decided: Iterable[Episode]) -> list[Episode]:
    """Episodes that began with a question and whose name came after it."""
    return [e for e in decided if e.questions and e.order in _AFTER_QUESTION]


def _pause_figures(events: Sequence[LessonEvent], decided: Sequence[Episode]) -> PauseFigures:
    asked = [episode for episode in decided if episode.questions]
    heard = _answers_heard(asked).value
    reason: Literal["not_measurable"] | None = (
        "not_measurable" if heard is not None and heard < PUPILS_HEARD_SHARE else None
    )
    followed = follow_ups(events, decided)
    judged = [
        episode
        for episode in _named_after_or_before_question(asked)
        if episode.order is Order.NQ or episode.kept is not None
    ]
    kept = [episode.kept for episode in asked if episode.kept is not None]
    waits = waits_s(decided)
    return PauseFigures(
        denkpauze_gross=spread(denkpauzes_s(decided)),
        denkpauze_net=spread(known(e.denkpauze_net_s for e in _named_after(decided))),
        wait_time_1=spread(waits),
        answer_time=spread(known(e.answer_time_s for e in asked), reason),
        after_name=spread(known(e.after_name_s for e in decided), reason),
        wait_time_2=spread(known(f.wait_time_2_s for f in followed), reason),
        wait_time_2_rowe=spread(known(f.wait_time_2_rowe_s for f in followed), reason),
        denkpauze_success=share(sum(bool(episode.kept) for episode in judged), len(judged)),
        kept_share=share(sum(kept), len(kept)),
        wait_time_1_at_least_3_share=share(
            sum(wait >= RESEARCH_WAIT_S for wait in waits), len(waits)
        ),
    )


def _counts(
    events: Sequence[LessonEvent], everything: Sequence[Episode], unresolved: int
) -> Counts:
    followed = follow_ups(events, everything)
    return Counts(
        open=sum(episode.open for episode in everything),
        called_out=_flagged(everything, Flag.CALLED_OUT),
        abandoned=_flagged(everything, Flag.ABANDONED),
        rephrased=_flagged(everything, Flag.REPHRASED),
        think_prompts=_flagged(everything, Flag.THINK_PROMPT),
        turns_without_name=_flagged(everything, Flag.TURN_WITHOUT_NAME),
        censored=_flagged(everything, Flag.CENSORED),
        unmeasured=_flagged(everything, Flag.UNMEASURED),
        interrupted=_flagged(everything, Flag.INTERRUPTED),
        low_snr=_flagged(everything, Flag.LOW_SNR),
        overlaps=sum(answer.overlap for answer in followed),
        pupil_to_pupil=sum(answer.pupil_to_pupil for answer in followed),
        unresolved_corrections=unresolved,
    )
