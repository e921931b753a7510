"""What the proof keeps between its stages, and what it calls a change of a system."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.pi_test.record import Record, Tried, must, write
from tools.pi_test.root import RootError
from tools.pi_test.setting_up import differences, tree
from tools.pi_test.stages import Proof

pytestmark = pytest.mark.unit


def proof(work: Path, bundle: Path) -> Proof:
    return Proof(work, "bookworm", "x86_64", bundle, [], dict)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A bundle, and a system that was kept after it had been installed from it."""
    bundle = tmp_path / "bundle.tar"
    bundle.write_bytes(b"one")
    system = proof(tmp_path, bundle)._kept("installed")
    (system / "etc").mkdir(parents=True)
    (system / "etc" / "here").touch()
    system.with_name(f"{system.name}.sha256").write_text(proof(tmp_path, bundle)._digest())
    return bundle


def test_a_stage_begins_with_a_copy_of_what_was_kept(kept: Path, tmp_path: Path) -> None:
    root = proof(tmp_path, kept)._begin("use")
    assert (root.folder / "etc" / "here").exists()
    (root.folder / "etc" / "here").unlink()
    again = proof(tmp_path, kept)._begin("setup")
    assert (again.folder / "etc" / "here").exists()


@pytest.mark.parametrize("stage", ["use", "power"])
def test_what_was_installed_from_another_bundle_is_not_gone_on_with(
    kept: Path, tmp_path: Path, stage: str
) -> None:
    kept.write_bytes(b"another")
    with pytest.raises(RootError, match="--from install"):
        proof(tmp_path, kept)._begin(stage)


def test_a_repeated_stage_replaces_its_own_claims_only(tmp_path: Path) -> None:
    file = tmp_path / "claims.json"
    write(file, [Tried("a", "one", True, "", 1.0), Tried("a", "two", False, "", 1.0)])
    write(file, [Tried("a", "two", True, "", 2.0), Tried("b", "one", True, "", 1.0)])
    found = {(each["system"], each["claim"]): each["good"] for each in json.loads(file.read_text())}
    assert {("a", "one"): True, ("a", "two"): True, ("b", "one"): True} == found


def test_a_claim_that_does_not_hold_is_recorded_with_its_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    record = Record("a system")

    def check() -> str:
        must(False, "three  are\nleft")
        return ""

    assert not record.claim("nothing is left", check)
    assert [(False, "three are left")] == [(each.good, each.found) for each in record.tried]
    assert "NOT  a system: nothing is left" in capsys.readouterr().out


def test_what_came_went_or_changed_is_told_and_caches_are_not(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for root in (before, after):
        (root / "etc").mkdir(parents=True)
        (root / "etc" / "same").write_text("same")
        (root / "etc" / "link").symlink_to(root.name)
        (root / "var" / "cache").mkdir(parents=True)
    (before / "etc" / "gone").touch()
    (after / "etc" / "come").mkdir()
    (after / "var" / "cache" / "of-apt").touch()
    (after / "etc" / "__pycache__").mkdir()
    assert ["etc/come", "etc/gone", "etc/link"] == differences(tree(before), tree(after))
