"""What is said at the start of a lesson: which model listens, and which names it hears."""

from __future__ import annotations

from rich.console import Console

from device.lesson_plan import LessonPlan
from device.names.show import print_names_line
from device.texts import text


def print_opening(console: Console, plan: LessonPlan) -> None:
    """The speech model with what it is worth, then the names of the class list."""
    if plan.model is not None:
        line = text(plan.language, "model.used", model=plan.model.worth)
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    print_names_line(console, plan.names, plan.language)
