"""Find the settings file, read it, and say clearly what is wrong with it."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from device.errors import SettingsError
from device.settings import Settings, sections

ENVIRONMENT_VARIABLE = "DENKPAUZE_CONFIG"
SYSTEM_FILE = Path("/etc/denkpauze/denkpauze.toml")
USER_FILE = Path("~/.config/denkpauze/denkpauze.toml")

_EXPECTED = {
    "bool_type": "true or false",
    "float_type": "a number",
    "int_type": "a whole number",
    "string_type": "text between quotes",
    "string_too_short": "at least one letter",
    "path_type": "a path between quotes",
    "model_type": "a [section]",
}


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings and the file they came from (``None``: defaults only)."""

    settings: Settings
    path: Path | None

    def is_set(self, section: str, key: str) -> bool:
        """Whether the file sets this key, rather than leaving the default."""
        return key in getattr(self.settings, section).model_fields_set


def load_settings(
    path: Path | None = None, environ: Mapping[str, str] = os.environ
) -> LoadedSettings:
    """The settings of ``path``, else of ``DENKPAUZE_CONFIG``, /etc, ~/.config, else defaults.

    Raises:
        SettingsError: a named file is missing or any file is wrong, with file, section and key.
    """
    named = path
    if named is None and environ.get(ENVIRONMENT_VARIABLE):
        named = Path(environ[ENVIRONMENT_VARIABLE])
    if named is not None:
        return LoadedSettings(read_settings(named.expanduser()), named.expanduser())
    for candidate in (SYSTEM_FILE, USER_FILE.expanduser()):
        if candidate.exists():
            return LoadedSettings(read_settings(candidate), candidate)
    return LoadedSettings(Settings(), None)


def read_settings(path: Path) -> Settings:
    """Read one file.

    Raises:
        SettingsError: it cannot be read, is no TOML, or a section, key or value is wrong.
    """
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"settings file {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"settings file {path} is no UTF-8 text: save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        # the parser gives line numbers, except at the very end
        reason = str(error).replace("at end of document", f"at line {len(text.splitlines())}")
        raise SettingsError(_visible(f"settings file {path} is not valid TOML: {reason}")) from None
    except (ValueError, RecursionError):  # the parser lets these through
        raise SettingsError(
            f"settings file {path} is not valid TOML: a number is too long, or something is "
            "nested too deeply"
        ) from None
    try:
        return Settings.model_validate(content, context={"folder": path.absolute().parent})
    except ValidationError as error:
        details = error.errors(include_url=False)
        rest = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
        raise SettingsError(_visible(f"{path}: {_explain(details[0])}{rest}")) from None


def _visible(text: str) -> str:
    """In one line, whatever was written in the file: a key may hold a line break, escaped."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


def _explain(error: ErrorDetails) -> str:
    """One sentence with section, key, and what would be right."""
    names = [str(part) for part in error["loc"]]
    section = names[0] if names else ""
    key = names[1] if len(names) > 1 else None
    place = f"[{section}] {key}" if key else section if section == "version" else f"[{section}]"
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(section, key)
    if section == "version":
        return f"version is {error['input']!r}, this program reads version 1"
    if kind == "value_error":
        return f"{place}: {context['error']}"
    given = "the value" if key == "password" else _toml(error["input"])
    if kind in ("greater_than", "greater_than_equal", "less_than_equal"):
        return f"{place}: {given} is out of range; {_bounds(section, key)}"
    if kind in ("enum", "literal_error"):
        return f"{place}: {given} is not possible; choose {context['expected']}"
    if kind == "string_pattern_mismatch":
        return f"{place}: {given} is not possible. {_described(section, key)}"
    expected = _EXPECTED.get(kind)
    reason = f"expected {expected}" if expected else error["msg"]
    return f"{place}: {given} is not possible; {reason}"


def _unknown(section: str, key: str | None) -> str:
    known = list(sections()[section].model_fields) if key else ["version", *sections()]
    wrong = key or section
    near = difflib.get_close_matches(wrong, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there is {', '.join(known)}"
    if key:
        return f"[{section}] has no key {wrong}; {hint}"
    return f"there is no section [{wrong}]; {hint}"


def _bounds(section: str, key: str | None) -> str:
    field = sections()[section].model_fields[key or ""]
    bounds: dict[str, object] = {}
    for item in field.metadata:
        bounds |= {name: getattr(item, name) for name in ("ge", "gt", "le") if hasattr(item, name)}
    low = bounds.get("ge", f"more than {bounds.get('gt')}")
    return f"it can be {low} to {bounds['le']}. {field.description}"


def _described(section: str, key: str | None) -> str:
    return sections()[section].model_fields[key or ""].description or ""


def _toml(value: Any) -> str:
    """The value as it stood in the file, cut to a readable length."""
    if isinstance(value, bool):
        return str(value).lower()
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    return shown if len(shown) <= 60 else shown[:57] + "…"
