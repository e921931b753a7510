"""``denkpauze names``: which names on the class list are heard."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from device.commands.context import CommandContext, pass_context
from device.commands.options import language_option, roster_option
from device.errors import ModelError, RosterError
from device.lesson_plan import LessonPlan
from device.machine import readable_by_all
from device.model_store.loading import make_sure_it_loads
from device.names.show import names_line, names_table
from device.texts import text


@click.command("names")
@language_option
@roster_option
@pass_context
def command(
    context: CommandContext, language: Literal["nl", "en"] | None, roster: Path | None
) -> int:
    """Show for each name on the class list whether it is heard. Exit status 1 when one is not.

    Laat zien welke namen te horen zijn, voordat de les begint.
    """
    plan = plan_with_names(context, language, roster)
    context.console.print(names_table(plan.names, plan.language))
    line = names_line(plan.names, plan.language)
    context.console.print(line, markup=False, highlight=False, soft_wrap=True)
    return 0 if all(verdict.heard for verdict in plan.names if verdict.counted) else 1


def plan_with_names(
    context: CommandContext, language: Literal["nl", "en"] | None, roster: Path | None
) -> LessonPlan:
    """The plan of a lesson that has a class list and a speech model.

    Raises:
        RosterError: there is no class list, or it cannot be read.
        ModelError: there is no speech model, or Vosk cannot use it.
    """
    if roster is None and context.settings.lesson.roster is None:
        raise RosterError("no class list: give --roster FILE, or set [lesson] roster")
    plan = LessonPlan.make(context.settings, language=language, roster=roster)
    if plan.model is None:
        raise ModelError(f"no speech model for {plan.language}: see `denkpauze models`")
    make_sure_it_loads(plan.model.path, plan.language, plan.data_folder)
    path = roster or context.settings.lesson.roster
    if path is not None and readable_by_all(path):
        line = text(plan.language, "names.open_file", path=path)
        context.console.print(line, markup=False, highlight=False, soft_wrap=True, style="yellow")
    return plan
