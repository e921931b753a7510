"""Errors that a user can do something about. Each says what, where and what to do."""

from __future__ import annotations


class DenkpauzeError(Exception):
    """Base of all errors of ours; the command line prints it as one line, without traceback."""


class SettingsError(DenkpauzeError, ValueError):
    """A setting is unknown, misspelt or out of range."""


class SourceError(DenkpauzeError, OSError):
    """A recording or microphone cannot be read."""


class ModelError(DenkpauzeError, OSError):
    """A speech model is missing or damaged."""


class RosterError(DenkpauzeError, ValueError):
    """A class list cannot be read."""


class OutputError(DenkpauzeError, OSError):
    """A light, earpiece or vibration output cannot be used."""


class JournalError(DenkpauzeError, OSError):
    """The journal cannot be written or read."""


class BrokerError(DenkpauzeError, OSError):
    """The MQTT broker cannot be started or reached."""


class NamesError(DenkpauzeError, OSError):
    """Names cannot be checked, or what was read aloud cannot be used."""


class WipeError(DenkpauzeError, OSError):
    """Something that is kept cannot be removed."""


class SetupError(DenkpauzeError, OSError):
    """The machine cannot be set up, updated or cleared."""
