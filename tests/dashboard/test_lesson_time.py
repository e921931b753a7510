"""Moments of a lesson are read as people write them, and written as they are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.i18n import lesson_moment, short_decimal
from dashboard.lesson_time import LONGEST_S, read_moment, write_moment

pytestmark = pytest.mark.unit


@given(st.integers(0, int(LONGEST_S * 1000)), st.sampled_from(",."))
def test_what_is_written_is_read_again_to_the_millisecond(moment_ms: int, sign: str) -> None:
    assert moment_ms / 1000 == pytest.approx(read_moment(write_moment(moment_ms / 1000, sign)))


@pytest.mark.parametrize(
    ("expected", "moment_s"), [("0:07,60", 7.6), ("1:05,17", 65.17), ("2:00,00", 119.999)]
)
def test_a_column_of_moments_has_as_many_decimals_everywhere(
    in_dutch: None, expected: str, moment_s: float
) -> None:
    assert expected == lesson_moment(moment_s)


def test_an_english_page_has_points(in_english: None) -> None:
    assert ("0:07.60", "2.7", "3") == (lesson_moment(7.6), short_decimal(2.7), short_decimal(3.0))
