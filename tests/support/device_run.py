"""``denkpauze run`` as a process of its own, watched through its journal."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from installed import COMMAND, ROSTER, environment, journal, wait_until

from lesson.events import LessonEvent
from lesson.wire import Envelope

STOP_TIMEOUT_S = 60.0


class DeviceRun:
    """One device with its settings and its journal in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        #: what is put before the command
        self.before: list[str] = []
        #: what the settings say under ``[outputs]``
        self.outputs = "light = false\nbuttons = false\n"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> DeviceRun:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def start(self, settings: str, *arguments: str | Path, **environ: str) -> None:
        """Start a lesson; ``settings`` is what the file says besides the place of the journal."""
        device = '[device]\nid = "lokaal-12"\ndata_folder = "data"\n'
        outputs = f"[outputs]\n{self.outputs}"
        self.file.write_text(f"version = 1\n{device}{outputs}{settings}", encoding="utf-8")
        command = [COMMAND, "--config", self.file, "run", "--language", "nl", "--roster", ROSTER]
        with (self.folder / "run.log").open("wb") as log:
            self._process = subprocess.Popen(
                [*self.before, *map(str, command), *map(str, arguments)],
                env={**environ, **environment(self.folder / "home")},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def file(self) -> Path:
        """Its settings."""
        return self.folder / "denkpauze.toml"

    @property
    def log(self) -> str:
        return (self.folder / "run.log").read_text(encoding="utf-8", errors="replace")

    def envelopes(self) -> list[Envelope]:
        return journal(self.folder / "data" / "journal.sqlite")

    def events(self) -> list[LessonEvent]:
        """What is in the journal by now, in order."""
        return [envelope.event for envelope in self.envelopes()]

    def wait_for(
        self, found: Callable[[list[LessonEvent]], object], what: str, timeout_s: float = 60.0
    ) -> None:
        """Wait until the journal holds it; fails at once when the lesson has ended."""

        def ready() -> bool:
            if found(self.events()):
                return True
            assert self._process is not None
            assert self._process.poll() is None, f"ended before this: {what}\n{self.log}"
            return False

        wait_until(ready, f"{what}\n{self.log}", timeout_s)

    def wait(self, timeout_s: float) -> int:
        """Exit status once the lesson is over by itself."""
        assert self._process is not None
        return self._process.wait(timeout_s)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self) -> int:
        """Ctrl-C, and the exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(STOP_TIMEOUT_S)
