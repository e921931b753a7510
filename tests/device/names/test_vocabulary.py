"""Which words a speech model knows, read from its files."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from device.errors import NamesError
from device.names.vocabulary import forms_of, read_vocabulary

pytestmark = pytest.mark.unit

BUILT_IN = Path(__file__).resolve().parents[3] / "device" / "data" / "models" / "nl"
WORDS = frozenset({"daan", "zoë", "jan", "willem", "marie", "anne", "chloe"})


def test_the_words_of_the_built_in_model_are_in_a_file() -> None:
    words = read_vocabulary(BUILT_IN)
    assert (True, False) == ("fatima" in words, "yasmina" in words)


@pytest.mark.skipif(shutil.which("fstcompile") is None, reason="apt install libfst-tools")
@pytest.mark.parametrize(
    "keep",
    [["--keep_osymbols"], ["--keep_isymbols"], ["--keep_isymbols", "--keep_osymbols"]],
    ids=["output", "input", "both"],
)
def test_words_inside_a_graph_are_found(tmp_path: Path, keep: list[str]) -> None:
    """The small official models have no words.txt: the words are in Gr.fst."""
    graph = tmp_path / "graph"
    graph.mkdir()
    symbols = tmp_path / "symbols.txt"
    symbols.write_text("<eps> 0\ndaan 1\nzoë 2\n", encoding="utf-8")
    arcs = "0 1 daan daan\n1 2 zoë zoë\n2\n"
    command = ["fstcompile", f"--isymbols={symbols}", f"--osymbols={symbols}", *keep]
    made = subprocess.run(command, input=arcs.encode(), capture_output=True, check=True)
    (graph / "Gr.fst").write_bytes(made.stdout)
    assert frozenset({"<eps>", "daan", "zoë"}) == read_vocabulary(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no graph at all", b"\xd6\xfd\xb2\x7e" + b"\xff" * 60])
def test_a_graph_without_words_is_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "Gr.fst").write_bytes(content)
    with pytest.raises(NamesError, match="holds no list of words"):
        read_vocabulary(tmp_path)


def test_a_folder_without_a_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NamesError, match="holds no list of words"):
        read_vocabulary(tmp_path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Daan", ("daan",)),
        ("Daan B.", ("daan",)),
        ("Zoë", ("zoë",)),
        ("Zoe", ()),
        ("Chloë", ("chloe",)),
        ("Jan-Willem", ("jan willem",)),
        ("Anne Marie", ("anne marie",)),
        ("Yasmina", ()),
    ],
)
def test_a_name_is_looked_up_as_the_model_may_spell_it(
    name: str, expected: tuple[str, ...]
) -> None:
    assert expected == forms_of(name, WORDS)
