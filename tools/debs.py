"""System packages for an installation without internet: a small apt archive for each release.

apt fetches them itself, with an empty list of what is installed, so that everything which a system
could lack is there, and checks them by the lists that Debian signed. Where they come from is taken
from the settings of this machine. The archive of a release is a flat folder with ``Packages`` in
it, as ``apt-get`` reads it from ``deb [trusted=yes] file:FOLDER ./``.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Raspberry Pi OS and Debian 12 and 13, in the order of their age.
RELEASES = ("bookworm", "trixie")
ARCHITECTURES = {"aarch64": "arm64", "x86_64": "amd64"}
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
INDEX = "Packages"


class DebsError(RuntimeError):
    """The packages cannot be fetched; the text says what to do."""


def wanted(script: str) -> list[str]:
    """The packages that ``install.sh`` asks for, from its own line."""
    line = re.search(r'^packages="([^"]+)"$', script, re.M)
    if line is None:
        raise DebsError('install.sh has no line packages="…"')
    return line[1].split()


def sources(targets: str, release: str, architecture: str) -> list[str]:
    """apt's lines for a release, from where this machine has its own Debian.

    Args:
        targets: lines of ``apt-get indextargets``: address, code name, origin, component.
    """
    found: dict[str, None] = {}
    for address, name, origin, component in (line.split() for line in targets.splitlines()):
        part = re.fullmatch(r"[a-z]+(-updates|-security)?", name)
        if origin == "Debian" and component == "main" and part is not None:
            options = f"arch={architecture} signed-by={KEYRING}"
            found[f"deb [{options}] {address} {release}{part[1] or ''} main"] = None
    if not found:
        raise DebsError("apt on this machine knows no archive of Debian: pack on Debian 12 or 13")
    return list(found)


def _apt(config: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["apt-get", *arguments],
            env={**os.environ, "APT_CONFIG": str(config)},
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise DebsError(f"apt-get cannot be run ({error}): pack on Debian 12 or 13") from None
    if done.returncode:
        raise DebsError(f"apt-get {' '.join(arguments)}: {' '.join(done.stderr.split())[-300:]}")
    return done.stdout


def _own_apt(folder: Path, release: str, architecture: str) -> Path:
    """An apt of its own, for another release and processor, on which nothing is installed."""
    for name in ("lists/partial", "archives/partial", "etc/apt.conf.d", "etc/preferences.d"):
        (folder / name).mkdir(parents=True)
    (folder / "status").touch()
    form = "$(REPO_URI) $(CODENAME) $(ORIGIN) $(COMPONENT)"
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", form, "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = sources(targets, release, architecture)
    (folder / "sources.list").write_text("".join(f"{line}\n" for line in lines))
    values = {
        "Dir::State::lists": folder / "lists",
        "Dir::State::status": folder / "status",
        "Dir::Cache": folder,
        "Dir::Cache::archives": folder / "archives",
        "Dir::Etc": folder / "etc",
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "APT::Architecture": architecture,
        "APT::Architectures": architecture,
        "APT::Install-Recommends": "false",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
    }
    config = folder / "apt.conf"
    config.write_text("".join(f'{key} "{value}";\n' for key, value in values.items()))
    return config


def index(folder: Path) -> str:
    """The ``Packages`` of a folder: what each file says of itself, its size and its SHA-256."""
    stanzas = []
    for path in sorted(folder.glob("*.deb")):
        told = subprocess.run(
            ["dpkg-deb", "--field", str(path)], capture_output=True, text=True, check=True
        ).stdout
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        place = f"Filename: ./{path.name}\nSize: {path.stat().st_size}\nSHA256: {digest}\n"
        stanzas.append(f"{told.strip()}\n{place}")
    return "\n".join(stanzas)


def gather(folder: Path, release: str, machine: str, packages: Sequence[str]) -> None:
    """Fill a folder with the packages of a release, all that they need, and the list of them.

    Raises:
        DebsError: they cannot be had.
    """
    if not KEYRING.exists():
        raise DebsError(f"{KEYRING} is missing: apt install debian-archive-keyring")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        config = _own_apt(Path(scratch), release, ARCHITECTURES[machine])
        _apt(config, "update", "-qq")
        _apt(config, "install", "--yes", "-qq", "--download-only", *packages)
        for path in Path(scratch, "archives").glob("*.deb"):
            # apt writes the colon of a version as %3a, which is no name for a file: address
            shutil.copy2(path, folder / path.name.replace("%3a", "."))
    (folder / INDEX).write_text(index(folder))
