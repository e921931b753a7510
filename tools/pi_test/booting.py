"""An installed system started: services, broker, update and the way back, and taken away again."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from tools.pi_test.installing import DEVICE, PLACE
from tools.pi_test.record import ClaimError, Record, must
from tools.pi_test.root import ADDRESS, NEIGHBOUR, Booted, Root

UNITS = ("denkpauze-device", "denkpauze-ingest", "denkpauze-dashboard")
PROGRAM = "/usr/local/bin/denkpauze"
CURRENT = "/opt/denkpauze/current"
WATCH_S = 20
BOUND_S = 90.0
#: Asks the box's own broker over TLS, with the dashboard's account, what the device says of itself.
STATUS = """
import paho.mqtt.subscribe as subscribe
password = open("/etc/denkpauze/dashboard-password").read().strip()
message = subscribe.simple(
    "denkpauze/v1/{device}/status", hostname="denkpauze.local", port=8883,
    auth={{"username": "dashboard", "password": password}},
    tls={{"ca_certs": "/etc/denkpauze/broker/authority.pem"}},
)
print(message.payload.decode())
"""

#: A question by multicast DNS from the machine at the other end of the cable; prints the address.
ASK_FOR_NAME = f"""
import socket
question = b"\\0\\1" + b"\\0\\0" + b"\\0\\1" + bytes(6)
question += b"\\x09denkpauze\\x05local\\0" + b"\\0\\1" + b"\\0\\1"
asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("{NEIGHBOUR}"))
asking.settimeout(3)
for _ in range(10):
    asking.sendto(question, ("224.0.0.251", 5353))
    try:
        answer, _sender = asking.recvfrom(1500)
    except TimeoutError:
        continue
    print(socket.inet_ntoa(answer[-4:]))  # its one record ends with the address
    break
