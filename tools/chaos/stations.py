"""Ingest and web pages as processes of a run."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import dashboard.__main__ as pages_program
from dashboard import ingest as ingest_program
from dashboard import receiver

LOOK_S = 1.0


def end_with(process: int) -> None:
    """This process ends when that one is gone, however it went."""

    def watch() -> None:
        while Path(f"/proc/{process}").exists():
            threading.Event().wait(LOOK_S)
        os._exit(1)

    threading.Thread(target=watch, name="end-with", daemon=True).start()


def redirect(log: Path) -> None:
    """Standard output and error of this process go to a log."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)


def ingest(
    campaign: int, port: int, database: Path, folder: Path, queue_messages: int | None
) -> None:
    """``python -m dashboard.ingest``, with a smaller queue when one is given."""
    end_with(campaign)
    redirect(folder / "ingest.log")
    if queue_messages is not None:
        receiver.QUEUE_MESSAGES = queue_messages
    arguments = ["--broker", f"127.0.0.1:{port}", "--database", f"sqlite:///{database}"]
    raise SystemExit(ingest_program.main(arguments))


def pages(campaign: int, database: Path, folder: Path) -> None:
    """``python -m dashboard`` on a free port, which it prints."""
    end_with(campaign)
    redirect(folder / "pages.log")
    raise SystemExit(pages_program.main(["--port", "0", "--database", f"sqlite:///{database}"]))
