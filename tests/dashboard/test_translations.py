"""The Dutch catalogue is complete, and what is installed is made of what is written."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

import dashboard

pytestmark = pytest.mark.unit

FOLDER = Path(dashboard.__file__).parent
DUTCH = FOLDER / "translations" / "nl" / "LC_MESSAGES"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


def catalogue() -> Catalog:
    with (DUTCH / "messages.po").open("rb") as file:
        return read_po(file, locale="nl")


def texts(catalogue: Catalog) -> list[tuple[str, str]]:
    return sorted((str(m.id), str(m.string)) for m in catalogue if m.id)


def ids_in_the_code() -> set[object]:
    found = extract_from_dir(FOLDER, METHODS, strip_comment_tags=True)
    return {message for _, _, message, _, _ in found}


def test_every_text_in_the_code_is_translated_and_no_other() -> None:
    assert ids_in_the_code() == {message.id for message in catalogue() if message.id}


def test_no_translation_is_empty_uncertain_or_lacks_a_place_holder() -> None:
    messages = [message for message in catalogue() if message.id]
    assert [] == [m.id for m in messages if m.fuzzy or not m.string]
    assert [] == [str(error) for m in messages for error in m.check()]
    for message in messages:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        source = message.id if isinstance(message.id, str) else message.id[0]
        places = sorted(part.split("}")[0] for part in source.split("{")[1:])
        assert all(
            places == sorted(part.split("}")[0] for part in text.split("{")[1:]) for text in texts
        )


def test_the_compiled_catalogue_is_made_of_the_written_one() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue())
    expected = read_mo(io.BytesIO(compiled.getvalue()))
    with (DUTCH / "messages.mo").open("rb") as file:
        actual = read_mo(file)
    assert texts(expected) == texts(actual)
