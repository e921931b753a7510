"""The script of the demo lesson holds every situation that the device must handle."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.demo_lesson.script import SCRIPT, Script, Turn, load

pytestmark = pytest.mark.unit

#: Voices of the public test lessons; the demo teacher must not sound like one of them.
PUBLIC_TEACHERS = {"nl+m1", "nl+m3", "nl+m7", "nl+f1", "nl+f2", "nl+f4", "nl+m4"}


@pytest.fixture(scope="module")
def script() -> Script:
    return load()


def with_case(script: Script, case: str) -> list[tuple[int, Turn]]:
    found = [(n, turn) for n, turn in enumerate(script.turn) if case in turn.cases]
    assert found, f"no turn stands for {case}"
    return found


def test_a_kept_pause_is_three_seconds_or_more(script: Script) -> None:
    kept = with_case(script, "kept_pause")
    assert len(kept) >= 5
    for n, _ in kept:
        assert script.turn[n + 1].gap_s >= 3.0


def test_several_kept_pauses_end_in_a_name(script: Script) -> None:
    after = [script.turn[n + 1].kind for n, _ in with_case(script, "kept_pause")]
    assert after.count("name_call") >= 5


def test_a_short_pause_ends_in_a_name(script: Script) -> None:
    for n, _ in with_case(script, "short_pause"):
        assert script.turn[n + 1].kind == "name_call"
        assert 0.3 <= script.turn[n + 1].gap_s < 2.5


def test_a_name_is_glued_to_its_question(script: Script) -> None:
    for _, turn in with_case(script, "glued_name"):
        assert turn.kind == "question_name_last"
        assert 0 < turn.name_gap_s < 0.3
        assert turn.text.endswith(f", {turn.name}?")


def test_a_name_comes_first(script: Script) -> None:
    for _, turn in with_case(script, "name_first"):
        assert turn.kind == "name_first_question"
        assert turn.text.startswith(f"{turn.name}, ")


def test_stacked_questions_are_less_than_a_second_apart(script: Script) -> None:
    (first, _), (second, turn) = with_case(script, "stacked")
    assert first + 1 == second
    assert turn.kind == "rephrase"
    assert turn.gap_s < 1.0


def test_a_rephrase_comes_after_a_second_of_silence(script: Script) -> None:
    for n, turn in with_case(script, "rephrase"):
        assert turn.gap_s >= 1.0
        assert "rephrased" in script.turn[n - 1].cases


def test_the_teacher_gives_an_answer_to_his_own_question(script: Script) -> None:
    for n, _ in with_case(script, "self_answer"):
        assert script.turn[n + 1].kind == "self_answer"


def test_hesitations_are_half_a_second_to_a_second_one_with_a_filler(script: Script) -> None:
    found = [turn for _, turn in with_case(script, "hesitation")]
    assert {turn.filler for turn in found} == {True, False}
    for turn in found:
        assert turn.is_question
        assert 0.5 <= turn.hesitation_s <= 1.0


@pytest.mark.parametrize("kind", ["cough", "chair", "rustle", "door"])
def test_a_noise_falls_inside_a_think_pause(script: Script, kind: str) -> None:
    for n, turn in with_case(script, f"noise_{kind}"):
        assert "kept_pause" in turn.cases
        noise = next(noise for noise in turn.noise if noise.kind == kind)
        assert noise.at_s < script.turn[n + 1].gap_s - 1.0


def test_a_whisper_falls_inside_a_think_pause(script: Script) -> None:
    for n, turn in with_case(script, "whisper"):
        assert [noise.kind for noise in turn.noise] == ["whisper"]
        assert turn.noise[0].at_s < script.turn[n + 1].gap_s


def test_lookalikes_begin_as_questions_do_and_are_none(script: Script) -> None:
    for _, turn in with_case(script, "lookalike_statement"):
        assert re.match(r"(Wat|Welke) ", turn.text)
        assert turn.text.endswith(".")
        assert not turn.is_question


@pytest.mark.parametrize("case", ["request", "reported_question"])
def test_a_request_and_a_reported_question_are_statements(script: Script, case: str) -> None:
    assert {turn.kind for _, turn in with_case(script, case)} == {"statement"}


@pytest.mark.parametrize("role", ["mention", "thanks", "reprimand"])
def test_a_name_is_said_without_giving_the_turn(script: Script, role: str) -> None:
    for _, turn in with_case(script, role):
        assert turn.name_role == role
        assert str(turn.name) in turn.text


def test_a_think_prompt_lies_between_question_and_name(script: Script) -> None:
    (question, asked), (prompt, turn) = with_case(script, "think_prompt")
    assert asked.is_question
    assert question + 1 == prompt
    assert turn.prompt
    assert script.turn[prompt + 1].kind == "name_call"


def test_a_pupil_calls_out_and_a_pupil_asks(script: Script) -> None:
    for n, _ in with_case(script, "called_out"):
        assert script.turn[n + 1].speaker in script.roster.names
        assert script.turn[n + 1].gap_s <= 0.5
    assert {t.kind for _, t in with_case(script, "pupil_question")} == {"pupil_question"}


def test_a_pupil_answers_unnamed_after_a_kept_pause(script: Script) -> None:
    for n, _ in with_case(script, "pupil_after_pause"):
        assert script.turn[n + 1].speaker in script.roster.names
        assert script.turn[n + 1].gap_s >= 3.0


def test_feedback_is_both_specific_and_plain(script: Script) -> None:
    plain = [t.text.split() for _, t in with_case(script, "plain_feedback")]
    specific = [t.text.split() for _, t in with_case(script, "specific_feedback")]
    assert max(map(len, plain)) <= 3
    assert min(map(len, specific)) >= 5


@pytest.mark.parametrize(
    ("case", "form"), [("meta", "meta"), ("completion", "completion"), ("follow_up", "followup")]
)
def test_special_forms_of_questions_are_asked(script: Script, case: str, form: str) -> None:
    assert {turn.form for _, turn in with_case(script, case)} == {form}


def test_there_are_open_and_check_questions_enough_for_a_lesson(script: Script) -> None:
    questions = [turn for turn in script.turn if turn.is_question]
    assert 16 <= len(questions) <= 22
    assert {turn.question_type for turn in questions} == {"open", "check"}


def test_the_class_is_small_and_every_pupil_speaks(script: Script) -> None:
    assert 8 <= len(script.roster.names) <= 10
    assert set(script.roster.names) == {t.speaker for t in script.turn} - {"teacher"}


def test_the_teacher_has_a_voice_of_his_own(script: Script) -> None:
    teacher = script.voices["teacher"].voice
    assert teacher not in PUBLIC_TEACHERS
    assert teacher not in {script.voices[name].voice for name in script.roster.names}
    for name in script.roster.names:
        assert -14.0 <= script.voices[name].level_db <= -9.0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('kind = "name_call"\nname = "Sanne"', 'kind = "name_call"'),
        ('name = "Sanne"', 'name = "Willem"'),
        ("gap_s = 0.0", "gap_s = -1.0"),
        ("gap_s = 0.0", "gap_seconds = 0.0"),
        ("hesitation_s = 0.7\n", ""),
        ('form = "open"\n', ""),
    ],
)
def test_a_script_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "script.toml"
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError):
        load(broken)
