"""Pairing and statistics."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.score.matching import mean, nearest_first, percentile, share

pytestmark = pytest.mark.unit

moments = st.lists(st.floats(0, 100), max_size=12)


def test_the_closest_pair_is_made_first() -> None:
    assert {1: 0} == nearest_first([1.0, 1.4], [1.3], 0.5)


def test_what_is_too_far_stays_alone() -> None:
    assert {} == nearest_first([1.0], [1.6], 0.5)


@given(moments, moments, st.floats(0, 5))
def test_pairs_are_one_to_one_near_and_as_many_as_they_can_be(
    truth: list[float], found: list[float], tolerance: float
) -> None:
    paired = nearest_first(truth, found, tolerance)
    assert len(set(paired.values())) == len(paired)
    assert all(abs(truth[i] - found[j]) <= tolerance for i, j in paired.items())
    for i in set(range(len(truth))) - paired.keys():
        for j in set(range(len(found))) - set(paired.values()):
            assert abs(truth[i] - found[j]) > tolerance


def test_statistics_of_nothing_are_nothing() -> None:
    assert (None, None, None) == (mean([]), percentile([], 50), share(0, 0))


def test_a_percentile_is_one_of_the_values() -> None:
    values = [4.0, 1.0, 3.0, 2.0]
    assert (1.0, 3.0, 4.0) == tuple(percentile(values, p) for p in (0, 50, 100))
    assert mean(values) == 2.5
