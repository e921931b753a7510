"""How errors are counted and what the card says of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import vosk

from tools.speech.card import Contents, write_card
from tools.speech.clips import after_mute, lesson_clips
from tools.speech.evaluation import Tally, assess, pairs
from tools.speech.languages import DUTCH, ENGLISH
from tools.speech.resources import measured

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]
DATA = ROOT / "device" / "data"


@pytest.mark.parametrize(
    ("wanted", "heard", "errors"),
    [
        ("wie weet het", "wie weet het", 0),
        ("wie weet het", "die weet", 2),
        ("ja", "", 1),
        ("", "ja goed", 2),
        ("de kat", "de grote kat", 1),
    ],
)
def test_word_errors_are_swaps_gaps_and_extras(wanted: str, heard: str, errors: int) -> None:
    assert errors == pairs(wanted.split(), heard.split())[0]


def test_matched_places_join_equal_words() -> None:
    assert [(0, 0), (1, 2)] == pairs(["de", "kat"], ["de", "grote", "kat"])[1]


def test_tallies_of_two_sets_add_up() -> None:
    first = Tally(words=10, errors=1, clips=2, first_right=2, right_confidence=[1.0])
    both = first + Tally(words=10, errors=4, clips=2, first_right=1, right_confidence=[0.5])
    figures = both.figures()
    assert (25.0, 20, 75.0, 0.75) == (
        figures["wer_pct"],
        figures["words"],
        figures["first_word_pct"],
        figures["confidence_right"],
    )


def test_teacher_is_cut_with_context_and_pupils_are_left_out(tmp_path: Path) -> None:
    import wave

    with wave.open(str(tmp_path / "p01.flac"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(np.arange(32_000, dtype="<i2").tobytes())
    utterances = [
        {"speaker": "teacher", "text": "Sanne?", "start_s": 0.5, "end_s": 0.9},
        {"speaker": "pupil:sanne", "text": "Ja.", "start_s": 1.2, "end_s": 1.5},
    ]
    truth = {"class_names": ["Sanne"], "utterances": utterances}
    (tmp_path / "p01.json").write_text(json.dumps(truth))
    clips = lesson_clips(tmp_path, "p01", ("sanne", "kay"))
    assert [(["sanne"], ("sanne", "kay"))] == [(clip.words, clip.roster) for clip in clips]
    assert (3200, 19_199) == (clips[0].samples[0], clips[0].samples[-1])
    assert pytest.approx((0.3, 0.7)) == clips[0].bounds_s


@pytest.fixture(scope="module")
def dutch() -> vosk.Model:
    vosk.SetLogLevel(-1)
    return vosk.Model(str(DATA / "models" / "nl"))


@pytest.mark.slow
def test_questions_times_and_names_are_counted_against_the_truth(dutch: vosk.Model) -> None:
    clips = lesson_clips(DATA / "demo", "les_nl", ())[:6]
    figures = assess(dutch, clips, "nl").figures()
    assert 6 == figures["questions"] + figures["statements"]
    assert 100 == figures["question_class_pct"]
    assert figures["start_p90_ms"] < 100
    assert figures["end_p90_ms"] < 100


@pytest.mark.slow
def test_a_mute_in_front_changes_no_word(dutch: vosk.Model) -> None:
    clip = lesson_clips(DATA / "demo", "les_nl", ())[0]
    muted = after_mute([clip], 3.0)[0]
    assert 3 * 16_000 == len(muted.samples) - len(clip.samples)
    assert 0 == assess(dutch, [muted], "nl").errors


@pytest.mark.slow
def test_cost_is_measured_in_a_process_of_its_own() -> None:
    sound = DATA / "demo" / "les_nl.flac"
    cost = measured(DATA / "models" / "nl", [sound], ROOT, lesson_s=1)
    assert 0 < cost["loaded_mb"] <= cost["after_50_minutes_mb"]
    assert cost["times_real_time"] > 1


def test_card_holds_the_measured_figures(tmp_path: Path) -> None:
    row = Tally(words=50, errors=4, clips=10, first_right=9, names=6, names_heard=5).figures()
    results = {"held-out voices, clean": row, "words in 5 s of digital zeros": 0}
    contents = Contents(words=1234, size_bytes=5_600_000, utterances=99, reader_clips=7)
    write_card(tmp_path, DUTCH, results, contents)
    card = json.loads((tmp_path / "card.json").read_text())
    assert ("built-in", "nl", 1234, 5_600_000, 8.0) == tuple(
        card[key] for key in ("kind", "language", "words", "size_bytes", "wer_synthetic_pct")
    )
    page = (tmp_path / "README.md").read_text()
    assert (
        "| held-out voices, clean | 8.0 % | 50 | 0.0 % | 90.0 % | 0.0 % | 10 | 6 | 5 / 0 | 0 / 0 |"
        in page
    )
    assert "CC BY-SA 4.0" in page


def test_english_card_tells_which_voices_were_heard_and_which_never(tmp_path: Path) -> None:
    results = {"held-out voices, clean": Tally(words=5).figures()}
    results |= {"words in 5 s of digital zeros": 0}
    contents = Contents(1, 2, utterances=99, reader_clips=7, other_utterances=1234)
    write_card(tmp_path, ENGLISH, results, contents)
    page = (tmp_path / "README.md").read_text()
    assert (
        "1,234 by other synthesisers (the voices rms, kal16, ked, kal, bdl, clb, pico-us, pico-gb)"
        in page
    )
    assert "the voices slt and awb of flite" in page
    assert "p09 is spoken by festival's kal, a voice that was trained on" in page
