"""``denkpauze doctor``: what is there, what is missing, and what to do."""

from __future__ import annotations

import click
from rich.table import Table
from rich.text import Text

from device.checks import CHECKS, Finding, Verdict
from device.commands.context import CommandContext, pass_context
from device.errors import SettingsError
from device.settings import Settings

STYLES = {Verdict.OK: "green", Verdict.ATTENTION: "yellow", Verdict.BLOCKER: "red"}


@click.command("doctor")
@pass_context
def command(context: CommandContext) -> int:
    """Check this machine. Exit status 1 when a lesson cannot be measured."""
    findings = []
    try:
        settings = context.settings
        source = context.loaded.path or "defaults, there is no file"
        findings.append(Finding("Settings", Verdict.OK, str(source)))
    except SettingsError as error:
        # a broken file must not hide everything else that may be wrong
        settings = Settings()
        findings.append(Finding("Settings", Verdict.BLOCKER, str(error), "correct the file"))
    for check in CHECKS:
        findings.append(check(settings))
    context.console.print(_table(findings))
    blockers = sum(finding.verdict is Verdict.BLOCKER for finding in findings)
    context.console.print(_conclusion(blockers))
    return 1 if blockers else 0


def _table(findings: list[Finding]) -> Table:
    table = Table(title="This device", title_justify="left")
    for heading in ("Part", "", "Found", "What to do"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        verdict = Text(finding.verdict, style=STYLES[finding.verdict])
        table.add_row(finding.subject, verdict, Text(finding.found), Text(finding.advice))
    return table


def _conclusion(blockers: int) -> Text:
    if blockers:
        things = "thing stands" if blockers == 1 else "things stand"
        return Text(f"{blockers} {things} in the way of a lesson.", style="red")
    return Text("Nothing stands in the way of a lesson.", style="green")
