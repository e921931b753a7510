"""The web server: ``python -m dashboard``."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from waitress.server import create_server  # type: ignore[import-untyped]

from dashboard.app import Parts, create_app
from dashboard.errors import ArgumentError, DashboardError
from dashboard.settings import LOOPBACK_HOSTS, Settings
from dashboard.store.database import DEFAULT_DATABASE

log = logging.getLogger("dashboard")

#: A viewer keeps a thread; these are left for all other pages.
SPARE_THREADS = 8


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line; ``--database`` may also come from DENKPAUZE_DATABASE."""
    parser = argparse.ArgumentParser(
        prog="python -m dashboard", description="Serves the live page and the lessons."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080, help="0: any free port")
    parser.add_argument(
        "--database",
        default=os.environ.get("DENKPAUZE_DATABASE", DEFAULT_DATABASE),
        metavar="URL",
        help="the one that ingest fills",
    )
    parser.add_argument("--viewers", type=int, default=24, help="live pages at the same time")
    parser.add_argument("--timezone", default="Europe/Amsterdam")
    return parser.parse_args(arguments)


def settings_from(options: argparse.Namespace) -> Settings:
    if not 1 <= options.viewers <= 500:
        raise ArgumentError(f"--viewers {options.viewers}: choose 1 to 500")
    if not 0 <= options.port < 65536:
        raise ArgumentError(f"--port {options.port}: choose 0 to 65535")
    loopback = options.host in ("127.0.0.1", "localhost", "::1")
    return Settings(
        database=options.database,
        viewers=options.viewers,
        timezone=options.timezone,
        hosts=LOOPBACK_HOSTS if loopback else (),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments(arguments)
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(levelname)s: %(message)s")
    for chatty in ("alembic", "waitress"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        settings = settings_from(options)
        serve(settings, options.host, options.port)
    except DashboardError as error:
        print(f"dashboard: {error}", file=sys.stderr)
        return 1
    except ZoneInfoNotFoundError:
        print(f"dashboard: --timezone {options.timezone} is not known", file=sys.stderr)
        return 1
    return 0


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        DashboardError: the database or the port cannot be opened.
    """
    app = create_app(settings)
    parts: Parts = app.extensions["dashboard"]
    try:
        server = create_server(
            app, host=host, port=port, threads=settings.viewers + SPARE_THREADS, ident=None
        )
    except (OSError, ValueError) as error:
        raise ArgumentError(
            f"cannot listen on {host} port {port}: {error}; choose another --port"
        ) from error
    if not settings.hosts:
        log.warning("there are no accounts yet: whoever reaches %s can watch", host)

    def stop(*_: object) -> None:
        parts.hub.close()  # open live pages would hold the server for seconds
        raise SystemExit(0)

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, stop)
    print(f"http://{f'[{host}]' if ':' in host else host}:{_port(server)}/", flush=True)
    try:
        server.run()
    finally:
        parts.close()
        server.close()


def _port(server: Any) -> int:
    """The port in use; a name such as ``localhost`` may stand for several addresses."""
    if hasattr(server, "effective_port"):
        return int(server.effective_port)
    return int(server.effective_listen[0][1])


if __name__ == "__main__":
    sys.exit(main())
