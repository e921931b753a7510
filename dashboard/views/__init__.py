"""The pages, one module for each part of the work."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from dashboard.app import Parts


def parts() -> Parts:
    """What the application was built from."""
    return cast("Parts", current_app.extensions["dashboard"])
