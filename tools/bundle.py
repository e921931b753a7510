"""Pack everything that an installation without internet needs into one file.

``make bundle`` makes ``out/denkpauze-<version>-aarch64.tar``: wheels for each Python of the two
supported systems, their system packages, units, docs, ``install.sh``, and the SHA-256 of every
file. Wheels are fetched by the hashes of ``requirements.lock``; what is published as source only is
built here. System packages are fetched by apt, which checks Debian's signature (``tools/debs.py``).
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from tools.debs import RELEASES, DebsError, gather, wanted

ROOT = Path(__file__).resolve().parent.parent
#: the Python of each system
PYTHONS = dict(zip(RELEASES, ("3.11", "3.13"), strict=True))
#: bookworm's C library is 2.36: wheels for that one and older ones run on both
NEWEST_GLIBC = 36
#: published as source only, and pure Python
BUILT_HERE = ("srt",)
TAKEN_ALONG = ("install.sh", "LICENSE", "NOTICE", "README.md", "docs", "systemd", "config")


class BundleError(RuntimeError):
    """The bundle cannot be made; the text says why."""


def entries(lock: str) -> dict[str, str]:
    """Each requirement of a lock with its hashes, by name."""
    found: dict[str, str] = {}
    name = ""
    for line in lock.splitlines():
        if head := re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", line):
            name = head[1].lower()
        if name and line.strip():
            found[name] = found.get(name, "") + line + "\n"
    return found


def platforms(machine: str) -> list[str]:
    """pip's names for that machine with the C library of bookworm, newest first."""
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(NEWEST_GLIBC, 16, -1)]
    return [*tags, f"manylinux2014_{machine}", f"linux_{machine}"]


def pip(*arguments: str) -> None:
    """Run pip; its words are shown only when it fails.

    Raises:
        BundleError: it fails.
    """
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise BundleError(f"pip {arguments[0]} failed:\n{done.stderr}")


def gather_wheels(folder: Path, machine: str, pythons: Sequence[str]) -> None:
    """All wheels: the locked ones, those built here, and our own."""
    locked = entries((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        wheels, sources = Path(scratch, "wheels.txt"), Path(scratch, "sources.txt")
        wheels.write_text("".join(text for name, text in locked.items() if name not in BUILT_HERE))
        sources.write_text("".join(locked[name] for name in BUILT_HERE))
        here = [part for platform in platforms(machine) for part in ("--platform", platform)]
        for python in pythons:
            pip(
                *("download", "--dest", str(folder), "--no-deps", "--require-hashes"),
                *("--only-binary", ":all:", "--implementation", "cp", "--python-version", python),
                *here,
                *("--requirement", str(wheels)),
            )
        pip("wheel", "--no-deps", "--require-hashes", "-w", str(folder), "-r", str(sources))
        copy = Path(scratch, "denkpauze")  # built from a copy: the tree stays as it is
        copy_tree(copy)
        own_wheel(folder, copy)


def copy_tree(target: Path) -> None:
    """The working tree without what is made in it."""
    left_out = shutil.ignore_patterns(".*", "out", "build", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT, target, ignore=left_out)


def own_wheel(folder: Path, tree: Path) -> None:
    """Our own package, from that tree."""
    pip("wheel", "--no-deps", "-w", str(folder), str(tree))


def sums(folder: Path) -> str:
    """As ``sha256sum`` writes them, in the order of the names."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n"
        for path in files
    )


def pack(folder: Path, target: Path) -> None:
    """One tar file of the folder, the same bytes for the same files."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = member.mtime = 0
        member.uname = member.gname = "root"
        return member

    part = target.with_name(target.name + ".part")
    with tarfile.open(part, "w") as archive:
        for path in sorted(folder.rglob("*")):
            name = f"{folder.name}/{path.relative_to(folder)}"
            archive.add(path, name, recursive=False, filter=plain)
    part.replace(target)


def finish(folder: Path, target: Path) -> None:
    """The sums of all that lies in a folder, and the one file."""
    (folder / "SHA256SUMS").unlink(missing_ok=True)
    (folder / "SHA256SUMS").write_text(sums(folder))
    pack(folder, target)


def version() -> str:
    """Of the working tree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def name(machine: str) -> str:
    """What a bundle of the working tree is called, without its ending."""
    return f"denkpauze-{version()}-{machine}"


def bundle(target_folder: Path, machine: str, releases: Sequence[str], models: list[Path]) -> Path:
    """Make the bundle for some releases and return where it is."""
    target_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, name(machine))
        (folder / "wheels").mkdir(parents=True)
        gather_wheels(folder / "wheels", machine, [PYTHONS[release] for release in releases])
        packages = wanted((ROOT / "install.sh").read_text(encoding="utf-8"))
        for release in releases:
            gather(folder / "debs" / release, release, machine, packages)
        for item in TAKEN_ALONG:
            source = ROOT / item
            if source.is_dir():
                shutil.copytree(source, folder / item)
            else:
                shutil.copy2(source, folder / item)
        for model in models:
            shutil.copytree(model, folder / "models" / model.name)
        (folder / "VERSION").write_text(f"{version()}\n")
        target = target_folder / f"{name(machine)}.tar"
        finish(folder, target)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--machine", default="aarch64", choices=["aarch64", "x86_64"])
    parser.add_argument("--release", action="append", choices=RELEASES, help="default: both")
    parser.add_argument("--model", action="append", type=Path, default=[], metavar="FOLDER")
    parser.add_argument("--out", type=Path, default=ROOT / "out")
    options = parser.parse_args()
    try:
        made = bundle(options.out, options.machine, options.release or RELEASES, options.model)
    except (BundleError, DebsError) as error:
        sys.exit(f"bundle: {error}")
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    print(f"{made} ({made.stat().st_size / 1e6:.0f} MB)\nSHA-256 {digest}")


if __name__ == "__main__":
    main()
