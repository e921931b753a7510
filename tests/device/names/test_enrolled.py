"""What is kept of the list that was read aloud."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from device.errors import NamesError
from device.names.enrolled import enrolled_path, read_enrolled, write_enrolled

pytestmark = pytest.mark.unit


def test_words_are_kept_by_name_and_model(tmp_path: Path) -> None:
    path = enrolled_path(tmp_path, "denkpauze-nl")
    write_enrolled(path, {"fatima": ("fa tima",), "daan": ()})
    assert ({"fatima": ("fa tima",)}, {}) == (
        read_enrolled(path),
        read_enrolled(enrolled_path(tmp_path, "another")),
    )


def test_a_second_class_keeps_the_first_and_a_second_reading_replaces(tmp_path: Path) -> None:
    path = enrolled_path(tmp_path, "nl")
    write_enrolled(path, {"ilayda": ("mila",), "büşra": ("bus la",)})
    write_enrolled(path, {"ilayda": ("isa",), "büşra": (), "oumnia": ("mia",)})
    assert {"ilayda": ("isa",), "oumnia": ("mia",)} == read_enrolled(path)


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    path = enrolled_path(tmp_path / "data", "nl")
    write_enrolled(path, {"ilayda": ("mila",)})
    modes = [stat.S_IMODE(place.stat().st_mode) for place in (path, path.parent)]
    assert ([0o600, 0o700], [path]) == (modes, list(path.parent.iterdir()))


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"version": 2, "names": {}}', '{"version": 1}']
)
def test_a_damaged_file_is_an_error_that_reading_again_repairs(
    tmp_path: Path, content: str
) -> None:
    path = enrolled_path(tmp_path, "nl")
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    with pytest.raises(NamesError, match="read the list again"):
        read_enrolled(path)
    write_enrolled(path, {"ilayda": ("mila",)})
    assert {"ilayda": ("mila",)} == read_enrolled(path)


def test_a_model_name_never_leaves_the_folder(tmp_path: Path) -> None:
    assert tmp_path / "names" == enrolled_path(tmp_path, "../../etc/passwd").parent


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "names").write_text("a file", encoding="utf-8")
    with pytest.raises(NamesError, match="cannot be written"):
        write_enrolled(enrolled_path(tmp_path, "nl"), {"ilayda": ("mila",)})
