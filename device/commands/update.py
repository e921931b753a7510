"""``denkpauze update FILE``: a new version from a bundle, or the old one again."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import click

from device.clock import SystemClock
from device.commands.context import CommandContext, pass_context
from device.setup.steps import UNITS
from device.setup.system import System
from device.updates.bundle import unpack
from device.updates.switch import in_use, make_environment, switch

PREFIX = Path("/opt/denkpauze")


class Units:
    """The services as systemd knows them."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._names = [f"{name}.service" for name in UNITS]

    def restart(self) -> None:
        self._system.tool("systemctl", "restart", "--no-block", *self._names)

    def restarts(self) -> int:
        return sum(int(value) for value in self._values("NRestarts"))

    def healthy(self) -> bool:
        return set(self._values("ActiveState")) == {"active"}

    def _values(self, key: str) -> list[str]:
        command = ["systemctl", "show", "--value", "--property", key, *self._names]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        return done.stdout.split()


@click.command("update")
@click.argument("bundle", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@pass_context
def command(context: CommandContext, bundle: Path) -> None:
    """Install a bundle beside the version in use, switch to it, and watch it for a minute.

    When it is not healthy, the version before is switched on again. Lessons are kept.
    """
    system, console = System(), context.console
    with tempfile.TemporaryDirectory(prefix="denkpauze-update-") as scratch:
        version = unpack(bundle, Path(scratch))
        console.print(f"{in_use(PREFIX) or 'nothing'} is in use; installing {version}")

        def build(folder: Path) -> None:
            system.tool("python3", "-m", "venv", "--system-site-packages", str(folder))
            wheels = str(Path(scratch, "wheels"))
            wanted = f"denkpauze[pi,broker,dashboard]=={version}"
            python = str(folder / "bin" / "python")
            pip = (python, "-m", "pip", "--disable-pip-version-check", "--quiet")
            system.tool(*pip, "install", "--no-index", "--find-links", wheels, wanted)
            system.tool(str(folder / "bin" / "denkpauze"), "--version")

        make_environment(PREFIX, version, build)
    with console.status("watching it for a minute"):
        switch(PREFIX, version, Units(system), SystemClock())
    console.print(f"version {version} is in use")
