"""A fetched model is whole, licensed, tuned, and really decodes; a bad one leaves no trace."""

from __future__ import annotations

import dataclasses
import fcntl
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from model_server import serving, truncate

from device.audio.recording import Recording
from device.clock import SimulatedClock
from device.detect.recogniser import InlineRecogniser
from device.errors import ModelError
from device.model_store.catalogue import APACHE, OfficialModel
from device.model_store.download import Patience
from device.model_store.http import UnreachableError
from device.model_store.install import Installed, fetch, is_installed, record_of
from device.models import find_model

pytestmark = [pytest.mark.process, pytest.mark.slow]

DATA = Path(__file__).resolve().parents[3] / "device" / "data"
NAME = "vosk-model-small-nl-test"
#: Built models come with our own options; the official ones with looser ones.
LOOSE = b"--beam=13\n--lattice-beam=6\n--max-active=7000\n--frames-per-chunk=50\n"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def zipped(changes: dict[str, bytes | None] | None = None) -> bytes:
    """The built-in model as an official archive, with files changed or left out."""
    source = DATA / "models" / "nl"
    files: dict[str, bytes | None] = {
        str(path.relative_to(source)): path.read_bytes()
        for path in source.rglob("*")
        if path.is_file() and path.name not in ("card.json", "README.md")
    }
    conf = files["conf/model.conf"]
    assert conf is not None
    files["conf/model.conf"] = conf + LOOSE
    files |= changes or {}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if content is not None:
                archive.writestr(f"{NAME}/{name}", content)
    return made.getvalue()


@pytest.fixture(scope="module")
def archive() -> bytes:
    return zipped()


def official(content: bytes, address: str) -> OfficialModel:
    return OfficialModel(NAME, "nl", APACHE, len(content), address=address)


def fetched(model: OfficialModel, folder: Path) -> Installed:
    clock = SimulatedClock(sleep_advances=True)
    return fetch(model, clock, folder, patience=Patience(attempts=1))


