"""The choice of a speech model. The folders hold empty files: nothing is loaded here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from device.errors import ModelError
from device.models import find_model, missing_parts

pytestmark = pytest.mark.unit

USUAL = ("am/final.mdl", "conf/mfcc.conf", "graph/HCLr.fst")
CARD = {
    "name": "denkpauze-nl-demo",
    "kind": "built-in",
    "language": "nl",
    "words": 271,
    "size_bytes": 5_000_000,
    "wer_synthetic_pct": 4.2,
    "hears": "the demo lesson",
}


def model_in(folder: Path, parts: tuple[str, ...] = USUAL, card: object = None) -> Path:
    for part in parts:
        path = folder / part
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    if card is not None:
        (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


def found(
    root: Path, language: str = "nl", settings: Path | None = None, variable: Path | None = None
) -> str | None:
    """The name of the model that is found when only folders below ``root`` count."""
    model = find_model(
        language,
        settings,
        {"VOSK_MODEL_PATH": str(variable)} if variable else {},
        (root / "cache", root / "share"),
        root / "built-in",
    )
    return None if model is None else model.name


def test_without_any_model_there_is_none(tmp_path: Path) -> None:
    assert found(tmp_path) is None


def test_each_place_wins_over_the_next(tmp_path: Path) -> None:
    model_in(tmp_path / "built-in/nl", card=CARD)
    assert "denkpauze-nl-demo" == found(tmp_path)
    model_in(tmp_path / "share/vosk-model-nl-share")
    assert "vosk-model-nl-share" == found(tmp_path)
    model_in(tmp_path / "cache/vosk-model-nl-cache")
    assert "vosk-model-nl-cache" == found(tmp_path)
    variable = model_in(tmp_path / "variable")
    assert "variable" == found(tmp_path, variable=variable)
    settings = model_in(tmp_path / "settings")
    assert "settings" == found(tmp_path, settings=settings, variable=variable)


def test_the_built_in_model_says_what_it_is_worth(tmp_path: Path) -> None:
    folder = model_in(tmp_path / "nl", card=CARD)
    model = find_model("nl", None, {}, (), tmp_path)
    assert model is not None
    assert ("built-in", 271, "the demo lesson", folder) == (
        model.kind,
        model.words,
        model.hears,
        model.path,
    )


def test_an_official_model_needs_no_card(tmp_path: Path) -> None:
    model_in(tmp_path / "vosk-model-small-nl-0.22")
    model = find_model("nl", tmp_path, {})
    assert model is not None
    assert ("vosk-model-small-nl-0.22", "official", None, "everyday Dutch of people") == (
        model.name,
        model.kind,
        model.words,
        model.hears,
    )


def test_only_a_model_of_the_language_is_taken(tmp_path: Path) -> None:
    model_in(tmp_path / "cache/vosk-model-small-en-us-0.15")
    assert (None, "vosk-model-small-en-us-0.15") == (found(tmp_path), found(tmp_path, "en"))


def test_a_small_model_wins_and_then_the_newest(tmp_path: Path) -> None:
    for name in ("vosk-model-nl-spraakherkenning-0.6", "vosk-model-small-nl-0.9"):
        model_in(tmp_path / "cache" / name)
    model_in(tmp_path / "cache/vosk-model-small-nl-0.22")
    assert "vosk-model-small-nl-0.22" == found(tmp_path)


def test_a_half_unpacked_download_is_passed_over(tmp_path: Path) -> None:
    model_in(tmp_path / "cache/vosk-model-small-nl-0.22", parts=("am/final.mdl",))
    model_in(tmp_path / "share/vosk-model-small-nl-0.9")
    assert "vosk-model-small-nl-0.9" == found(tmp_path)


def test_the_environment_may_name_a_folder_for_other_languages(tmp_path: Path) -> None:
    model_in(tmp_path / "variable/vosk-model-small-fr-0.22")
    model_in(tmp_path / "cache/vosk-model-small-nl-0.22")
    assert "vosk-model-small-nl-0.22" == found(tmp_path, variable=tmp_path / "variable")


def test_the_older_layout_is_a_model_too(tmp_path: Path) -> None:
    folder = model_in(tmp_path / "old", parts=("final.mdl", "mfcc.conf", "HCLG.fst"))
    assert [] == missing_parts(folder)


def test_what_a_folder_lacks_is_named(tmp_path: Path) -> None:
    folder = model_in(tmp_path / "half", parts=("am/final.mdl", "conf/mfcc.conf"))
    assert ["graph/HCLG.fst or graph/HCLr.fst"] == missing_parts(folder)


@pytest.mark.parametrize("named_by", ["settings", "variable"])
def test_a_named_folder_without_a_model_is_an_error(tmp_path: Path, named_by: str) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    with pytest.raises(ModelError, match=r"is no Vosk model: no am/final\.mdl, no conf/mfcc\.conf"):
        found(tmp_path, **{named_by: folder})


@pytest.mark.parametrize("named_by", ["settings", "variable"])
def test_a_named_folder_that_is_not_there_is_an_error(tmp_path: Path, named_by: str) -> None:
    with pytest.raises(ModelError, match=r"(model_path|VOSK_MODEL_PATH): there is no folder"):
        found(tmp_path, **{named_by: tmp_path / "nowhere"})


def test_settings_that_name_another_language_are_an_error(tmp_path: Path) -> None:
    model_in(tmp_path / "models/vosk-model-small-fr-0.22")
    with pytest.raises(ModelError, match="holds no model for nl, only vosk-model-small-fr"):
        found(tmp_path, settings=tmp_path / "models")


def test_a_damaged_built_in_model_is_an_error(tmp_path: Path) -> None:
    model_in(tmp_path / "built-in/nl", parts=("am/final.mdl", "graph/HCLr.fst"))
    with pytest.raises(ModelError, match=r"is damaged: no conf/mfcc\.conf"):
        found(tmp_path)


@pytest.mark.parametrize("card", [{}, [], {**CARD, "words": "many"}])
def test_a_card_that_describes_nothing_is_an_error(tmp_path: Path, card: object) -> None:
    model_in(tmp_path / "built-in/nl", card=card)
    with pytest.raises(ModelError, match=r"card\.json does not describe a model"):
        found(tmp_path)


def test_a_card_that_is_no_json_is_an_error(tmp_path: Path) -> None:
    folder = model_in(tmp_path / "built-in/nl")
    (folder / "card.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match=r"card\.json cannot be read"):
        found(tmp_path)
