"""What the web application needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dashboard.store.database import DEFAULT_DATABASE

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Settings:
    """Frozen settings of the web application."""

    #: SQLAlchemy address of the database that ingest fills
    database: str = DEFAULT_DATABASE
    #: live pages that may be open at the same time
    viewers: int = 24
    #: how often the database is read for all viewers together, in seconds
    tick_s: float = 0.2
    #: how often it is checked that each viewer may still watch, in seconds
    recheck_s: float = 0.5
    #: longest silence on a live connection, in seconds; ``connection.js`` gives up after three
    heartbeat_s: float = 5.0
    #: where dates and times are shown for
    timezone: str = "Europe/Amsterdam"
    #: names under which the site may be asked for; empty: any
    hosts: tuple[str, ...] = LOOPBACK_HOSTS
    #: holds the key that signs cookies; none: beside the database
    secret_file: Path | None = None
    #: visitors come over TLS: cookies are never sent without
    secure: bool = False
    #: devices of the demonstration account, which is let in by a link; empty: no such account
    demo_devices: tuple[str, ...] = ()
