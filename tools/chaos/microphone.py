"""Faults of the microphone and its sound server, in real time: ``denkpauze run`` and PulseAudio."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import numpy as np

from device.audio.frames import SAMPLE_RATE, Samples
from device.clock import SystemClock
from lesson.events import Health, HealthPart, HealthState
from tests.support.pulse import MIC_SINK, MIC_SOURCE, Pulse, missing
from tools.chaos.accounts import journalled
from tools.chaos.device import DEVICE, send_rest
from tools.chaos.faults import Attack, Fault
from tools.chaos.sound import DEMO, load
from tools.chaos.world import CONTEXT, SETTLE_TIMEOUT_S, World

#: a sink that nobody plays into gives exact zeros, as no microphone does
HISS_LEVEL = 4
HISS_S = 300
#: after the fault: two questions with their pauses and names
PLAYED_S = 30.9
EXIT_TIMEOUT_S = 120.0
NOTICE_TIMEOUT_S = 120.0


class MicrophoneWorld(World):
    """A world whose device records what a private PulseAudio plays."""

    pulse: Pulse

    def start_sound(self) -> None:
        self.pulse = self._stack.enter_context(Pulse(self.folder / "pulse"))
        self.hiss()

    def start_device(self) -> None:
        settings = self.order.folder / "denkpauze.toml"
        settings.write_text(
            f'version = 1\n[device]\nid = "{DEVICE}"\ndata_folder = "."\n'
            f'[microphone]\ncard = "pulse:{MIC_SOURCE}"\n'
            "[outputs]\nlight = false\nbuttons = false\nterminal = false\n"
            f'[mqtt]\nenabled = true\nhost = "127.0.0.1"\nport = {self.order.port}\n',
            encoding="utf-8",
        )
        command = [sys.executable, "-m", "device.cli", "--config", settings, "run"]
        with (self.order.folder / "device.log").open("ab") as log:
            self._program = subprocess.Popen(
                [*map(str, command), "--language", "nl", "--roster", str(DEMO / "klas.txt")],
                env={**self.pulse.environment, "PYTHONPATH": os.pathsep.join(sys.path)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._stack.callback(self._end_device)

    def hearing(self) -> bool:
        return self._program.poll() is None

    def play(self, samples: Samples, name: str) -> None:
        path = self.folder / f"{name}.raw"
        path.write_bytes(samples.astype("<i2").tobytes())
        self.pulse.play(path)

    def hiss(self) -> None:
        noise = np.random.default_rng(1).normal(0, HISS_LEVEL, HISS_S * SAMPLE_RATE)
        self.play(noise.round(), "hiss")

    def health(self) -> list[HealthState]:
        """What the device wrote about its microphone so far."""
        return [
            event.state
            for event in journalled(self.order.folder)
            if isinstance(event, Health) and event.part is HealthPart.MICROPHONE
        ]

    def await_exit(self) -> None:
        self.wait(lambda: not self.hearing(), "the device gives up", EXIT_TIMEOUT_S)

    def stop_device(self) -> None:
        """Ctrl-C, as at the end of a lesson; what it did not get sent goes with the next start."""
        self._program.send_signal(signal.SIGINT)
        self.device_exits.append(self._program.wait(EXIT_TIMEOUT_S))
        rest = CONTEXT.Process(target=send_rest, args=(os.getpid(), self.order), daemon=True)
        rest.start()
        try:
            self.wait(lambda: not rest.is_alive(), "the rest is sent", SETTLE_TIMEOUT_S)
        finally:
            rest.kill()

    def _begun(self) -> bool:
        recording = self.pulse.control("list", "short", "source-outputs") != ""
        if recording and self.journal():
            self.order.began.write_text(str(SystemClock().since_boot()), encoding="ascii")
            return True
        return False

    def _end_device(self) -> None:
        if self.hearing():
            self._program.kill()
            self._program.wait()


def _world(attack: Attack) -> MicrophoneWorld:
    assert isinstance(attack.world, MicrophoneWorld)
    return attack.world


def _lesson(attack: Attack) -> MicrophoneWorld:
    """Play the lesson until a random moment of its middle."""
    world = _world(attack)
    world.play(load(world.order.sound).samples, "lesson")
    attack.until(0.15, 0.4)
    return world


def _rest(attack: Attack) -> None:
    """The fault must have been noticed, and sound be heard again; then play the lesson anew."""
    world = _world(attack)

    def noticed() -> bool:
        states = world.health()
        return any(state is not HealthState.OK for state in states) and (
            states[-1] is HealthState.OK
        )

    world.wait(noticed, "the loss is noticed and over", NOTICE_TIMEOUT_S)
    world.pulse.stop_playing()
    world.hiss()
    world.play(load(world.order.sound).samples[: round(PLAYED_S * SAMPLE_RATE)], "again")
    world.sleep(PLAYED_S + 2.0)


def vanish(attack: Attack) -> None:
    world = _lesson(attack)
    world.pulse.unload(MIC_SINK)
    attack.a_while(1.0, 6.0)
    world.pulse.load(MIC_SINK)
    world.hiss()
    _rest(attack)


def zeros(attack: Attack) -> None:
    world = _lesson(attack)
    world.pulse.control("set-source-mute", MIC_SOURCE, "1")
    attack.a_while(5.0, 8.0)
    world.pulse.control("set-source-mute", MIC_SOURCE, "0")
    _rest(attack)


def drop_out(attack: Attack) -> None:
    """A receiver that loses its transmitter three times, for a word or a little longer."""
    world = _lesson(attack)
    for share in (0.4, 0.55, 0.7):
        attack.until(share, share + 0.1)
        world.pulse.control("set-source-mute", MIC_SOURCE, "1")
        attack.a_while(0.1, 2.0)
        world.pulse.control("set-source-mute", MIC_SOURCE, "0")
    _rest(attack)


def kill_server(attack: Attack) -> None:
    world = _lesson(attack)
    world.pulse.kill()
    attack.a_while(0.5, 4.0)
    world.pulse.start()
    world.hiss()
    _rest(attack)


def freeze_server(attack: Attack) -> None:
    """Nothing inside the process cures that: it ends, and whoever supervises it starts it again."""
    world = _lesson(attack)
    world.pulse.freeze()
    world.await_exit()
    world.pulse.thaw()
    world.start_device()
    _rest(attack)


def start_sound(attack: Attack) -> None:
    _world(attack).start_sound()


FAULTS = tuple(
    Fault(name, act, start_sound, sound_missing=True)
    for name, act in (
        ("microphone unplugged, back as another", vanish),
        ("microphone delivers zeros", zeros),
        ("microphone drops out", drop_out),
        ("sound server killed", kill_server),
        ("sound server frozen", freeze_server),
    )
)


def unavailable() -> str | None:
    """Why these faults cannot be tried here."""
    program = missing()
    return None if program is None else f"{program} is not installed"
