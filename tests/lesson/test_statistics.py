"""Formulas against numbers worked by hand or by counting out."""

from __future__ import annotations

import math
from itertools import product
from statistics import median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson.spread import median_interval, spread
from lesson.statistics import Figure, evenness, gini, quantile, ratio, share

pytestmark = pytest.mark.unit


def test_evenness_of_two_one_one_none_is_three_quarters() -> None:
    # p = ½ ¼ ¼: H = (½ ln 2 + ½ ln 4) ÷ ln 4 = 0.75
    assert 0.75 == evenness([2, 1, 1, 0])


def test_evenness_is_one_when_equal_and_zero_for_one_pupil() -> None:
    assert 1.0 == evenness([3, 3, 3])
    assert 0.0 == evenness([3, 0, 0])


@pytest.mark.parametrize("counts", [[], [4], [0, 0]])
def test_evenness_needs_two_pupils_and_a_nomination(counts: list[float]) -> None:
    assert evenness(counts) is None


def test_gini_of_two_one_one_none_is_three_eighths() -> None:
    # ΣΣ|cᵢ - cⱼ| = 2 (1 + 1 + 2 + 0 + 1 + 1) = 12; 2 n N = 2 · 4 · 4
    assert 0.375 == gini([2, 1, 1, 0])


def test_gini_is_zero_when_equal_and_large_for_one_pupil() -> None:
    assert 0.0 == gini([3, 3, 3])
    assert 0.75 == gini([0, 0, 4, 0])


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30).filter(any))
def test_gini_is_its_double_sum(counts: list[int]) -> None:
    double_sum = sum(abs(a - b) for a in counts for b in counts)
    assert pytest.approx(double_sum / (2 * len(counts) * sum(counts)), abs=1e-4) == gini(counts)


@given(st.lists(st.floats(0, 20), min_size=2, max_size=40))
def test_quartiles_are_the_inclusive_ones(values: list[float]) -> None:
    expected = quantiles(values, n=4, method="inclusive")
    actual = [quantile(sorted(values), p) for p in (0.25, 0.5, 0.75)]
    assert pytest.approx(expected) == actual


def test_spread_of_four_durations() -> None:
    described = spread([4.0, 1.0, 3.0, 2.0])
    assert (4, 2.5, 1.75, 3.25, 1.5, 2.5) == (
        described.n,
        described.median_s.value,
        described.q1_s,
        described.q3_s,
        described.iqr_s,
        described.mean_s,
    )


def test_bins_include_their_lower_limit_and_ten_belongs_to_five_to_ten() -> None:
    described = spread([0.999, 1.0, 2.0, 2.699, 2.7, 2.999, 3.0, 5.0, 10.0, 10.001])
    assert [1, 1, 2, 2, 1, 2, 1] == [part.count for part in described.bins]
    assert [0.0, 1.0, 2.0, 2.7, 3.0, 5.0, 10.0] == [part.from_s for part in described.bins]
    assert [1.0, 2.0, 2.7, 3.0, 5.0, 10.0, None] == [part.to_s for part in described.bins]
    assert 0.2 == described.bins[2].share


def test_nothing_to_describe_is_described_as_nothing() -> None:
    described = spread([])
    assert (0, None, None) == (described.n, described.median_s.value, described.iqr_s)
    assert 7 == len(described.bins)


def test_a_reason_takes_the_values_away() -> None:
    described = spread([1.0, 2.0], reason="not_measurable")
    assert Figure(value=None, n=0, reason="not_measurable") == described.median_s


def counted_out(values: list[float], p: float) -> float:
    """The p point of the medians of all possible resamples."""
    medians = sorted(median(resample) for resample in product(values, repeat=len(values)))
    return medians[math.ceil(p * len(medians)) - 1]


def test_the_interval_of_the_median_is_that_of_all_resamples() -> None:
    values = [0.4, 1.1, 2.9, 3.3, 7.0]
    assert (counted_out(values, 0.025), counted_out(values, 0.975)) == median_interval(values)


def test_the_interval_for_an_even_number_holds_that_of_all_resamples() -> None:
    values = [0.4, 1.1, 2.9, 3.3]
    low, high = median_interval(values)
    assert low <= counted_out(values, 0.025)
    assert counted_out(values, 0.975) <= high


def test_the_interval_of_eleven_durations_leaves_the_outer_ones_out() -> None:
    # P(Bin(11, 2/11) ≥ 6) = 0.006, P(Bin(11, 3/11) ≥ 6) = 0.047; the same from above
    assert (3.0, 9.0) == median_interval([float(value) for value in range(1, 12)])


@given(st.lists(st.floats(0, 15), min_size=1, max_size=200))
def test_the_median_lies_in_its_interval(values: list[float]) -> None:
    figure = spread(values).median_s
    assert figure.value is not None
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low - 1e-3 <= figure.value <= figure.high + 1e-3


def test_the_interval_stands_any_number_of_durations() -> None:
    low, high = median_interval([float(value) for value in range(5000)])
    assert 2400 < low < 2499.5 < high < 2600


def test_a_share_has_wilsons_interval() -> None:
    assert Figure(value=0.5, n=10, low=0.2366, high=0.7634) == share(5, 10)
    assert Figure(value=0.0, n=10, low=0.0, high=0.2775) == share(0, 10)
    assert Figure(value=None, n=0) == share(0, 0)


def test_a_ratio_to_nothing_has_no_value() -> None:
    assert Figure(value=None, n=3) == ratio(1, 0, 3)
    assert Figure(value=1.5, n=3) == ratio(3, 2, 3)


def test_a_figure_needs_five_observations_to_be_shown() -> None:
    assert not Figure(value=1.0, n=4).enough
    assert Figure(value=1.0, n=5).enough
    assert not Figure(value=None, n=5).enough
