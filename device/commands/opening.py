"""What is said at the start of a lesson: which model listens, and which names it hears."""

from __future__ import annotations

from rich.console import Console

from device.errors import ModelError
from device.lesson_plan import LessonPlan
from device.model_store.loading import make_sure_it_loads
from device.names.show import print_names_line
from device.texts import text


def opened(console: Console, plan: LessonPlan) -> LessonPlan:
    """Print the speech model with what it is worth, then the names of the class list.

    Returns:
        The plan; without words when its model cannot be used, so that nothing untrue is said. The
        lesson itself says why.
    """
    if plan.model is None:
        return plan
    try:
        make_sure_it_loads(plan.model.path, plan.language, plan.data_folder)
    except ModelError as error:
        return plan.without_words(str(error))
    line = text(plan.language, "model.used", model=plan.model.worth)
    console.print(line, markup=False, highlight=False, soft_wrap=True)
    print_names_line(console, plan.names, plan.language)
    return plan
