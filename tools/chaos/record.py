"""Keeps every run's outcome as it comes: a campaign may be interrupted, and go on later."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from dataclasses import asdict
from pathlib import Path

from tools.chaos.accounts import Account
from tools.chaos.campaign import Outcome, Task

ROOT = Path(__file__).resolve().parents[2]
#: a run tells nothing about other code than that which ran
ATTACKED = ("device", "dashboard", "lesson", "tools/chaos", "tests/support")


def version_of_code(root: Path = ROOT) -> str:
    """A digest of all that takes part in a run."""
    digest = hashlib.sha256()
    for folder in ATTACKED:
        for path in sorted((root / folder).rglob("*.py")):
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


class Record:
    """Outcomes in a file, a line each; any thread may add.

    Args:
        path: of the file.
        resume: go on with what is in it, if the same code made that.
    """

    def __init__(self, path: Path, *, resume: bool, code: str | None = None) -> None:
        self.outcomes: list[Outcome] = []
        self._code = code or version_of_code()
        self._before_s = 0.0
        self._begun = time.monotonic()
        self._closed = False
        self._lock = threading.Lock()
        self._path = path
        if not (resume and self._load()):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"code": self._code}) + "\n", encoding="utf-8")

    @property
    def taken_s(self) -> float:
        """Seconds of all the sessions that this campaign took."""
        return self._before_s + time.monotonic() - self._begun

    def has(self, task: Task) -> bool:
        seed, fault = task
        return any((seed, fault.name) == (each.seed, each.fault) for each in self.outcomes)

    def add(self, outcome: Outcome) -> bool:
        """False once closed: what ends by an interruption is no outcome, good or bad."""
        with self._lock:
            if self._closed:
                return False
            self.outcomes.append(outcome)
            line = json.dumps({"taken_s": self.taken_s, **asdict(outcome)})
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
            return True

    def close(self) -> None:
        with self._lock:
            self._closed = True

    def _load(self) -> bool:
        if not self._path.exists():
            return False
        head, *lines = self._path.read_text(encoding="utf-8").splitlines()
        if json.loads(head).get("code") != self._code:
            return False
        for line in lines:
            fields = json.loads(line)
            self._before_s = fields.pop("taken_s")
            account = fields.pop("account")
            self.outcomes.append(
                Outcome(
                    **{**fields, "problems": tuple(fields["problems"])},
                    account=None if account is None else Account(**account),
                )
            )
        return True
