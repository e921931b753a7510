"""A crash says what kind of error it was and where, and nothing of what was said (P21)."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from crashing_device import PARTS, SECRET
from installed import ROSTER, demo_sound, environment, write_wav
from mosquitto import free_port

from device import crash
from device.crash import TRACE_VARIABLE

pytestmark = pytest.mark.process

SUPPORT = Path(__file__).parents[1] / "support" / "crashing_device.py"
#: what a teacher says in the part that is played, and the names on the list
SPEECH = [word for word in SECRET.split() if len(word) > 4]


def run_lesson(folder: Path, part: str, sound: Path) -> tuple[str, bytes]:
    """What it printed, and all that it left in its folder."""
    settings = folder / "denkpauze.toml"
    settings.write_text(
        f'version = 1\n[device]\ndata_folder = "data"\n[mqtt]\nenabled = true\n'
        f'host = "127.0.0.1"\nport = {free_port()}\n'
        "[outputs]\nlight = false\nbuttons = false\n",
        encoding="utf-8",
    )
    command = [sys.executable, SUPPORT, part, "--config", settings, "run", "--language", "nl"]
    done = subprocess.run(
        [*map(str, command), "--roster", str(ROSTER), "--input", str(sound)],
        env=environment(folder / "home"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    left = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return f"status {done.returncode}\n{done.stdout}{done.stderr}", b"\n".join(left)


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_no_crash_prints_or_keeps_a_name_or_a_word(tmp_path: Path, part: str) -> None:
    sound = write_wav(tmp_path / "les.wav", demo_sound(0.0, 5.0))
    printed, left = run_lesson(tmp_path, part, sound)
    names = [line.split(",")[0] for line in ROSTER.read_text(encoding="utf-8").splitlines()]
    for word in (*SPEECH, *(name for name in names if name and not name.startswith("#"))):
        assert word not in printed
        assert word.encode() not in left
    if part in ("main", "pipeline", "journal", "telemetry"):
        assert "KeyError at " in printed, printed
    if part in ("main", "pipeline", "journal"):
        assert printed.startswith("status 1\n")


@pytest.fixture
def hooks() -> Iterator[None]:
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    crash.install()
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook = before


def fail() -> None:
    raise ValueError(SECRET)


def test_a_thread_that_dies_says_where_and_not_what(
    hooks: None, capsys: pytest.CaptureFixture[str]
) -> None:
    thread = threading.Thread(target=fail, name="cue-driver")
    thread.start()
    thread.join()
    printed = capsys.readouterr().err
    assert "denkpauze: thread cue-driver ended with ValueError at threading.py:" in printed
    assert "in fail\n" in printed
    assert (1, False) == (printed.count("\n"), "Fatima" in printed)


def test_an_error_in_cleaning_up_says_where_and_not_what(
    hooks: None, capsys: pytest.CaptureFixture[str]
) -> None:
    class Unclean:
        def __del__(self) -> None:
            fail()

    Unclean()
    gc.collect()
    printed = capsys.readouterr().err
    assert "cleaning up ended with ValueError at" in printed
    assert "Fatima" not in printed


def test_whoever_asks_for_the_trace_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TRACE_VARIABLE, "1")
    before = sys.excepthook
    crash.install()
    assert before is sys.excepthook


def test_an_error_without_a_trace_has_no_place() -> None:
    assert "ValueError at an unknown place" == crash.summary(ValueError(SECRET))
