"""``denkpauze models``, and what other commands do with a model that fails."""

from __future__ import annotations

import dataclasses
import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from model_server import redirect, serving
from spoken_lesson import write_wav

from device import cli, settings_file
from device.audio.recording import Recording
from device.clock import SimulatedClock, SystemClock
from device.journal import Journal
from device.model_store import catalogue
from device.model_store.catalogue import MODELS, NON_COMMERCIAL

pytestmark = [pytest.mark.process, pytest.mark.slow]

DATA = Path(cli.__file__).parent / "data"
BUILT_IN = DATA / "models" / "nl"
NAME = "vosk-model-small-nl-0.22"


@pytest.fixture(autouse=True)
def only_these_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_file, "SYSTEM_FILE", tmp_path / "none.toml")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("DENKPAUZE_CONFIG", "DENKPAUZE_TRACE", "VOSK_MODEL_PATH", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


def run(*arguments: object) -> int:
    return cli.run([str(argument) for argument in arguments])


def archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in BUILT_IN.rglob("*"):
            if path.is_file() and path.name != "card.json":
                zipped.write(path, f"{NAME}/{path.relative_to(BUILT_IN)}")
    return made.getvalue()


def offer(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """The Dutch model of the catalogue, at another address."""
    model = dataclasses.replace(MODELS[0], **{"sha256": None, **changes})
    monkeypatch.setattr(catalogue, "MODELS", (model,))


def damaged(folder: Path) -> Path:
    """A model whose settings make Vosk end the process."""
    shutil.copytree(BUILT_IN, folder)
    (folder / "conf" / "model.conf").write_bytes(b"")
    return folder


@pytest.mark.parametrize("arguments", [("models",), ("models", "show")])
def test_what_the_built_in_model_is_worth_is_shown(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert 0 == run(*arguments)
    printed = capsys.readouterr().out
    card = json.loads((BUILT_IN / "card.json").read_text("utf-8"))
    wanted = ("built-in", f"{card['words']} words", card["hears"], "comes with Denkpauze")
    assert [] == [text for text in wanted if text not in printed]


def test_the_list_says_licence_size_and_how_to_fetch(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == run("models", "list")
    printed = capsys.readouterr().out
    for model in MODELS:
        about = printed.split(f"{model.name}\n")[1].split("denkpauze models fetch")[0]
        assert (True, True) == (model.licence in about, "not installed" in about)
    assert 2 == printed.count("--accept-licence\n")


def test_only_free_models_are_what_a_language_means() -> None:
    offered = [catalogue.model_for(language) for language in ("nl", "en")]
    assert ["vosk-model-small-nl-0.22", "vosk-model-small-en-us-0.15"] == [
        model.name for model in offered
    ]
    assert [True, True] == [model.free for model in offered]
    assert [False] * 2 == [model.free for model in MODELS if model.licence == NON_COMMERCIAL]


def test_fetch_installs_the_model_and_uses_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = archive()
    with serving(content, redirect("/mirror.zip")) as given:
        offer(monkeypatch, address=given.address, size_bytes=len(content))
        assert 0 == run("models", "fetch", "nl")
        assert 0 == run("models", "fetch", "nl")
    assert ["/model.zip", "/mirror.zip"] == given.paths
    printed = capsys.readouterr().out
    wanted = ("Apache-2.0", "which redirects to http://127.0.0.1", "SHA-256", "It is used for nl.")
    assert [] == [text for text in wanted if text not in printed]
    assert "It is installed" in printed
    assert 0 == run("models")
    printed = capsys.readouterr().out
    assert (True, True) == (f"{NAME} (official" in printed, "found in ~/.cache/vosk" in printed)
    assert 0 == run("models", "list")
    assert "Apache-2.0, installed" in capsys.readouterr().out


def test_the_dutch_model_is_taken_only_when_it_is_the_known_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = archive()
    with serving(content) as given:
        offer(
            monkeypatch,
            address=given.address,
            size_bytes=len(content),
            sha256=MODELS[0].sha256,
        )
        assert 1 == run("models", "fetch", "nl")
    assert "is not the file that is known as" in capsys.readouterr().err


def test_without_a_network_there_is_one_sentence_and_the_built_in_model_works_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = SimulatedClock(sleep_advances=True)
    monkeypatch.setattr("device.commands.models.SystemClock", lambda: clock)
    offer(monkeypatch, address="http://name.invalid/model.zip")
    assert 1 == run("models", "fetch", "nl")
    (line,) = capsys.readouterr().err.splitlines()
    wanted = ("name.invalid cannot be reached", "denkpauze-nl is used as before", "Try again later")
    assert [] == [text for text in wanted if text not in line]
    assert 0 == run("models")


def test_a_licence_that_asks_something_is_agreed_to_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert 1 == run("models", "fetch", "vosk-model-nl-spraakherkenning-0.6")
    printed = capsys.readouterr()
    assert (True, True) == ("non-commercial" in printed.out, "--accept-licence" in printed.err)


def test_an_unknown_model_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == run("models", "fetch", "fr")
    assert "there is no model fr" in capsys.readouterr().err


def test_use_writes_the_folder_into_the_settings_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = Path(shutil.copytree(BUILT_IN, tmp_path / "mine"))
    file = tmp_path / ".config" / "denkpauze" / "denkpauze.toml"
    file.parent.mkdir(parents=True)
    file.write_text("# mijn instellingen\n[device]\nid = 'lokaal-3'\n", "utf-8")
    assert 0 == run("models", "use", model)
    expected = (
        "# mijn instellingen\n[device]\nid = 'lokaal-3'\n\n"
        f'[recogniser]\nmodel_path = "{model}"\n'
    )
    assert expected == file.read_text("utf-8")
    assert 0 == run("models")
    assert "[recogniser] model_path" in capsys.readouterr().out


def test_use_refuses_a_model_that_would_end_the_process(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 1 == run("models", "use", damaged(tmp_path / "bad-nl"))
    assert "Vosk breaks down on it" in capsys.readouterr().err
    assert not (tmp_path / ".config").exists()


def a_file_of_settings(folder: Path, model: Path) -> Path:
    path = folder / "settings.toml"
    path.write_text(
        f"[device]\ndata_folder = '{folder / 'data'}'\n[recogniser]\nmodel_path = '{model}'\n"
        "[outputs]\nlight = false\nbuttons = false\nterminal = false\n",
        "utf-8",
    )
    return path


def short_recording(folder: Path) -> Path:
    """Two seconds of the demo lesson."""
    with Recording(DATA / "demo" / "les_nl.flac", block_samples=32_000) as recording:
        return write_wav([next(iter(recording.items()))], folder / "les.wav")


@pytest.mark.parametrize("bad", ["damaged", "missing"])
def test_a_lesson_is_measured_without_words_when_the_model_fails(
    bad: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = damaged(tmp_path / "bad-nl") if bad == "damaged" else tmp_path / "missing"
    settings = a_file_of_settings(tmp_path, model)
    assert 0 == run("--config", settings, "run", "--input", short_recording(tmp_path))
    printed = capsys.readouterr().out
    assert "Geen woorden deze les, alleen pauzes worden gemeten: " in printed
    assert "Spraakmodel: " not in printed  # none listens
    with Journal.open(tmp_path / "data" / "journal.sqlite", "denkpauze", SystemClock()) as journal:
        (lesson,) = journal.lessons()
        events = [envelope.event for envelope in journal.events(lesson)]
    health = [(event.part, event.state) for event in events if event.kind == "health"]
    assert ("none", ("recogniser", "degraded")) == (events[0].recogniser, health[0])


def test_an_analysis_is_refused_when_the_model_fails_unless_words_are_not_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = a_file_of_settings(tmp_path, damaged(tmp_path / "bad-nl"))
    recording, out = short_recording(tmp_path), tmp_path / "out"
    assert 1 == run("--config", settings, "analyse", recording, "--out", out)
    assert "or analyse with --without-words" in capsys.readouterr().err
    assert not (out / "les.jsonl").exists()
    assert 0 == run("--config", settings, "analyse", recording, "--out", out, "--without-words")
    assert (out / "les.jsonl").exists()
