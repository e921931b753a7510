"""What the machine has: libraries, programs, disk, a clock that is right. Changes nothing."""

from __future__ import annotations

import contextlib
import ctypes.util
import getpass
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
#: Among threads in real time; the kernel's own that serve the card and the pins are at 50.
REAL_TIME_PRIORITY = 10
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


def go_first() -> bool:
    """Let the calling thread go before all others; False where the system does not allow it.

    For threads that sleep nearly always: one that works on would keep the machine to itself.
    """
    policy = os.SCHED_RR | os.SCHED_RESET_ON_FORK
    try:
        os.sched_setscheduler(0, policy, os.sched_param(REAL_TIME_PRIORITY))
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
    return shutil.disk_usage(_nearest(folder)).free // 1_000_000


def write_problem(folder: Path) -> str | None:
    """Why this user cannot write where ``folder`` is or will be made; nothing is written."""
    nearest = _nearest(folder)
    if not nearest.is_dir():
        return f"{nearest} is a file"
    if os.access(nearest, os.W_OK | os.X_OK):
        return None
    if os.statvfs(nearest).f_flag & os.ST_RDONLY:
        return f"the disk of {nearest} is read-only"
    return f"{getpass.getuser()} may not write in {nearest}"


def networks(folder: Path = Path("/sys/class/net")) -> list[str]:
    """Names of the network interfaces that are connected, the machine's own loop left out."""
    found = []
    for interface in sorted(folder.glob("*")):
        try:
            connected = (interface / "carrier").read_text(encoding="ascii").strip() == "1"
        except OSError:  # switched off
            connected = False
        if connected and interface.name != "lo":
            found.append(interface.name)
    return found


def _nearest(folder: Path) -> Path:
    """The folder itself, or the first above it that is there and may be looked at."""
    folder = folder.absolute()
    for each in (folder, *folder.parents):
        with contextlib.suppress(OSError):
            if each.exists():
                return each
    return Path("/")


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
