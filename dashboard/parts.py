"""What the views share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dashboard.accounts.passwords import Passwords
from dashboard.clock import Clock
from dashboard.live import LiveHub
from dashboard.settings import Settings
from dashboard.store.database import writing_engine

EXTENSION = "dashboard"


@dataclass(frozen=True, slots=True)
class Parts:
    """What an application was built from."""

    engine: Engine
    hub: LiveHub
    clock: Clock
    settings: Settings
    passwords: Passwords

    def session(self) -> Session:
        """To read: it never waits for a writer."""
        return Session(self.engine)

    def writing(self) -> Session:
        """To read and write: ``with parts().writing() as session, session.begin(): …``.

        What was read stays readable after the commit.
        """
        return Session(writing_engine(self.engine), expire_on_commit=False)

    def close(self) -> None:
        self.hub.close()
        self.engine.dispose()


def parts() -> Parts:
    """The parts of the application that answers now."""
    return cast(Parts, current_app.extensions[EXTENSION])
