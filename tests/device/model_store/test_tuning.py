"""Decoding options, as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.model_store.tuning import changed, options, tune, tuned

pytestmark = pytest.mark.unit

MAKERS = "--min-active=200\n--max-active=7000\n--beam=13.0\n--lattice-beam=2.0\n"


def test_what_searches_wider_is_lowered_and_what_searches_less_is_left() -> None:
    values = tuned(MAKERS)
    assert {"max-active": "3000", "beam": "11"} == {
        name: values[name] for name in values if name in options(MAKERS)
    }


def test_a_search_that_has_no_bound_gets_one() -> None:
    assert {"max-active", "beam", "lattice-beam"} <= set(tuned("--min-active=200\n"))


def test_ours_are_not_changed_again() -> None:
    assert {} == tuned(changed(MAKERS, tuned(MAKERS)))


def test_each_option_stands_there_once_and_others_are_left_in_order() -> None:
    text = "# by the maker\n--beam=13\n--acoustic-scale=1.0\n--beam=12\n"
    expected = "# by the maker\n--acoustic-scale=1.0\n--beam=11\n"
    assert expected == changed(text, {"beam": "11"})


def test_the_makers_file_is_kept_beside_ours(tmp_path: Path) -> None:
    conf = tmp_path / "conf" / "model.conf"
    conf.parent.mkdir()
    conf.write_text(MAKERS, "utf-8")
    values = tune(tmp_path)
    assert MAKERS == (tmp_path / "conf" / "model.conf.orig").read_text("utf-8")
    assert values.items() <= options(conf.read_text("utf-8")).items()


def test_the_older_layout_is_left_alone(tmp_path: Path) -> None:
    assert {} == tune(tmp_path)
    assert [] == list(tmp_path.iterdir())
