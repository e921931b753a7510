"""A real PostgreSQL of its own in a folder, reached over a socket in that folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

_ACCOUNT = "postgres"


def _binary(name: str) -> str | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return shutil.which(name) or next(
        (str(folder / name) for folder in folders if (folder / name).is_file()), None
    )


def available() -> bool:
    """Whether it is installed, and there is an account for it where we are root."""
    return _binary("initdb") is not None and (
        os.geteuid() != 0 or shutil.which("runuser") is not None
    )


class PostgreSQL:
    """Started by ``start``, gone after ``stop``; the folder's path must be short (sockets).

    Only with ``durable`` does a commit wait for the disk, as in a school: tests need not.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._folder = folder
        self._durable = durable
        self._data = folder / "data"

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{_ACCOUNT}@/postgres?host={self._folder}"

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:  # it refuses to run as root
            shutil.chown(self._folder, _ACCOUNT)
        self._run("initdb", "-D", str(self._data), "-U", _ACCOUNT, "-A", "trust", "--no-sync")
        options = f"-c listen_addresses='' -k {self._folder}"
        options += "" if self._durable else " -c fsync=off"
        log = str(self._folder / "log")
        self._run(
            "pg_ctl", "-D", str(self._data), "-w", "-t", "60", "-l", log, "-o", options, "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop")

    def _run(self, name: str, *arguments: str) -> None:
        binary = _binary(name)
        assert binary is not None
        command = [binary, *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", _ACCOUNT, "--", *command]
        subprocess.run(
            command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/"
        )
