"""``denkpauze devices``: the microphones, sound outputs and pins that are here."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from device import machine
from device.audio.cards import InputDevice, choose, list_microphones, portaudio
from device.commands.context import CommandContext, pass_context
from device.errors import SourceError
from device.feedback.earpiece import sound_outputs

#: name, channels, sample rate in Hz, remark
Row = tuple[str, int, int, str]


@click.command("devices")
@pass_context
def command(context: CommandContext) -> None:
    """Show microphones, sound outputs and pins, with the names for the settings."""
    card = context.settings.microphone.card
    microphones = list_microphones()
    try:
        chosen, remark = choose(microphones, card), ""
    except SourceError as error:
        chosen, remark = None, str(error)
    console = context.console
    _print(
        console, "Microphones; [microphone] card is any part of a name", _rows(microphones, chosen)
    )
    if remark:
        console.print(Text(f"No microphone is chosen: {remark}", style="yellow"), soft_wrap=True)
    _print(console, "Sound outputs; [outputs] earpiece is any part of a name", _output_rows())
    problem = machine.pin_factory_problem()
    pins = f"out of reach ({problem})" if problem else "ready"
    console.print(Text(f"Pins for light, buttons and vibration: {pins}"), soft_wrap=True)


def _rows(microphones: list[InputDevice], chosen: InputDevice | None) -> list[Row]:
    return [
        (device.label, device.channels, device.rate, "chosen" if device == chosen else "")
        for device in microphones
    ]


def _output_rows() -> list[Row]:
    return [
        (output.name, output.channels, output.rate_hz, "")
        for output in sound_outputs(portaudio())
        if output.channels
    ]


def _print(console: Console, title: str, rows: list[Row]) -> None:
    # titles and names are text: square brackets are no markup here
    console.print(Text(title, style="bold"), soft_wrap=True)
    if not rows:
        console.print("  none found\n")
        return
    table = Table("Name", "Channels", "Hz", "")
    for name, channels, rate_hz, mark in rows:
        table.add_row(Text(name), f"{channels}", f"{rate_hz}", mark)
    console.print(table, "")
