"""Voices of flite: sound from text, and the same sound from the same seed."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from tools.speech import flite
from tools.speech.languages import ENGLISH, LANGUAGES
from tools.speech.text import Script

pytestmark = [
    pytest.mark.unit,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed"),
]


def test_scripts_come_back_in_order_with_their_sound() -> None:
    scripts = [Script("yes"), Script("why is the sky blue during the day?")]
    (first, short), (second, long) = flite.synthesise(scripts, ENGLISH.flite_voices, 1, 2)
    assert [script.spoken for script in scripts] == [first, second]
    assert len(short) < len(long)
    assert np.abs(long).max() > 1000


def test_same_seed_gives_the_same_sound_whatever_the_threads() -> None:
    scripts = [Script("well done"), Script("emma?"), Script("who knows?")]
    one, two = (
        [samples for _, samples in flite.synthesise(scripts, ENGLISH.flite_voices, 3, threads)]
        for threads in (1, 2)
    )
    assert all(np.array_equal(first, second) for first, second in zip(one, two, strict=True))


def test_sound_begins_and_ends_with_silence(tmp_path: Path) -> None:
    samples = flite.speak("yes", "kal16", tmp_path / "a.wav", random.Random(1))
    assert 0 == np.abs(samples[:800]).max() == np.abs(samples[-800:]).max()


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_voices_of_the_test_lessons_are_not_trained_on(code: str) -> None:
    assert not {"slt", "awb"} & set(LANGUAGES[code].flite_voices)
