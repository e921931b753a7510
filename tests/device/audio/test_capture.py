"""The real sound path: PulseAudio, PortAudio and the microphone in a process of its own."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pulse import MIC_SINK, MIC_SOURCE, Pulse

pytestmark = [pytest.mark.audio, pytest.mark.slow]

REPOSITORY = Path(__file__).resolve().parents[3]
TIMEOUT_S = 60.0

Fact = dict[str, object]


class Recorder:
    """``capture_process.py`` and what it says."""

    def __init__(self, pulse: Pulse, folder: Path, card: str) -> None:
        self.raw = folder / "heard.raw"
        self.facts: list[Fact] = []
        self._news = threading.Condition()
        self.process = subprocess.Popen(
            [sys.executable, REPOSITORY / "tests/support/capture_process.py", card, self.raw],
            env={**pulse.environment, "PYTHONPATH": str(REPOSITORY)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.facts.append(json.loads(line))
                self._news.notify_all()

    def wait_for(self, wanted: Callable[[Fact], bool], after: int = 0) -> int:
        """Number of facts up to and including the first one that is wanted."""

        def found() -> int | None:
            for number, fact in enumerate(self.facts[after:], after + 1):
                if wanted(fact):
                    return number
            return None

        with self._news:
            assert self._news.wait_for(found, TIMEOUT_S), self.facts
            return found() or 0

    def wait_for_state(self, state: str, after: int = 0) -> int:
        return self.wait_for(lambda fact: fact.get("state") == state, after)

    def wait_for_sound(self, seconds: float) -> None:
        """Until the recording has become longer by so much."""
        wanted = self.raw.stat().st_size + round(seconds * 32_000)
        for _ in range(round(TIMEOUT_S / 0.05)):
            if self.raw.stat().st_size >= wanted:
                return
            time.sleep(0.05)  # a bounded poll: the file grows by itself
        raise AssertionError(f"no sound for {TIMEOUT_S} s: {self.facts}")

    def tell(self, command: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def quit(self) -> np.ndarray:
        """End the recording; all that was heard."""
        self.tell("quit")
        assert self.process.wait(TIMEOUT_S) == 0, self.facts
        self._reader.join(TIMEOUT_S)
        return np.fromfile(self.raw, np.int16)

    def states(self) -> list[object]:
        """From the first sound on; before it the microphone gives zeros."""
        found = [fact["state"] for fact in self.facts if "state" in fact]
        return found[found.index("ok") :]

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(TIMEOUT_S)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.fixture
def recorder(pulse: Pulse, tmp_path: Path) -> Iterator[Recorder]:
    recorder = Recorder(pulse, tmp_path, "pulse")
    try:
        recorder.wait_for(lambda fact: "ready" in fact)
        yield recorder
    finally:
        recorder.stop()


def noise(seconds: float) -> np.ndarray:
    """White noise that is never exactly zero."""
    values = np.random.default_rng(7).integers(1, 4_000, round(seconds * 16_000))
    return (values * np.where(values % 2, 1, -1)).astype(np.int16)


@pytest.fixture
def hiss(tmp_path: Path) -> Path:
    """More than any test here takes."""
    path = tmp_path / "hiss.raw"
    path.write_bytes(noise(120).tobytes())
    return path


def begin(pulse: Pulse, recorder: Recorder, hiss: Path) -> int:
    """Return when the room has been heard for a while; the number of facts by then."""
    pulse.play(hiss)
    seen = recorder.wait_for_state("ok")
    recorder.wait_for_sound(1.0)
    return seen


def check_lesson_time(fact: Fact) -> None:
    """The lesson's clock has not lost the time that went by unheard."""
    position_s, real_s = fact["position_s"], fact["real_s"]
    assert isinstance(position_s, float)
    assert isinstance(real_s, float)
    assert abs(position_s - real_s) < 1.0


def test_what_is_played_is_heard_bit_exact(
    pulse: Pulse, recorder: Recorder, tmp_path: Path
) -> None:
    played = noise(5)
    path = tmp_path / "played.raw"
    path.write_bytes(played.tobytes())
    pulse.play(path).wait(TIMEOUT_S)
    recorder.wait_for_sound(0.5)
    heard = recorder.quit()
    begin = int(np.flatnonzero(heard)[0])
    assert np.array_equal(played, heard[begin : begin + len(played)])


def test_the_microphone_is_known_by_the_name_of_its_source(recorder: Recorder) -> None:
    assert {"ready": f"{MIC_SOURCE}, PulseAudio"} == recorder.facts[0]


def test_a_source_can_be_asked_for_by_name(pulse: Pulse, tmp_path: Path) -> None:
    recorder = Recorder(pulse, tmp_path, "pulse:earpiece.monitor")
    try:
        recorder.wait_for(lambda fact: "ready" in fact)
        assert _source_index(pulse, "earpiece.monitor") == _recorded_index(pulse)
    finally:
        recorder.stop()


def _recorded_index(pulse: Pulse) -> str:
    return pulse.control("list", "short", "source-outputs").split("\t")[1]


def _source_index(pulse: Pulse, name: str) -> str:
    for line in pulse.control("list", "short", "sources").splitlines():
        index, source, *_ = line.split("\t")
        if source == name:
            return index
    raise AssertionError(f"no source {name}")


