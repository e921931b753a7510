"""``denkpauze setup`` and the other ways of ``install.sh``, in a system that does not run."""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path

from tools.pi_test.installing import DEVICE, INSTALL_S, PLACE, ROOT
from tools.pi_test.record import Record, must
from tools.pi_test.root import Root

PROGRAM = "/usr/local/bin/denkpauze"
#: What the system's own programs write when they are run, whatever is run; libpulse writes into the
#: home of who asks for sound cards.
BY_THE_SYSTEM = re.compile(
    r"(dev|proc|sys|run|tmp|var/tmp|var/cache|var/lib/(apt|dpkg|systemd|ucf)|var/log)(/|$)"
    r"|.*/__pycache__(/|$)|etc/(ld\.so\.cache|\.pwd\.lock|machine-id)$"
    r"|root/\.config(/pulse(/|$)|$)"
)
#: The environment, which the installer made and not the setup.
OURS = re.compile(r"opt/denkpauze(/|$)")
#: Users stay, as owners of the data.
USERS = re.compile(r"etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$")
DATA = {"var/lib/denkpauze", "var/lib/denkpauze-dashboard"}


def tree(folder: Path) -> dict[str, str]:
    """Everything in a system: its kind and what is in it, by name."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if BY_THE_SYSTEM.match(name):
            continue
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            found[name] = "folder"
    return found


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Names of what came, went or changed."""
    return sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )


def try_setting_up(record: Record, root: Root, fresh: Root) -> None:
    """Look, take away, look again, and install from outside.

    Args:
        root: installed; not to be used afterwards.
        fresh: the same system before anything was installed, with the bundle; the same.
    """

    def unchanged(system: Root, *command: str, status: int) -> str:
        before = tree(system.folder)
        done = system.run(*command)
        must(done.returncode == status, done.stdout + done.stderr)
        changed = differences(before, tree(system.folder))
        must(not changed, f"changed: {changed[:8]}")
        return done.stdout

    def check_installed() -> str:
        said = unchanged(
            root, PROGRAM, "setup", "--check", "--offline", "--device", DEVICE, status=1
        )
        would = re.findall(r"^\d+/\d+ ([^:]+): would", said, re.M)
        must(would == ["Clock set by a time server"], said)  # there is no network to set it by
        return f"{said.count(': there')} steps there"

    def check_fresh() -> str:
        place = f"/{PLACE}"
        prepared = fresh.run(
            *("bash", f"{place}/install.sh", "--bundle", f"{place}/bundle.tar", "--prepare"),
            timeout_s=INSTALL_S,
        )
        must(prepared.returncode == 0, prepared.stdout + prepared.stderr)
        must(not (fresh.folder / "opt/denkpauze/current").is_symlink(), "it was switched to")
        (program,) = (fresh.folder / "opt/denkpauze").glob("*/bin/denkpauze")
        name = f"/{program.relative_to(fresh.folder)}"
        said = unchanged(fresh, name, "setup", "--check", "--device", DEVICE, status=1)
        steps = said.count(": would")
        must(steps >= 6 and "denkpauze-device.service" in said, said)
        return f"{steps} steps to do, {said.count('write ')} files to write"

    def check_uninstall() -> str:
        said = unchanged(root, PROGRAM, "setup", "--uninstall", "--check", status=0)
        return f"{said.count('would remove')} removals listed"

    def uninstall() -> str:
        done = root.run(PROGRAM, "setup", "--uninstall")
        must(done.returncode == 0, done.stdout + done.stderr)
        # what has the packages and the environment only, and was never set up
        prepared = {name: what for name, what in tree(fresh.folder).items() if not OURS.match(name)}
        return _only_data(root, set(differences(prepared, tree(root.folder))))

    def from_outside() -> str:
        command = ["bash", str(ROOT / "install.sh"), "--root", str(root.folder)]
        command += ["--bundle", str(root.folder / PLACE / "bundle.tar")]
        command += ["--", "--offline", "--device", DEVICE]
        done = subprocess.run(
            ["unshare", "--net", *command],  # no network, and no mounts that are made here
            capture_output=True,
            text=True,
            timeout=INSTALL_S,
            check=False,
        )
        must(done.returncode == 0, done.stdout + done.stderr)
        return root.run(PROGRAM, "--version").stdout.strip()

    record.claim("setup --check changes nothing and finds all in place", check_installed)
    record.claim("install.sh --prepare, then setup --check: a list, and no change", check_fresh)
    record.claim("setup --uninstall --check changes nothing", check_uninstall)
    record.claim("of all files setup --uninstall leaves the data only", uninstall)
    record.claim("install.sh --root installs from outside", from_outside)


def _only_data(root: Root, left: set[str]) -> str:
    """What is left, if it is the teacher's data and their owners."""
    rest = {
        name
        for name in left
        if not USERS.match(name) and not any(name.startswith(data) for data in DATA)
    }
    must(not rest, f"left: {sorted(rest)[:12]}")
    there = sorted(data for data in DATA if (root.folder / data).is_dir())
    must(there == sorted(DATA), f"there: {there}")
    return f"left: {', '.join(there)} and the users"
