"""``denkpauze wipe``: nothing of the lessons stays on this device."""

from __future__ import annotations

import click

from device.clock import SystemClock
from device.commands.context import CommandContext, pass_context
from device.errors import DenkpauzeError
from device.settings import MqttSettings
from device.telemetry.forget import clear_retained
from device.telemetry.link import BrokerAddress
from device.texts import text
from device.wiping import JOURNAL, find, forget_lesson, wipe


@click.command("wipe")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--lesson", metavar="ID", help="Only this lesson, by the id that the dashboard has.")
@click.option("--keep-settings", is_flag=True, help="Keep the settings file and its password.")
@pass_context
def command(context: CommandContext, yes: bool, lesson: str | None, keep_settings: bool) -> int:
    """Remove all lessons, what was learnt of names, and the class list from this device.

    Wis alle lessen, wat van namen is geleerd en de klassenlijst van dit apparaat.
    """
    language = context.settings.device.language
    if lesson is not None:
        return _one_lesson(context, lesson, yes)
    found = find(context.loaded, with_settings=not keep_settings)
    lessons = "?" if found.lessons is None else found.lessons
    unsent = "?" if found.unsent is None else found.unsent
    _say(context, "wipe.found", n=lessons, unsent=unsent)
    for path in found.files:
        context.console.print(f"  {path}", markup=False, highlight=False, soft_wrap=True)
    if found.outside:
        _say(context, "wipe.outside", path=found.outside)
    if not yes and not click.confirm(text(language, "wipe.sure"), default=False):
        _say(context, "wipe.nothing")
        return 1
    told = _clear_broker(context)
    wipe(found)
    _say(context, "wipe.done", n=lessons)
    _say(context, "wipe.card")
    return 0 if told else 1


def _one_lesson(context: CommandContext, lesson: str, yes: bool) -> int:
    device, mqtt = context.settings.device, context.settings.mqtt
    if not yes and not click.confirm(text(device.language, "wipe.sure_one", lesson=lesson)):
        _say(context, "wipe.nothing")
        return 1
    forget_lesson(device.data_folder / JOURNAL, lesson, sends=mqtt.enabled)
    _say(context, "wipe.done_one", lesson=lesson)
    _say(context, "wipe.card")
    return 0


def _clear_broker(context: CommandContext) -> bool:
    """Whether the broker keeps nothing of this device; True when none is used."""
    mqtt = context.settings.mqtt
    if not mqtt.enabled:
        return True
    try:
        address = _address(mqtt)
        clear_retained(address, context.settings.device.id, SystemClock())
    except DenkpauzeError as error:
        _say(context, "wipe.broker", problem=error)
        return False
    return True


def _address(mqtt: MqttSettings) -> BrokerAddress:
    return BrokerAddress(
        host=mqtt.host,
        port=mqtt.port,
        username=mqtt.username,
        password=mqtt.secret(),
        certificate_authority=mqtt.tls_ca,
    )


def _say(context: CommandContext, key: str, **values: object) -> None:
    line = text(context.settings.device.language, key, **values)
    context.console.print(line, markup=False, highlight=False, soft_wrap=True)
