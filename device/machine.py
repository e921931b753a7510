"""What the machine has: libraries, programs, disk, a clock that is right. Changes nothing."""

from __future__ import annotations

import ctypes.util
import importlib
import os
import shutil
import socket
import stat
import subprocess
import warnings
from collections.abc import Mapping
from pathlib import Path

#: Made by systemd-timesyncd once a time server was reached.
TIMESYNC_MARK = Path("/run/systemd/timesync/synchronized")
#: Set by the unit of the service.
BOOT_ID_VARIABLE = "DENKPAUZE_BOOT_ID"
#: Lower than everything that has to be in time, by this many steps of niceness.
STEP_BACK = 10
#: Debian puts servers here, outside an ordinary user's PATH.
SYSTEM_PROGRAMS = "/usr/local/sbin:/usr/sbin:/sbin"


def clock_synchronised(mark: Path = TIMESYNC_MARK) -> bool:
    """Whether the wall clock was set by a time server since the machine started.

    A Pi 4 has no clock of its own: until then its date is a guess.
    """
    if mark.exists():
        return True
    program = shutil.which("timedatectl")
    if program is None:
        return False
    try:
        answer = subprocess.run(
            [program, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.strip() == "yes"


def kernel_boot(
    environ: Mapping[str, str] = os.environ,
    file: Path = Path("/proc/sys/kernel/random/boot_id"),
) -> str:
    """Id of this start of the machine; empty where the system has none.

    A service that may not see the file is given the id by its unit (``%b``).
    """
    if given := environ.get(BOOT_ID_VARIABLE):
        return given
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def step_back() -> bool:
    """Let all other threads go before the calling one; False where the system does not allow it."""
    own = os.getpriority(os.PRIO_PROCESS, 0)
    try:
        os.setpriority(os.PRIO_PROCESS, 0, min(19, own + STEP_BACK))
    except OSError:
        return False
    return True


def library_present(name: str) -> bool:
    """Whether the shared library ``lib<name>.so`` is installed."""
    return ctypes.util.find_library(name) is not None


def import_problem(module: str) -> str | None:
    """Why a module cannot be imported, in one line; ``None`` when it can."""
    try:
        importlib.import_module(module)
    except (ImportError, OSError) as error:
        return " ".join(str(error).split())
    return None


def mosquitto_program() -> str | None:
    """Where the mosquitto broker is, ``None`` when it is not installed."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path=SYSTEM_PROGRAMS)


def reachable(host: str, port: int, timeout_s: float = 3.0) -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=timeout_s):
            return True
    except OSError:
        return False


def free_disk_mb(folder: Path) -> int:
    """Free space, in millions of bytes, where ``folder`` is or will be made."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free // 1_000_000


def readable_by_all(path: Path) -> bool:
    """Whether any user of this machine may read the file."""
    return bool(path.stat().st_mode & stat.S_IROTH)


def is_raspberry_pi(model: Path = Path("/proc/device-tree/model")) -> bool:
    """Whether this machine calls itself a Raspberry Pi."""
    try:
        return "Raspberry Pi" in model.read_text(errors="replace")
    except OSError:
        return False


def pin_factory_problem() -> str | None:
    """Why gpiozero cannot reach the pins, in one line; ``None`` when it can."""
    problem = import_problem("gpiozero")
    if problem is not None:
        return problem
    from gpiozero import Device
    from gpiozero.exc import BadPinFactory

    with warnings.catch_warnings(record=True) as tried:
        warnings.simplefilter("always")
        try:
            Device.ensure_pin_factory()
        except (BadPinFactory, OSError, ImportError, RuntimeError) as error:
            # the first that gpiozero tried is the one that a Pi should have
            reason = str(tried[0].message) if tried else str(error)
            return " ".join(reason.removeprefix("Falling back from ").split())
    return None
