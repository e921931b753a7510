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
from device.updates.switch import CURRENT, HEALTH_S, in_use, make_environment, switch

PREFIX = Path("/opt/denkpauze")
#: not /tmp, which may be a part of the memory; what is unpacked gets a folder of its own in it
SCRATCH = "/var/tmp"  # nosec B108 # see above


class Units:
    """The services as systemd knows them."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._names = [f"{name}.service" for name in UNITS]

    def restart(self) -> None:
        # the units, users and folders of the version that is in use now
        self._system.tool(str(PREFIX / CURRENT / "bin" / "denkpauze"), "setup", "--offline")
        self._system.tool("systemctl", "restart", *self._names)

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
@click.option(
    "--watch",
    "watch_s",
    type=click.FloatRange(min=5),
    default=HEALTH_S,
    show_default=True,
    help="Seconds for which it must be healthy.",
)
@pass_context
def command(context: CommandContext, bundle: Path, watch_s: float) -> None:
    """Install a bundle beside the version in use, switch to it, and watch it for a minute.

    When it is not healthy, the version before is switched on again. Lessons are kept.
    """
    system, console = System(), context.console
    with tempfile.TemporaryDirectory(prefix="denkpauze-update-", dir=SCRATCH) as scratch:
        version = unpack(bundle, Path(scratch))
        console.print(f"{in_use(PREFIX) or 'nothing'} is in use; installing {version}")

        def build(_folder: Path) -> None:
            # its own script knows which system packages it needs
            system.tool("bash", str(Path(scratch, "install.sh")), "--prepare")

        make_environment(PREFIX, version, build)
    with console.status(f"watching it for {watch_s:.0f} s"):
        switch(PREFIX, version, Units(system), SystemClock(), watch_s)
    console.print(f"version {version} is in use")
