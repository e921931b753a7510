"""A recording made without a clip microphone, through the installed command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from installed import ROSTER, demo_sound, denkpauze, lines, write_wav

from tools.demo_lesson.sounds import room_response, through_room

pytestmark = [pytest.mark.replay, pytest.mark.slow]

SECONDS = 60


def test_a_film_from_the_back_of_the_class_says_what_it_cannot_measure(
    home: Path, tmp_path: Path
) -> None:
    response = room_response(np.random.default_rng(3), reverberation_s=0.4, direct_to_reverb_db=2)
    heard = through_room(demo_sound(0, SECONDS).astype(np.float64), response)
    film = tmp_path / "achterin.wav"
    write_wav(film, np.clip(heard, -32768, 32767).astype(np.int16))
    arguments = ("--mic", "room", "--language", "nl", "--roster", ROSTER, "--out", tmp_path)
    done = denkpauze(home, "analyse", film, *arguments)
    assert (0, "") == (done.returncode, done.stderr)
    assert "Not measured" in done.stdout
    events = lines(tmp_path / "achterin.jsonl")
    assert {"unknown"} == {event["source"] for event in events if event["type"] == "turn"}
    questions = [event for event in events if event["type"] == "question"]
    assert 2 <= len(questions)
    assert not {"pupil", "self_answer"} & {question.get("ended_by") for question in questions}
    summary = json.loads((tmp_path / "achterin.summary.json").read_text(encoding="utf-8"))
    withheld = (summary["talk"]["teacher"], summary["pauses"]["wait_time_2"]["median_s"])
    assert ["not_measurable"] * 2 == [figure["reason"] for figure in withheld]
