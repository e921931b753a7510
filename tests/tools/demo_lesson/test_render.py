"""Rendering with the real espeak-ng gives the same lesson every time."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from tools.demo_lesson.__main__ import main
from tools.demo_lesson.render import Renderer, Rendering, write_flac
from tools.demo_lesson.script import load
from tools.demo_lesson.truth import truth
from tools.demo_lesson.voice import SAMPLE_RATE, Synthesizer, VoiceError

pytestmark = [pytest.mark.process, pytest.mark.slow]

FOLDER = Path(__file__).resolve().parents[3] / "device" / "data" / "demo"


def decode(path: Path) -> NDArray[np.int16]:
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(audio=0)])


def render(seconds: float | None) -> Rendering:
    with Synthesizer() as synthesizer:
        return Renderer(load(), synthesizer).render(seconds)


def test_ten_seconds_rendered_twice_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.flac", "b.flac"):
        write_flac(tmp_path / name, render(10).samples)
    assert (tmp_path / "a.flac").read_bytes() == (tmp_path / "b.flac").read_bytes()
    assert len(decode(tmp_path / "a.flac")) == 10 * SAMPLE_RATE


def test_flac_gives_back_every_sample(tmp_path: Path) -> None:
    samples = np.random.default_rng(4).integers(-32768, 32767, 12_345).astype(np.int16)
    write_flac(tmp_path / "noise.flac", samples)
    np.testing.assert_array_equal(samples, decode(tmp_path / "noise.flac"))


def test_the_committed_lesson_is_what_the_script_renders() -> None:
    script, committed = load(), json.loads((FOLDER / "les_nl.json").read_text(encoding="utf-8"))
    rendering = render(None)
    if rendering.synthesizer != committed["denkpauze"]["synthesizer"]:
        pytest.skip(f"rendered with {committed['denkpauze']['synthesizer']}, not this version")
    assert committed == json.loads(json.dumps(truth(script, rendering)))
    # Another build of numpy may round the last bit differently.
    difference = rendering.samples.astype(int) - decode(FOLDER / "les_nl.flac").astype(int)
    assert np.abs(difference).max() <= 1


def test_the_command_writes_sound_truth_and_class_list(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["render", "--out", str(tmp_path / "out"), "--seconds", "5"])
    assert done.exit_code == 0, done.output
    assert {"les_nl.flac", "les_nl.json", "klas.txt"} == {
        path.name for path in (tmp_path / "out").iterdir()
    }
    written = json.loads((tmp_path / "out" / "les_nl.json").read_text(encoding="utf-8"))
    assert written["duration_s"] == 5.0


def test_a_voice_without_words_is_refused() -> None:
    with Synthesizer() as synthesizer, pytest.raises(VoiceError, match=r"nl\+m2"):
        synthesizer.say(load().voices["teacher"], " ")


def test_the_echo_of_a_variant_does_not_move_the_end_of_speech() -> None:
    script = load()
    with Synthesizer() as synthesizer:
        said = synthesizer.say(script.voices["teacher"], "Sanne?")
        plain = synthesizer.say(
            script.voices["teacher"].model_copy(update={"voice": "nl+m8"}), "Sanne?"
        )
    # The variant with its echo sounds 0.12 s longer than one that has none.
    assert abs(len(said) - len(plain)) < 0.03 * SAMPLE_RATE
