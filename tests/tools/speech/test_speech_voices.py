"""Voices of other synthesisers: sound from text, the same from the same seed, and none held out."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tools.speech import voices
from tools.speech.languages import HELD_OUT_VARIANTS, LANGUAGES
from tools.speech.text import Script
from tools.speech.voices import VoiceError, read_voices, synthesise, synthesise_shard

pytestmark = [pytest.mark.unit, pytest.mark.slow]

needs_flite = pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")
needs_ked = pytest.mark.skipif(
    shutil.which("festival") is None
    or not Path("/usr/share/festival/voices/english/ked_diphone").exists(),
    reason="festival with the voice ked is not installed",
)
needs_rhvoice = pytest.mark.skipif(
    shutil.which("RHVoice-test") is None, reason="RHVoice is not installed (Debian non-free)"
)
needs_pico = pytest.mark.skipif(
    shutil.which("pico2wave") is None, reason="SVOX Pico is not installed (Debian non-free)"
)
LINES = ["yes", "why is the sky blue during the day?", "Emma?"]


@needs_flite
def test_lines_come_back_in_order_between_silences() -> None:
    sounds = synthesise_shard(LINES, ("rms", "kal16"), 1, 0, 2)
    assert len(LINES) == len(sounds)
    assert len(sounds[0]) < len(sounds[1])
    for sound in sounds:
        assert np.abs(sound).max() > 1000
        assert 0 == np.abs(sound[:800]).max() == np.abs(sound[-800:]).max()


@needs_flite
def test_same_seed_gives_the_same_sound_whatever_the_threads() -> None:
    one, two = (synthesise_shard(LINES, ("rms", "kal16"), 3, 5, threads) for threads in (1, 2))
    assert all(np.array_equal(first, second) for first, second in zip(one, two, strict=True))


@needs_ked
def test_festival_speaks_what_it_is_told_whatever_the_signs() -> None:
    sounds = synthesise_shard(['"yes", (no)', "well done, noé."], ("ked",), 1, 0, 1)
    assert all(np.abs(sound).max() > 1000 for sound in sounds)


@pytest.mark.parametrize(
    "voice",
    [
        *(pytest.param(voice, marks=needs_rhvoice) for voice in ("bdl", "clb")),
        *(pytest.param(voice, marks=needs_pico) for voice in ("pico-us", "pico-gb")),
    ],
)
def test_every_voice_speaks_what_it_is_told_whatever_the_signs(voice: str) -> None:
    short, long = synthesise_shard(["yes", "<b> is &amp; why, noé?"], (voice,), 1, 0, 1)
    assert 1000 < np.abs(short).max()
    assert len(short) < len(long)


@needs_flite
def test_finished_files_are_read_and_not_made_again(tmp_path: Path) -> None:
    scripts = [Script(line) for line in LINES]
    assert [3] == list(synthesise(scripts, ("kal16",), 1, tmp_path, 1))
    made = next(tmp_path.glob("voices_*.npz")).stat().st_mtime_ns
    assert [3] == list(synthesise(scripts, ("kal16",), 1, tmp_path, 1))
    assert made == next(tmp_path.glob("voices_*.npz")).stat().st_mtime_ns
    assert LINES[:2] == [text for text, _ in read_voices(tmp_path, limit=2)]


def test_missing_program_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(VoiceError, match="flite not found: apt install flite"):
        synthesise_shard(["yes"], ("rms",), 1, 0, 1)


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_voices_of_the_test_lessons_are_not_trained_on(code: str) -> None:
    language = LANGUAGES[code]
    # RHVoice's Alan was made from the recordings of awb, Alan W. Black
    assert not {"slt", "awb", "awb_time", "alan", "flemishguy"} & {
        *language.other_voices,
        language.reader,
    }
    kept_apart = {f"{kind}{number}" for kind in "mf" for number in range(1, 8)} - {"f6", "f7"}
    assert kept_apart <= set(HELD_OUT_VARIANTS)
    assert kept_apart <= set(language.held_out_variants)
    assert not set(language.held_out_variants) & set(language.training_variants)
    assert not any("+" in voice for voice in language.base_voices)
    assert voices.FESTIVAL_VOICES.keys() & {"slt", "slt_hts", "awb"} == set()
    assert voices.RHVOICE_VOICES & {"slt", "alan"} == set()
