"""Damaged models are found out without harm, by the real Vosk."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from device.errors import ModelError
from device.model_store.loading import MEMORY, make_sure_it_loads, stamp_of, try_model

pytestmark = [pytest.mark.process, pytest.mark.slow]

BUILT_IN = Path(__file__).resolve().parents[3] / "device" / "data" / "models" / "nl"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUILT_IN, tmp_path / "model-nl"))


def test_a_good_model_passes(model: Path) -> None:
    try_model(model, "nl")


@pytest.mark.parametrize(
    ("part", "content", "expected"),
    [
        ("am/final.mdl", b"", "Failed to create a model"),
        ("am/global_cmvn.stats", b"x", "Failed to create a model"),
        ("graph/Gr.fst", b"x", "Failed to create a recognizer"),
        ("graph/HCLr.fst", b"x", "Failed to create a recognizer"),
        ("conf/mfcc.conf", b"", "Failed to create a recognizer"),
        ("conf/model.conf", b"", "Vosk breaks down on it"),
        ("conf/model.conf", b"--frames-per-chunk=0\n", "Vosk breaks down on it"),
        ("graph/words.txt", b"", "knows no Dutch words"),
    ],
)
def test_a_damaged_file_gives_a_reason_in_one_line(
    part: str, content: bytes, expected: str, model: Path
) -> None:
    (model / part).write_bytes(content)
    with pytest.raises(ModelError, match=expected) as caught:
        try_model(model, "nl")
    assert (True, 1) == (str(model) in str(caught.value), len(str(caught.value).splitlines()))


def test_a_graph_that_a_power_cut_left_half_empty_does_no_harm(model: Path) -> None:
    graph = model / "graph" / "HCLr.fst"
    content = graph.read_bytes()
    half = len(content) // 2
    graph.write_bytes(content[:half] + bytes(len(content) - half))
    with pytest.raises(ModelError, match="Vosk breaks down on it"):
        try_model(model, "nl")


def test_a_model_of_another_language_is_no_good(model: Path) -> None:
    (model / "graph" / "words.txt").write_text("<eps> 0\nguten 1\ntag 2\n", "utf-8")
    with pytest.raises(ModelError, match="knows no Dutch words"):
        try_model(model, "nl")


def test_a_trial_that_takes_too_long_is_given_up(model: Path) -> None:
    with pytest.raises(ModelError, match=r"not ready after 0\.01 s"):
        try_model(model, "nl", timeout_s=0.01)


def test_a_model_is_tried_again_only_when_its_files_have_changed(
    model: Path, tmp_path: Path
) -> None:
    make_sure_it_loads(model, "nl", tmp_path / "data")
    memory = tmp_path / "data" / MEMORY
    first = memory.stat().st_mtime_ns
    make_sure_it_loads(model, "nl", tmp_path / "data")
    assert first == memory.stat().st_mtime_ns
    (model / "conf" / "model.conf").write_bytes(b"")
    with pytest.raises(ModelError):
        make_sure_it_loads(model, "nl", tmp_path / "data")


def test_a_model_that_failed_is_not_remembered_as_good(model: Path, tmp_path: Path) -> None:
    (model / "am" / "final.mdl").write_bytes(b"")
    for _ in range(2):
        with pytest.raises(ModelError):
            make_sure_it_loads(model, "nl", tmp_path)


def test_a_memory_that_cannot_be_read_or_written_costs_a_trial_only(
    model: Path, tmp_path: Path
) -> None:
    (tmp_path / MEMORY).write_text("no json", "utf-8")
    make_sure_it_loads(model, "nl", tmp_path)
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    make_sure_it_loads(model, "nl", in_the_way / "below")


def test_the_stamp_changes_with_every_file(model: Path) -> None:
    stamps = {stamp_of(model)}
    (model / "graph" / "extra").write_text("x", "utf-8")
    stamps.add(stamp_of(model))
    (model / "conf" / "model.conf").unlink()
    stamps.add(stamp_of(model))
    assert 3 == len(stamps)
