"""The parts of a live lesson, each built from the settings."""

from __future__ import annotations

import queue
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from device.clock import Clock
from device.errors import JournalError
from device.feedback.build import Box, BuiltOutputs, build_box, build_outputs
from device.feedback.buttons import Press
from device.feedback.pins import Pins
from device.feedback.terminal import TerminalView
from device.feedback.view_state import Header
from device.journal import Journal
from device.lesson_plan import LessonPlan, software_version
from device.settings import Settings
from device.telemetry.client import Telemetry
from device.telemetry.link import BrokerAddress
from lesson.events import CueMode, HealthState
from lesson.wire import DeviceInfo


def journal_path(settings: Settings) -> Path:
    """Path of the journal; its folder is made.

    Raises:
        JournalError: the data folder cannot be made.
    """
    folder = settings.device.data_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JournalError(
            f"the data folder {folder} cannot be made: {error.strerror}; "
            "choose another in [device] data_folder"
        ) from error
    return folder / "journal.sqlite"


def pins_of(settings: Settings) -> Pins:
    """The pin plan of the settings."""
    outputs = settings.outputs
    return Pins(
        cue_red=outputs.light_red_pin,
        cue_green=outputs.light_green_pin,
        cue_blue=outputs.light_blue_pin,
        listen=outputs.listen_led_pin,
        mute=outputs.mute_button_pin,
        mark=outputs.mark_button_pin,
        cues_off=outputs.cues_off_button_pin,
        lesson=outputs.lesson_button_pin,
        haptic=outputs.haptic_pin,
    )


def open_outputs(settings: Settings, mode: CueMode) -> BuiltOutputs:
    """The outputs of the cues; in a silent lesson none is built, so none can come on."""
    if mode is CueMode.SILENT:
        return BuiltOutputs((), ())
    outputs = settings.outputs
    return build_outputs(
        light=outputs.light,
        haptic=outputs.haptic,
        earpiece=outputs.earpiece,
        pins=pins_of(settings),
        brightness=outputs.light_brightness,
        volume=outputs.earpiece_volume,
    )


def open_box(settings: Settings, presses: queue.Queue[Press], clock: Clock) -> Box:
    """Listen light and buttons, as far as they are wanted and there."""
    return build_box(
        presses,
        clock,
        light=settings.outputs.light,
        buttons=settings.outputs.buttons,
        pins=pins_of(settings),
    )


def build_view(
    settings: Settings, plan: LessonPlan, source_name: str, clock: Clock, console: Console
) -> TerminalView:
    """The terminal view; quiet when the settings switch it off.

    What does not go to a terminal is kept in a log: there aliases stand for the names.
    """
    model = plan.model
    counted = [pupil for pupil in plan.roster if pupil.counted and console.is_terminal]
    return TerminalView(
        console if settings.outputs.terminal else Console(quiet=True),
        settings.device.language,
        clock=clock,
        header=Header(
            source=source_name,
            model=f"{model.name} ({model.kind})" if model else "-",
            mode=plan.mode,
            link="down" if settings.mqtt.enabled else "none",
        ),
        target_s=plan.target_s,
        names={pupil.alias: pupil.names[0] for pupil in counted},
    )


def build_telemetry(
    settings: Settings,
    plan: LessonPlan,
    journal: Journal,
    clock: Clock,
    on_health: Callable[[HealthState, str], None],
) -> Telemetry | None:
    """The way to the broker, not started yet; ``None`` when nothing is to leave the device.

    Raises:
        SettingsError: the password's file cannot be read.
    """
    mqtt = settings.mqtt
    if not mqtt.enabled:
        return None
    return Telemetry(
        journal=journal.path,
        boot=journal.boot,
        device=settings.device.id,
        broker=BrokerAddress(
            host=mqtt.host,
            port=mqtt.port,
            username=mqtt.username,
            password=mqtt.secret(),
            certificate_authority=mqtt.tls_ca,
        ),
        info=DeviceInfo(
            software=software_version(),
            recogniser=plan.model_name,
            language=plan.language,
        ),
        clock=clock,
        on_health=on_health,
        watching=mqtt.watching,
        home_assistant=mqtt.home_assistant,
    )
