"""``denkpauze models``: which speech models are used, and where better ones come from."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table
from rich.text import Text

from device import settings_file
from device.clock import SystemClock
from device.commands.context import CommandContext, pass_context
from device.errors import ModelError
from device.model_store import catalogue
from device.model_store.catalogue import OfficialModel, model_for
from device.model_store.download import Watcher
from device.model_store.http import UnreachableError
from device.model_store.install import MODELS_FOLDER, Installed, fetch, is_installed
from device.model_store.loading import make_sure_it_loads
from device.models import ActiveModel, card_of, find_model
from device.settings_edit import set_in_file

LANGUAGES = ("nl", "en")
SPOKEN = {"nl": "Dutch", "en": "English"}


@click.group("models", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Show the speech models in use, fetch official ones, or name another."""
    if context.invoked_subcommand is None:
        context.invoke(show)


@command.command("show")
@pass_context
def show(context: CommandContext) -> None:
    """The model in use for each language: what it hears, and why it was chosen."""
    for language in LANGUAGES:
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim")
        table.add_column(overflow="fold")
        model = _active(context, language)
        rows = [("hears", "nothing: pauses only, no questions")] if model is None else _rows(model)
        for name, value in rows:
            table.add_row(name, Text(value))
        context.console.print(Text(f"{SPOKEN[language]} ({language})", style="bold"))
        context.console.print(table)


@command.command("list")
@pass_context
def list_models(context: CommandContext) -> None:
    """Official models that can be fetched, with licence and size."""
    for model in catalogue.MODELS:
        wanted = model.language if model_for(model.language) is model else model.name
        facts = (
            SPOKEN[model.language],
            _megabytes(model.size_bytes),
            model.licence,
            "installed" if is_installed(model) else "not installed",
        )
        context.console.print(Text(model.name, style="bold"))
        _say(context.console, f"  {', '.join(facts)}")
        if not model.free:
            _say(context.console, f"  {model.conditions}")
        agree = "" if model.free else " --accept-licence"
        _say(context.console, f"  denkpauze models fetch {wanted}{agree}")


@command.command("fetch")
@click.argument("model", metavar="MODEL")
@click.option(
    "--accept-licence", is_flag=True, help="Agree to a licence that asks something of you."
)
@click.option("--again", is_flag=True, help="Also when it is installed already.")
@pass_context
def fetch_model(context: CommandContext, model: str, accept_licence: bool, again: bool) -> None:
    """Fetch an official model from its maker: nl, en, or a name of the list.

    Goes on where an earlier attempt ended.
    """
    console = context.console
    wanted = model_for(model, catalogue.MODELS)
    _say(console, f"{wanted.name}: {_megabytes(wanted.size_bytes)}, licence {wanted.licence}")
    if not wanted.free:
        _say(console, f"This licence asks: {wanted.conditions}.")
        if not accept_licence:
            raise ModelError(f"{wanted.name} is fetched only with --accept-licence")
    if is_installed(wanted) and not again:
        _say(console, f"It is installed in {MODELS_FOLDER / wanted.name}; --again fetches it anew.")
    else:
        _tell(console, wanted, _fetch(console, wanted))
    _say_active(context, wanted)


@command.command("use")
@click.argument("path", type=click.Path(path_type=Path, file_okay=False))
@pass_context
def use(context: CommandContext, path: Path) -> None:
    """Use the model in this folder for the language of the settings.

    It is tried out first; then [recogniser] model_path is written into the settings file, whose
    other lines and comments stay as they are.
    """
    language = context.settings.device.language
    folder = path.expanduser().absolute()
    model = find_model(language, folder)
    assert model is not None  # a folder that was named holds a model, or find_model complains
    make_sure_it_loads(model.path, language, context.settings.device.data_folder)
    file = context.loaded.path or settings_file.USER_FILE.expanduser()
    set_in_file(file, "recogniser", "model_path", folder)
    _say(context.console, f"{model.name} is now used for {language}, by {file}.")


def _fetch(console: Console, model: OfficialModel) -> Installed:
    _say(console, f"From {model.source}")
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(model.name, total=model.size_bytes)
        watcher = Watcher(
            progress=lambda done, total: progress.update(task, completed=done, total=total),
            redirect=lambda address: _say(console, f"which redirects to {address}"),
        )
        try:
            return fetch(
                model,
                SystemClock(),
                watcher=watcher,
                on_stage=lambda stage: progress.update(task, description=stage),
            )
        except UnreachableError as error:
            active = find_model(model.language)
            goes_on = f"; {active.name} is used as before" if active else ""
            raise ModelError(
                f"{error}{goes_on}. Try again later: it goes on where it was"
            ) from None


def _tell(console: Console, model: OfficialModel, done: Installed) -> None:
    known = "as known before" if done.recorded_before else "recorded, as none was known"
    _say(console, f"Installed in {done.folder}, {_megabytes(done.size_bytes)}.")
    _say(console, f"SHA-256 of the archive, {known}: {done.sha256}")
    if done.changed_options:
        options = ", ".join(f"{name} {value}" for name, value in done.changed_options.items())
        _say(console, f"Set for a Pi 4: {options}. The maker's are kept in conf/model.conf.orig.")
    if not model.free:
        _say(console, f"Mind its licence: {model.conditions}.")


def _say_active(context: CommandContext, fetched: OfficialModel) -> None:
    """A model that was fetched is not always the one that is used."""
    model = _active(context, fetched.language)
    if model is None or model.name == fetched.name:
        _say(context.console, f"It is used for {fetched.language}.")
        return
    _say(
        context.console,
        f"{model.name} is used for {fetched.language} ({model.chosen_from}); to use this one: "
        f"denkpauze models use {MODELS_FOLDER / fetched.name}",
    )


def _active(context: CommandContext, language: str) -> ActiveModel | None:
    settings = context.settings
    # the path of the settings belongs to the language of the lesson
    named = settings.recogniser.model_path if language == settings.device.language else None
    return find_model(language, named)


def _rows(model: ActiveModel) -> list[tuple[str, str]]:
    size_bytes = sum(path.stat().st_size for path in model.path.rglob("*") if path.is_file())
    words = "" if model.words is None else f", {model.words} words"
    rows = [
        ("model", f"{model.name} ({model.kind}{words}, {_megabytes(size_bytes)})"),
        ("hears", model.hears),
    ]
    card = card_of(model.path) or {}
    if "wer_synthetic_pct" in card:
        rows.append(("word errors", f"{card['wer_synthetic_pct']} % on computer voices"))
    return [*rows, ("chosen from", model.chosen_from), ("folder", str(model.path))]


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.{0 if size_bytes >= 10_000_000 else 1}f} MB"


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)
