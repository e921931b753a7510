"""The list read aloud by a synthetic teacher, from the sound to what the lesson then hears."""

from __future__ import annotations

import io
import shutil
import stat
from pathlib import Path

import pytest
from rich.console import Console
from spoken_names import in_soft_noise, spoken, write_wav

from device import cli, settings_file
from device.audio.frames import Samples
from device.audio.recording import Recording
from device.commands.enrol import read_with_prompts
from device.detect.names import find_names
from device.detect.recogniser import InlineRecogniser
from device.lesson_plan import LessonPlan
from device.models import BUILT_IN_FOLDER
from device.names.check import Hearing, phrases
from device.names.enrolled import enrolled_path, read_enrolled, write_enrolled
from device.names.reading_aloud import NameEar
from device.settings import DeviceSettings, Settings

pytestmark = [
    pytest.mark.replay,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="apt install espeak-ng"),
]

VOICE = "nl+robosoft5"
NAMES = ("Fatima", "Ilayda", "Bram", "Oumnia", "Sanne", "Nomvula")
UNKNOWN = {"p02", "p04", "p06"}  # no words of the model


@pytest.fixture(autouse=True)
def only_these_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings and no models of the machine that the tests run on."""
    monkeypatch.setattr(settings_file, "SYSTEM_FILE", tmp_path / "none.toml")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("DENKPAUZE_CONFIG", "VOSK_MODEL_PATH"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def class_list(tmp_path: Path) -> Path:
    path = tmp_path / "klas.txt"
    path.write_text("\n".join(NAMES) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reading")
    sound = in_soft_noise([spoken(folder, VOICE, name) for name in NAMES], 1.2)
    return write_wav(folder / "list.wav", sound)


def plan_of(tmp_path: Path, class_list: Path) -> LessonPlan:
    settings = Settings(device=DeviceSettings(data_folder=tmp_path / ".local/share/denkpauze"))
    return LessonPlan.make(settings, roster=class_list)


def enrol(class_list: Path, reading: Path) -> int:
    return cli.run(["enrol", "--roster", str(class_list), "--input", str(reading)])


def called(plan: LessonPlan, sound: Samples) -> set[str | None]:
    recogniser = plan.recogniser(threaded=False)
    recogniser.begin(1, 0)
    recogniser.accept(sound)
    recogniser.finish()
    (transcript,) = recogniser.drain()
    return {found.pupil for found in find_names(transcript.words, plan.roster)}


def test_names_that_were_not_heard_are_heard_after_reading_them_aloud(
    tmp_path: Path, class_list: Path, reading: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = {
        f"p{n:02d}": in_soft_noise([spoken(tmp_path, VOICE, name)], 0.3)
        for n, name in enumerate(NAMES, 1)
    }
    before = plan_of(tmp_path, class_list)
    heard_before = {pupil for pupil, call in calls.items() if pupil in called(before, call)}
    assert enrol(class_list, reading) in (0, 1)
    after = plan_of(tmp_path, class_list)
    heard_after = {pupil for pupil, call in calls.items() if pupil in called(after, call)}
    assert set() == UNKNOWN & heard_before
    assert heard_before < heard_after
    known = {verdict.pupil for verdict in after.names if verdict.hearing is Hearing.READ_ALOUD}
    assert known >= UNKNOWN & heard_after
    assert "Ilayda" in capsys.readouterr().out


def test_the_words_are_kept_for_the_owner_only_and_no_sound_is(
    tmp_path: Path, class_list: Path, reading: Path
) -> None:
    enrol(class_list, reading)
    data = tmp_path / ".local/share/denkpauze"
    files = [path for path in data.rglob("*") if path.is_file()]
    kept = [path for path in files if path.parent.name == "names"]
    assert [0o600] == [stat.S_IMODE(path.stat().st_mode) for path in kept]
    assert set(read_enrolled(kept[0]).words) <= {name.lower() for name in NAMES}
    assert [] == [path for path in files if path.suffix in {".wav", ".flac"}]


def test_each_name_is_asked_and_answered_before_the_next(
    tmp_path: Path, class_list: Path, reading: Path
) -> None:
    plan = plan_of(tmp_path, class_list)
    assert plan.model is not None
    recogniser = InlineRecogniser(plan.model.path, language="nl")
    ear = NameEar(recogniser, recogniser.spotter(phrases(plan.names)))
    paper = io.StringIO()
    with Recording(reading) as source:
        found = read_with_prompts(Console(file=paper), plan, list(plan.roster), source, ear)
    lines = paper.getvalue().splitlines()
    prompts = [line for line in lines if " van 6: " in line]
    assert [f"{n} van 6: {name}" for n, name in enumerate(NAMES, 1)] == prompts
    assert [True] * len(NAMES) == [said is not None for said in found]


def test_silence_passes_every_name_over_and_keeps_nothing(
    tmp_path: Path, class_list: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    silence = write_wav(tmp_path / "silence.wav", in_soft_noise([], 3.0))
    assert 1 == enrol(class_list, silence)
    assert "Niets gehoord om te bewaren." in capsys.readouterr().out
    assert not (tmp_path / ".local/share/denkpauze/names").exists()


def test_without_a_class_list_it_says_what_to_give(capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == cli.run(["enrol", "--input", "x.wav"])
    assert "give --roster FILE" in capsys.readouterr().err


def test_names_are_shown_with_their_verdicts(
    class_list: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 1 == cli.run(["names", "--roster", str(class_list)])
    printed = capsys.readouterr().out
    rows = {name: next(r for r in printed.splitlines() if f" {name} " in r) for name in NAMES}
    assert (True, True) == ("te horen" in rows["Fatima"], "niet te horen" in rows["Oumnia"])
    assert "3 van 6 namen te horen" in printed


def test_a_class_list_that_everybody_can_read_is_said(
    class_list: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for mode in (0o644, 0o640):
        class_list.chmod(mode)
        cli.run(["names", "--roster", str(class_list)])
        said.append(f"chmod 640 {class_list}" in capsys.readouterr().out)
    assert [True, False] == said


def test_words_of_another_model_are_not_used_and_that_is_said(
    tmp_path: Path, class_list: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = enrolled_path(tmp_path / ".local/share/denkpauze", "denkpauze-nl")
    write_enrolled(path, "another-network", {"oumnia": ("mia",)})
    by_pupil = {verdict.pupil: verdict for verdict in plan_of(tmp_path, class_list).names}
    assert (Hearing.NOT, True) == (by_pupil["p04"].hearing, by_pupil["p04"].outdated)
    assert 1 == cli.run(["names", "--roster", str(class_list)])
    printed = capsys.readouterr().out
    (row,) = [line for line in printed.splitlines() if " Oumnia " in line and "│" in line]
    assert "voorgelezen aan een ander spraakmodel" in row
    assert "lees die opnieuw voor met denkpauze enrol" in printed


def test_a_reading_is_forgotten_by_name_and_as_a_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = enrolled_path(tmp_path / ".local/share/denkpauze", "denkpauze-nl")
    write_enrolled(path, "mark", {"oumnia": ("mia",), "ilayda": ("isa",)})
    assert 0 == cli.run(["enrol", "--forget", "Oumnia"])
    assert {"ilayda": ("isa",)} == read_enrolled(path).words
    assert 0 == cli.run(["enrol", "--forget-all"])
    assert 1 == cli.run(["enrol", "--forget-all"])
    lines = capsys.readouterr().out.splitlines()
    assert [
        "Vergeten: wat van Oumnia was voorgelezen.",
        "Vergeten: alles wat is voorgelezen.",
        "Er is niets bewaard om te vergeten.",
    ] == lines
    assert [] == list(path.parent.iterdir())


def test_a_model_that_would_end_the_process_is_found_out_before_the_list_is_judged(
    tmp_path: Path, class_list: Path, reading: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = shutil.copytree(BUILT_IN_FOLDER / "nl", tmp_path / "bad-nl")
    (model / "conf" / "model.conf").write_bytes(b"")
    settings = tmp_path / "settings.toml"
    settings.write_text(f"[recogniser]\nmodel_path = '{model}'\n", encoding="utf-8")
    given = ["--config", str(settings)]
    assert 1 == cli.run([*given, "names", "--roster", str(class_list)])
    wanted = ["enrol", "--roster", str(class_list), "--input", str(reading)]
    assert 1 == cli.run([*given, *wanted])
    errors = capsys.readouterr().err.splitlines()
    assert [True, True] == ["Vosk breaks down on it" in line for line in errors]
