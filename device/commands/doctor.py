"""``denkpauze doctor``: what is there, what is missing, and what to do."""

from __future__ import annotations

import click
from rich.table import Table
from rich.text import Text

from device.checks import CHECKS
from device.commands.context import CommandContext, pass_context
from device.errors import SettingsError
from device.findings import Finding, Verdict
from device.settings import Settings

STYLES = {Verdict.OK: "green", Verdict.ATTENTION: "yellow", Verdict.BLOCKER: "red"}
#: 2 is for a wrong command line
STATUS = {Verdict.OK: 0, Verdict.ATTENTION: 3, Verdict.BLOCKER: 1}
SEVERITY = tuple(STATUS.values())


@click.command("doctor")
@pass_context
def command(context: CommandContext) -> int:
    """Check this machine: what is there, what is missing, and what to do about it.

    Exit status 0: all is well. 3: something asks for attention, and a lesson can be measured all
    the same. 1: something stands in the way of a lesson.
    """
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
    context.console.print(_conclusion(findings))
    return max((STATUS[finding.verdict] for finding in findings), key=SEVERITY.index)


def _table(findings: list[Finding]) -> Table:
    table = Table(title="This device", title_justify="left")
    for heading in ("Part", "", "Found", "What to do"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        verdict = Text(finding.verdict, style=STYLES[finding.verdict])
        table.add_row(finding.subject, verdict, Text(finding.found), Text(finding.advice))
    return table


def _conclusion(findings: list[Finding]) -> Text:
    blockers = sum(finding.verdict is Verdict.BLOCKER for finding in findings)
    if blockers:
        things = "thing stands" if blockers == 1 else "things stand"
        return Text(f"{blockers} {things} in the way of a lesson.", style="red")
    attention = sum(finding.verdict is Verdict.ATTENTION for finding in findings)
    if attention:
        things = "thing asks" if attention == 1 else "things ask"
        said = f"Nothing stands in the way of a lesson; {attention} {things} for attention."
        return Text(said, style="yellow")
    return Text("Nothing stands in the way of a lesson.", style="green")
