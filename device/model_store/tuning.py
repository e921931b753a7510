"""Decoding options that suit a Pi 4, written beside the maker's own.

What each of them does, measured: docs/models.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

OPTIONS_FILE = Path("conf") / "model.conf"
ORIGINAL_SUFFIX = ".orig"

#: Set whatever the maker says: results come sooner, at no cost in words.
SET = {
    "frames-per-chunk": "12",
    "determinize-min-chunk-size": "5",
    "determinize-max-delay": "10",
}
#: Lowered to this, never raised: a maker who searches less has tried it.
AT_MOST = {"max-active": 3000.0, "beam": 11.0, "lattice-beam": 4.0}

_OPTION = re.compile(r"^\s*--([\w.-]+)\s*=\s*(\S*)")


def tune(model: Path) -> dict[str, str]:
    """Write our options into a model's ``conf/model.conf`` and keep the maker's beside it.

    Returns:
        The options that were changed; empty for the older layout, which has no such file.
    """
    path = model / OPTIONS_FILE
    if not path.is_file():
        return {}
    text = path.read_text(encoding="utf-8")
    values = tuned(text)
    path.with_name(path.name + ORIGINAL_SUFFIX).write_text(text, encoding="utf-8")
    path.write_text(changed(text, values), encoding="utf-8")
    return values


def tuned(text: str) -> dict[str, str]:
    """Which options of this text are to be changed, and to what."""
    present = options(text)
    values = {name: value for name, value in SET.items() if present.get(name) != value}
    for name, most in AT_MOST.items():
        if name not in present or _number(present[name]) > most:
            values[name] = f"{most:g}"
    return values


def options(text: str) -> dict[str, str]:
    """Option to value, as they stand in the text; the last of two counts."""
    matches = map(_OPTION.match, text.splitlines())
    return {match[1]: match[2] for match in matches if match is not None}


def changed(text: str, values: Mapping[str, str]) -> str:
    """The text with these options taken out where they stood and added at the end."""
    lines = []
    for line in text.splitlines():
        match = _OPTION.match(line)
        if match is None or match[1] not in values:
            lines.append(line)
    lines += [f"--{name}={value}" for name, value in values.items()]
    return "\n".join(lines) + "\n"


def _number(value: str) -> float:
    """``max-active`` is 2147483647 when a maker sets no bound; what is no number is replaced."""
    try:
        return float(value)
    except ValueError:
        return float("inf")
