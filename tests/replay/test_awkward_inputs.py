"""Broken, odd and empty inputs: what is asked of each, through the installed command."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from installed import Json, denkpauze, lines

from tools.score.report import report
from tools.score.tally import Tally, tally

pytestmark = [pytest.mark.replay, pytest.mark.slow]

#: What each file is there for; the words are those of DEGENERATE.json.
NO_EVENTS = "no events"
AS_TRUTH = "events as in the truth"
REFUSED = "refused with a clear message"
#: Files that may be refused but need not be.
FREE = {"rate_44k1_24bit", "float32", "float_nan"}
MEANINGFUL = ("question", "name", "cue", "pause")


class Awkward:
    """All files analysed in one call, with what was asked of each."""

    def __init__(self, folder: Path, out: Path, home: Path) -> None:
        entries = json.loads((folder / "DEGENERATE.json").read_text(encoding="utf-8"))
        self.folder, self.out = folder, out
        self.expected: dict[str, str] = {entry["name"]: entry["expect"] for entry in entries}
        self.files = {entry["name"]: folder / entry["file"] for entry in entries}
        roster = out / "klas.txt"
        roster.write_text("\n".join(self.truth("lesson_flac")["class_names"]), encoding="utf-8")
        self.options = ("--language", "nl", "--roster", roster, "--out", out)
        self.done: subprocess.CompletedProcess[str] = denkpauze(
            home, "analyse", *self.files.values(), *self.options
        )

    def named(self, expectation: str) -> list[str]:
        return [name for name, text in self.expected.items() if text.startswith(expectation)]

    def truth(self, name: str) -> Json:
        truth: Json = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        return truth

    def events(self, name: str) -> list[Json]:
        return lines(self.out / f"{self.files[name].stem}.jsonl")

    def was_analysed(self, name: str) -> bool:
        return (self.out / f"{self.files[name].stem}.jsonl").exists()

    def complaints(self, name: str) -> list[str]:
        path = str(self.files[name])
        return [line for line in self.done.stderr.splitlines() if path in line]


@pytest.fixture(scope="module")
def awkward(shared: Path, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Awkward:
    folder = shared / "scenes" / "degenerate"
    return Awkward(folder, tmp_path_factory.mktemp("awkward"), home)


def test_every_file_is_analysed_or_refused_in_one_line(awkward: Awkward) -> None:
    assert 29 == len(awkward.files)
    outcomes = {
        name: (awkward.was_analysed(name), len(awkward.complaints(name))) for name in awkward.files
    }
    assert [] == [name for name, seen in outcomes.items() if seen not in ((True, 0), (False, 1))]
    refused = sum(not analysed for analysed, _ in outcomes.values())
    assert (1, refused) == (awkward.done.returncode, len(awkward.done.stderr.splitlines()))
    assert "Traceback" not in awkward.done.stderr


def test_broken_files_are_refused_and_no_others(awkward: Awkward) -> None:
    refused = {name for name in awkward.files if not awkward.was_analysed(name)}
    assert set(awkward.named(REFUSED)) == refused - FREE


def test_one_refused_file_by_itself_gives_status_1(awkward: Awkward, home: Path) -> None:
    done = denkpauze(home, "analyse", awkward.files["text_not_audio"], *awkward.options)
    assert (1, 1) == (done.returncode, len(done.stderr.splitlines()))


def test_sound_without_speech_gives_no_events(awkward: Awkward) -> None:
    empty = [*awkward.named(NO_EVENTS), "header_only"]
    assert len(empty) == 9
    found = {
        name: [event for event in awkward.events(name) if event["type"] in MEANINGFUL]
        for name in empty
    }
    assert {name: [] for name in empty} == found


def test_other_codings_of_a_lesson_give_its_events(awkward: Awkward) -> None:
    names = [name for name in awkward.named(AS_TRUTH) if name != "very_quiet"]
    assert len(names) == 9
    tallies = {name: tally(awkward.truth(name), awkward.events(name)) for name in names}
    each = {name: report(found) for name, found in tallies.items()}
    together = report(sum(tallies.values(), Tally()))
    # 0.66 with the built-in model, which misses a «Kay» that follows a question at once
    assert together["question_f1"] >= 0.6, each
    assert together["wait_within_150ms"] >= 0.8, each


@pytest.mark.parametrize("other", ["dc_offset", "polarity_inverted", "stereo_right_silent"])
def test_what_no_ear_can_tell_makes_no_difference(awkward: Awkward, other: str) -> None:
    def ends(name: str) -> list[float]:
        return [event["t_end"] for event in awkward.events(name) if event["type"] == "question"]

    assert pytest.approx(ends("lesson_flac"), abs=0.05) == ends(other)


def test_a_microphone_turned_down_is_heard_or_complained_of(awkward: Awkward) -> None:
    events = awkward.events("very_quiet")
    warned = any(event["type"] == "health" and event["state"] == "too_quiet" for event in events)
    figures = report(tally(awkward.truth("very_quiet"), events))
    assert warned or (figures["question_f1"] or 0) >= 0.8, figures


def test_what_is_left_of_a_damaged_recording_is_read(awkward: Awkward) -> None:
    told = awkward.done.stdout.splitlines()
    for name, seconds in (("truncated_data", 6), ("endless_header", 12)):
        assert 1 == sum(line.startswith(f"{name}.wav: {seconds} s, ") for line in told), told
