"""The steps of the setup. Each knows what is missing, makes it, and takes it away again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from device.broker.folder import BrokerFolder, Wanted
from device.setup.system import System, shipped

UNITS = ("denkpauze-device", "denkpauze-ingest", "denkpauze-dashboard")
USERS = ("denkpauze", "denkpauze-dashboard")
SETTINGS = "/etc/denkpauze/denkpauze.toml"
DASHBOARD_ENVIRONMENT = "/etc/denkpauze/dashboard.env"
BROKER = "/etc/denkpauze/broker"
DROP_IN = "/etc/mosquitto/conf.d/denkpauze.conf"
AVAHI = "/etc/avahi/avahi-daemon.conf"
HOST = "denkpauze"
PORT = 8883


def _nothing() -> None:
    return


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        title: for people.
        missing: what would be done, in a few words each; empty when all is there.
        make: does it; may be run again.
        undo: takes away what ``make`` put there, and never the teacher's data.
    """

    title: str
    missing: Callable[[], list[str]]
    make: Callable[[], None]
    undo: Callable[[], None] = _nothing


def files_step(
    system: System,
    title: str,
    files: dict[str, str],
    apply: Callable[[], None] = _nothing,
    unapply: Callable[[], None] = _nothing,
) -> Step:
    """A step that puts files in their places and lets the system know."""

    def missing() -> list[str]:
        return [f"write {name}" for name, text in files.items() if not system.holds(name, text)]

    def make() -> None:
        for name, text in files.items():
            system.put(name, text)
        apply()

    def undo() -> None:
        unapply()
        for name in files:
            system.remove(name)

    return Step(title, missing, make, undo)


def users(system: System) -> Step:
    """System users and groups; they stay, as owners of the teacher's data."""
    folder = "/etc/sysusers.d"
    files = {f"{folder}/denkpauze.conf": shipped("systemd", "denkpauze.sysusers")}
    command = ("systemd-sysusers", f"--root={system.root}", "denkpauze.conf")
    step = files_step(system, "Users and groups", files, lambda: system.tool(*command))

    def undo() -> None:
        step.undo()
        system.remove_if_empty(folder)  # no package brings it

    return replace(step, undo=undo)


def remove_users(system: System) -> None:
    """The users themselves, once nothing is theirs any more."""
    for name in USERS:
        if system.has_user(name):
            system.tool("userdel", f"--prefix={system.root}", name)
        if system.group(name) is not None:  # userdel takes it along only where so configured
            system.tool("groupdel", f"--prefix={system.root}", name)


def folders(system: System) -> Step:
    name = "/etc/tmpfiles.d/denkpauze.conf"
    files = {name: shipped("systemd", "denkpauze.tmpfiles")}
    command = ("systemd-tmpfiles", "--create", f"--root={system.root}", "denkpauze.conf")
    return files_step(system, "Folders", files, lambda: system.tool(*command))


def microphone(system: System) -> Step:
    name = "/etc/udev/rules.d/70-denkpauze.rules"
    files = {name: shipped("config/udev", "70-denkpauze.rules")}

    def reload() -> None:
        if system.running:
            system.tool("udevadm", "control", "--reload")

    return files_step(system, "Microphone stays awake and has a name", files, reload, reload)


def settings(system: System, device: str, language: str) -> Step:
    """Settings for device and dashboard; what a person changed there is left alone."""
    device_text = (
        "# docs/settings.md says what else can be set here.\nversion = 1\n\n"
        f'[device]\nid = "{device}"\ndata_folder = "/var/lib/denkpauze"\n'
        f'language = "{language}"\n\n'
        f'[mqtt]\nenabled = true\nhost = "localhost"\nport = {PORT}\nusername = "{device}"\n'
        'password_file = "/etc/denkpauze/device-password"\n'
        f'tls_ca = "{BROKER}/authority.pem"\n'
    )
    ingest = (
        f"--broker localhost:{PORT} --username dashboard --client-id dashboard "
        f"--password-file /etc/denkpauze/dashboard-password --tls-ca {BROKER}/authority.pem"
    )
    dashboard_text = f"INGEST_OPTIONS={ingest}\nDASHBOARD_OPTIONS=\n"
    files = {
        SETTINGS: (device_text, "denkpauze"),
        DASHBOARD_ENVIRONMENT: (dashboard_text, "denkpauze-dashboard"),
    }

    def missing() -> list[str]:
        return [f"write {name}" for name in files if not system.path(name).exists()]

    def make() -> None:
        for name, (text, group) in files.items():
            if not system.path(name).exists():
                system.put(name, text, 0o640, group)

    def undo() -> None:
        for name in files:
            system.remove(name)

    return Step("Settings", missing, make, undo)


