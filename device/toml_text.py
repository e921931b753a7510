"""Write settings as TOML; the standard library only reads it."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path

from pydantic import SecretStr


def toml_value(value: object) -> str:
    """A setting as it is written in the file; a secret becomes asterisks."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float) and not isinstance(value, Enum):
        return str(value)
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str | Path | SecretStr):
        # a JSON string is a TOML basic string, apart from DEL
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    raise TypeError(f"no settings value: {value!r}")
