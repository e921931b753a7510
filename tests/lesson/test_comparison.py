"""When two lessons may be said to differ: against resampling, and at the edges."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson.comparison import Change, compare_medians, compare_shares, standard_error
from lesson.spread import bootstrap_weights, spread
from lesson.statistics import share

pytestmark = pytest.mark.unit

SHORT = [0.4, 0.6, 0.7, 0.9, 1.0, 1.1, 1.2, 1.3, 1.5, 1.9, 2.4]
LONG = [2.1, 2.6, 2.9, 3.0, 3.1, 3.1, 3.3, 3.4, 3.8, 4.1, 4.6]


def medians(before: list[float], after: list[float]) -> Change:
    return compare_medians(spread(before).median_s, spread(after).median_s, (before, after))


@pytest.mark.parametrize("values", [SHORT, LONG, [1.0, 2.0, 4.0, 8.0, 16.0]])
def test_the_standard_error_is_that_of_endless_resampling(values: list[float]) -> None:
    draw = np.random.default_rng(1).choice(values, size=(200_000, len(values)))
    resampled = float(np.median(draw, axis=1).std())
    assert resampled == pytest.approx(standard_error(values), rel=0.01)


def test_for_even_n_it_is_near_that_of_resampling() -> None:
    values = [*SHORT, 3.0]
    draw = np.random.default_rng(1).choice(values, size=(200_000, len(values)))
    assert float(np.median(draw, axis=1).std()) == pytest.approx(standard_error(values), rel=0.1)


@pytest.mark.parametrize("n", [1, 2, 5, 12, 101])
def test_the_weights_are_a_distribution_that_is_the_same_from_both_sides(n: int) -> None:
    weights = bootstrap_weights(n)
    assert 1.0 == pytest.approx(math.fsum(weights))
    assert weights == pytest.approx(weights[::-1], abs=1e-12)


def test_a_pause_that_became_much_longer_is_called_more() -> None:
    change = medians(SHORT, LONG)
    expected = round(statistics.median(LONG) - statistics.median(SHORT), 3)
    assert ("more", expected) == (change.verdict, change.difference)
    assert change.low is not None
    assert change.low > 0


def test_the_other_way_round_it_is_less() -> None:
    assert "less" == medians(LONG, SHORT).verdict


def test_a_lesson_does_not_differ_from_itself() -> None:
    assert ("no_difference_seen", 0.0) == (
        medians(SHORT, SHORT).verdict,
        medians(SHORT, SHORT).difference,
    )


def test_a_difference_within_the_tolerance_of_measuring_is_none() -> None:
    steady = [2.0] * 30
    assert ["no_difference_seen", "more"] == [
        medians(steady, [value + shift for value in steady]).verdict for shift in (0.1, 0.2)
    ]


def test_few_pauses_say_nothing_however_far_apart() -> None:
    change = medians([1.0, 1.1], LONG)
    assert ("too_few", None, None) == (change.verdict, change.low, change.high)


def test_no_pauses_at_all_say_nothing() -> None:
    assert ("too_few", None) == (medians([], LONG).verdict, medians([], LONG).difference)


def test_shares_follow_newcombe() -> None:
    # Newcombe 1998, table II, (a): 56/70 against 48/80
    change = compare_shares(share(48, 80), share(56, 70))
    assert (0.2, 0.0524, 0.3339) == (
        change.difference,
        pytest.approx(change.low, abs=1e-4),
        pytest.approx(change.high, abs=1e-4),
    )
    assert "more" == change.verdict


def test_shares_of_few_turns_do_not_differ_at_once() -> None:
    assert "no_difference_seen" == compare_shares(share(2, 6), share(4, 6)).verdict


@given(
    st.lists(st.integers(0, 150), min_size=5, max_size=40),
    st.lists(st.integers(0, 150), min_size=5, max_size=40),
)
def test_the_interval_holds_the_difference_and_turns_round(
    first: list[int], second: list[int]
) -> None:
    there = medians([value / 10 for value in first], [value / 10 for value in second])
    back = medians([value / 10 for value in second], [value / 10 for value in first])
    assert there.low is not None
    assert there.high is not None
    assert there.difference is not None
    assert there.low <= there.difference <= there.high
    assert (
        -there.difference,
        {"more": "less", "less": "more"}.get(there.verdict, there.verdict),
    ) == (
        back.difference,
        back.verdict,
    )
