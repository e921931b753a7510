"""The folder in which a broker's certificates, accounts and rules are kept.

=====================  ===========================================================  ============
``authority.key``      signs certificates; whoever has it can pose as the broker    owner only
``authority.pem``      what every device checks the broker with                     everybody
``server.key, .pem``   the broker's own certificate                                 the broker
``passwords``          hashed, one line per account                                 the broker
``access.acl``         who may do what                                              everybody
``mosquitto.conf``     the drop-in                                                  everybody
``give/<account>/``    what a device or the dashboard needs, to be carried there    owner only
=====================  ===========================================================  ============
"""

from __future__ import annotations

import grp
import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from device.broker.access import (
    HOME_ASSISTANT,
    access_rules,
    dashboard_account,
    drop_in,
    mqtt_settings,
)
from device.broker.accounts import accounts, hashed, new_password
from device.broker.certificates import Certificate, new_authority, new_server
from device.errors import BrokerError

#: The certificate is renewed by any run within this time of its end.
RENEW_BEFORE = timedelta(days=90)
OWNER_ONLY = 0o600
BROKER_TOO = 0o640
EVERYBODY = 0o644


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the folder must hold afterwards.

    Attributes:
        hosts: names and addresses of the broker; the first one goes into the devices' settings.
        devices: ids that get an account, beside those that have one.
        removed: ids that lose theirs.
        rotate: what is made anew: any of ``passwords``, ``certificate``, ``authority``.
    """

    hosts: tuple[str, ...]
    port: int = 8883
    dashboards: int = 1
    devices: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    rotate: frozenset[str] = frozenset()


class BrokerFolder:
    """Brings the folder up to date; what is there and still good stays as it is.

    Args:
        now: for the certificates' dates.
    """

    def __init__(self, folder: Path, now: datetime) -> None:
        self.folder = folder
        self._now = now

    def apply(self, wanted: Wanted) -> list[str]:
        """Make and renew what is needed; the accounts that have something new to carry away.

        Raises:
            BrokerError: the folder cannot be written, or its files do not fit together.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            authority, renewed = self._authority("authority" in wanted.rotate)
            self._server(authority, wanted, renew=renewed or "certificate" in wanted.rotate)
            fresh, all_accounts = self._accounts(wanted)
            self._write("access.acl", access_rules(wanted.dashboards).encode(), EVERYBODY)
            text = drop_in(self.folder.resolve(), wanted.port)
            self._write("mosquitto.conf", text.encode(), EVERYBODY)
            given = all_accounts if renewed else list(fresh)
            for account in given:
                self._give(account, fresh.get(account), wanted)
        except OSError as error:
            if isinstance(error, BrokerError):
                raise
            raise BrokerError(
                f"{error.filename or self.folder} cannot be used: {error.strerror}; "
                "run this as root, or choose another --folder"
            ) from error
        return given

    def _authority(self, renew: bool) -> tuple[Certificate, bool]:
        if renew or not (self.folder / "authority.pem").exists():
            authority = new_authority(self._now)
            self._write("authority.key", authority.key, OWNER_ONLY)
            self._write("authority.pem", authority.certificate, EVERYBODY)
            return authority, True
        return self._pair("authority"), False

    def _server(self, authority: Certificate, wanted: Wanted, *, renew: bool) -> None:
        hosts = wanted.hosts
        if not renew and (self.folder / "server.pem").exists():
            server = self._pair("server")
            current = server.valid_until - self._now > RENEW_BEFORE
            if current and set(server.hosts) == set(hosts):
                return
        server = new_server(authority, hosts, self._now)
        self._write("server.key", server.key, BROKER_TOO)
        self._write("server.pem", server.certificate, EVERYBODY)

    def _pair(self, name: str) -> Certificate:
        try:
            return Certificate(
                (self.folder / f"{name}.pem").read_bytes(),
                (self.folder / f"{name}.key").read_bytes(),
            )
        except FileNotFoundError as error:
            raise BrokerError(
                f"{error.filename} is missing; put it back, or make both anew with "
                f"--rotate {'authority' if name == 'authority' else 'certificate'}"
            ) from None

    def _accounts(self, wanted: Wanted) -> tuple[dict[str, str], list[str]]:
        """New passwords by account, and all accounts there are."""
        file = self.folder / "passwords"
        lines = accounts(file.read_text()) if file.exists() else {}
        for device in wanted.removed:
            if lines.pop(device, None) is None:
                raise BrokerError(f"--remove {device}: there is no such account in {file}")
            shutil.rmtree(self.folder / "give" / device, ignore_errors=True)
        named = [dashboard_account(number) for number in range(1, wanted.dashboards + 1)]
        named += wanted.devices
        if "passwords" in wanted.rotate:
            rotated = list(wanted.devices or lines)
            lines = {name: line for name, line in lines.items() if name not in rotated}
            named += rotated
        fresh = {name: new_password() for name in named if name not in lines}
        if fresh:
            lines |= hashed(fresh)
        text = "".join(f"{line}\n" for line in lines.values())
        self._write("passwords", text.encode(), BROKER_TOO)
        return fresh, list(lines)

    def _give(self, account: str, password: str | None, wanted: Wanted) -> None:
        folder = self.folder / "give" / account
        folder.mkdir(parents=True, exist_ok=True)
        for private in (folder.parent, folder):
            private.chmod(0o700)
        shutil.copyfile(self.folder / "authority.pem", folder / "authority.pem")
        if password is not None:
            _write(folder / "password", f"{password}\n".encode(), OWNER_ONLY)
        if account != HOME_ASSISTANT and not account.startswith("dashboard"):
            settings = mqtt_settings(wanted.hosts[0], wanted.port, account)
            (folder / "mqtt.toml").write_text(settings)

    def _write(self, name: str, content: bytes, mode: int) -> None:
        _write(self.folder / name, content, mode)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, never readable by more than ``mode`` says."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if mode == BROKER_TOO and os.geteuid() == 0 and (group := _broker_group()) is not None:
        os.chown(part, 0, group)
    part.chmod(mode)
    part.replace(path)


def _broker_group() -> int | None:
    try:
        return grp.getgrnam("mosquitto").gr_gid
    except KeyError:
        return None
