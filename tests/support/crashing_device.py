"""``denkpauze`` whose one part fails with a text full of names and words.

``python crashing_device.py PART ARGUMENTS…``: everything else is the real command.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

SECRET = "Fatima zei dat drijvend ijs lichter is"


def fails(*_arguments: object, **_options: object) -> None:
    raise KeyError(SECRET)


def break_main() -> None:
    from device.live_box import LiveBox

    LiveBox.look = fails


def break_pipeline() -> None:
    from device.pipeline import Pipeline

    Pipeline.feed = fails


def break_recogniser() -> None:
    from device.detect.recogniser import InlineRecogniser

    InlineRecogniser.accept = fails


def break_journal() -> None:
    from device.journal import Journal

    Journal.append_all = fails


def break_telemetry() -> None:
    from device.telemetry.client import Telemetry

    Telemetry._handle = fails


def break_network() -> None:
    from device.telemetry.link import MqttLink

    MqttLink._arm_will = fails


PARTS: dict[str, Callable[[], None]] = {
    "main": break_main,
    "pipeline": break_pipeline,
    "recogniser": break_recogniser,
    "journal": break_journal,
    "telemetry": break_telemetry,
    "network": break_network,
}

if __name__ == "__main__":
    PARTS[sys.argv.pop(1)]()
    from device.cli import main

    main()
