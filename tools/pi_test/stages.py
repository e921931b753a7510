"""The stages of the proof for one system, each of which can be repeated alone.

Before a stage that changes the system, the system is kept as it is, so that a stage that fails can
be tried again without the hour before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.pi_test.booting import try_power_cycles, try_services
from tools.pi_test.installing import prepare, try_installing, try_using
from tools.pi_test.record import Record
from tools.pi_test.root import Root, RootError, base
from tools.pi_test.setting_up import try_setting_up

#: In their order; those after *use* need a system that is not emulated.
STAGES = ("install", "use", "setup", "services", "power")


@dataclass(frozen=True, slots=True)
class Proof:
    """What is to be proven of which system.

    Attributes:
        work: where systems are made and kept.
        expected: the events of the lesson on this machine.
        updates: makes the bundles to update to; not called for an emulated system.
    """

    work: Path
    release: str
    machine: str
    bundle: Path
    expected: list[str]
    updates: Callable[[], dict[str, Path]]

    def run(self, record: Record, first: str, last: str, *, native: bool) -> None:
        """Try everything from one stage to another.

        Raises:
            RootError: what the first one begins with was not kept.
        """
        stages = STAGES[STAGES.index(first) : STAGES.index(last) + 1]
        root = self._begin(first)
        if "install" in stages:
            prepare(root, self.bundle)
            if not try_installing(record, root):
                return
            self._keep(root, "installed")
        if "use" in stages:
            try_using(record, root, self.expected)
        if native and "setup" in stages:
            fresh = Root.copy(self._base(), self._running().with_name("fresh"))
            prepare(fresh, self.bundle)
            try_setting_up(record, root, fresh)
        if native and "services" in stages:
            root = self._again("installed")
            if not try_services(record, root, self.updates()):
                return
            self._keep(root, "updated")
        if native and "power" in stages:
            try_power_cycles(record, root)

    def _begin(self, first: str) -> Root:
        if first == "install":
            return Root.copy(self._base(), self._running())
        return self._again("updated" if first == "power" else "installed")

    def _base(self) -> Path:
        return base(self.work, self.release, self.machine)

    def _running(self) -> Path:
        return self.work / "run" / f"{self.release}-{self.machine}"

    def _kept(self, state: str) -> Path:
        return self.work / "kept" / f"{self.release}-{self.machine}-{state}"

    def _again(self, state: str) -> Root:
        """The system as it was kept, if it was installed from this bundle."""
        kept = self._kept(state)
        stamp = kept.with_name(f"{kept.name}.sha256")
        if not stamp.exists() or stamp.read_text() != self._digest():
            raise RootError(f"{kept} was not installed from this bundle: begin with --from install")
        return Root.copy(kept, self._running())

    def _keep(self, root: Root, state: str) -> None:
        kept = self._kept(state)
        stamp = kept.with_name(f"{kept.name}.sha256")
        stamp.unlink(missing_ok=True)
        Root.copy(root.folder, kept)
        stamp.write_text(self._digest())

    def _digest(self) -> str:
        return hashlib.sha256(self.bundle.read_bytes()).hexdigest()
