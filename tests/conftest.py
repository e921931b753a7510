"""Rules and fixtures for all tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin

CATEGORIES = {"unit", "contract", "audio", "broker", "replay", "browser", "process"}
REPOSITORY = Path(__file__).resolve().parent.parent

sys.path.insert(0, str(REPOSITORY / "tests" / "support"))  # helpers: `from mosquitto import …`

import pulse as pulse_support  # noqa: E402 the line above makes it importable
from mosquitto import Mosquitto, skip_without_broker  # noqa: E402


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test says what kind it is, so that each kind can be run alone."""
    for item in items:
        kinds = CATEGORIES & {mark.name for mark in item.iter_markers()}
        if len(kinds) != 1:
            raise pytest.UsageError(
                f"{item.nodeid}: needs exactly one category marker of {sorted(CATEGORIES)}"
            )


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of test lessons, which is not part of the repository (docs/data.md)."""
    folder = Path(os.environ.get("DENKPAUZE_SHARED", REPOSITORY.parent / "shared"))
    if not (folder / "scenes").is_dir():
        pytest.skip(f"the test lessons are not here: no {folder / 'scenes'} (see docs/data.md)")
    return folder


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """A running broker of this test's own: ``host``, ``port``, ``kill()``, ``start()``."""
    skip_without_broker()
    with Mosquitto(tmp_path / "mosquitto") as broker:
        yield broker


@pytest.fixture
def pulse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pulse_support.Pulse]:
    """A private PulseAudio: what is played into ``mic_feed`` is what a microphone hears."""
    missing = pulse_support.missing()
    if missing is not None:
        pytest.skip(f"{missing} is not installed: apt install pulseaudio libasound2-plugins")
    with pulse_support.Pulse(tmp_path_factory.mktemp("pulse")) as server:
        yield server


@pytest.fixture
def mock_pins() -> Iterator[MockFactory]:
    """Pins that are not there, for this test alone."""
    before = Device.pin_factory
    Device.pin_factory = factory = MockFactory(pin_class=MockPWMPin)
    yield factory
    factory.reset()
    Device.pin_factory = before
