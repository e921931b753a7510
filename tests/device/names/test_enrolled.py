"""What is kept of the list that was read aloud."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from device.errors import NamesError
from device.names.enrolled import (
    Enrolled,
    enrolled_path,
    forget,
    model_mark,
    read_enrolled,
    write_enrolled,
)

pytestmark = pytest.mark.unit

MARK = "0123456789abcdef"


def test_words_are_kept_by_name_and_model(tmp_path: Path) -> None:
    path = enrolled_path(tmp_path, "denkpauze-nl")
    write_enrolled(path, MARK, {"fatima": ("fa tima",), "daan": ()})
    assert (Enrolled(MARK, {"fatima": ("fa tima",)}), Enrolled()) == (
        read_enrolled(path),
        read_enrolled(enrolled_path(tmp_path, "another")),
    )


def test_a_second_class_keeps_the_first_and_a_second_reading_replaces(tmp_path: Path) -> None:
    path = enrolled_path(tmp_path, "nl")
    write_enrolled(path, MARK, {"ilayda": ("mila",), "büşra": ("bus la",)})
    write_enrolled(path, MARK, {"ilayda": ("isa",), "büşra": (), "oumnia": ("mia",)})
    assert {"ilayda": ("isa",), "oumnia": ("mia",)} == read_enrolled(path).words


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    path = enrolled_path(tmp_path / "data", "nl")
    write_enrolled(path, MARK, {"ilayda": ("mila",)})
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
    write_enrolled(path, MARK, {"ilayda": ("mila",)})
    assert {"ilayda": ("mila",)} == read_enrolled(path).words


def test_a_model_name_never_leaves_the_folder(tmp_path: Path) -> None:
    assert tmp_path / "names" == enrolled_path(tmp_path, "../../etc/passwd").parent


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "names").write_text("a file", encoding="utf-8")
    with pytest.raises(NamesError, match="cannot be written"):
        write_enrolled(enrolled_path(tmp_path, "nl"), MARK, {"ilayda": ("mila",)})


def test_what_another_model_made_is_replaced_by_a_new_reading(tmp_path: Path) -> None:
    path = enrolled_path(tmp_path, "nl")
    write_enrolled(path, "an-older-network", {"ilayda": ("mila",), "oumnia": ("mia",)})
    write_enrolled(path, MARK, {"ilayda": ("isa",)})
    assert Enrolled(MARK, {"ilayda": ("isa",)}) == read_enrolled(path)


def test_the_mark_of_a_model_follows_its_network_and_nothing_else(tmp_path: Path) -> None:
    marks = []
    for number, network in enumerate((b"one", b"one", b"two")):
        folder = tmp_path / str(number)
        (folder / "am").mkdir(parents=True)
        (folder / "am" / "final.mdl").write_bytes(network)
        (folder / "README").write_text(str(number), encoding="utf-8")
        marks.append(model_mark(folder))
    assert (marks[0], 2) == (marks[1], len(set(marks)))


def test_a_folder_without_a_network_has_no_mark(tmp_path: Path) -> None:
    with pytest.raises(NamesError, match="holds no network"):
        model_mark(tmp_path)


def test_one_name_is_forgotten_in_all_models_however_it_is_written(tmp_path: Path) -> None:
    dutch, english = enrolled_path(tmp_path, "nl"), enrolled_path(tmp_path, "en")
    write_enrolled(dutch, MARK, {"busra": ("bus la",), "oumnia": ("mia",)})
    write_enrolled(english, MARK, {"busra": ("bush",)})
    assert (2, 0) == (forget(tmp_path, "Büşra"), forget(tmp_path, "Büşra"))
    assert ({"oumnia": ("mia",)}, False) == (read_enrolled(dutch).words, english.exists())


def test_everything_is_forgotten_and_no_file_stays(tmp_path: Path) -> None:
    path = enrolled_path(tmp_path, "nl")
    write_enrolled(path, MARK, {"ilayda": ("mila",)})
    enrolled_path(tmp_path, "damaged").write_text("{", encoding="utf-8")
    assert (2, 0) == (forget(tmp_path), forget(tmp_path))
    assert [] == list(path.parent.iterdir())


def test_nothing_kept_is_nothing_to_forget(tmp_path: Path) -> None:
    assert (0, 0) == (forget(tmp_path), forget(tmp_path, "Ilayda"))
