"""Folders that hold a whole system: made by debootstrap, run without network, or booted."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.debs import ARCHITECTURES

BINFMT = Path("/proc/sys/fs/binfmt_misc")
#: what Raspberry Pi OS Lite has, and a Debian as small as can be has not
INCLUDED = "python3,systemd-sysv,udev,systemd-timesyncd,iproute2"
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "COLUMNS": "300",
    "QEMU_CPU": "cortex-a72",  # a Pi 4; with qemu's own choice trixie takes ten times as long
}
#: A busy machine is slow to start another.
START_S = 240.0
#: Own mounts, processes and host name, and a network that has nothing but itself.
APART = ("--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child")
#: So that a system without devices of its own has those that every program expects.
MOUNTS = """
mount --rbind {root} {root}
mount -t proc proc {root}/proc
mount -t sysfs sysfs {root}/sys
mount -t tmpfs -o mode=755 tmpfs {root}/dev
for name in null zero full random urandom tty; do
  touch {root}/dev/$name && mount --bind /dev/$name {root}/dev/$name
done
mkdir {root}/dev/pts {root}/dev/shm
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts {root}/dev/pts
ln -s pts/ptmx {root}/dev/ptmx
mount -t tmpfs -o mode=1777 tmpfs {root}/dev/shm
ip link set lo up
"""
#: As the overlay of Raspberry Pi OS: nothing is kept but what lies in the data folders.
READ_ONLY = """
mount -t tmpfs tmpfs {above}
mkdir {above}/upper {above}/work
for name in denkpauze denkpauze-dashboard; do
  mkdir {above}/$name && mount --bind {root}/var/lib/$name {above}/$name
done
mount -t overlay -o lowerdir={root},upperdir={above}/upper,workdir={above}/work overlay {root}
for name in denkpauze denkpauze-dashboard; do
  mount --bind {above}/$name {root}/var/lib/$name
done
"""
#: The system's own on its network cable, and that of the machine at the other end.
ADDRESS, NEIGHBOUR = "192.0.2.7", "192.0.2.8"
BOOT = """
mount -t tmpfs -o mode=755 tmpfs {root}/sys/fs/cgroup
mount -t cgroup2 cgroup2 {root}/sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs {root}/run
hostname raspberrypi
touch {root}/run/neighbour
unshare --net={root}/run/neighbour true
ip link add lan0 type veth peer lan1
ip link set lan1 netns {root}/run/neighbour
nsenter --net={root}/run/neighbour bash -c \
  "ip address add {neighbour}/24 dev lan1 && ip link set lan1 up"
