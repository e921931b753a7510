"""Accounts of the broker: its password file, and a password per device."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

from device.errors import BrokerError

PASSWORD_BYTES = 24
_PROGRAM = "mosquitto_passwd"


def new_password() -> str:
    """192 random bits, without signs that a shell or a settings file would trip over."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


def hashed(passwords: Mapping[str, str]) -> dict[str, str]:
    """The line of the password file for each account, as mosquitto hashes it.

    Raises:
        BrokerError: mosquitto's own tool is missing or fails.
    """
    program = shutil.which(_PROGRAM)
    if program is None:
        raise BrokerError(f"{_PROGRAM} is not installed: sudo apt install mosquitto")
    with tempfile.TemporaryDirectory(prefix="denkpauze-accounts-") as folder:
        # in a file, since other users can read the arguments of a command
        file = Path(folder) / "passwords"
        file.touch(mode=0o600)
        file.write_text("".join(f"{name}:{word}\n" for name, word in passwords.items()))
        done = subprocess.run(
            [program, "-U", str(file)], capture_output=True, text=True, timeout=60, check=False
        )
        lines = accounts(file.read_text())
    if done.returncode or set(lines) != set(passwords) or not _all_hashed(lines.values()):
        raise BrokerError(f"{_PROGRAM} did not hash the passwords: {done.stderr.strip()}")
    return lines


def accounts(text: str) -> dict[str, str]:
    """Account and line of a password file, in its order."""
    return {line.partition(":")[0]: line for line in text.splitlines() if ":" in line}


def _all_hashed(lines: Collection[str]) -> bool:
    return all(line.partition(":")[2].startswith("$") for line in lines)
