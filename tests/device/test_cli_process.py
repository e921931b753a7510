"""The installed command in a process of its own: status, stderr, and no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from installed import wait_until

pytestmark = [pytest.mark.process, pytest.mark.slow]

COMMAND = Path(sys.executable).parent / "denkpauze"


def denkpauze(home: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command with nothing of this machine's settings."""
    path = os.environ["PATH"]
    return subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PATH": path, "HOME": str(home), "COLUMNS": "200", **environ},
    )


def test_the_version_is_told(tmp_path: Path) -> None:
    done = denkpauze(tmp_path, "--version")
    assert (0, "denkpauze 0.1.0\n", "") == (done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("arguments", "environ", "status"),
    [
        (("no-such-command",), {}, 2),
        (("show-config", "--loud"), {}, 2),
        (("--config", "nowhere.toml", "show-config"), {}, 1),
        (("show-config",), {"DENKPAUZE_CONFIG": "nowhere.toml"}, 1),
        (("models",), {"VOSK_MODEL_PATH": "nowhere"}, 1),
    ],
)
def test_an_error_is_one_line_on_stderr(
    tmp_path: Path, arguments: tuple[str, ...], environ: dict[str, str], status: int
) -> None:
    done = denkpauze(tmp_path, *arguments, **environ)
    assert (status, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))
    assert done.stderr.startswith("denkpauze: ")
    assert "Traceback" not in done.stderr


def test_devices_says_what_is_here_or_that_nothing_is(tmp_path: Path) -> None:
    done = denkpauze(tmp_path, "devices")
    headings = ("Microphones; [microphone] card", "Sound outputs; [outputs] earpiece", "Pins for")
    assert (0, []) == (done.returncode, [h for h in headings if h not in done.stdout])


def test_doctor_has_a_status_that_agrees_with_its_table(tmp_path: Path) -> None:
    done = denkpauze(tmp_path, "doctor")
    verdicts = [word for word in ("blocker", "attention") if f" {word} " in done.stdout]
    worst = verdicts[0] if verdicts else "ok"
    assert ({"blocker": 1, "attention": 3, "ok": 0}[worst], worst == "blocker") == (
        done.returncode,
        "in the way of a lesson." in done.stdout and "Nothing stands" not in done.stdout,
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[recogniser]\nmodel_path = 'empty'", "is no Vosk model"),
        ("[lesson]\nroster = 'nowhere.txt'", "nowhere.txt"),
        ("[device]\ndata_folder = 'denkpauze.toml/below'", "denkpauze.toml is a file"),
        ("[device]\nlangage = 'nl'", "language"),
    ],
)
def test_doctor_names_what_stands_in_the_way_and_a_cure(
    tmp_path: Path, line: str, said: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "denkpauze.toml").write_text(f"version = 1\n{line}\n", encoding="utf-8")
    config = str(tmp_path / "denkpauze.toml")
    done = denkpauze(tmp_path, "--config", config, "doctor", COLUMNS="400")
    (row,) = [row for row in done.stdout.splitlines() if said in row]
    cells = [cell.strip() for cell in row.strip("│").split("│")]
    assert (1, "blocker", True, "") == (done.returncode, cells[1], bool(cells[3]), done.stderr)


def test_output_into_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"'{COMMAND}' show-config | true"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )
    assert "" == done.stderr


def _sleeps(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "S"


def test_ctrl_c_ends_with_status_130_and_no_traceback(tmp_path: Path) -> None:
    # a settings file that is a pipe holds the command up until the signal comes
    pipe = tmp_path / "denkpauze.toml"
    os.mkfifo(pipe)
    with subprocess.Popen(
        [COMMAND, "--config", str(pipe), "show-config"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a shell starts what runs in its background deaf to Ctrl-C, and that is inherited
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        writer = os.open(pipe, os.O_WRONLY)  # returns when the command has opened it
        try:
            # a signal just before it sleeps in the read would be noticed only behind the read
            wait_until(lambda: _sleeps(process.pid), "the command waits for its settings")
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        finally:
            os.close(writer)
    assert (130, "", "") == (process.returncode, out, err.strip())
