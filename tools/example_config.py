"""Write ``config/denkpauze.example.toml`` from the settings themselves (``make docs``)."""

from __future__ import annotations

import textwrap
from pathlib import Path

from device.settings import Section, sections
from device.toml_text import toml_value

TARGET = Path(__file__).resolve().parent.parent / "config" / "denkpauze.example.toml"

HEAD = """\
# Settings of Denkpauze. Copy to ~/.config/denkpauze/denkpauze.toml or, for the whole device,
# /etc/denkpauze/denkpauze.toml. What stands here are the defaults; a line that starts with #
# and a key is an example. `denkpauze show-config` shows what applies.

version = 1
"""

#: What a key without a default could look like.
EXAMPLES = {
    "roster": "groep6.txt",
    "card": "Wireless Microphone",
    "model_path": "/opt/vosk/vosk-model-small-nl-0.22",
    "earpiece": "USB Audio",
    "username": "denkpauze-groep6",
    "password": "a long one",
    "password_file": "/etc/denkpauze/mqtt-password",
    "tls_ca": "/etc/denkpauze/ca.pem",
}


def example() -> str:
    """The text of the example file: every section and key with its documentation."""
    return "\n".join([HEAD, *(_section(name, kind) for name, kind in sections().items())])


def _section(name: str, kind: type[Section]) -> str:
    lines = [f"# {(kind.__doc__ or '').strip()}", f"[{name}]"]
    for key, field in kind.model_fields.items():
        lines += textwrap.wrap(
            field.description or "", 96, initial_indent="# ", subsequent_indent="# "
        )
        default = field.get_default()
        if default is None:
            lines.append(f"# {key} = {toml_value(EXAMPLES[key])}")
        else:
            lines.append(f"{key} = {toml_value(default)}")
    return "\n".join(lines) + "\n"


def main() -> None:
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(example(), encoding="utf-8")


if __name__ == "__main__":
    main()
