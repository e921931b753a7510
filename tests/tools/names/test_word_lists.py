"""The tool that makes the shipped lists of common words with their sounds."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from tools.names.__main__ import build

pytestmark = [
    pytest.mark.unit,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="apt install espeak-ng"),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "text"
    folder.mkdir()
    sentences = ["de hond en de kat", "de kat en daan", "zeldzaam", "'t en 4 de daan", "roos roos"]
    rows = ["text\tlabel", *(f"{sentence}\t0" for sentence in sentences)]
    with gzip.open(folder / "nl_question.tsv.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(rows) + "\n")
    names = "name\tdisplay\tdutch_word\ndaan\tDaan\t0\nsem\tSem\t0\nroos\tRoos\t1\n"
    (folder / "nl_pupil_names.tsv").write_text(names, encoding="utf-8")
    return tmp_path


def test_words_come_in_the_order_of_how_often_they_are_said(data: Path, tmp_path: Path) -> None:
    rows = gzip.decompress(build(data, "nl", tmp_path / "out").read_bytes()).decode().splitlines()
    cells = [row.split("\t") for row in rows]
    # the commonest first, once only left out, names added, and marked unless they are words too
    assert ["de", "en", "daan", "kat", "roos", "sem"] == [word for word, _, _ in cells]
    assert ["daan", "sem"] == [word for word, _, kind in cells if kind == "name"]
    assert ["də", "dan"] == [cells[0][1], cells[2][1]]


def test_the_same_data_give_the_same_file(data: Path, tmp_path: Path) -> None:
    files = [build(data, "nl", tmp_path / name).read_bytes() for name in ("one", "two")]
    assert files[0] == files[1]
