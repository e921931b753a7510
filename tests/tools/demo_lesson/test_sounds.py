"""Noises and the room."""

from __future__ import annotations

import numpy as np
import pytest

from tools.demo_lesson import sounds
from tools.demo_lesson.codes import order_code
from tools.demo_lesson.voice import SAMPLE_RATE, active_rms

pytestmark = pytest.mark.unit


def random() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.mark.parametrize("kind", sorted(sounds.MAKERS))
def test_a_noise_has_level_one_and_lasts_under_a_second(kind: str) -> None:
    sound = sounds.event(kind, random())
    assert active_rms(sound) == pytest.approx(1.0)
    assert 0.2 < len(sound) / SAMPLE_RATE < 1.0
    np.testing.assert_array_equal(sound, sounds.event(kind, random()))


def test_ventilation_is_low_and_has_level_one() -> None:
    sound = sounds.ventilation(random(), 4 * SAMPLE_RATE)
    assert np.sqrt((sound**2).mean()) == pytest.approx(1.0)
    power = np.abs(np.fft.rfft(sound)) ** 2
    split = 1000 * 4
    assert power[:split].sum() > 4 * power[split:].sum()


def test_the_room_falls_sixty_decibels_in_its_time_and_keeps_the_onset() -> None:
    response = sounds.room_response(random(), 0.5, 10.0)
    assert int(np.argmax(np.abs(response))) == 0
    tail = response[1:]
    assert 10 * np.log10(response[0] ** 2 / (tail**2).sum()) == pytest.approx(10, abs=1)
    early = (tail[800:1600] ** 2).mean()
    late = (tail[5600:6400] ** 2).mean()
    assert 10 * np.log10(early / late) == pytest.approx(36, abs=4)


def test_sound_through_the_room_keeps_its_level_and_place() -> None:
    click = np.zeros(1600)
    click[800:1000] = 1.0
    heard = sounds.through_room(click, sounds.room_response(random(), 0.5, 17.0))
    assert active_rms(heard) == pytest.approx(active_rms(click))
    assert np.abs(heard[:790]).max() < 0.01 * np.abs(heard).max()


@pytest.mark.parametrize(
    ("gap_s", "code"),
    [
        (0.0, "QN_glued"),
        (0.299, "QN_glued"),
        (0.3, "QN_short"),
        (2.849, "QN_short"),
        (2.85, "QPN"),
        (9.0, "QPN"),
    ],
)
def test_the_order_code_of_a_gap(gap_s: float, code: str) -> None:
    assert code == order_code(gap_s, 3.0)
