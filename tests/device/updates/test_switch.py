"""Two versions and a link: what is in use after a good update, a bad one, and a power cut."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from device.clock import SimulatedClock
from device.errors import SetupError
from device.updates.switch import HEALTH_S, in_use, link, make_environment, switch

pytestmark = pytest.mark.unit


class Machine:
    """Services that do as the version in use does."""

    def __init__(self, prefix: Path, clock: SimulatedClock) -> None:
        self.prefix = prefix
        self.clock = clock
        self.began_s = clock.monotonic()
        self.well: Callable[[float], bool] = lambda _passed_s: True
        self.broken_at_s = float("inf")
        self.started: list[str | None] = []

    def restart(self) -> None:
        self.began_s = self.clock.monotonic()
        self.started.append(in_use(self.prefix))

    @property
    def passed_s(self) -> float:
        return self.clock.monotonic() - self.began_s

    def restarts(self) -> int:
        return int(self.passed_s >= self.broken_at_s)

    def healthy(self) -> bool:
        return self.well(self.passed_s)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    for version in ("0.0.9", "0.1.0", "0.2.0"):
        (tmp_path / version).mkdir()
    link(tmp_path, "0.1.0")
    return Machine(tmp_path, SimulatedClock(sleep_advances=True))


def test_a_version_that_is_well_for_a_minute_stays_and_the_oldest_goes(machine: Machine) -> None:
    machine.well = lambda passed_s: passed_s > 8.0  # the model takes a while
    switch(machine.prefix, "0.2.0", machine, machine.clock)
    left = sorted(path.name for path in machine.prefix.iterdir())
    assert ("0.2.0", ["0.1.0", "0.2.0", "current"]) == (in_use(machine.prefix), left)
    assert machine.passed_s >= HEALTH_S


@pytest.mark.parametrize(
    ("well", "broken_at_s", "why"),
    [
        (lambda _passed_s: False, float("inf"), "a service is not up"),
        (lambda passed_s: passed_s < 40.0, float("inf"), "a service went down"),
        (lambda _passed_s: True, 55.0, "a service broke down"),
    ],
    ids=["never up", "up, then down", "started again by itself"],
)
def test_a_version_that_is_not_well_goes_back_by_itself(
    machine: Machine, well: Callable[[float], bool], broken_at_s: float, why: str
) -> None:
    machine.well, machine.broken_at_s = well, broken_at_s
    with pytest.raises(SetupError, match=f"{why}.*0.1.0 is in use again"):
        switch(machine.prefix, "0.2.0", machine, machine.clock)
    assert ("0.1.0", ["0.2.0", "0.1.0"]) == (in_use(machine.prefix), machine.started)
    assert (machine.prefix / "0.2.0").is_dir()


def test_a_link_half_made_by_a_power_cut_is_in_nobodys_way(machine: Machine) -> None:
    (machine.prefix / "current.new").symlink_to(machine.prefix / "nowhere")
    assert "0.1.0" == in_use(machine.prefix)
    link(machine.prefix, "0.2.0")
    assert "0.2.0" == in_use(machine.prefix)


def test_an_environment_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    def build(folder: Path) -> None:
        folder.mkdir()
        raise SetupError("a wheel is missing")

    with pytest.raises(SetupError, match="a wheel is missing"):
        make_environment(tmp_path, "0.3.0", build)
    assert [] == list(tmp_path.iterdir())


def test_the_version_in_use_is_never_made_anew(machine: Machine) -> None:
    with pytest.raises(SetupError, match="in use already"):
        make_environment(machine.prefix, "0.1.0", lambda _folder: None)
    assert (machine.prefix / "0.1.0").is_dir()
