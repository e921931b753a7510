"""The committed models through the real Vosk, with voices that they never met."""

from __future__ import annotations

import json
import shutil
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest
import vosk
from heard import RATE, heard

pytestmark = [
    pytest.mark.replay,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"),
]

MODELS = Path(__file__).resolve().parents[2] / "device" / "data" / "models"
MODEL = MODELS / "nl"
HELD_OUT_VOICES = ("nl+m3", "nl+f2", "nl+f1")
LARGEST_BYTES = 9_000_000


@pytest.fixture(scope="module")
def model() -> vosk.Model:
    vosk.SetLogLevel(-1)
    return vosk.Model(str(MODEL))


@pytest.fixture(scope="module")
def english() -> vosk.Model:
    vosk.SetLogLevel(-1)
    return vosk.Model(str(MODELS / "en"))


def spoken(folder: Path, text: str, voice: str) -> np.ndarray:
    """``text`` at 16 kHz in a faint hiss, with 0.3 s before and after it."""
    file = folder / "spoken.wav"
    subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", str(file), text], check=True)
    with wave.open(str(file)) as content:
        rate = content.getframerate()
        sound = np.frombuffer(content.readframes(content.getnframes()), "<i2").astype(float)
    count = round(len(sound) * RATE / rate)
    spectrum = np.fft.rfft(sound)[: count // 2 + 1]
    sound = np.fft.irfft(spectrum, count) * count / len(sound)
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max())
    sound = sound[loud[0] : loud[-1] + 1] / np.abs(sound).max() * 10_000
    edge = np.zeros(int(0.3 * RATE))
    sound = np.concatenate([edge, sound, edge])
    return sound + np.random.default_rng(1).normal(size=len(sound)) * 3


def text_of(words: list[dict]) -> list[str]:
    return [word["word"] for word in words]


@pytest.mark.parametrize("voice", HELD_OUT_VOICES)
def test_question_word_and_name_are_heard(tmp_path: Path, model: vosk.Model, voice: str) -> None:
    sound = spoken(tmp_path, "Waarom is de lucht overdag blauw, Fatima?", voice)
    words = text_of(heard(model, sound))
    assert "waarom" == words[0]
    assert "fatima" == words[-1]


@pytest.mark.parametrize("name", ["Sanne", "Daan", "Fatima", "Lotte", "Youssef"])
def test_a_name_by_itself_is_heard(tmp_path: Path, model: vosk.Model, name: str) -> None:
    assert [name.lower()] == text_of(heard(model, spoken(tmp_path, f"{name}?", "nl+m3")))


def test_words_carry_times_inside_the_sound(tmp_path: Path, model: vosk.Model) -> None:
    sound = spoken(tmp_path, "Wat gebeurt er als het water warm wordt?", "nl+f2")
    words = heard(model, sound)
    assert pytest.approx(0.3, abs=0.1) == words[0]["start"]
    assert pytest.approx(len(sound) / RATE - 0.3, abs=0.15) == words[-1]["end"]
    assert all(word["start"] < word["end"] for word in words)


def test_partial_results_come_before_the_end(tmp_path: Path, model: vosk.Model) -> None:
    sound = spoken(tmp_path, "Hoe komt het dat de plas verdwijnt?", "nl+m3")
    data = np.round(sound).astype("<i2").tobytes()
    recogniser = vosk.KaldiRecognizer(model, RATE)
    recogniser.AcceptWaveform(data[: int(1.3 * RATE) * 2])
    assert json.loads(recogniser.PartialResult())["partial"].startswith("hoe")


def test_a_grammar_hears_names_and_refuses_other_words(tmp_path: Path, model: vosk.Model) -> None:
    grammar = ["sanne", "daan", "kay", "[unk]"]
    assert ["kay"] == text_of(heard(model, spoken(tmp_path, "Kay?", "nl+f2"), grammar))
    other = heard(model, spoken(tmp_path, "Dat hebben we gisteren besproken.", "nl+f2"), grammar)
    assert set() == set(text_of(other)) - {"[unk]"}


def test_digital_zeros_give_no_words(model: vosk.Model) -> None:
    assert [] == text_of(heard(model, np.zeros(5 * RATE)))


def test_speech_after_digital_zeros_is_heard(tmp_path: Path, model: vosk.Model) -> None:
    sound = spoken(tmp_path, "Waarom is de lucht overdag blauw?", "nl+m3")
    words = text_of(heard(model, np.concatenate([np.zeros(3 * RATE), sound])))
    assert "waarom" in words
    assert "blauw" in words


ENGLISH_VOICES = ("en-us+m3", "en-gb+f2", "en-us+f4")


@pytest.mark.parametrize("voice", ENGLISH_VOICES)
def test_english_question_word_and_name_are_heard(
    tmp_path: Path, english: vosk.Model, voice: str
) -> None:
    sound = spoken(tmp_path, "Why is the sky blue during the day, Emma?", voice)
    words = text_of(heard(english, sound))
    assert words[0] in {"why", "why's"}
    assert "emma" == words[-1]


@pytest.mark.parametrize("text", ["Emma?", "Yes", "Good", "Well done.", "Oliver?"])
def test_nothing_is_put_before_a_short_english_utterance(
    tmp_path: Path, english: vosk.Model, text: str
) -> None:
    words = text_of(heard(english, spoken(tmp_path, text, "en-gb+m3")))
    assert text.lower().strip("?.").split() == words


def test_digital_zeros_give_no_english_words(english: vosk.Model) -> None:
    assert [] == text_of(heard(english, np.zeros(5 * RATE)))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_card_tells_the_true_size_and_vocabulary(language: str) -> None:
    folder = MODELS / language
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    files = [file for file in folder.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files if file.parent != folder)
    assert ("built-in", language) == (card["kind"], card["language"])
    assert size == card["size_bytes"]
    assert size < LARGEST_BYTES
    lines = (folder / "graph" / "words.txt").read_text(encoding="utf-8").splitlines()
    assert card["words"] == len(lines) - 2  # without <eps> and [unk]
    assert 0 < card["wer_synthetic_pct"] < 20


@pytest.mark.parametrize(("language", "person"), [("nl", "flemishguy"), ("en", "kathleen")])
def test_readme_says_that_people_are_heard_only_in_part(language: str, person: str) -> None:
    page = (MODELS / language / "README.md").read_text(encoding="utf-8")
    assert "not a substitute for the official Vosk model" in page
    assert person in page
