"""From the broker to the database, in a process of its own: ``python -m dashboard.ingest``."""

from __future__ import annotations

import argparse
import logging
import os
import queue
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from dashboard import outgoing
from dashboard.accounts import erasure
from dashboard.clock import Clock, SystemClock
from dashboard.errors import ArgumentError, DashboardError
from dashboard.inbox import Accepted, Refused, read
from dashboard.receiver import BrokerAddress, Receiver
from dashboard.service import Manager
from dashboard.store.database import DEFAULT_DATABASE, open_database
from dashboard.store.writer import Stored, store, store_receiver_state

log = logging.getLogger("dashboard.ingest")

BATCH_MESSAGES = 50
HEARTBEAT_S = 2.0
#: longest wait for a message before looking whether there is something to send
LONGEST_REST_S = 0.25
TIDYING_S = 3600.0
RETENTION_DAYS = 365
FIRST_RETRY_S = 0.25
LONGEST_RETRY_S = 2.0


class Ingest:
    """Takes messages from the receiver, stores them in batches and acknowledges them."""

    def __init__(
        self,
        receiver: Receiver,
        engine: Engine,
        clock: Clock,
        retention_days: int = RETENTION_DAYS,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._receiver = receiver
        self._engine = engine
        self._clock = clock
        self._stopping = False
        self._heartbeat_due_s = 0.0
        self._tidying_due_s = 0.0
        self._retention_days = retention_days
        self._alive = alive

    def stop(self) -> None:
        """End ``run`` after the batch in hand; safe in a signal handler."""
        self._stopping = True

    def run(self) -> None:
        """Work until ``stop``.

        Raises:
            DashboardError: the connection's thread died, so nothing would come in any more.
        """
        while not self._stopping:
            if not self._receiver.alive:
                raise DashboardError("the broker connection stopped working; start ingest again")
            self._work(self._next_batch(timeout_s=LONGEST_REST_S))
            self._attend()
            self._alive()
        while batch := self._next_batch(timeout_s=0):
            if not self._work(batch):
                break
        log.info("stopped: %s", self._summary())

    def _next_batch(self, timeout_s: float) -> list[Accepted]:
        batch: list[Accepted] = []
        while len(batch) < BATCH_MESSAGES:
            try:
                wait = timeout_s > 0 and not batch
                message = self._receiver.messages.get(block=wait, timeout=timeout_s or None)
            except queue.Empty:
                break
            result = read(message)
            if isinstance(result, Refused):
                self.counts[result.reason] += 1
                if result.reason != "cleared":
                    log.warning("refused a message: %s", result.reason)
            else:
                batch.append(result)
        return batch

    def _work(self, batch: list[Accepted]) -> bool:
        """Store and acknowledge; False when stopped before that could be done."""
        retry_s = FIRST_RETRY_S
        while True:
            try:
                stored = self._store(batch) if batch else Stored()
                break
            except (OperationalError, InterfaceError) as error:
                self.counts["database_retry"] += 1
                log.error("the database does not answer, trying again: %s", type(error).__name__)
            if self._stopping:
                return False
            self._alive()  # starting anew would not mend the database
            self._clock.sleep(retry_s)
            retry_s = min(2 * retry_s, LONGEST_RETRY_S)
        self.counts.update(stored.counts)
        for device, acknowledgement in stored.acknowledgements:
            self._receiver.acknowledge(device, acknowledgement)
        return True

    def _store(self, batch: list[Accepted]) -> Stored:
        """A batch that the database refuses is stored message by message, without the bad one."""
        now = self._clock.now()
        try:
            return store(self._engine, batch, now)
        except (OperationalError, InterfaceError):
            raise
        except SQLAlchemyError as error:
            if len(batch) == 1:
                self.counts["not_storable"] += 1
                log.error("a message cannot be stored: %s", type(error).__name__)
                return Stored()
        whole = Stored()
        for accepted in batch:
            part = self._store([accepted])
            whole.counts += part.counts
            whole.acknowledgements += part.acknowledgements
        return whole

    def _attend(self) -> None:
        """What is not asked for by a message: sending, saying that we live, deleting in time."""
        try:
            self.counts.update(outgoing.send_due(self._engine, self._receiver, self._clock.now()))
            if self._clock.monotonic() >= self._heartbeat_due_s:
                self._heartbeat_due_s = self._clock.monotonic() + HEARTBEAT_S
                self._heartbeat()
            if self._clock.monotonic() >= self._tidying_due_s:
                self._tidying_due_s = self._clock.monotonic() + TIDYING_S
                self._tidy()
        except SQLAlchemyError as error:
            self.counts["database_retry"] += 1
            log.error("the database does not answer or refuses: %s", type(error).__name__)

    def _heartbeat(self) -> None:
        store_receiver_state(
            self._engine,
            connected=self._receiver.connected,
            now=self._clock.now(),
            retention_days=self._retention_days,
        )

    def _tidy(self) -> None:
        with Session(self._engine) as session, session.begin():
            deleted = erasure.retain_for(session, self._retention_days, self._clock.now())
        if deleted:
            log.info("deleted lessons older than %d days: %d", self._retention_days, deleted)

    def _summary(self) -> str:
        counts = self.counts + self._receiver.counts
        return ", ".join(f"{name} {number}" for name, number in sorted(counts.items())) or "nothing"


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line; ``--database`` may also come from DENKPAUZE_DATABASE."""
    parser = argparse.ArgumentParser(
        prog="python -m dashboard.ingest",
        description="Stores what devices send over MQTT, and acknowledges it.",
    )
    parser.add_argument("--broker", default="127.0.0.1:1883", metavar="HOST:PORT")
    parser.add_argument(
        "--database",
        default=os.environ.get("DENKPAUZE_DATABASE", DEFAULT_DATABASE),
        metavar="URL",
        help="sqlite:///file or postgresql+psycopg://user@host/name",
    )
    parser.add_argument("--username")
    parser.add_argument("--password-file", type=Path)
    parser.add_argument("--tls-ca", type=Path, help="certificate of the broker's authority")
    parser.add_argument("--client-id", default="denkpauze-ingest")
    parser.add_argument(
        "--group",
        help="processes that name the same group divide the events; each needs its own --client-id",
    )
    parser.add_argument(
        "--retention-days",
        type=int,
        default=RETENTION_DAYS,
        help="lessons are deleted after so many days",
    )
    return parser.parse_args(arguments)


def broker_address(options: argparse.Namespace) -> BrokerAddress:
    host, _, port = options.broker.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ArgumentError(f"--broker {options.broker}: write it as HOST:PORT")
    return BrokerAddress(
        host.strip("[]"),
        int(port),
        options.username,
        options.password_file,
        options.tls_ca,
        options.client_id,
        _group(options.group),
    )


def _group(name: str | None) -> str | None:
    if name is not None and not re.fullmatch(r"[A-Za-z0-9-]{1,32}", name):
        raise ArgumentError(f"--group {name}: letters, digits and hyphens, at most 32")
    return name


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments(arguments)
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(levelname)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        if not 1 <= options.retention_days <= 3650:
            raise ArgumentError(f"--retention-days {options.retention_days}: choose 1 to 3650")
        engine = open_database(options.database, writing=True)
        receiver = Receiver(broker_address(options))
        clock = SystemClock()
        manager = Manager(os.environ, clock)
        ingest = Ingest(receiver, engine, clock, options.retention_days, manager.alive)
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: ingest.stop())
        receiver.start()
        manager.ready("storing what devices send")
        try:
            ingest.run()
        finally:
            manager.stopping()
            receiver.close()
            engine.dispose()
    except DashboardError as error:
        print(f"ingest: {error}", file=sys.stderr)
        return 1
    return 0


def run() -> NoReturn:
    """The entry point of the installed command."""
    sys.exit(main())


if __name__ == "__main__":
    run()