ip address add {address}/24 dev lan0
ip link set lan0 up
cd {root}
mkdir -p mnt/before
pivot_root . mnt/before
umount --lazy /mnt/before
exec env -i PATH="$PATH" container=denkpauze-test /lib/systemd/systemd --show-status=no
"""


class RootError(RuntimeError):
    """A system cannot be made here; the text says what is missing."""


def problem(machine: str) -> str:
    """Why systems for that machine cannot be made here; empty when they can."""
    if os.geteuid() != 0:
        return "only root can make a system and enter it"
    for program in ("debootstrap", "unshare", "nsenter", "ip"):
        if shutil.which(program) is None:
            return f"{program} is not installed: apt install debootstrap util-linux iproute2"
    if machine == os.uname().machine:
        return ""
    return _emulation_problem(machine)


def _emulation_problem(machine: str) -> str:
    if shutil.which(f"qemu-{machine}-static") is None:
        return "qemu is not installed: apt install qemu-user-static binfmt-support"
    if not (BINFMT / "register").exists():
        subprocess.run(["mount", "-t", "binfmt_misc", "none", str(BINFMT)], check=False)
    if not (BINFMT / f"qemu-{machine}").exists():
        subprocess.run(["update-binfmts", "--enable", f"qemu-{machine}"], check=False)
    if not (BINFMT / f"qemu-{machine}").exists():
        return f"the kernel does not hand programs for {machine} to qemu (binfmt_misc)"
    return ""


def base(work: Path, release: str, machine: str) -> Path:
    """A fresh Debian as small as can be; made once and kept.

    Raises:
        RootError: debootstrap fails.
    """
    architecture = ARCHITECTURES[machine]
    folder = work / "base" / f"{release}-{architecture}"
    done = folder.with_name(f"{folder.name}.done")
    if done.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    cache = (work / "cache" / f"{release}-{architecture}").resolve()
    cache.mkdir(parents=True, exist_ok=True)
    log = folder.with_name(f"{folder.name}.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    # its mounts end with it, also when it is stopped
    command = ["unshare", "--mount", "debootstrap"]
    command += [f"--arch={architecture}", "--variant=minbase"]
    command += [f"--include={INCLUDED}", f"--cache-dir={cache}", release, str(folder)]
    with log.open("w") as file:
        made = subprocess.run(
            command, env={**os.environ, **ENVIRONMENT}, stdout=file, stderr=file, check=False
        )
    if made.returncode:
        raise RootError(f"debootstrap failed; see {log}")
    done.touch()
    return folder


@dataclass(frozen=True, slots=True)
class Root:
    """A system that does not run, in a folder."""

    folder: Path

    @classmethod
    def copy(cls, original: Path, folder: Path) -> Self:
        """A system of one's own to spoil."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["cp", "--archive", "--reflink=auto", str(original), str(folder)], check=True
        )
        (folder / "etc" / "hosts").write_text("127.0.0.1 localhost\n")  # as every installed system
        return cls(folder.resolve())

    def run(self, *command: str, timeout_s: float = 1800) -> subprocess.CompletedProcess[str]:
        """Run a program of that system, without network."""
        script = "set -e\n" + MOUNTS.format(root=shlex.quote(str(self.folder)))
        script += f'exec chroot {shlex.quote(str(self.folder))} "$@"'
        return _run(["unshare", *APART, "bash", "-c", script, "bash", *command], timeout_s)


class Booted:
    """That system running: systemd is its first process, and it has a network of its own."""

    def __init__(self, root: Root, *, read_only: bool = False) -> None:
        self._root = root
        self._first = READ_ONLY if read_only else ""

    def __enter__(self) -> Self:
        above = self._root.folder.with_name("above")
        above.mkdir(exist_ok=True)
        places = {"root": shlex.quote(str(self._root.folder)), "above": shlex.quote(str(above))}
        addresses = {"address": ADDRESS, "neighbour": NEIGHBOUR}
        script = "set -e\n" + (self._first + MOUNTS + BOOT).format(**places, **addresses)
        command = ["unshare", "--cgroup", *APART, "bash", "-c", script]
        log = self._root.folder.with_name(f"{self._root.folder.name}.boot.log")
        with log.open("w") as file:
            self._process = subprocess.Popen(command, stdout=file, stderr=file)
        try:
            self._wait_for_first_process()
        except RootError:
            self._pull_the_plug()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pull_the_plug()

    def _pull_the_plug(self) -> None:
        for number in self._children():
            os.kill(number, signal.SIGKILL)
        self._process.wait(30)

    def run(self, *command: str, timeout_s: float = 900) -> subprocess.CompletedProcess[str]:
        """Run a program in the running system."""
        (first,) = self._children()
        return _run(
            ["nsenter", "--all", "--root", "--wd", "--target", str(first), "--", *command],
            timeout_s,
        )

    def _children(self) -> list[int]:
        own = self._process.pid
        try:
            text = Path(f"/proc/{own}/task/{own}/children").read_text()
        except OSError:
            return []
        return [int(number) for number in text.split()]

    def _wait_for_first_process(self) -> None:
        until_s = time.monotonic() + START_S
        while time.monotonic() < until_s:
            if self._children() and self.run("systemctl", "is-system-running").stdout.strip() in (
                "running",
                "degraded",
            ):
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.2)
        raise RootError("systemd does not start in a system of its own here")


def _run(command: Sequence[str], timeout_s: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
