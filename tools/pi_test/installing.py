"""Installing from a bundle in a system that does not run, and what can be tried there."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tempfile
import wave
import zipfile
from difflib import unified_diff
from pathlib import Path

from device.audio.frames import SAMPLE_RATE, Block
from device.audio.recording import Recording
from tools.pi_test.record import Record, must
from tools.pi_test.root import Root

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "device" / "data" / "demo"
#: Two questions, two pauses, two names: 20 seconds of the demo lesson.
FIRST_S, LAST_S = 39.0, 59.0
DEVICE = "lokaal-12"
PLACE = "var/tmp/pi-test"
SECURITY = ("security", "--offline=true", "--no-pager")
#: On systemd's scale of 0 (closed) to 10 (open).
MOST_EXPOSED = 2.0
#: Emulated, on a machine that others keep busy.
INSTALL_S = 5400.0
#: What a system without sound card, pins and network cannot have.
NOT_HERE = {"Microphone", "Speech model", "Class list", "Pins", "Network", "MQTT broker", "Clock"}


def prepare(root: Root, bundle: Path) -> None:
    """Put the bundle, the installer and the sound into the system."""
    place = root.folder / PLACE
    place.mkdir(parents=True)
    (place / "install.sh").write_bytes((ROOT / "install.sh").read_bytes())
    (place / "bundle.tar").write_bytes(bundle.read_bytes())
    excerpt(place / "les.wav")
    (place / "klas.txt").write_bytes((DEMO / "klas.txt").read_bytes())


def excerpt(path: Path) -> None:
    """20 seconds of the demo lesson as they are in the film."""
    sound = bytearray()
    with Recording(DEMO / "les_nl.flac") as recording:
        for item in recording.items():
            if isinstance(item, Block):
                sound += item.samples.astype("<i2").tobytes()
    first, last = (2 * round(at_s * SAMPLE_RATE) for at_s in (FIRST_S, LAST_S))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(bytes(sound[first:last]))


def expected_events(work: Path, bundle: Path) -> list[str]:
    """What this machine makes of the same sound with the program and the model of the bundle."""
    sound, out = work / "les.wav", work / "here"
    command = (sys.executable, "-c", "from device.cli import main; main()")
    excerpt(sound)
    with tempfile.TemporaryDirectory() as program:
        with tarfile.open(bundle) as archive:
            (own,) = [m for m in archive.getmembers() if "/wheels/denkpauze-" in m.name]
            wheel = archive.extractfile(own)
            assert wheel is not None
            with zipfile.ZipFile(wheel) as packed:
                for name in packed.namelist():
                    packed.extract(name, program)
        subprocess.run(
            [
                *command,
                "analyse",
                str(sound),
                "--roster",
                str(DEMO / "klas.txt"),
                "--out",
                str(out),
            ],
            cwd=work,
            env={"PYTHONPATH": program, "HOME": program, "PATH": "/usr/bin", "LANG": "C.UTF-8"},
            capture_output=True,
            check=True,
        )
    return (out / "les.jsonl").read_text().splitlines()


def try_installing(record: Record, root: Root) -> bool:
    """Install and install again; whether there is something to go on with."""
    command = (f"/{PLACE}/install.sh", "--bundle", f"/{PLACE}/bundle.tar")
    options = ("--", "--offline", "--device", DEVICE)

    def install() -> str:
        done = root.run("bash", *command, *options, timeout_s=INSTALL_S)
        must(done.returncode == 0, done.stdout + done.stderr)
        return root.run("/usr/local/bin/denkpauze", "--version").stdout.strip()

    def again() -> str:
        before = _state(root)
        done = root.run("bash", *command, *options)
        must(done.returncode == 0 and "in place already" in done.stdout, done.stdout + done.stderr)
        after = _state(root)
        changed = [name for name in before | after if before.get(name) != after.get(name)]
        must(not changed, f"changed: {changed[:5]}")
        return "nothing changed"

    good = record.claim("install.sh --bundle installs without network", install)
    if good:
        record.claim("installing again changes nothing", again)
    return good


def _state(root: Root) -> dict[str, bytes]:
    """Our files outside the environment, with what is in them."""
    places = ("etc", "usr/local/bin")
    return {
        str(path.relative_to(root.folder)): path.read_bytes()
        for place in places
        for path in sorted((root.folder / place).rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def try_using(record: Record, root: Root, expected: list[str]) -> None:
    """What needs no running system: the programs, the doctor, a lesson."""

    def programs() -> str:
        for name in ("denkpauze", "denkpauze-ingest", "denkpauze-dashboard"):
            done = root.run(f"/opt/denkpauze/current/bin/{name}", "--help")
            must(done.returncode == 0, f"{name}: {done.stderr}")
        return ""

    def doctor() -> str:
        shown = root.run("/usr/local/bin/denkpauze", "doctor").stdout
        rows = re.findall(r"│ (\w[^│]*?) *│ (ok|attention|blocker) *│ ([^│]*?) *│", shown)
        open_rows = {part: found for part, verdict, found in rows if verdict != "ok"}
        must(len(rows) > 10, shown)
        must(not open_rows.keys() - NOT_HERE, str(open_rows))
        return f"{len(rows) - len(open_rows)} ok; not here: {', '.join(sorted(open_rows))}"

    def lesson() -> str:
        place = f"/{PLACE}"
        done = root.run(
            *("/usr/local/bin/denkpauze", "analyse", f"{place}/les.wav"),
            *("--roster", f"{place}/klas.txt", "--out", f"{place}/out"),
        )
        must(done.returncode == 0, done.stdout + done.stderr)
        made = (root.folder / PLACE / "out" / "les.jsonl").read_text().splitlines()
        must(made == expected, "\n".join(unified_diff(expected, made, "here", "there", n=0)))
        return f"{len(made)} events, the same as on this machine"

    def units() -> str:
        places = sorted((root.folder / "etc/systemd/system").glob("denkpauze-*.service"))
        names = [f"/{place.relative_to(root.folder)}" for place in places]
        must(len(names) == 3, f"units: {names}")
        valid = root.run("systemd-analyze", "verify", "--recursive-errors=no", *names)
        must(valid.returncode == 0, valid.stderr)
        shown = [root.run("systemd-analyze", *SECURITY, name).stdout for name in names]
        exposed = [float(number) for number in re.findall(r"for \S+: ([0-9.]+)", " ".join(shown))]
        must(len(exposed) == 3 and max(exposed) <= MOST_EXPOSED, " ".join(shown)[-400:])
        return f"exposure {', '.join(map(str, exposed))}"

    record.claim("all three programs start", programs)
    record.claim("its systemd finds the units valid and closed", units)
    record.claim("the doctor finds all that can be here", doctor)
    record.claim("20 s of the demo lesson give the same events", lesson)
