"""The commands of ``denkpauze``: one module each, which holds a ``command``.

To add one, write ``device/commands/<name>.py`` and put its name in ``COMMANDS``.
"""

from __future__ import annotations

#: In the order of the help page. ``show-config`` is in ``show_config.py``.
COMMANDS = (
    "demo",
    "run",
    "serve",
    "analyse",
    "label",
    "names",
    "enrol",
    "devices",
    "mic-check",
    "hardware-test",
    "models",
    "show-config",
    "doctor",
    "broker-setup",
    "setup",
    "update",
    "dpia",
    "wipe",
)