def test_a_source_unplugged_and_plugged_in_again(
    pulse: Pulse, recorder: Recorder, hiss: Path
) -> None:
    """Another source takes its place without a word; only the right one is listened to again."""
    pulse.play(hiss, "earpiece")
    begin(pulse, recorder, hiss)
    pulse.unload(MIC_SINK)
    seen = recorder.wait_for_state("wrong_device")
    recorder.wait_for_sound(1.0)
    pulse.load(MIC_SINK)
    pulse.play(hiss)
    seen = recorder.wait_for_state("ok", seen)
    check_lesson_time(recorder.facts[seen - 1])
    recorder.wait_for_sound(1.0)
    recorder.quit()
    assert ["ok", "wrong_device", "ok"] == recorder.states()


def test_the_only_source_unplugged_and_plugged_in_again(
    pulse: Pulse, recorder: Recorder, hiss: Path
) -> None:
    begin(pulse, recorder, hiss)
    pulse.unload("earpiece")
    pulse.unload(MIC_SINK)
    seen = recorder.wait_for_state("lost")
    recorder.wait_for_sound(1.0)
    pulse.load(MIC_SINK)
    pulse.play(hiss)
    seen = recorder.wait_for_state("ok", seen)
    check_lesson_time(recorder.facts[seen - 1])
    recorder.quit()
    assert ["ok", "lost", "ok"] == recorder.states()


def test_a_stream_moved_to_another_source_is_brought_back(
    pulse: Pulse, recorder: Recorder, hiss: Path
) -> None:
    pulse.play(hiss, "earpiece")
    begin(pulse, recorder, hiss)
    stream = pulse.control("list", "short", "source-outputs").split("\t")[0]
    pulse.control("move-source-output", stream, "earpiece.monitor")
    seen = recorder.wait_for_state("wrong_device")
    recorder.wait_for_state("ok", seen)
    recorder.wait_for_sound(0.5)
    assert _source_index(pulse, MIC_SOURCE) == _recorded_index(pulse)
    recorder.quit()
    assert ["ok", "wrong_device", "ok"] == recorder.states()


def test_a_sound_server_that_dies_and_comes_back(
    pulse: Pulse, recorder: Recorder, hiss: Path
) -> None:
    begin(pulse, recorder, hiss)
    pulse.kill()
    seen = recorder.wait_for_state("lost")
    recorder.wait_for_sound(1.0)
    pulse.start()
    pulse.play(hiss)
    seen = recorder.wait_for_state("ok", seen)
    check_lesson_time(recorder.facts[seen - 1])
    recorder.quit()
    assert ["ok", "lost", "ok"] == recorder.states()


def test_a_sound_server_that_freezes_ends_the_process_with_advice(
    pulse: Pulse, recorder: Recorder, hiss: Path
) -> None:
    begin(pulse, recorder, hiss)
    pulse.freeze()
    try:
        recorder.wait_for_state("lost")
        recorder.wait_for(lambda fact: fact.get("end") == "error")
        assert 3 == recorder.process.wait(TIMEOUT_S)
    finally:
        pulse.thaw()
    assert "the sound system does not answer" in str(recorder.facts[-1]["text"])


def test_exact_zeros_are_silence_that_nobody_trusts(
    pulse: Pulse, recorder: Recorder, hiss: Path
) -> None:
    seen = begin(pulse, recorder, hiss)
    pulse.control("set-source-mute", MIC_SOURCE, "1")
    seen = recorder.wait_for_state("silent", seen)
    recorder.wait_for_sound(1.0)
    pulse.control("set-source-mute", MIC_SOURCE, "0")
    seen = recorder.wait_for_state("ok", seen)
    check_lesson_time(recorder.facts[seen - 1])
    recorder.quit()
    assert ["ok", "silent", "ok"] == recorder.states()


def test_mute_closes_the_stream_itself(pulse: Pulse, recorder: Recorder, hiss: Path) -> None:
    begin(pulse, recorder, hiss)
    recorder.tell("mute")
    muted = recorder.wait_for(lambda fact: fact.get("muted") is True)
    assert {"muted": True, "open": False} == recorder.facts[muted - 1]
    assert "" == pulse.control("list", "short", "source-outputs")
    recorder.wait_for_sound(1.0)
    recorder.tell("unmute")
    unmuted = recorder.wait_for(lambda fact: fact.get("muted") is False)
    back = recorder.wait_for_state("ok", unmuted - 1)
    check_lesson_time(recorder.facts[back - 1])
    recorder.quit()
    assert ["ok", "muted", "ok"] == recorder.states()


def test_an_unknown_microphone_is_refused_with_the_names_there_are(
    pulse: Pulse, tmp_path: Path
) -> None:
    recorder = Recorder(pulse, tmp_path, "Lavalier")
    try:
        recorder.wait_for(lambda fact: fact.get("end") == "error")
        text = str(recorder.facts[-1]["text"])
    finally:
        recorder.stop()
    assert text.startswith("no microphone is called 'Lavalier': plug it in. Found: ")
    assert "pulse, ALSA" in text
