"""The committed demo lesson: its truth agrees with itself, with the script and with the sound."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tools.demo_lesson.script import load
from tools.score.oracle import oracle_events
from tools.score.report import report
from tools.score.tally import tally

pytestmark = pytest.mark.contract

RATE = 16_000
FOLDER = Path(__file__).resolve().parents[3] / "device" / "data" / "demo"
QUESTION_KINDS = {"question", "rephrase", "question_name_last", "name_first_question"}
TRUTH: dict[str, Any] = json.loads((FOLDER / "les_nl.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sound() -> NDArray[np.float64]:
    with av.open(str(FOLDER / "les_nl.flac")) as container:
        stream = container.streams.audio[0]
        assert (RATE, 1, "s16") == (stream.rate, stream.channels, stream.format.name)
        frames = [frame.to_ndarray().ravel() for frame in container.decode(stream)]
    return np.concatenate(frames).astype(np.float64) / 32768


def level_db(sound: NDArray[np.float64], start_s: float, end_s: float) -> float:
    part = sound[round(start_s * RATE) : round(end_s * RATE)]
    return float(10 * np.log10((part**2).mean()))


def test_the_lesson_takes_three_to_four_minutes_and_under_six_megabytes(
    sound: NDArray[np.float64],
) -> None:
    assert TRUTH["duration_s"] == round(len(sound) / RATE, 3)
    assert 180 <= TRUTH["duration_s"] <= 240
    assert (FOLDER / "les_nl.flac").stat().st_size < 6_000_000


def test_nothing_is_clipped_and_the_level_is_that_of_a_clip_microphone(
    sound: NDArray[np.float64],
) -> None:
    assert -12 < 20 * np.log10(np.abs(sound).max()) < -1
    teacher = [u for u in TRUTH["utterances"] if u["speaker"] == "teacher"]
    levels = [level_db(sound, u["start_s"], u["end_s"]) for u in teacher]
    assert -27 < min(levels)
    assert max(levels) < -21


def test_pupils_are_nine_to_fourteen_decibels_softer(sound: NDArray[np.float64]) -> None:
    levels = {
        u["id"]: level_db(sound, u["start_s"], u["end_s"])
        for u in TRUTH["utterances"]
        if u["speaker"] != "teacher"
    }
    teacher = level_db(sound, 0.9, 3.7)
    assert all(-15.5 < level - teacher < -7.5 for level in levels.values())


def test_the_room_is_quiet_but_not_silent(sound: NDArray[np.float64]) -> None:
    first = next(q for q in TRUTH["questions"] if not q["pause_events"] and q["wait_s"] > 3)
    room = level_db(sound, first["end_s"] + 1.0, first["next_speech_s"] - 0.2)
    speech = level_db(sound, first["start_s"], first["end_s"])
    assert 25 < speech - room < 32
    snr_db = TRUTH["denkpauze"]["snr_db"]
    assert snr_db["ventilation"] == pytest.approx(30, abs=0.5)
    assert snr_db["babble"] >= 25


def test_sound_stops_at_the_end_of_a_question_and_starts_at_the_next_word(
    sound: NDArray[np.float64],
) -> None:
    quiet = [q for q in TRUTH["questions"] if q["wait_s"] > 1.0]
    assert len(quiet) >= 12
    for question in quiet:
        end, onset = question["end_s"], question["next_speech_s"]
        before, after = level_db(sound, end - 0.08, end), level_db(sound, end + 0.12, end + 0.2)
        assert before - after > 6, question["text"]
        heard, silence = level_db(sound, onset, onset + 0.15), level_db(sound, onset - 0.1, onset)
        assert heard - silence > 4, question["text"]


def test_the_teacher_talks_ten_seconds_before_the_first_question() -> None:
    first = TRUTH["questions"][0]
    talk = sum(
        u["end_s"] - u["start_s"] for u in TRUTH["utterances"] if u["end_s"] <= first["start_s"]
    )
    assert talk >= 10
    assert first["wait_s"] >= 3
    assert first["end_s"] + 3 <= 35


def test_utterances_follow_one_another_and_match_the_script() -> None:
    utterances, turns = TRUTH["utterances"], load().turn
    assert list(range(len(turns))) == [u["id"] for u in utterances]
    for before, after in pairwise(utterances):
        assert before["start_s"] < before["end_s"] <= after["start_s"]
    for utterance, turn in zip(utterances, turns, strict=True):
        assert turn.text.replace(" // ", " ") == utterance["text"]
        assert turn.kind == utterance["kind"]
    gaps = [after["start_s"] - before["end_s"] for before, after in pairwise(utterances)]
    assert pytest.approx([turn.gap_s for turn in turns[1:]], abs=0.0015) == gaps


def test_a_wait_runs_from_the_end_of_the_question_to_the_next_speech() -> None:
    utterances = TRUTH["utterances"]
    asked = [u["id"] for u in utterances if u["kind"] in QUESTION_KINDS]
    assert asked == [q["utterance"] for q in TRUTH["questions"]]
    for question in TRUTH["questions"]:
        utterance = utterances[question["utterance"]]
        assert utterance["question_end_s"] == question["end_s"]
        onset = utterances[question["utterance"] + 1]["start_s"]
        if utterance["kind"] == "question_name_last":
            onset = utterance["name_start_s"]
        assert onset == question["next_speech_s"]
        assert question["wait_s"] == pytest.approx(onset - question["end_s"], abs=0.0015)
        inside = [e for e in TRUTH["events"] if question["end_s"] <= e["start_s"] < onset]
        assert [e["kind"] for e in inside] == question["pause_events"]


def test_only_a_first_question_restated_at_once_is_optional() -> None:
    optional = [q["utterance"] for q in TRUTH["questions"] if q["optional"]]
    soon = [
        u["id"] - 1
        for before, u in pairwise(TRUTH["utterances"])
        if u["kind"] == "rephrase" and u["start_s"] - before["end_s"] < 0.8
    ]
    assert soon == optional
    assert len(optional) == 1


def test_who_ended_a_pause_and_the_order_agree_with_what_follows() -> None:
    utterances = TRUTH["utterances"]
    for question in TRUTH["questions"]:
        after = utterances[question["utterance"] + 1]
        kind = utterances[question["utterance"]]["kind"]
        if kind == "question_name_last" or after["kind"] == "name_call":
            assert ("name", "question_first") == (question["ended_by"], question["order"])
        elif after["speaker"] != "teacher":
            assert question["ended_by"] == "pupil"
        else:
            assert question["ended_by"] in {"self_answer", "teacher_continues"}
        assert (kind == "name_first_question") == (question["order"] == "name_first")
        assert (question["name"] is None) == (question["order"] == "no_name")


def code_by_definition(gap_s: float) -> str:
    if gap_s >= 3.0 - 0.15:
        return "QPN"
    return "QN_short" if gap_s >= 0.30 else "QN_glued"


def test_order_codes_follow_the_definitions() -> None:
    codes = []
    for question, ours in zip(TRUTH["questions"], TRUTH["denkpauze"]["questions"], strict=True):
        assert question["utterance"] == ours["utterance"]
        if ours["name_on_s"] is not None:
            gap_s = ours["name_on_s"] - question["end_s"]
            assert ours["pause_s"] == pytest.approx(gap_s, abs=0.0015)
            assert code_by_definition(gap_s) == ours["code"]
        elif question["order"] == "name_first":
            assert ours["code"] == "NQ"
        elif ours["code"] is not None:
            assert {"pupil": "Q_vol"}.get(question["ended_by"], "Q_none") == ours["code"]
        codes.append(ours["code"])
    assert {"QPN", "QN_short", "QN_glued", "NQ", "Q_vol", "Q_none", None} == set(codes)
    assert codes.count("QPN") >= 5


def test_a_think_prompt_splits_the_pause_into_its_silences() -> None:
    prompted = [ours for ours in TRUTH["denkpauze"]["questions"] if ours["prompts"]]
    (ours,) = prompted
    ((start, end),) = ours["prompts"]
    question_end = ours["name_on_s"] - ours["pause_s"]
    longest = max(start - question_end, ours["name_on_s"] - end)
    assert ours["pause_net_s"] == pytest.approx(longest, abs=0.003)
    others = [o for o in TRUTH["denkpauze"]["questions"] if not o["prompts"]]
    assert all(o["pause_s"] == o["pause_net_s"] for o in others)


def test_every_case_of_the_script_has_its_time() -> None:
    expected = [(case, n) for n, turn in enumerate(load().turn) for case in turn.cases]
    listed = TRUTH["denkpauze"]["cases"]
    assert expected == [(entry["case"], entry["utterance"]) for entry in listed]
    for entry in listed:
        assert entry["t"] == TRUTH["utterances"][entry["utterance"]]["start_s"]


def test_names_are_called_or_merely_said() -> None:
    roles = [name["role"] for name in TRUTH["names"]]
    assert roles.count("mention") == 1
    assert roles.count("address") == 2
    assert len(roles) - 3 == sum(role.startswith("call") for role in roles)
    assert {n["name"] for n in TRUTH["names"]} <= set(TRUTH["class_names"])


def test_the_class_list_is_that_of_the_truth() -> None:
    names = (FOLDER / "klas.txt").read_text(encoding="utf-8").splitlines()
    assert names == TRUTH["class_names"]


def test_a_device_that_hears_everything_gets_everything_right() -> None:
    figures = report(tally(TRUTH, oracle_events(TRUTH)))
    shares = [
        "question_precision",
        "question_recall",
        "question_f1",
        "open_check_accuracy",
        "wait_given",
        "wait_within_150ms",
        "ender_accuracy",
        "order_accuracy",
        "name_recall",
        "name_precision",
    ]
    assert dict.fromkeys(shares, 1.0) == {key: figures[key] for key in shares}
    assert figures["ticks_due"] == figures["ticks_on_time"]
    assert (0.0, 0.0) == (figures["false_cues_per_10min"], figures["false_ticks_per_10min"])
