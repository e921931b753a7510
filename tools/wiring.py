"""Draw the wiring diagram from the pins of the settings (``make docs``).

The header's layout is that of every Raspberry Pi with 40 pins; which part sits where comes from
``OutputSettings``, so a pin that is changed there moves in the drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

from device.settings import OutputSettings

Language = Literal["nl", "en"]
SITE = Path(__file__).resolve().parent.parent / "docs" / "site"

#: Place on the header, 1 to 40, for each BCM number that can be used freely (2 to 27).
HEADER = {
    2: 3, 3: 5, 4: 7, 17: 11, 27: 13, 22: 15, 10: 19, 9: 21, 11: 23, 5: 29, 6: 31, 13: 33, 19: 35,
    26: 37, 14: 8, 15: 10, 18: 12, 23: 16, 24: 18, 25: 22, 8: 24, 7: 26, 12: 32, 16: 36, 20: 38,
    21: 40,
}  # fmt: skip
GROUND = (6, 9, 14, 20, 25, 30, 34, 39)
V3 = (1, 17)
V5 = (2, 4)

Kind = Literal["led", "button", "motor"]


@dataclass(frozen=True, slots=True)
class Part:
    """One wire from the header to a part; ``setting`` names its pin."""

    setting: str
    kind: Kind
    nl: str
    en: str
    colour: str


PARTS = (
    Part("light_red_pin", "led", "lampje, rood", "cue light, red", "#c62828"),
    Part("light_green_pin", "led", "lampje, groen", "cue light, green", "#2e7d32"),
    Part("light_blue_pin", "led", "lampje, blauw", "cue light, blue", "#1565c0"),
    Part("listen_led_pin", "led", "luisterlampje", "listen light", "#ef6c00"),
    Part("mute_button_pin", "button", "knop: microfoon uit", "button: mute", "#6a1b9a"),
    Part("mark_button_pin", "button", "knop: merken", "button: mark", "#00838f"),
    Part("cues_off_button_pin", "button", "knop: signaal dempen", "button: signals off", "#4e342e"),
    Part("lesson_button_pin", "button", "knop: les", "button: lesson", "#37474f"),
    Part("haptic_pin", "motor", "trilmotor", "vibration motor", "#ad1457"),
)

#: What stands between the pin and ground.
CHAIN: dict[Kind, dict[Language, str]] = {
    "led": {"nl": "330 Ω – led – massa", "en": "330 Ω – LED – ground"},
    "button": {"nl": "knop – massa", "en": "button – ground"},
    "motor": {
        "nl": "1 kΩ – basis BC337 · motor aan 3,3 V, diode erover",
        "en": "1 kΩ – base BC337 · motor to 3.3 V, diode across",
    },
}
TITLE = {"nl": "Bedrading van Denkpauze", "en": "Wiring of Denkpauze"}
NOTE = {
    "nl": "GPIO-nummers van de chip (BCM); tussen haakjes de plaats op de strook. Alleen 3,3 V.",
    "en": "GPIO numbers of the chip (BCM); in brackets the place on the header. 3.3 V only.",
}

ROW, LEFT, TOP = 30, 310, 60
HEIGHT = TOP + 20 * ROW + 50
WIDTH = 860
CENTRE = WIDTH // 2


def diagram(language: Language, outputs: OutputSettings | None = None) -> str:
    """The drawing as SVG text.

    Args:
        language: of the labels.
        outputs: whose pins are drawn; the defaults when left out.
    """
    pins = outputs or OutputSettings()
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{TITLE[language]}" font-family="sans-serif" font-size="14">',
        f"<title>{TITLE[language]}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{CENTRE}" y="30" text-anchor="middle" font-size="18">{TITLE[language]}</text>',
        f'<rect x="{CENTRE - 40}" y="{TOP - 4}" width="80" height="{20 * ROW + 8}" rx="6" '
        'fill="#263238"/>',
    ]
    lines += [_pin(place) for place in range(1, 41)]
    lines += [_wire(part, getattr(pins, part.setting), language) for part in PARTS]
    lines.append(
        f'<text x="{CENTRE}" y="{HEIGHT - 16}" text-anchor="middle">{NOTE[language]}</text>'
    )
    return "\n".join([*lines, "</svg>"]) + "\n"


def _at(place: int) -> tuple[int, int]:
    """Middle of a pin of the header: odd places stand left, even ones right."""
    return CENTRE + (-18 if place % 2 else 18), TOP + ((place - 1) // 2) * ROW + ROW // 2


def _pin(place: int) -> str:
    x, y = _at(place)
    if place in GROUND:
        colour, label = "#9e9e9e", "GND"
    elif place in V3:
        colour, label = "#ffb300", "3V3"
    elif place in V5:
        colour, label = "#ff5252", "5V"
    else:
        colour, label = "#eceff1", str(place)
    return (
        f'<circle cx="{x}" cy="{y}" r="12" fill="{colour}"/>'
        f'<text x="{x}" y="{y + 4}" text-anchor="middle" font-size="9">{label}</text>'
    )


def _wire(part: Part, pin: int, language: Language) -> str:
    place = HEADER[pin]
    x, y = _at(place)
    left = bool(place % 2)
    start, end = (x - 12, LEFT) if left else (x + 12, WIDTH - LEFT)
    text_x, anchor = (end - 8, "end") if left else (end + 8, "start")
    name = escape(part.nl if language == "nl" else part.en)
    chain = escape(CHAIN[part.kind][language])
    return (
        f'<g id="{part.setting}"><line x1="{start}" y1="{y}" x2="{end}" y2="{y}" '
        f'stroke="{part.colour}" stroke-width="3"/>'
        f'<text x="{text_x}" y="{y - 1}" text-anchor="{anchor}">'
        f'<tspan font-weight="bold">{name}</tspan> · GPIO {pin} ({place})</text>'
        f'<text x="{text_x}" y="{y + 12}" text-anchor="{anchor}" font-size="11">{chain}</text></g>'
    )


def main() -> None:
    for language in ("nl", "en"):
        path = SITE / f"wiring-{language}.svg"
        path.write_text(diagram(language), encoding="utf-8")


if __name__ == "__main__":
    main()
