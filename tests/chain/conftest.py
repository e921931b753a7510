"""A device, and what stands around it, as processes of their own."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from device_run import DeviceRun


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., None]]:
    """Start programs; all that still run are ended after the module."""
    folder = tmp_path_factory.mktemp("programs")
    started: list[subprocess.Popen[bytes]] = []

    def launch(*command: str) -> None:
        with (folder / f"{len(started)}.log").open("wb") as log:
            started.append(
                subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            )

    yield launch
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def device(tmp_path: Path) -> Iterator[DeviceRun]:
    with DeviceRun(tmp_path / "device") as run:
        yield run