def left(folder: Path) -> list[str]:
    """What there is, apart from the lock."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    )


def test_a_fetched_model_is_found_and_hears_the_demo_lesson(archive: bytes, tmp_path: Path) -> None:
    with serving(archive) as given:
        done = fetched(official(archive, given.address), tmp_path)
    assert hashlib.sha256(archive).hexdigest() == done.sha256
    model = find_model("nl", None, environ={}, usual_folders=(tmp_path,))
    assert model is not None
    assert (tmp_path / NAME, "official") == (model.path, model.kind)
    recogniser = InlineRecogniser(model.path)
    with Recording(DATA / "demo" / "les_nl.flac", block_samples=16_000) as recording:
        recogniser.begin(0, 0)
        for _, item in zip(range(15), recording.items(), strict=False):
            recogniser.accept(item.samples)  # type: ignore[union-attr]
        recogniser.finish()
    (transcript,) = recogniser.transcripts()
    assert len(transcript.words) > 5


def test_beside_the_model_stand_licence_origin_and_the_makers_options(
    archive: bytes, tmp_path: Path
) -> None:
    with serving(archive) as given:
        done = fetched(official(archive, given.address), tmp_path)
    record = record_of(done.folder)
    assert (NAME, APACHE, given.address, done.sha256, len(archive), False) == (
        record["name"],
        record["licence"],
        record["source"],
        record["sha256"],
        record["archive_bytes"],
        done.recorded_before,
    )
    assert "Apache-2.0" in (done.folder / "LICENCE.txt").read_text("utf-8")
    assert LOOSE in (done.folder / "conf" / "model.conf.orig").read_bytes()
    text = (done.folder / "conf" / "model.conf").read_text("utf-8")
    expected = {"frames-per-chunk": "12", "max-active": "3000", "beam": "11", "lattice-beam": "4"}
    assert expected == done.changed_options
    assert [1] * 4 == [text.count(f"\n--{name}=") for name in expected]
    assert [f".fetching/{NAME}.zip.part"] not in left(tmp_path)
    assert is_installed(official(archive, ""), tmp_path)


def test_a_licence_in_the_archive_is_kept_and_none_is_added(tmp_path: Path) -> None:
    content = zipped({"LICENSE": b"the maker's own"})
    with serving(content) as given:
        done = fetched(official(content, given.address), tmp_path)
    found = [path.name for path in done.folder.iterdir() if path.name.startswith("LICEN")]
    assert ["LICENSE"] == found


def test_options_that_vosk_does_not_take_are_left_as_the_maker_has_them(
    tmp_path: Path, archive: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device.model_store.tuning.SET", {"no-such-option": "1"})
    with serving(archive) as given:
        done = fetched(official(archive, given.address), tmp_path)
    text = (done.folder / "conf" / "model.conf").read_bytes()
    assert ({}, True, False) == (
        done.changed_options,
        LOOSE in text,
        (done.folder / "conf" / "model.conf.orig").exists(),
    )


def test_a_fetch_that_was_interrupted_goes_on(archive: bytes, tmp_path: Path) -> None:
    with serving(archive, truncate(1_000_000)) as given:
        model = official(archive, given.address)
        with pytest.raises(UnreachableError, match="broke off after 1000000"):
            fetched(model, tmp_path)
        assert [f".fetching/{NAME}.zip.part"] == left(tmp_path)
        assert find_model("nl", None, {}, (tmp_path,), tmp_path / "none") is None
        fetched(model, tmp_path)
    assert [None, "bytes=1000000-"] == given.ranges


def test_a_wrong_hash_is_refused_and_nothing_is_left(archive: bytes, tmp_path: Path) -> None:
    with serving(archive) as given:
        model = dataclasses.replace(official(archive, given.address), sha256="0" * 64)
        with pytest.raises(ModelError, match="not the file that is known"):
            fetched(model, tmp_path)
    assert [] == left(tmp_path)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"am/final.mdl": None}, r"holds no Vosk model: no am/final\.mdl"),
        ({"am/final.mdl": b"no network"}, "cannot be used: Failed to create a model"),
        ({"graph/Gr.fst": b"no grammar"}, "cannot be used: Failed to create a recognizer"),
        ({"conf/model.conf": b""}, "cannot be used: Vosk breaks down on it"),
        ({"graph/words.txt": b""}, "knows no Dutch words"),
        ({"../escaped": b"x"}, "holds a file named"),
    ],
)
def test_an_archive_that_is_no_good_leaves_the_installed_model_alone(
    changes: dict[str, bytes | None], expected: str, archive: bytes, tmp_path: Path
) -> None:
    before = tmp_path / NAME / "README"
    before.parent.mkdir()
    before.write_text("the model of before", "utf-8")
    content = zipped(changes)
    with serving(content) as given, pytest.raises(ModelError, match=expected):
        fetched(official(content, given.address), tmp_path)
    assert [f"{NAME}/README"] == left(tmp_path)


def test_a_model_that_is_there_is_exchanged(archive: bytes, tmp_path: Path) -> None:
    old = tmp_path / NAME / "old-file"
    old.parent.mkdir()
    old.write_text("old", "utf-8")
    with serving(archive) as given:
        fetched(official(archive, given.address), tmp_path)
    assert (False, True) == (old.exists(), is_installed(official(archive, ""), tmp_path))


def test_two_fetches_at_once_do_not_clash(archive: bytes, tmp_path: Path) -> None:
    work = tmp_path / ".fetching"
    work.mkdir()
    with (work / f"{NAME}.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with serving(archive) as given:
            model = official(archive, given.address)
            with pytest.raises(ModelError, match="being fetched already"):
                fetched(model, tmp_path)
            assert [] == given.paths
            fcntl.flock(other, fcntl.LOCK_UN)
            fetched(model, tmp_path)
    assert is_installed(model, tmp_path)


def test_a_disk_that_is_too_small_is_noticed_before_the_download(tmp_path: Path) -> None:
    with serving(b"") as given:
        model = dataclasses.replace(official(b"", given.address), size_bytes=10**17)
        with pytest.raises(ModelError, match="MB are free"):
            fetched(model, tmp_path)
    assert [] == given.paths


def test_a_record_that_is_damaged_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(json.dumps(["no object"]), "utf-8")
    assert {} == record_of(tmp_path)
