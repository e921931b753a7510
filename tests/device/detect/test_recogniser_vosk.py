"""The real Vosk with the committed Dutch model behind the protocol."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
import vosk
from recogniser_contract import RecogniserContract

from device.audio.frames import SAMPLE_RATE, Block, Samples
from device.audio.recording import Recording
from device.detect.recogniser import UTTERANCES_PER_RECOGNISER, InlineRecogniser, ThreadedRecogniser
from device.detect.words import Recogniser, text_of
from device.errors import ModelError

pytestmark = [pytest.mark.replay, pytest.mark.slow]

DATA = Path(__file__).resolve().parents[3] / "device" / "data"
MODEL = DATA / "models" / "nl"
DEMO = DATA / "demo"


@pytest.fixture(scope="module")
def demo() -> Samples:
    import numpy as np

    with Recording(DEMO / "les_nl.flac") as recording:
        return np.concatenate([i.samples for i in recording.items() if isinstance(i, Block)])


@pytest.fixture(scope="module")
def question() -> tuple[float, float]:
    """Begin and end of the first question of the demo lesson."""
    truth = json.loads((DEMO / "les_nl.json").read_text(encoding="utf-8"))
    first = truth["questions"][0]
    return first["start_s"], first["end_s"]


class TestInline(RecogniserContract):
    def make(self) -> Recogniser:
        return InlineRecogniser(MODEL)


class TestInlineForRecordings(RecogniserContract):
    def make(self) -> Recogniser:
        return InlineRecogniser(MODEL, as_it_comes=False)


class TestThreadedInline(RecogniserContract):
    def make(self) -> Recogniser:
        return ThreadedRecogniser(lambda: InlineRecogniser(MODEL))


def hear(
    recogniser: Recogniser, demo: Samples, begin_s: float, end_s: float, number: int = 1
) -> None:
    first, end = round((begin_s - 0.3) * SAMPLE_RATE), round((end_s + 0.3) * SAMPLE_RATE)
    recogniser.begin(number, first)
    for start in range(first, end, 320):
        recogniser.accept(demo[start : min(start + 320, end)])
    recogniser.finish()


def test_words_are_stamped_where_they_were_said(
    demo: Samples, question: tuple[float, float]
) -> None:
    recogniser = InlineRecogniser(MODEL)
    hear(recogniser, demo, *question)
    (transcript,) = recogniser.drain()
    words = transcript.words
    assert len(words) >= 3
    assert pytest.approx(question[0], abs=0.25) == words[0].first_sample / SAMPLE_RATE
    assert pytest.approx(question[1], abs=0.25) == words[-1].end_sample / SAMPLE_RATE
    assert all(before.end_sample <= after.first_sample for before, after in pairwise(words))
    assert all(0 <= word.confidence <= 1 for word in words)


def test_the_words_do_not_depend_on_what_was_heard_before(
    demo: Samples, question: tuple[float, float]
) -> None:
    """Also not across the change to a fresh decoder, nor on an utterance left unfinished."""
    recogniser = InlineRecogniser(MODEL)
    for number in range(UTTERANCES_PER_RECOGNISER + 2):
        recogniser.begin(100 + number, 0)
        recogniser.accept(demo[: 4 * 320])
        if number % 10:
            recogniser.finish()
    recogniser.drain()
    hear(recogniser, demo, *question)
    fresh = InlineRecogniser(MODEL)
    hear(fresh, demo, *question)
    (used,), (new,) = recogniser.drain(), fresh.drain()
    assert text_of(new.words) == text_of(used.words)
    assert [w.first_sample for w in new.words] == [w.first_sample for w in used.words]


def test_it_knows_the_words_of_its_vocabulary() -> None:
    recogniser = InlineRecogniser(MODEL)
    assert recogniser.knows("waarom")
    assert not recogniser.knows("xqzzy")


def test_a_folder_that_is_no_model_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="denkpauze models") as raised:
        InlineRecogniser(tmp_path / "nothing")
    assert str(tmp_path / "nothing") in str(raised.value)


def test_streaming_gives_the_words_of_the_whole_sound_decoded_at_once(demo: Samples) -> None:
    truth = json.loads((DEMO / "les_nl.json").read_text(encoding="utf-8"))
    recogniser = InlineRecogniser(MODEL)
    model = vosk.Model(str(MODEL))
    streamed, at_once = [], []
    for number, question in enumerate(truth["questions"]):
        begin_s, end_s = question["start_s"], question["end_s"]
        hear(recogniser, demo, begin_s, end_s, number)
        (transcript,) = recogniser.drain()
        streamed.append(" ".join(text_of(transcript.words)))
        first, end = round((begin_s - 0.3) * SAMPLE_RATE), round((end_s + 0.3) * SAMPLE_RATE)
        whole = vosk.KaldiRecognizer(model, SAMPLE_RATE)
        whole.AcceptWaveform(demo[first:end].tobytes())
        at_once.append(json.loads(whole.FinalResult())["text"])
    assert len(streamed) >= 10
    assert at_once == streamed
