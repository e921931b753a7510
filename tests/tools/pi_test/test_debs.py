"""The system packages of a bundle: which, from where, and an archive that apt itself reads."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.debs import DebsError, index, sources, wanted

pytestmark = pytest.mark.process

ROOT = Path(__file__).resolve().parents[3]


def test_what_is_packed_is_what_the_installer_asks_for() -> None:
    script = (ROOT / "install.sh").read_text()
    assert {"libportaudio2", "libatomic1", "mosquitto", "espeak-ng"} <= set(wanted(script))
    assert "missing $packages" in script


def test_an_installer_without_packages_is_refused() -> None:
    with pytest.raises(DebsError, match="no line packages"):
        wanted("echo nothing")


def test_packages_of_another_release_come_from_where_this_machine_has_its_own() -> None:
    targets = (
        "http://mirror.example/debian/ bookworm Debian main\n"
        "http://mirror.example/debian/ bookworm Debian contrib\n"
        "http://mirror.example/debian/ bookworm-updates Debian main\n"
        "http://mirror.example/security/ bookworm-security Debian main\n"
        "http://other.example/apt nodistro Other main\n"
    )
    lines = [line.partition("] ")[2] for line in sources(targets, "trixie", "arm64")]
    assert [
        "http://mirror.example/debian/ trixie main",
        "http://mirror.example/debian/ trixie-updates main",
        "http://mirror.example/security/ trixie-security main",
    ] == lines
    options = {line.split("]")[0] for line in sources(targets, "trixie", "arm64")}
    # every list must be signed by Debian
    assert all(re.search(r"arch=arm64 signed-by=/\S+debian-archive-keyring", o) for o in options)


def test_a_machine_without_debian_cannot_pack() -> None:
    with pytest.raises(DebsError, match="pack on Debian"):
        sources("http://other.example/apt nodistro Other main\n", "trixie", "arm64")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two packages made for this test, one of which needs the other."""
    if shutil.which("dpkg-deb") is None or shutil.which("apt-get") is None:
        pytest.skip("dpkg and apt are not installed: this is not Debian")
    folder = tmp_path / "debs"
    folder.mkdir()
    for name, needs in (("denkpauze-sound", ""), ("denkpauze-box", "denkpauze-sound (>= 1.2)")):
        tree = tmp_path / name
        (tree / "DEBIAN").mkdir(parents=True)
        depends = f"Depends: {needs}\n" if needs else ""
        (tree / "DEBIAN" / "control").write_text(
            f"Package: {name}\nVersion: 1.2\nArchitecture: all\nMaintainer: nobody <n@example>\n"
            f"{depends}Description: for a test\n of a small archive\n"
        )
        subprocess.run(
            ["dpkg-deb", "--build", "--root-owner-group", tree, folder],
            capture_output=True,
            check=True,
        )
    (folder / "Packages").write_text(index(folder))
    return folder


def apt(archive: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """apt as ``install.sh`` runs it, on a system on which nothing is installed."""
    own = archive.parent / "apt"
    for name in ("lists/partial", "cache/archives/partial", "etc"):
        (own / name).mkdir(parents=True, exist_ok=True)
    (own / "status").touch()
    (own / "debs.list").write_text(f"deb [trusted=yes] file:{archive} ./\n")
    values = (
        f"Dir::Etc::sourcelist={own}/debs.list",
        "Dir::Etc::sourceparts=-",
        f"Dir::State::lists={own}/lists",
        f"Dir::State::status={own}/status",
        f"Dir::Cache={own}/cache",
        "APT::Sandbox::User=root",
    )
    options = [part for value in values for part in ("-o", value)]
    return subprocess.run(
        ["apt-get", "-y", "-qq", *options, *arguments],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.slow
def test_apt_installs_from_the_archive_with_what_is_needed(archive: Path) -> None:
    assert 0 == apt(archive, "update").returncode
    done = apt(archive, "--simulate", "install", "denkpauze-box")
    planned = re.findall(r"^Inst (\S+)", done.stdout, re.M)
    assert (0, ["denkpauze-sound", "denkpauze-box"]) == (done.returncode, planned), done.stderr


@pytest.mark.slow
def test_a_package_with_other_bytes_is_refused_by_apt(archive: Path) -> None:
    (file,) = archive.glob("denkpauze-sound*.deb")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert digest in (archive / "Packages").read_text()
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert 0 == apt(archive, "update").returncode
    done = apt(archive, "--download-only", "install", "denkpauze-box")
    assert done.returncode != 0
    assert "denkpauze-sound" in done.stderr