def broker(system: System, device: str, now: Callable[[], datetime]) -> Step:
    """Certificates, an account for this device and one for ingest, and mosquitto's drop-in."""
    passwords = {
        "/etc/denkpauze/device-password": (device, "denkpauze"),
        "/etc/denkpauze/dashboard-password": ("dashboard", "denkpauze-dashboard"),
    }

    def missing() -> list[str]:
        wanted = (DROP_IN, f"{BROKER}/server.pem", *passwords)
        return [f"write {name}" for name in wanted if not system.path(name).exists()]

    def make() -> None:
        folder = system.path(BROKER)
        hosts = (f"{HOST}.local", HOST, "localhost", "127.0.0.1")
        fresh = all(system.path(name).exists() for name in passwords)
        rotate = frozenset() if fresh else frozenset({"passwords"})
        wanted = Wanted(hosts=hosts, port=PORT, devices=(device, "dashboard"), rotate=rotate)
        BrokerFolder(folder, now()).apply(wanted)
        text = (folder / "mosquitto.conf").read_text()
        text = text.replace(str(folder.resolve()), BROKER)
        (folder / "mosquitto.conf").write_text(text)
        system.put(DROP_IN, text)
        for name, (account, group) in passwords.items():
            given = folder / "give" / account / "password"
            if given.exists():  # it is needed in one place only
                system.put(name, given.read_text(), 0o640, group)
                given.unlink()
        if system.running:
            system.tool("systemctl", "restart", "mosquitto.service")

    def undo() -> None:
        for name in (DROP_IN, BROKER, *passwords):
            system.remove(name)
        if system.running:
            system.tool("systemctl", "restart", "mosquitto.service")

    return Step("Broker with certificates and accounts", missing, make, undo)


def name_on_the_network(system: System) -> Step:
    """``denkpauze.local`` by avahi; the machine's own name stays as it is."""
    line = re.compile(r"^#?\s*host-name=.*$", re.M)

    def text() -> str:
        path = system.path(AVAHI)
        return path.read_text() if path.exists() else "[server]\n#host-name=foo\n"

    def missing() -> list[str]:
        there = re.search(rf"^host-name={HOST}$", text(), re.M)
        return [] if there else [f"answer to {HOST}.local ({AVAHI})"]

    def change(to: str) -> None:
        before = text()
        after = line.sub(to, before, count=1)
        if after == before and to not in before:
            after = before.replace("[server]\n", f"[server]\n{to}\n", 1)
        system.put(AVAHI, after)
        if system.running:
            system.tool("systemctl", "try-restart", "avahi-daemon.service")

    def undo() -> None:
        if not missing():
            change("#host-name=foo")

    return Step("Name on the network", missing, lambda: change(f"host-name={HOST}"), undo)


def services(system: System) -> Step:
    names = tuple(f"{name}.service" for name in UNITS)
    files = {f"/etc/systemd/system/{name}": shipped("systemd", name) for name in names}

    def begin() -> None:
        system.tool("systemctl", f"--root={system.root}", "enable", *names)
        if system.running:
            system.tool("systemctl", "daemon-reload")
            system.tool("systemctl", "restart", *names)

    def end() -> None:
        there = [name for name in names if system.path(f"/etc/systemd/system/{name}").exists()]
        if there:
            system.tool("systemctl", f"--root={system.root}", "disable", *there)
        if there and system.running:
            system.tool("systemctl", "stop", *there)

    return files_step(system, "Services", files, begin, end)
