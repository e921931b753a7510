"""``denkpauze setup``: make this machine a Denkpauze box, or take everything away again."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click
from rich.console import Console

from device.clock import SystemClock
from device.commands.context import CommandContext, pass_context
from device.errors import ModelError
from device.machine import clock_synchronised
from device.model_store.catalogue import MODELS as OFFICIAL
from device.model_store.catalogue import model_for
from device.model_store.install import fetch, is_installed
from device.setup import steps
from device.setup.steps import Step
from device.setup.system import System

MODELS = "/usr/share/vosk"
PROGRAM = ("/opt/denkpauze", "/usr/local/bin/denkpauze")
DATA = ("/var/lib/denkpauze", "/var/lib/denkpauze-dashboard")


@click.command("setup")
@click.option("--check", is_flag=True, help="Change nothing; list what would be done.")
@click.option("--uninstall", is_flag=True, help="Take all away but the teacher's data.")
@click.option("--purge", is_flag=True, help="With --uninstall: the data and the users too.")
@click.option("--offline", is_flag=True, help="Fetch no speech model; the built-in one is used.")
@click.option("--device", default="denkpauze", show_default=True, help="Id of this device.")
@click.option("--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False, exists=True, resolve_path=True),
    default=Path("/"),
    show_default=True,
    help="The machine's root folder, for an image that does not run.",
)
@pass_context
def command(
    context: CommandContext,
    check: bool,
    uninstall: bool,
    purge: bool,
    offline: bool,
    device: str,
    language: Literal["nl", "en"],
    root: Path,
) -> int:
    """Users, folders, settings, broker, name on the network, speech model and services.

    May be run again: what is there stays. With --check the exit status is 1 when anything is
    missing.
    """
    if purge and not uninstall:
        raise click.UsageError("--purge goes with --uninstall.")
    system = System(root)
    clock = SystemClock()
    plan = [
        steps.users(system),
        steps.folders(system),
        steps.settings(system, device, language),
        steps.microphone(system),
        steps.broker(system, device, clock.now),
        steps.name_on_the_network(system),
        _clock_step(),
    ]
    if uninstall or not offline:
        plan.append(_model_step(context.console, system, language))
    plan.append(steps.services(system))
    if uninstall:
        _take_away(context.console, system, plan, purge=purge, check=check)
        return 0
    return _make(context.console, plan, check=check)


def _make(console: Console, plan: list[Step], *, check: bool) -> int:
    open_steps = 0
    for number, step in enumerate(plan, start=1):
        missing = step.missing()
        head = f"{number}/{len(plan)} {step.title}"
        if not missing:
            console.print(f"{head}: there", markup=False, highlight=False)
        elif check:
            open_steps += 1
            console.print(f"{head}: would {', '.join(missing)}", markup=False, soft_wrap=True)
        else:
            with console.status(head):
                step.make()
            left = step.missing()
            outcome = f"not yet: {', '.join(left)}" if left else "done"
            console.print(f"{head}: {outcome}", markup=False, highlight=False)
    return 1 if open_steps else 0


def _take_away(
    console: Console, system: System, plan: list[Step], *, purge: bool, check: bool
) -> None:
    folders = (*PROGRAM, *(DATA if purge else ()))
    for step in reversed(plan):
        console.print(f"{'would remove' if check else 'removing'}: {step.title}", markup=False)
        if not check:
            step.undo()
    for folder in folders:
        console.print(f"{'would remove' if check else 'removing'}: {folder}", markup=False)
        if not check:
            system.remove(folder)
    if purge and not check:
        steps.remove_users(system)
    if not check:
        system.remove_if_empty("/etc/denkpauze")
    if not purge:
        console.print(f"kept: {', '.join(DATA)} and their users", markup=False, highlight=False)


def _clock_step() -> Step:
    def missing() -> list[str]:
        return [] if clock_synchronised() else ["wait for a time server"]

    # a date that is wrong for now keeps nobody from a lesson
    return Step("Clock set by a time server", missing, lambda: None)


def _model_step(console: Console, system: System, language: Literal["nl", "en"]) -> Step:
    model, folder = model_for(language), system.path(MODELS)

    def missing() -> list[str]:
        size_mb = model.size_bytes / 1e6
        return [] if is_installed(model, folder) else [f"fetch {model.name} ({size_mb:.0f} MB)"]

    def make() -> None:
        try:
            fetch(model, SystemClock(), folder)
        except ModelError as error:
            line = f"{error}. The built-in model is used: denkpauze models fetch {language} later"
            console.print(line, style="yellow", markup=False, soft_wrap=True)

    def undo() -> None:
        for each in OFFICIAL:  # others may keep models of their own there
            system.remove(f"{MODELS}/{each.name}")
        system.remove_if_empty(MODELS)

    return Step("Speech model", missing, make, undo)
