"""Archives that try to get out of their folder, to grow without end, or are damaged."""

from __future__ import annotations

import stat
import warnings
import zipfile
from pathlib import Path

import pytest

from device.errors import ModelError
from device.model_store.unpack import MOST_FILES, unpack

pytestmark = pytest.mark.unit


def archive(folder: Path, **members: bytes | str) -> Path:
    """A zip of these members; keys may be any name through ``**{}``."""
    path = folder / "model.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return path


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def refused(path: Path, folder: Path, match: str) -> None:
    """The archive is refused, and nothing is left behind."""
    before = {found for found in folder.rglob("*") if found != path}
    with pytest.raises(ModelError, match=match):
        unpack(path, folder / "out")
    assert before == {found for found in folder.rglob("*") if found != path}


@pytest.mark.parametrize("top", ["", "vosk-model-small-nl-0.22/"])
def test_files_arrive_without_the_single_top_folder(top: str, tmp_path: Path) -> None:
    path = archive(tmp_path, **{f"{top}am/final.mdl": b"sound", f"{top}README": b"words"})
    assert 10 == unpack(path, tmp_path / "out")
    assert {"am/final.mdl": b"sound", "README": b"words"} == files_in(tmp_path / "out")


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "model/../../outside",
        "/etc/outside",
        "model/..",
        "c:/outside",
        "model\\..\\outside",
        "model/new\nline",
        "/".join(["deep"] * 12),
        "long" * 60,
    ],
)
def test_a_name_that_plays_tricks_is_refused(name: str, tmp_path: Path) -> None:
    path = archive(tmp_path, **{"model/ok": b"ok", name: b"bad"})
    refused(path, tmp_path, "holds a file named")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_what_is_no_ordinary_file_is_refused(kind: int, tmp_path: Path) -> None:
    path = tmp_path / "model.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        item = zipfile.ZipInfo("model/words.txt")
        item.external_attr = (kind | 0o777) << 16
        zipped.writestr(item, "/etc/passwd")
    refused(path, tmp_path, "no ordinary file")


def test_a_file_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as zipped:
        warnings.simplefilter("ignore", UserWarning)
        zipped.writestr("model/words.txt", "one")
        zipped.writestr("model/Words.txt", "two")
    refused(path, tmp_path, "twice")


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    refused(archive(tmp_path, **{"model/am": b"x", "model/am/final.mdl": b"x"}), tmp_path, "cannot")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = archive(tmp_path, **{"model/zeros": bytes(50_000_000)})
    assert path.stat().st_size < 100_000
    refused(path, tmp_path, "more than 20 times its size")


def test_a_bomb_that_lies_about_its_size_is_cut_off(tmp_path: Path) -> None:
    """Both places that state the size are changed to ten bytes."""
    path = archive(tmp_path, **{"model/zeros": bytes(50_000_000)})
    content = path.read_bytes()
    true, false = (50_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert 2 == content.count(true)
    path.write_bytes(content.replace(true, false))
    refused(path, tmp_path, "damaged|longer")


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    many = {f"model/{number}": b"" for number in range(MOST_FILES + 1)}
    refused(archive(tmp_path, **many), tmp_path, f"holds {MOST_FILES + 1} files")


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, **{"model/words.txt": b"words"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x03\x04") + 6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    refused(path, tmp_path, "encrypted")


@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.99])
def test_half_an_archive_is_damaged(keep: float, tmp_path: Path) -> None:
    path = archive(tmp_path, **{"model/words.txt": bytes(range(256)) * 40})
    content = path.read_bytes()
    path.write_bytes(content[: int(keep if keep >= 1 else keep * len(content))])
    refused(path, tmp_path, "damaged")


def test_a_byte_that_changed_on_the_way_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "model.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("model/words.txt", b"w" * 1000)
    content = bytearray(path.read_bytes())
    content[500] ^= 1
    path.write_bytes(content)
    refused(path, tmp_path, "damaged")
