"""A bundle is taken whole and undamaged, or not at all."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from device.errors import SetupError
from device.updates.bundle import unpack
from tools.bundle import entries, pack, platforms, sums

pytestmark = pytest.mark.unit


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "denkpauze-0.2.0-aarch64"
    (folder / "wheels").mkdir(parents=True)
    (folder / "wheels" / "srt-3.5.3-py3-none-any.whl").write_bytes(b"wheel")
    (folder / "VERSION").write_text("0.2.0\n")
    (folder / "SHA256SUMS").write_text(sums(folder))
    return folder


def test_what_was_packed_is_unpacked(content: Path, tmp_path: Path) -> None:
    pack(content, tmp_path / "one.tar")
    pack(content, tmp_path / "two.tar")
    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()
    assert "0.2.0" == unpack(tmp_path / "one.tar", tmp_path / "out")
    assert b"wheel" == (tmp_path / "out/wheels/srt-3.5.3-py3-none-any.whl").read_bytes()


@pytest.mark.parametrize("change", ["other bytes", "missing", "one more"])
def test_a_file_that_differs_is_refused(content: Path, tmp_path: Path, change: str) -> None:
    wheel = content / "wheels" / "srt-3.5.3-py3-none-any.whl"
    if change == "missing":
        wheel.unlink()
    else:
        (wheel if change == "other bytes" else content / "more.whl").write_bytes(b"else")
    pack(content, tmp_path / "bundle.tar")
    with pytest.raises(SetupError, match=r"damaged \(.*whl\).*Nothing was changed"):
        unpack(tmp_path / "bundle.tar", tmp_path / "out")


def test_a_file_that_leads_out_of_the_bundle_is_not_written(content: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "bundle.tar", "w") as archive:
        archive.add(content, content.name)
        archive.add(content / "VERSION", f"{content.name}/../../evil")
    with pytest.raises(SetupError, match="no bundle"):
        unpack(tmp_path / "bundle.tar", tmp_path / "a" / "out")
    assert [] == list(tmp_path.rglob("evil"))


def test_no_bundle_at_all_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "photo.tar").write_bytes(b"not a tar file")
    with pytest.raises(SetupError, match="no bundle of Denkpauze"):
        unpack(tmp_path / "photo.tar", tmp_path / "out")


def test_a_lock_is_taken_apart_with_all_its_hashes() -> None:
    first = "av==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
    lock = first + "srt==3.5.3 \\\n    --hash=sha256:cc\n"
    parts = entries(lock)
    assert (["av", "srt"], lock) == (list(parts), "".join(parts.values()))


def test_wheels_for_a_newer_c_library_than_bookworms_are_not_asked_for() -> None:
    names = platforms("aarch64")
    assert ("manylinux_2_36_aarch64", False) == (names[0], "manylinux_2_37_aarch64" in names)
