"""Two environments and a link: the switch to a new version, and the way back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from device.clock import Clock
from device.errors import SetupError

CURRENT = "current"
#: So long it is watched before it is believed.
HEALTH_S = 60.0
LOOK_EVERY_S = 2.0
#: A service may still be loading its model.
GRACE_S = 30.0


class Services(Protocol):
    """The units of this machine."""

    def restart(self) -> None:
        """Start them as the version in use has them.

        Raises:
            SetupError: one of them does not start.
        """
        ...

    def restarts(self) -> int:
        """How often they were started again by themselves, together."""
        ...

    def healthy(self) -> bool:
        """Whether all of them are up and have said that they are ready."""
        ...


def link(prefix: Path, version: str) -> None:
    """Let ``current`` lead to a version, in one step: there is no moment without one.

    Raises:
        SetupError: the link cannot be made.
    """
    fresh = prefix / f"{CURRENT}.new"
    try:
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(prefix / version)
        fresh.replace(prefix / CURRENT)
        descriptor = os.open(prefix, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise SetupError(f"{prefix / CURRENT} cannot be changed: {error.strerror}") from error


def in_use(prefix: Path) -> str | None:
    """The version that ``current`` leads to."""
    try:
        return (prefix / CURRENT).readlink().name
    except OSError:
        return None


def switch(
    prefix: Path, version: str, services: Services, clock: Clock, watch_s: float = HEALTH_S
) -> None:
    """Use a version that is installed; the one before comes back when it is not healthy.

    Args:
        watch_s: so long it must be healthy.

    Raises:
        SetupError: it was not; the version before is in use again.
    """
    before = in_use(prefix)
    link(prefix, version)
    try:
        services.restart()
        problem = _watch(services, clock, watch_s)
    except SetupError as error:
        problem = str(error)
    if not problem:
        _tidy(prefix, keep={version, before})
        return
    if before is None:
        raise SetupError(f"version {version}: {problem}; there is no version before it")
    link(prefix, before)
    try:
        services.restart()
    except SetupError as error:
        problem += f", and going back met {error}"
    raise SetupError(f"version {version}: {problem}; version {before} is in use again")


def _watch(services: Services, clock: Clock, watch_s: float) -> str:
    """What is wrong, after ``watch_s`` at the latest; empty when it was well all the time."""
    began_s = clock.monotonic()
    seen_well = False
    restarts = services.restarts()
    while (passed_s := clock.monotonic() - began_s) < watch_s:
        healthy = services.healthy()
        if services.restarts() > restarts:
            return "a service broke down and was started again"
        if not healthy and (seen_well or passed_s > GRACE_S):
            return "a service is not up" if not seen_well else "a service went down"
        seen_well |= healthy
        clock.sleep(LOOK_EVERY_S)
    return "" if seen_well else "no service was up"


def _tidy(prefix: Path, keep: set[str | None]) -> None:
    """Two versions stay: the one in use and the one before."""
    for folder in prefix.iterdir():
        if folder.is_dir() and not folder.is_symlink() and folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def make_environment(prefix: Path, version: str, build: Callable[[Path], None]) -> None:
    """A fresh environment beside the others.

    Raises:
        SetupError: it cannot be made; nothing of it is left.
    """
    folder = prefix / version
    if in_use(prefix) == version:
        raise SetupError(f"version {version} is in use already")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        build(folder)
    except SetupError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