"""


def try_services(record: Record, root: Root, updates: dict[str, Path]) -> bool:
    """Start the system and try services and updates; whether it came up.

    Args:
        updates: bundles by version; the last of them does not work.
    """
    for version, bundle in updates.items():
        (root.folder / PLACE / f"{version}.tar").write_bytes(bundle.read_bytes())
    with Booted(root) as system:
        if not record.claim("power on: the services are up", lambda: _services(system)):
            return False
        record.claim("nothing else has failed", lambda: _nothing_failed(system))
        record.claim("the device is known to its own broker, over TLS", lambda: _status(system))
        record.claim("the dashboard answers", lambda: _dashboard(system))
        record.claim("another machine finds denkpauze.local", lambda: _name(system))
        record.claim("a killed device comes back", lambda: _killed(system))
        good, broken = updates
        record.claim("update to a version that works", lambda: _update(system, good))
        record.claim(
            "update to one that does not goes back by itself",
            lambda: _roll_back(system, good, broken),
        )
    return True


def try_power_cycles(record: Record, root: Root) -> None:
    """Start it again: with a root that forgets, as it is, and for the last time."""
    with Booted(root, read_only=True) as system:
        record.claim("with a read-only root the services are up", lambda: _services(system))
        system.run("touch", "/etc/denkpauze/forgotten", "/var/lib/denkpauze/kept")
    record.claim("of what was written there only the data are left", lambda: _forgotten(root))
    with Booted(root) as system:
        record.claim("power off and on: the services are up again", lambda: _services(system))
        record.claim("setup --uninstall leaves the data only", lambda: _uninstall(system, root))


def _show(system: Booted, unit: str, key: str) -> str:
    return system.run("systemctl", "show", "--value", "--property", key, unit).stdout.strip()


def _wait(good: Callable[[], bool], what: str) -> None:
    until_s = time.monotonic() + BOUND_S
    while not good():
        if time.monotonic() > until_s:
            raise ClaimError(f"not within {BOUND_S:.0f} s: {what}")
        time.sleep(0.2)


def _active(system: Booted) -> bool:
    return {_show(system, unit, "ActiveState") for unit in UNITS} == {"active"}


def _services(system: Booted) -> str:
    try:
        _wait(lambda: _active(system), "all services up")
    except ClaimError as error:
        raise ClaimError(f"{error}. {_journal(system)}") from None
    after = {
        unit: int(_show(system, unit, "ActiveEnterTimestampMonotonic"))
        - int(_show(system, "init.scope", "ActiveEnterTimestampMonotonic"))
        for unit in UNITS
    }
    return ", ".join(f"{unit} after {micros / 1e6:.1f} s" for unit, micros in after.items())


def _journal(system: Booted, unit: str = "denkpauze-*") -> str:
    return system.run("journalctl", "-u", unit, "--no-pager", "-o", "cat", "-n", "12").stdout


def _nothing_failed(system: Booted) -> str:
    failed = system.run("systemctl", "--failed", "--plain", "--no-legend").stdout
    must(not failed.strip(), failed)
    return ""


def _status(system: Booted) -> str:
    script = STATUS.format(device=DEVICE)
    hosts = "grep -q denkpauze.local /etc/hosts || echo 127.0.0.1 denkpauze.local >>/etc/hosts"
    system.run("bash", "-c", hosts)  # nothing in so small a system asks avahi for names
    done = system.run(f"{CURRENT}/bin/python", "-c", script, timeout_s=60)
    must('"sleeping"' in done.stdout, done.stdout + done.stderr)  # connected, no lesson
    return done.stdout.strip()


def _dashboard(system: Booted) -> str:
    script = (
        "import urllib.request as r; "
        "print(r.urlopen('http://127.0.0.1:8080/health', timeout=20).status)"
    )
    done = system.run("python3", "-c", script)
    must(done.stdout.strip() == "204", done.stdout + done.stderr)
    said = _journal(system, "denkpauze-dashboard")
    must("http" in said, said)  # the address for the first administrator
    return "204"


def _name(system: Booted) -> str:
    ask = 'nsenter --net=/run/neighbour -- python3 -c "$1"'
    done = system.run("bash", "-c", ask, "bash", ASK_FOR_NAME)
    must(done.stdout.strip() == ADDRESS, done.stdout + done.stderr)
    return f"denkpauze.local is {ADDRESS}"


def _killed(system: Booted) -> str:
    before = _show(system, UNITS[0], "MainPID")
    system.run("bash", "-c", f"kill -9 {before}")
    _wait(
        lambda: _active(system) and _show(system, UNITS[0], "MainPID") not in (before, "0"),
        "the device is back",
    )
    return f"restarts: {_show(system, UNITS[0], 'NRestarts')}"


def _in_use(system: Booted) -> str:
    return system.run("readlink", CURRENT).stdout.strip().rsplit("/", 1)[-1]


def _apply(system: Booted, version: str) -> tuple[int, str]:
    bundle = f"/{PLACE}/{version}.tar"
    done = system.run(PROGRAM, "update", bundle, "--watch", str(WATCH_S))
    return done.returncode, done.stdout + done.stderr


def _update(system: Booted, version: str) -> str:
    status, said = _apply(system, version)
    must(status == 0, said)
    running = system.run(PROGRAM, "--version").stdout.strip()
    must((_in_use(system), running) == (version, f"denkpauze {version}"), said)
    must(_active(system), _journal(system))
    return running


def _roll_back(system: Booted, before: str, version: str) -> str:
    status, said = _apply(system, version)
    must(status == 1 and f"version {before} is in use again" in " ".join(said.split()), said)
    must(_in_use(system) == before, f"{_in_use(system)} is in use")
    _wait(lambda: _active(system), "all services up again")
    return " ".join(said.split())[-200:]


def _forgotten(root: Root) -> str:
    must((root.folder / "var/lib/denkpauze/kept").exists(), "the data are gone")
    must(not (root.folder / "etc/denkpauze/forgotten").exists(), "more was kept than data")
    return ""


def _uninstall(system: Booted, root: Root) -> str:
    done = system.run(PROGRAM, "setup", "--uninstall")
    must(done.returncode == 0, done.stdout + done.stderr)
    must(_show(system, "mosquitto", "ActiveState") == "active", "the broker is down")
    find = (
        "find / -xdev -path /var/tmp -prune -o -name '*denkpauze*' -print; grep -rl denkpauze /etc"
    )
    left = set(system.run("bash", "-c", find).stdout.split())
    users = {name for name in left if re.fullmatch(r"/etc/(passwd|group|shadow|gshadow)-?", name)}
    data = {name for name in left if name.startswith("/var/lib/denkpauze")}
    rest = left - users - data - {"/etc/hosts"}
    must(not rest, f"left: {sorted(rest)}")
    must((root.folder / "var/lib/denkpauze-dashboard/dashboard.db").exists(), "the data are gone")
    return f"left: {', '.join(sorted(data))} and the users"
