"""The tick as it is heard: through PortAudio and a private PulseAudio, recorded at the far end."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pulse import Pulse, missing

from device.feedback.earpiece import TONE_HZ, TONE_S

pytestmark = [pytest.mark.audio, pytest.mark.slow]

REPOSITORY = Path(__file__).resolve().parents[3]
RATE_HZ = 16000
TIMEOUT_S = 30.0


@pytest.fixture
def pulse(tmp_path: Path) -> Iterator[Pulse]:
    program = missing()
    if program is not None:
        pytest.skip(f"{program} is not installed; make setup installs it")
    with Pulse(tmp_path / "pulse") as server:
        yield server


class EarpieceProcess:
    """The helper process and its answers."""

    def __init__(self, pulse: Pulse, device: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(REPOSITORY / "tests/support/earpiece_process.py"), device],
            env={**pulse.environment, "PYTHONPATH": str(REPOSITORY)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> EarpieceProcess:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(TIMEOUT_S)
        finally:
            self._process.kill()
            self._process.stdout.close()

    def tick(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("tick\n")
        self._process.stdin.flush()

    def answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def _until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not reached():
        if time.monotonic() > deadline:
            raise TimeoutError("the recording did not grow")
        time.sleep(0.02)


def _record(pulse: Pulse, file: Path, during: Callable[[], None]) -> NDArray[np.float64]:
    """What the earpiece's monitor hears from half a second before to a second after."""
    with file.open("wb") as sink:
        recorder = subprocess.Popen(
            [
                *("parec", "--device=earpiece.monitor", "--raw", "--latency-msec=20"),
                *(f"--rate={RATE_HZ}", "--channels=1", "--format=s16le"),
            ],
            env=pulse.environment,
            stdout=sink,
            stderr=subprocess.DEVNULL,
        )
        try:
            _until(lambda: file.stat().st_size > RATE_HZ)
            during()
            enough = file.stat().st_size + 2 * RATE_HZ
            _until(lambda: file.stat().st_size > enough)
        finally:
            recorder.kill()
            recorder.wait()
    size = file.stat().st_size // 2 * 2
    return np.frombuffer(file.read_bytes()[:size], np.int16) / 32768


def _sounding(heard: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """The stretches of sound, split by silences of 0.2 s or more.

    Shorter silences are left out: a busy machine may let an output run dry for a moment.
    """
    loud = np.flatnonzero(np.abs(heard) > 0.002)
    if not len(loud):
        return []
    gaps = np.diff(loud, prepend=loud[0])
    cuts = np.flatnonzero(gaps > RATE_HZ // 5)
    pieces = np.split(loud, np.flatnonzero(gaps > RATE_HZ // 200))
    sounding = np.concatenate([np.arange(piece[0], piece[-1] + 1) for piece in pieces])
    starts = np.searchsorted(sounding, loud[cuts])
    return [heard[part] for part in np.split(sounding, starts)]


def test_go_is_heard_as_one_soft_tick_of_the_right_pitch_and_length(
    pulse: Pulse, tmp_path: Path
) -> None:
    with EarpieceProcess(pulse, "pulse") as earpiece:
        ready, mask_samples = earpiece.answer().split()
        heard = _record(pulse, tmp_path / "heard.raw", earpiece.tick)
    sounds = _sounding(heard)
    assert ready == "ready"
    assert len(sounds) == 1
    spectrum = np.abs(np.fft.rfft(sounds[0], 10 * RATE_HZ))
    assert spectrum.argmax() / 10 == pytest.approx(TONE_HZ, abs=4.0)
    assert len(sounds[0]) / RATE_HZ == pytest.approx(TONE_S, abs=0.005)
    assert np.abs(sounds[0]).max() == pytest.approx(0.2, abs=0.02)
    assert int(mask_samples) > len(sounds[0])


def test_an_open_earpiece_is_silent_until_go(pulse: Pulse, tmp_path: Path) -> None:
    with EarpieceProcess(pulse, "pulse") as earpiece:
        earpiece.answer()
        assert _sounding(_record(pulse, tmp_path / "heard.raw", lambda: None)) == []


def _tick_until_degraded(earpiece: EarpieceProcess) -> list[str]:
    """All answers up to the report of the lost output and one more tick after it."""
    answers: list[str] = []
    for _ in range(100):
        earpiece.tick()
        answers.append(earpiece.answer())
        if answers[-1].startswith("degraded"):
            break
        time.sleep(0.05)
    earpiece.tick()
    # Two ticks are still to be answered: the one that failed, and the one after it.
    return [*answers, earpiece.answer(), earpiece.answer()]


def test_a_lost_output_is_left_out_with_one_report_and_the_device_lives_on(pulse: Pulse) -> None:
    with EarpieceProcess(pulse, "pulse") as earpiece:
        earpiece.answer()
        pulse.kill()
        answers = _tick_until_degraded(earpiece)
    reports = [answer for answer in answers if answer.startswith("degraded")]
    assert reports == ["degraded earpiece: the sound output is gone; the lesson goes on without it"]
    assert answers.count("fired") == len(answers) - 1


def test_an_unknown_output_is_one_line_that_names_what_there_is(pulse: Pulse) -> None:
    with EarpieceProcess(pulse, "jabra") as earpiece:
        answer = earpiece.answer()
    assert answer.startswith("error earpiece: no such output for «jabra»; here: ")
    assert "«pulse»" in answer
