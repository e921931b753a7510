"""Whether the server answers at all; it says nothing else. For the service manager."""

from __future__ import annotations

from flask import Blueprint

from dashboard.accounts.rules import open_to_everybody

pages = Blueprint("health", __name__)


@pages.get("/health")
@open_to_everybody
def health() -> tuple[str, int]:
    return "", 204
