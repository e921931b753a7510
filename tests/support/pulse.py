"""A private PulseAudio with null sinks, for tests of the real sound path without hardware.

What is played into the sink ``mic_feed`` is what a microphone on its monitor hears.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType

MIC_SINK = "mic_feed"
MIC_SOURCE = "mic_feed.monitor"
START_TIMEOUT_S = 15.0

# without norewinds a null sink delivers its sound two seconds late
_SINKS = {
    MIC_SINK: ["norewinds=1", "rate=16000", "channels=1", "format=s16le"],
    "earpiece": ["norewinds=1", "rate=16000", "channels=1", "format=s16le"],
}


def missing() -> str | None:
    """The program that has to be installed before ``Pulse`` can run."""
    for program in ("pulseaudio", "pactl", "pacat"):
        if shutil.which(program) is None:
            return program
    return None


class Pulse:
    """One server with its own folder. ``kill`` and ``start`` keep the address.

    Attributes:
        environment: what a process needs to use this server and no other.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        self._players: list[subprocess.Popen[bytes]] = []
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PULSE_")},
            "PULSE_SERVER": f"unix:{folder / 'native'}",
            "PULSE_RUNTIME_PATH": str(folder / "runtime"),
            "PULSE_STATE_PATH": str(folder / "state"),
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
        }

    def __enter__(self) -> Pulse:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop_playing()
        self.kill()

    def start(self) -> None:
        """Start the server with both sinks; ``mic_feed`` is the microphone."""
        (self._folder / "native").unlink(missing_ok=True)
        options = "--exit-idle-time=-1 --use-pid-file=no --disable-shm=yes --high-priority=no"
        address = f"auth-anonymous=1 socket={self._folder / 'native'}"
        command = ["pulseaudio", "-n", "--daemonize=no", *options.split(), "--realtime=no"]
        command += ["-L", f"module-native-protocol-unix {address}"]
        for sink, arguments in _SINKS.items():
            command += ["-L", " ".join(["module-null-sink", f"sink_name={sink}", *arguments])]
        with (self._folder / "pulse.log").open("ab") as log:
            self._server = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._sources():
            if time.monotonic() > deadline or self._server.poll() is not None:
                log_text = (self._folder / "pulse.log").read_text()
                raise RuntimeError(f"pulseaudio did not start:\n{log_text}")
            time.sleep(0.02)
        self.control("set-default-source", MIC_SOURCE)
        self.control("set-default-sink", "earpiece")

    def kill(self) -> None:
        """End the server at once, frozen or not."""
        if self._server is not None and self._server.poll() is None:
            self._server.kill()
            self._server.wait()

    def freeze(self) -> None:
        """The server stays there and answers nobody."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._server is not None
        self._server.send_signal(signal.SIGCONT)

    def control(self, *arguments: str) -> str:
        """What ``pactl`` answers."""
        return subprocess.run(
            ["pactl", *arguments],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=START_TIMEOUT_S,
        ).stdout

    def unload(self, sink: str) -> None:
        """Pull the plug of a sink and its monitor."""
        for line in self.control("list", "short", "modules").splitlines():
            if f"sink_name={sink}" in line:
                self.control("unload-module", line.split("\t")[0])

    def load(self, sink: str) -> None:
        """Plug it in again."""
        self.control("load-module", "module-null-sink", f"sink_name={sink}", *_SINKS[sink])
        if sink == MIC_SINK:
            self.control("set-default-source", MIC_SOURCE)

    def play(self, raw: Path, sink: str = MIC_SINK) -> subprocess.Popen[bytes]:
        """Play raw 16 kHz mono int16 in real time."""
        player = subprocess.Popen(
            [
                *("pacat", "--playback", "--raw", f"--device={sink}", "--rate=16000"),
                *("--channels=1", "--format=s16le", "--latency-msec=5000", str(raw)),
            ],
            env=self.environment,
            stderr=subprocess.DEVNULL,
        )
        self._players.append(player)
        return player

    def stop_playing(self) -> None:
        for player in self._players:
            if player.poll() is None:
                player.kill()
            player.wait()
        self._players.clear()

    def _sources(self) -> bool:
        answer = subprocess.run(
            ["pactl", "list", "short", "sources"],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=START_TIMEOUT_S,
        )
        return MIC_SOURCE in answer.stdout
