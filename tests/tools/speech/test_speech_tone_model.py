"""A model with weights set by hand, through the real Vosk: two tones, three words."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import vosk
from heard import RATE, heard

from tools.speech import features, kaldi_model
from tools.speech.build import decoder_settings
from tools.speech.graph import GraphSettings, positioned, write_graph
from tools.speech.kaldi_model import Layer
from tools.speech.language_model import Pruning, TrigramModel
from tools.speech.lexicon import GARBAGE, UNKNOWN, Pronunciation

pytestmark = [
    pytest.mark.replay,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("fstconvert") is None, reason="libfst-tools is not installed"),
]

UNITS = ["SIL", "low", "high"]
LEXICON = [
    Pronunciation("laag", ("low",), 0.0),
    Pronunciation("hoog", ("high",), 0.0),
    Pronunciation("omlaag", ("high", "low", "low"), 0.0),
    Pronunciation(UNKNOWN, (GARBAGE,) * 3, 0.0),
]


def band(first_hz: float, last_hz: float, seconds: float) -> np.ndarray:
    """Noise in one band, loud."""
    count = int(seconds * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(2).normal(size=count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum[(hertz < first_hz) | (hertz > last_hz)] = 0
    sound = np.fft.irfft(spectrum, count)
    return sound / sound.std() * 3000


def quiet(seconds: float) -> np.ndarray:
    return np.random.default_rng(3).normal(size=int(seconds * RATE)) * 3


LOW = band(200, 900, 0.4)
HIGH = band(3500, 7000, 0.4)


@pytest.fixture(scope="module")
def tone_model(tmp_path_factory: pytest.TempPathFactory) -> vosk.Model:
    """The slope of the spectrum (second coefficient) tells low from high, and both from hiss."""
    folder = tmp_path_factory.mktemp("tones")
    for name in ("am", "conf"):
        (folder / name).mkdir()
    weights = np.zeros((3, features.COEFFICIENTS))
    weights[:, 1] = (0.0, 0.2, -0.2)
    bias = np.array([8.0, 0.0, 0.0])
    layer = Layer("only.affine", "FixedAffineComponent", 3, (0,), weights, bias)
    phones = kaldi_model.phone_table(UNITS, np.array([10.0, 10.0, 10.0]))
    layers = kaldi_model.with_prior([layer], np.ones(3), -3.0)
    kaldi_model.write_model(folder / "am" / "final.mdl", phones, layers, 0)
    mean = np.zeros(features.COEFFICIENTS)
    mean[1] = -45.9  # of the hiss
    (folder / "am" / "global_cmvn.stats").write_text(features.global_statistics(mean))
    (folder / "conf" / "mfcc.conf").write_text(features.MFCC_CONF)
    (folder / "conf" / "model.conf").write_text(decoder_settings(0.8))
    sentences = [(["laag"], 5.0), (["hoog"], 5.0), (["omlaag"], 5.0), (["hoog", "hoog"], 2.0)]
    trigrams = TrigramModel(sentences, ["laag", "hoog", "omlaag"], Pruning(1, 1))
    scratch = tmp_path_factory.mktemp("scratch")
    write_graph(folder / "graph", scratch, phones, LEXICON, trigrams, GraphSettings())
    vosk.SetLogLevel(-1)
    return vosk.Model(str(folder))


@pytest.mark.parametrize(("sound", "word"), [(LOW, "laag"), (HIGH, "hoog")])
def test_each_tone_is_its_word_at_its_time(
    tone_model: vosk.Model, sound: np.ndarray, word: str
) -> None:
    found = heard(tone_model, np.concatenate([quiet(0.5), sound, quiet(0.5)]))
    assert [word] == [item["word"] for item in found]
    assert pytest.approx(0.5, abs=0.07) == found[0]["start"]
    assert pytest.approx(0.9, abs=0.07) == found[0]["end"]


def test_a_falling_pair_is_the_word_with_the_shared_beginning(tone_model: vosk.Model) -> None:
    found = heard(tone_model, np.concatenate([quiet(0.5), HIGH, LOW, quiet(0.5)]))
    assert ["omlaag"] == [item["word"] for item in found]


def test_a_grammar_at_run_time_allows_only_its_words(tone_model: vosk.Model) -> None:
    sound = np.concatenate([quiet(0.5), HIGH, quiet(0.5)])
    assert [] == heard(tone_model, sound, ["laag"])
    assert ["hoog"] == [item["word"] for item in heard(tone_model, sound, ["laag", "hoog"])]


def test_silence_gives_no_words(tone_model: vosk.Model) -> None:
    assert [] == heard(tone_model, quiet(2.0))


def test_all_words_have_a_number_and_others_none(tone_model: vosk.Model) -> None:
    numbers = [tone_model.vosk_model_find_word(item.word) for item in LEXICON]
    assert len(set(numbers)) == len(LEXICON)
    assert min(numbers) > 0 > tone_model.vosk_model_find_word("schuin")


def test_sounds_carry_their_place_in_the_word() -> None:
    assert ("a_S",) == positioned(("a",))
    assert ("a_B", "b_I", "a_E") == positioned(("a", "b", "a"))
