"""What ``denkpauze doctor`` looks at. Each check says what it found and what to do about it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable

from device import machine
from device.errors import DenkpauzeError
from device.findings import Finding, Verdict, judged
from device.model_store.loading import try_model
from device.models import find_model
from device.names.judge import judge
from device.roster import Roster
from device.settings import Settings
from device.storage_checks import check_data_folder, check_disk, check_journal


def check_python(_settings: Settings) -> Finding:
    version = platform.python_version()
    good = sys.version_info >= (3, 11) and sys.maxsize > 2**32
    found = f"{version}, {'64' if sys.maxsize > 2**32 else '32'} bit"
    advice = "install a 64-bit system with Python 3.11 or newer"
    return judged("Python", good, found, advice, Verdict.BLOCKER)


def check_sound_library(_settings: Settings) -> Finding:
    good = machine.library_present("portaudio")
    found = "libportaudio2 found" if good else "libportaudio2 is missing"
    advice = "sudo apt install libportaudio2"
    return judged("Sound library", good, found, advice, Verdict.BLOCKER)


def check_microphone(settings: Settings) -> Finding:
    try:
        # imported here: without its library the other checks still run
        from device.audio.cards import choose, list_microphones

        chosen = choose(list_microphones(), settings.microphone.card)
    except DenkpauzeError as error:
        advice = "plug one in; denkpauze devices shows the names for [microphone] card"
        return Finding("Microphone", Verdict.BLOCKER, str(error), advice)
    return Finding("Microphone", Verdict.OK, chosen.label)


def check_recogniser(_settings: Settings) -> Finding:
    problem = machine.import_problem("vosk")
    advice = "sudo apt install libatomic1, then make setup"
    return judged("Recogniser", problem is None, problem or "vosk loads", advice, Verdict.BLOCKER)


def check_model(settings: Settings) -> Finding:
    language = settings.device.language
    try:
        model = find_model(language, settings.recogniser.model_path)
    except DenkpauzeError as error:
        return Finding("Speech model", Verdict.BLOCKER, str(error), "correct or remove that path")
    official = f"to hear everyday speech: denkpauze models fetch {language}"
    if model is None:
        return Finding("Speech model", Verdict.BLOCKER, f"none for {language}", official)
    size = f", {model.words} words" if model.words else ""
    found = f"{model.name} ({model.kind}{size}): {model.hears}"
    try:
        # tried anew, and remembered nowhere: the service may own the data folder
        try_model(model.path, language)
    except DenkpauzeError as error:
        other = "denkpauze models fetch --again, or another folder with denkpauze models use"
        return Finding("Speech model", Verdict.BLOCKER, f"{found}. {error}", other)
    return judged("Speech model", model.kind == "official", found, official)


def check_roster(settings: Settings) -> Finding:
    path = settings.lesson.roster
    if path is None:
        advice = "name a file with one name a line under [lesson] roster"
        return Finding("Class list", Verdict.ATTENTION, "none: no names are heard", advice)
    try:
        count = len(Roster.read(path))
    except DenkpauzeError as error:
        return Finding("Class list", Verdict.BLOCKER, str(error), "correct the file")
    private = not machine.readable_by_all(path)
    found = (
        f"{count} pupils" if private else f"{count} pupils; everybody on this device can read it"
    )
    advice = f"chmod 640 {path}: names are for the service and the teacher only"
    return judged("Class list", private, found, advice)


def check_names(settings: Settings) -> Finding:
    """How many names are heard. A report may be passed on: it holds no names."""
    path, language = settings.lesson.roster, settings.device.language
    try:
        model = find_model(language, settings.recogniser.model_path)
        pupils = Roster.read(path) if path else Roster.empty()
        verdicts = judge(pupils, model, language, settings.device.data_folder)
    except DenkpauzeError:
        return Finding("Names", Verdict.ATTENTION, "not known", "correct what is named above")
    counted = [verdict for verdict in verdicts if verdict.counted]
    if not counted:
        return Finding("Names", Verdict.OK, "none to hear")
    heard = sum(verdict.heard for verdict in counted)
    advice = "denkpauze names shows which; denkpauze enrol, or a nickname in the list, may help"
    found = f"{heard} of {len(counted)} are heard"
    return judged("Names", heard == len(counted), found, advice)


def check_pins(settings: Settings) -> Finding:
    if not (settings.outputs.light or settings.outputs.buttons or settings.outputs.haptic):
        return Finding("Pins", Verdict.OK, "light, buttons and vibration are switched off")
    problem = machine.pin_factory_problem()
    if machine.is_raspberry_pi():
        advice = "sudo apt install python3-lgpio, remove .venv, then make setup"
    else:
        advice = "none needed on a computer without pins: the terminal shows the light"
    return judged("Pins", problem is None, problem or "gpiozero reaches the pins", advice)


def check_broker(settings: Settings) -> Finding:
    mqtt = settings.mqtt
    if mqtt.enabled:
        good = machine.reachable(mqtt.host, mqtt.port)
        found = f"{mqtt.host} port {mqtt.port} {'answers' if good else 'does not answer'}"
        advice = "is the broker on, and [mqtt] host and port right? A lesson is kept until then"
        return judged("MQTT broker", good, found, advice)
    program = machine.mosquitto_program()
    found = f"sending is off; mosquitto {'is installed' if program else 'is missing'}"
    advice = "the demo needs it: sudo apt install mosquitto"
    return judged("MQTT broker", program is not None, found, advice)


def check_network(_settings: Settings) -> Finding:
    connected = machine.networks()
    found = f"connected: {', '.join(connected)}" if connected else "none is connected"
    advice = "sudo nmtui connects to Wi-Fi; without one a lesson is measured, and kept until then"
    return judged("Network", bool(connected), found, advice)


def check_clock(_settings: Settings) -> Finding:
    good = machine.clock_synchronised()
    found = "set by a time server" if good else "not set by a time server since the start"
    advice = "connect to a network once; pauses are right all the same, dates may not be"
    return judged("Clock", good, found, advice)


def check_dashboard(_settings: Settings) -> Finding:
    needed = ("flask", "flask_babel", "sqlalchemy", "alembic", "waitress")
    missing = [module for module in needed if machine.import_problem(module) is not None]
    found = f"missing: {', '.join(missing)}" if missing else "its packages are installed"
    return judged("Dashboard", not missing, found, "make setup")


CHECKS: tuple[Callable[[Settings], Finding], ...] = (
    check_python,
    check_sound_library,
    check_microphone,
    check_recogniser,
    check_model,
    check_roster,
    check_names,
    check_pins,
    check_network,
    check_broker,
    check_data_folder,
    check_disk,
    check_journal,
    check_clock,
    check_dashboard,
)
