"""Synthetic speech: labelled, held-out voices apart, the same bytes from the same seed."""

from __future__ import annotations

import ctypes.util
import random
import wave
from pathlib import Path

import numpy as np
import pytest

from tools.speech.espeak import SILENCE, EspeakError, espeak, segments
from tools.speech.features import GLOBAL_FRAMES, WINDOW_FRAMES, normalised
from tools.speech.languages import DUTCH
from tools.speech.shards import read_shards
from tools.speech.synthesis import spoken, synthesise, talkers, voice_of
from tools.speech.text import Script

pytestmark = [
    pytest.mark.unit,
    pytest.mark.slow,
    pytest.mark.skipif(
        ctypes.util.find_library("espeak-ng") is None, reason="libespeak-ng is not installed"
    ),
]

SCRIPTS = ["sanne?", "waarom is de lucht blauw?", "goed zo, daan"]


def test_every_word_has_sounds_in_order_and_silence_lies_around() -> None:
    made = spoken(Script(SCRIPTS[1]), DUTCH, "nl", random.Random(1), altered=True)
    assert made is not None
    samples, parts = made
    assert [0, 1, 2, 3, 4] == sorted({part.word for part in parts if part.word is not None})
    assert (SILENCE, SILENCE) == (parts[0].sound, parts[-1].sound)
    starts = np.array([part.start_s for part in parts])
    assert (np.diff(starts) > -0.001).all()  # espeak-ng's last pause may lie a sample late
    assert pytest.approx(len(samples) / 16_000, abs=0.002) == parts[-1].end_s


def test_louder_part_of_the_sound_lies_between_the_silences() -> None:
    made = spoken(Script(SCRIPTS[0]), DUTCH, "nl", random.Random(1), altered=False)
    assert made is not None
    samples, parts = made
    loud = np.flatnonzero(np.abs(samples) > 0.1 * np.abs(samples).max()) / 16_000
    assert parts[0].end_s - 0.02 <= loud[0]
    assert loud[-1] <= parts[-1].start_s


def test_times_of_other_words_are_refused() -> None:
    speech = espeak().speak("een twee drie", "nl")
    assert segments("iets geheel anders", speech, {}) is None


def test_voice_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(EspeakError, match="no voice 'nergens'"):
        espeak().speak("ja", "nergens")


def shard_bytes(folder: Path, seed: int, processes: int) -> list[list[bytes]]:
    scripts = [Script(text) for text in SCRIPTS]
    frames = [count for _, count in synthesise(DUTCH, scripts, seed, folder, folder, processes)]
    utterances = read_shards(folder)
    assert frames == [sum(len(item.features) for item in utterances)]
    assert len(SCRIPTS) == len(utterances)
    return [[item.features.tobytes(), repr(item.segments).encode()] for item in utterances]


def test_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    pytest.importorskip("kaldi_native_fbank", reason="kaldi-native-fbank is not installed")
    first = shard_bytes(tmp_path / "first", 7, 1)
    assert first == shard_bytes(tmp_path / "again", 7, 2)
    assert first != shard_bytes(tmp_path / "other", 8, 1)


def test_training_voices_are_never_those_of_the_lessons() -> None:
    draw = random.Random(1)
    drawn = {voice_of(DUTCH, draw) for _ in range(2000)}
    assert not drawn & {f"nl+{variant}" for variant in DUTCH.held_out_variants}


def test_mean_is_topped_up_with_the_global_mean_at_first_and_only_then() -> None:
    features = np.full((WINDOW_FRAMES + 50, 2), 8.0, np.float32)
    shifted = normalised(features, np.zeros(2))
    assert pytest.approx(8 - 8 / (1 + GLOBAL_FRAMES)) == shifted[0, 0]
    assert pytest.approx(0.0) == shifted[-1, 0]


def test_what_was_heard_before_shifts_the_mean() -> None:
    features = np.full((10, 1), 4.0, np.float32)
    shifted = normalised(features, np.zeros(1), heard_before=(WINDOW_FRAMES, np.array([1.0])))
    assert pytest.approx(4 - (4 + (WINDOW_FRAMES - 1) * 1) / WINDOW_FRAMES) == shifted[0, 0]


def test_murmur_is_made_of_clips_of_all_readers(tmp_path: Path) -> None:
    for reader, level in (("anna", 1000), ("bert", 2000)):
        (tmp_path / reader).mkdir()
        with wave.open(str(tmp_path / reader / "1.flac"), "wb") as file:
            file.setparams((1, 2, 16_000, 0, "NONE", ""))
            file.writeframes(np.full(1600, level, "<i2").tobytes())
    voices = talkers(tmp_path, np.random.default_rng(1))
    assert {1000.0, 2000.0} == {float(voice[0]) for voice in voices}
