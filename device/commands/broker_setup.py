"""``denkpauze broker-setup``: certificates, accounts and rules for a broker that many share."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import click
from pydantic import TypeAdapter, ValidationError

from device.broker.access import HOME_ASSISTANT
from device.broker.folder import BrokerFolder, Wanted
from device.clock import SystemClock
from device.commands.context import CommandContext, pass_context
from device.errors import BrokerError
from lesson.wire import DeviceId

FOLDER = Path("/etc/denkpauze/broker")
DROP_INS = Path("/etc/mosquitto/conf.d")
ROTATED = ("passwords", "certificate", "authority")


@click.command("broker-setup")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=FOLDER,
    show_default=True,
    help="Where certificates and accounts are kept.",
)
@click.option(
    "--host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="Name or address of this machine; may be given again. Else its own names.",
)
@click.option("--port", type=click.IntRange(1, 65535), default=8883, show_default=True)
@click.option("--device", "devices", multiple=True, metavar="ID", help="Gets an account.")
@click.option("--remove", "removed", multiple=True, metavar="ID", help="Loses its account.")
@click.option(
    "--workers",
    type=click.IntRange(1, 16),
    default=1,
    show_default=True,
    help="Ingest processes that share the work; each has an account.",
)
@click.option(
    "--rotate",
    multiple=True,
    type=click.Choice(ROTATED),
    help="Make this anew: passwords of the devices named, or of all; the certificate; or both "
    "the certificate and the authority.",
)
@click.option(
    "--drop-ins",
    type=click.Path(path_type=Path, file_okay=False),
    default=DROP_INS,
    show_default=True,
    help="Folder of mosquitto's settings, where denkpauze.conf is put.",
)
@pass_context
def command(
    context: CommandContext,
    folder: Path,
    hosts: tuple[str, ...],
    port: int,
    devices: tuple[str, ...],
    removed: tuple[str, ...],
    workers: int,
    rotate: tuple[str, ...],
    drop_ins: Path,
) -> None:
    """Make this machine's broker safe to share: TLS, an account per device, rights per account.

    May be run again: what is there stays, what is missing or nearly out of date is made.
    """
    wanted = Wanted(
        hosts=hosts or own_names(),
        port=port,
        dashboards=workers,
        devices=tuple(_device(name, "--device") for name in devices),
        removed=tuple(_device(name, "--remove") for name in removed),
        rotate=frozenset(rotate),
    )
    if not drop_ins.is_dir():
        raise BrokerError(f"{drop_ins} is not there: sudo apt install mosquitto, or --drop-ins")
    given = BrokerFolder(folder, SystemClock().now()).apply(wanted)
    _put(folder / "mosquitto.conf", drop_ins / "denkpauze.conf")
    for line in _report(folder, given, drop_ins):
        context.console.print(line, markup=False, highlight=False, soft_wrap=True)


def own_names() -> tuple[str, ...]:
    """The names under which others on the network, and this machine itself, reach the broker."""
    name = socket.gethostname().split(".")[0].lower()
    return tuple(dict.fromkeys((f"{name}.local", name, "localhost", "127.0.0.1")))


def _device(name: str, option: str) -> str:
    if name.startswith("dashboard"):
        raise BrokerError(f"{option} {name}: names that begin with dashboard are the dashboard's")
    try:
        return TypeAdapter(DeviceId).validate_python(name)
    except ValidationError:
        raise BrokerError(
            f"{option} {name}: a device id is small letters, digits and hyphens, at most 32"
        ) from None


def _put(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise BrokerError(f"{target} cannot be written: {error.strerror}; run as root") from error


def _report(folder: Path, given: list[str], drop_ins: Path) -> list[str]:
    lines = [
        f"Carry {folder / 'give' / name} to {_destination(name)}, and delete it here."
        for name in given
    ]
    lines.append(f"The broker's settings: {drop_ins / 'denkpauze.conf'}.")
    lines.append("Let the broker read them: sudo systemctl restart mosquitto")
    return lines


def _destination(account: str) -> str:
    if account.startswith("dashboard"):
        return "where ingest runs (--username, --password-file, --tls-ca)"
    if account == HOME_ASSISTANT:
        return "Home Assistant: the MQTT integration asks for name, password and certificate"
    return f"/etc/denkpauze/broker on {account}, its mqtt.toml into the settings"
