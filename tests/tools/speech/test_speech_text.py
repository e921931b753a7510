"""What is read, what stays apart, what the voices say."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tools.speech.languages import DUTCH, ENGLISH
from tools.speech.sentences import QUESTION_WEIGHT, weighted_sentences
from tools.speech.text import Corpus, Script, ScriptWriter, read_corpus, words_of

pytestmark = pytest.mark.unit


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "text"
    folder.mkdir(parents=True)
    rows = [f"de kat zag {word} lopen\t0\tx\ty" for word in ("een", "geen", "mijn", "jouw")]
    rows += ["waar is de kat\t1\tx\ty", "wat doet de kat nu\t1\tx\ty", "van de toets niet\t0\tx\ty"]
    with gzip.open(folder / "nl_question.tsv.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(["text\tlabel\tsource\tlicense", *rows]) + "\n")
    line = {"lang": "nl", "asr": "pak je boek", "question": False}
    (folder / "utterances_dev.jsonl").write_text(json.dumps(line) + "\n")
    (folder / "nl_pupil_names.tsv").write_text("name\tdisplay\nsanne\tSanne\nkay\tKay\n")
    return folder.parent


@pytest.fixture
def lessons(tmp_path: Path) -> Path:
    folder = tmp_path / "scenes"
    folder.mkdir()
    truth = {"utterances": [{"text": "Van de toets, niet!"}, {"text": "Ja."}]}
    (folder / "p01.json").write_text(json.dumps(truth))
    return folder


@pytest.fixture
def corpus(data: Path, lessons: Path, tmp_path: Path) -> Corpus:
    return read_corpus(DUTCH, data, lessons, tmp_path)


def test_sentences_of_the_test_lessons_are_left_out(corpus: Corpus) -> None:
    texts = {sentence.text for sentence in corpus.sentences}
    assert "van de toets niet" not in texts
    assert "waar is de kat" in texts


def test_demo_sentences_are_read_from_its_script(data: Path, tmp_path: Path) -> None:
    script = tmp_path / "tools" / "demo_lesson" / "script_nl.toml"
    script.parent.mkdir(parents=True)
    script.write_text('[[turn]]\ntext = "Hoe kan dat // dan?"\nkind = "question"\n')
    demo = read_corpus(DUTCH, data, None, tmp_path).demo
    assert [("hoe kan dat dan", True)] == [(item.text, item.question) for item in demo]


def test_words_lose_case_and_signs_but_keep_the_apostrophe() -> None:
    assert ["auto's", "één", "oud", "leerling"] == words_of("Auto’s: één oud-leerling!")


def test_same_seed_gives_the_same_scripts(corpus: Corpus) -> None:
    first, second = ScriptWriter(corpus, 4), ScriptWriter(corpus, 4)
    assert [first.draw() for _ in range(50)] == [second.draw() for _ in range(50)]


def test_held_out_sentences_are_never_drawn(corpus: Corpus) -> None:
    writer = ScriptWriter(corpus, 4)
    held_out = set(writer.held_out(2))
    assert not [text for text in (writer.draw().text for _ in range(500)) if text in held_out]


def test_words_of_a_script_are_those_that_are_spoken() -> None:
    assert "sanne wat doet auto's nu" == Script("sanne, wat doet auto's nu?").text


def test_questions_weigh_more_and_held_out_sentences_nothing(corpus: Corpus) -> None:
    weights = {
        " ".join(words): weight
        for words, weight in weighted_sentences(corpus, {"wat doet de kat nu"}, 1)
    }
    assert QUESTION_WEIGHT == weights["waar is de kat"]
    assert "wat doet de kat nu" not in weights


def test_no_voice_is_both_held_out_and_trained_on() -> None:
    for language in (DUTCH, ENGLISH):
        assert not set(language.held_out_variants) & set(language.training_variants)


def test_rare_names_are_as_likely_alone_and_never_said(
    data: Path, lessons: Path, tmp_path: Path
) -> None:
    (data / "text" / "nl_question.tsv.gz").rename(data / "text" / "en_question.tsv.gz")
    corpus = read_corpus(ENGLISH, data, lessons, tmp_path)
    assert "bob" in corpus.rare_names
    assert not set(corpus.names) & set(corpus.rare_names)
    alone = {words[0]: n for words, n in weighted_sentences(corpus, set(), 1) if len(words) == 1}
    assert alone["bob"] == alone["emma"]
    writer = ScriptWriter(corpus, seed=1)
    assert "bob" not in " ".join(writer.draw().text for _ in range(2000)).split()
