"""The web server: ``python -m dashboard``."""

from __future__ import annotations

import argparse
import logging
import os
import resource
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfoNotFoundError

from flask import Flask
from waitress.server import create_server  # type: ignore[import-untyped]

from dashboard.accounts import demo, people
from dashboard.app import create_app
from dashboard.errors import ArgumentError, DashboardError
from dashboard.parts import Parts
from dashboard.service import Manager, SelfCheck
from dashboard.settings import LOOPBACK_HOSTS, Settings
from dashboard.store.database import DEFAULT_DATABASE

log = logging.getLogger("dashboard")

#: A web server in front on this machine says for whom and how it asks; nobody else may.
BEHIND_PROXY = {
    "trusted_proxy": "127.0.0.1",
    "trusted_proxy_count": 1,
    "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
}

#: A viewer keeps a thread; these are left for all other pages.
SPARE_THREADS = 8
SPARE_CONNECTIONS = 100


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
    parser.add_argument(
        "--public-url",
        metavar="URL",
        help="where visitors come, when a web server with TLS passes them on: https://NAME",
    )
    parser.add_argument(
        "--secret-file",
        type=Path,
        help="holds the key that signs cookies; made when missing, by default beside the database",
    )
    parser.add_argument(
        "--demo",
        action="append",
        default=[],
        metavar="DEVICE",
        help="print a link that lets in without a password, as the owner of this device; "
        "on loopback only",
    )
    return parser.parse_args(arguments)


def settings_from(options: argparse.Namespace) -> Settings:
    if not 1 <= options.viewers <= 500:
        raise ArgumentError(f"--viewers {options.viewers}: choose 1 to 500")
    if not 0 <= options.port < 65536:
        raise ArgumentError(f"--port {options.port}: choose 0 to 65535")
    loopback = options.host in ("127.0.0.1", "localhost", "::1")
    if options.demo and (not loopback or options.public_url):
        raise ArgumentError("--demo lets in without a password: only on --host 127.0.0.1")
    hosts: tuple[str, ...] = LOOPBACK_HOSTS if loopback else ()
    if options.public_url:
        hosts = (_public_name(options.public_url), *LOOPBACK_HOSTS)
    return Settings(
        database=options.database,
        viewers=options.viewers,
        timezone=options.timezone,
        hosts=hosts,
        secret_file=options.secret_file,
        secure=bool(options.public_url),
        demo_devices=tuple(options.demo),
    )


def _public_name(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.path not in ("", "/"):
        raise ArgumentError(f"--public-url {url}: write it as https://NAME")
    return parts.hostname


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments(arguments)
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(levelname)s: %(message)s")
    for chatty in ("alembic", "waitress"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        settings = settings_from(options)
        serve(settings, options.host, options.port, options.public_url)
    except DashboardError as error:
        print(f"dashboard: {error}", file=sys.stderr)
        return 1
    except ZoneInfoNotFoundError:
        print(f"dashboard: --timezone {options.timezone} is not known", file=sys.stderr)
        return 1
    return 0


def serve(settings: Settings, host: str, port: int, public_url: str | None = None) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        DashboardError: the database or the port cannot be opened.
    """
    app = create_app(settings)
    parts: Parts = app.extensions["dashboard"]
    try:
        server = create_server(
            app,
            host=host,
            port=port,
            threads=settings.viewers + SPARE_THREADS,
            connection_limit=_connections(settings.viewers),
            asyncore_use_poll=True,  # select() knows no file above 1024
            ident=None,
            **(BEHIND_PROXY if settings.secure else {}),
        )
    except (OSError, ValueError) as error:
        raise ArgumentError(
            f"cannot listen on {host} port {port}: {error}; choose another --port"
        ) from error
    if not settings.hosts:
        log.warning("passwords travel to %s in the clear: see --public-url", host)

    def stop(*_: object) -> None:
        parts.hub.close()  # open live pages would hold the server for seconds
        raise SystemExit(0)

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, stop)
    here = f"http://{f'[{host}]' if ':' in host else host}:{_port(server)}"
    _introduce(app, (public_url or here).rstrip("/"))
    manager = Manager(os.environ, parts.clock)
    check = SelfCheck(manager, host, _port(server))
    check.start()
    manager.ready(f"serving {here}")
    try:
        server.run()
    finally:
        manager.stopping()
        check.stop()
        parts.close()
        server.close()


def _connections(viewers: int) -> int:
    """How many may be open at once: a viewer's browser has a stream, and loads pages beside it.

    Each is an open file, of which a process may have 1024 unless it asks for more.
    """
    wanted = 2 * viewers + SPARE_CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = wanted + SPARE_CONNECTIONS
    if soft != resource.RLIM_INFINITY and soft < files:
        most = files if hard == resource.RLIM_INFINITY else min(files, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
    return wanted


def _introduce(app: Flask, address: str) -> None:
    """Print where the pages are, and the link with which somebody first gets in."""
    parts: Parts = app.extensions["dashboard"]
    if parts.settings.demo_devices:
        print(address + demo.open_entrance(app), flush=True)
        return
    print(f"{address}/", flush=True)
    with parts.writing() as session, session.begin():
        secret = people.first_administrator(session, parts.clock.now())
    if secret is not None:
        print(
            "There is no administrator yet. Whoever opens this link becomes it; it works once:\n"
            f"{address}/invitation/{secret}",
            flush=True,
        )


def _port(server: Any) -> int:
    """The port in use; a name such as ``localhost`` may stand for several addresses."""
    if hasattr(server, "effective_port"):
        return int(server.effective_port)
    return int(server.effective_listen[0][1])


def run() -> NoReturn:
    """The entry point of the installed command."""
    sys.exit(main())


if __name__ == "__main__":
    run()
