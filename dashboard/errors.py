"""Errors that whoever runs the dashboard can do something about, each in one line."""

from __future__ import annotations


class DashboardError(Exception):
    """Base of all errors of the dashboard; the commands print it without traceback."""


class DatabaseError(DashboardError, OSError):
    """The database cannot be opened or brought up to date."""


class ArgumentError(DashboardError, ValueError):
    """A command line option cannot be used."""
