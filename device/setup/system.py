"""The machine that is set up: its files below a root folder, and its own tools."""

from __future__ import annotations

import grp
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from device.errors import SetupError

TOOL_TIMEOUT_S = 900.0  # a Pi needs minutes for an environment
#: Beside the environment that was installed; in a working tree the folders themselves.
SHARE = Path(sys.prefix) / "share" / "denkpauze"
TREE = Path(__file__).resolve().parents[2]


def shipped(kind: str, name: str) -> str:
    """A file that comes with the program, such as ``systemd/denkpauze-device.service``.

    Raises:
        SetupError: it did not come along.
    """
    for folder in (SHARE, TREE):
        if (file := folder / kind / name).is_file():
            return file.read_text(encoding="utf-8")
    raise SetupError(f"{kind}/{name} is not in {SHARE}: install Denkpauze again with install.sh")


@dataclass(frozen=True, slots=True)
class System:
    """A machine, or the root folder of one that does not run.

    Attributes:
        root: ``/``, or the folder under which everything is done.
    """

    root: Path = field(default=Path("/"))

    @property
    def running(self) -> bool:
        """Whether it is this machine and systemd looks after it."""
        return self.root == Path("/") and Path("/run/systemd/system").is_dir()

    def path(self, name: str) -> Path:
        """Where an absolute path of that machine is."""
        return self.root / name.lstrip("/")

    def holds(self, name: str, text: str) -> bool:
        """Whether the file is there with exactly this text."""
        try:
            return self.path(name).read_text(encoding="utf-8") == text
        except (OSError, UnicodeDecodeError):
            return False

    def put(self, name: str, text: str, mode: int = 0o644, group: str | None = None) -> None:
        """Write a file, whole or not at all.

        Raises:
            SetupError: it cannot be written.
        """
        path = self.path(name)
        part = path.with_name(path.name + ".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(text)
            if group is not None:
                self._give(part, group)
            part.chmod(mode)
            part.replace(path)
        except OSError as error:
            raise SetupError(f"{path} cannot be written: {error.strerror}; run as root") from error

    def remove(self, name: str) -> None:
        """Remove a file or a folder with all that is in it; nothing when it is not there."""
        path = self.path(name)
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise SetupError(f"{path} cannot be removed: {error.strerror}; run as root") from error

    def remove_if_empty(self, name: str) -> None:
        """Remove a folder of ours in which nothing of others has been put."""
        path = self.path(name)
        if path.is_dir() and not any(path.iterdir()):
            self.remove(name)

    def tool(self, *command: str) -> None:
        """Run one of the system's programs.

        Raises:
            SetupError: it is not there or fails.
        """
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=TOOL_TIMEOUT_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SetupError(f"{command[0]} cannot be run: {error}") from None
        if done.returncode:
            said = " ".join(done.stderr.split())[:300]
            raise SetupError(f"{' '.join(command)}: {said or f'status {done.returncode}'}")

    def _give(self, path: Path, group: str) -> None:
        """To a group of that machine, by its own list of groups."""
        number = self.group(group)
        if number is None and self.root == Path("/"):
            number = grp.getgrnam(group).gr_gid
        if number is not None and os.geteuid() == 0:
            os.chown(path, 0, number)

    def group(self, name: str) -> int | None:
        """Number of a group in that machine's ``/etc/group``."""
        return self._number("/etc/group", name)

    def has_user(self, name: str) -> bool:
        """Whether that machine has such a user."""
        return self._number("/etc/passwd", name) is not None

    def _number(self, file: str, name: str) -> int | None:
        try:
            lines = self.path(file).read_text().splitlines()
        except OSError:
            return None
        found = [line.split(":") for line in lines if line.startswith(f"{name}:")]
        return int(found[0][2]) if found else None
