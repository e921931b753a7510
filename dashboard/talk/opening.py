"""How a talk begins: one moment that went well, then one question. Sentences, never a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.i18n import clock_time, gettext, seconds
from lesson.episode import Episode, Flag, Order
from lesson.events import Focus
from lesson.statistics import Figure
from lesson.summary import LessonSummary
from lesson.thresholds import EPSILON_S

#: Below this share of the episodes something is not worth the one question of the talk.
WORTH_ASKING = 0.25


@dataclass(frozen=True, slots=True)
class Strength:
    """A moment to begin with; ``start_s`` is its place in the lesson."""

    start_s: float
    sentence: str


def strength(episodes: Sequence[Episode], target_s: float) -> Strength | None:
    """The moment in which most came together: the question, the pause, the name, an answer."""
    best = max(episodes, key=_worth, default=None)
    if best is None or best.q_off is None or best.order is None:
        return None
    where = clock_time(best.start)
    pause_s = best.denkpauze_gross_s if best.denkpauze_gross_s is not None else best.wait_time_1_s
    asked = (
        gettext("At %(where)s you asked a thought-provoking question", where=where)
        if _thinking(best)
        else gettext("At %(where)s you asked a question", where=where)
    )
    if pause_s is None:
        return Strength(best.start, gettext("%(asked)s and the class was with you.", asked=asked))
    then = gettext("left %(pause)s to think", pause=seconds(pause_s))
    if best.order is Order.QPN and pause_s >= target_s - EPSILON_S:
        after = gettext("and only then gave somebody the turn")
    elif best.order in (Order.QPN, Order.QN_SHORT):
        after = gettext("and then gave somebody the turn")
    elif best.answer is not None:
        after = gettext("and a pupil answered")
    else:
        return Strength(best.start, f"{asked}, {then}.")
    return Strength(best.start, f"{asked}, {then}, {after}.")


def _worth(episode: Episode) -> tuple[int, float]:
    """More of what is practised comes first; of equals the longest pause."""
    points = 4 * (episode.order is Order.QPN) + 2 * (episode.order is Order.QN_SHORT)
    points += 2 * bool(episode.kept) + _thinking(episode) + (episode.answer is not None)
    points -= 3 * (episode.order is Order.NQ) + 2 * (Flag.SELF_ANSWERED in episode.flags)
    return points, episode.denkpauze_gross_s or episode.wait_time_1_s or 0.0


def _thinking(episode: Episode) -> bool:
    return any(question.focus is Focus.OPEN for question in episode.questions)


def question_for_the_talk(summary: LessonSummary) -> str:
    """One question, about what there is most of; open, so that the teacher does the thinking."""
    named = summary.question_pause_name_share.n
    if summary.name_first and named and summary.name_first / named >= WORTH_ASKING:
        return gettext(
            "In %(k)d of %(n)d turns the name came before the question. "
            "What do the others do at such a moment?",
            k=summary.name_first,
            n=named,
        )
    if _often(summary.stack_rate):
        return gettext(
            "%(k)d of %(n)d times questions followed one another at once. "
            "Which of them did you want an answer to?",
            k=_count(summary.stack_rate),
            n=summary.stack_rate.n,
        )
    if _often(summary.self_answer_rate):
        return gettext(
            "%(k)d of %(n)d times you gave the answer yourself. "
            "What would you have heard if you had waited?",
            k=_count(summary.self_answer_rate),
            n=summary.self_answer_rate.n,
        )
    pause = summary.pauses.denkpauze_gross.median_s
    if (
        pause.enough
        and pause.value is not None
        and pause.value < summary.target_s - summary.epsilon_s
    ):
        return gettext(
            "The think pause was %(pause)s (n = %(n)d). What makes it hard to wait longer?",
            pause=seconds(pause.value),
            n=pause.n,
        )
    return gettext("Which moment would you like to see again, and why?")


def _often(figure: Figure) -> bool:
    return figure.enough and figure.value is not None and figure.value >= WORTH_ASKING


def _count(figure: Figure) -> int:
    return round((figure.value or 0) * figure.n)
