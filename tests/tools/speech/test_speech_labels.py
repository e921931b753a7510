"""Sounds in time become units in steps of 30 ms, and the aligner finds them again."""

from __future__ import annotations

import numpy as np
import pytest

from tools.speech.alignment import align
from tools.speech.espeak import Segment
from tools.speech.labels import cleaned, first_steps, seconds_of, step_of
from tools.speech.languages import DUTCH

pytestmark = pytest.mark.unit


def test_a_very_short_pause_belongs_to_the_sound_before() -> None:
    parts = (
        Segment(0, "t", 0.0, 0.1),
        Segment(None, "SIL", 0.1, 0.12),
        Segment(1, "a:", 0.12, 0.3),
    )
    assert [("t", 0.12), ("a:", 0.3)] == [(p.sound, p.end_s) for p in cleaned(parts, DUTCH)]


def test_a_held_stop_becomes_the_sound_that_follows() -> None:
    parts = (Segment(0, "A", 0.0, 0.1), Segment(0, "!", 0.1, 0.2), Segment(1, "t", 0.2, 0.3))
    assert ["A", "t", "t"] == [part.sound for part in cleaned(parts, DUTCH)]


def test_every_sound_keeps_at_least_one_step() -> None:
    assert [0, 1, 2, 3] == first_steps([0.0, 0.1, 0.2, 0.3], 4)
    assert first_steps([0.0, 0.1, 0.2, 0.3], 3) is None


def test_step_and_second_are_inverse() -> None:
    assert pytest.approx(7.0) == step_of(seconds_of(7))


def scores(path: list[int], places: int) -> np.ndarray:
    matrix = np.full((len(path), places), -5.0, np.float32)
    matrix[np.arange(len(path)), path] = -0.1
    return matrix


def test_aligner_finds_paths_of_different_lengths_in_one_batch() -> None:
    wanted = [[0, 0, 1, 2, 2, 2], [0, 1, 1, 1]]
    found = align([scores(wanted[0], 3), scores(wanted[1], 2)])
    assert wanted == [path.places.tolist() for path in found]


def test_aligner_skips_optional_places_within_and_at_both_ends() -> None:
    wanted = [1, 1, 3, 3]
    optional = np.array([True, False, True, False, True])
    assert wanted == align([scores(wanted, 5)], [optional])[0].places.tolist()


def test_aligner_may_not_skip_what_is_not_optional() -> None:
    found = align([scores([0, 0, 2, 2], 3)], [np.array([False, False, False])])
    assert {0, 1, 2} == set(found[0].places.tolist())
