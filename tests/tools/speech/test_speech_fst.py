"""OpenFst's files as we write them, and as Debian's tools turn them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools.speech.fst import (
    Fst,
    FstToolError,
    convert,
    read_header,
    read_vector,
    to_look_ahead,
    to_ngram,
    write_vector,
)
from tools.speech.language_model import Pruning, TrigramModel

pytestmark = pytest.mark.contract

needs_tools = pytest.mark.skipif(
    shutil.which("fstconvert") is None, reason="libfst-tools is not installed"
)


def two_words() -> Fst:
    fst = Fst(state_count=3)
    fst.add(0, 1, (5, 2), 0.5)
    fst.add(0, 2, (4, 1), 0.25)
    fst.add(1, 0, (3, 0))
    fst.finals = {2: 0.0, 1: 1.5}
    return fst


def test_vector_file_returns_its_arcs_and_finals(tmp_path: Path) -> None:
    fst = two_words()
    write_vector(fst, tmp_path / "a.fst", "ilabel")
    returned = read_vector(tmp_path / "a.fst")
    assert set(fst.arcs) == set(returned.arcs)
    assert fst.finals == returned.finals


@pytest.mark.parametrize(("sort", "first"), [("ilabel", 4), ("olabel", 4)])
def test_arcs_are_sorted_as_asked(tmp_path: Path, sort: str, first: int) -> None:
    write_vector(two_words(), tmp_path / "a.fst", sort)
    assert first == read_vector(tmp_path / "a.fst").arcs[0].input_label


def test_header_tells_type_and_states(tmp_path: Path) -> None:
    write_vector(two_words(), tmp_path / "a.fst", "olabel")
    header = read_header(tmp_path / "a.fst")
    assert ("vector", "standard", 2, 0, 3) == (
        header.fst_type,
        header.arc_type,
        header.version,
        header.start,
        header.states,
    )


def test_other_file_is_no_fst(tmp_path: Path) -> None:
    (tmp_path / "a.fst").write_bytes(b"RIFF1234WAVE")
    with pytest.raises(ValueError, match="not an OpenFst file"):
        read_header(tmp_path / "a.fst")


@needs_tools
def test_look_ahead_gives_every_word_a_number_of_its_own(tmp_path: Path) -> None:
    write_vector(two_words(), tmp_path / "a.fst", "olabel")
    numbers = to_look_ahead(tmp_path / "a.fst", tmp_path / "b.fst", tmp_path)
    assert "olabel_lookahead" == read_header(tmp_path / "b.fst").fst_type
    assert 2 == len({numbers[1], numbers[2]} - {0})


@needs_tools
def test_language_model_converts_to_the_compact_type(tmp_path: Path) -> None:
    sentences = [(["ja", "dat", "klopt"], 3.0), (["dat", "is", "goed"], 2.0)]
    words = ["ja", "dat", "klopt", "is", "goed"]
    model = TrigramModel(sentences, words, Pruning(1, 1))
    numbers = {word: number for number, word in enumerate(words, start=1)}
    write_vector(model.acceptor(numbers), tmp_path / "a.fst", "ilabel")
    to_ngram(tmp_path / "a.fst", tmp_path / "b.fst")
    assert "ngram" == read_header(tmp_path / "b.fst").fst_type


@needs_tools
def test_failure_of_the_tool_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(FstToolError, match="fstconvert to ngram failed"):
        convert(tmp_path / "none.fst", tmp_path / "b.fst", "ngram", "libfstngram")
