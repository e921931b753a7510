"""Which speech model is in use, and what it is worth. Looks at folders; loads nothing."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from device.errors import ModelError

ENVIRONMENT_VARIABLE = "VOSK_MODEL_PATH"
USUAL_FOLDERS = (Path("~/.cache/vosk"), Path("/usr/share/vosk"))
BUILT_IN_FOLDER = Path(__file__).parent / "data" / "models"
#: Describes a model of our own; official models have none.
CARD = "card.json"

#: What a Vosk model holds; the second layout has all files in one folder. Any of a row will do.
_LAYOUTS = (
    (("am/final.mdl",), ("conf/mfcc.conf",), ("graph/HCLG.fst", "graph/HCLr.fst")),
    (("final.mdl",), ("mfcc.conf",), ("HCLG.fst", "HCLr.fst")),
)


@dataclass(frozen=True, slots=True)
class ActiveModel:
    """A speech model and what it is worth.

    Attributes:
        words: size of its vocabulary, ``None`` when its maker does not say.
        hears: what it can be used for, in one sentence.
        chosen_from: what led to it, for people.
    """

    path: Path
    language: str
    name: str
    kind: Literal["official", "built-in"]
    words: int | None
    hears: str
    chosen_from: str = ""

    @property
    def worth(self) -> str:
        """What people are told at the start: name, kind and what it hears."""
        return f"{self.name} ({self.kind}; {self.hears})"


def find_model(
    language: str,
    settings_path: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    usual_folders: tuple[Path, ...] = USUAL_FOLDERS,
    built_in_folder: Path = BUILT_IN_FOLDER,
) -> ActiveModel | None:
    """The model for ``language``: of the settings, of ``VOSK_MODEL_PATH``, of the usual folders,
    else the built-in one; ``None`` when there is none at all.

    Raises:
        ModelError: a folder that somebody named holds no model, or the built-in one is damaged.
    """
    if settings_path is not None:
        return _named(settings_path, language, "[recogniser] model_path")
    if environ.get(ENVIRONMENT_VARIABLE):
        folder = Path(environ[ENVIRONMENT_VARIABLE]).expanduser()
        model = _named(folder, language, ENVIRONMENT_VARIABLE)
        if model is not None:
            return model
    for folder in usual_folders:
        for candidate in _candidates(folder.expanduser(), language):
            if not missing_parts(candidate):
                return _describe(candidate, language, f"found in {folder}")
    built_in = built_in_folder / language
    if not built_in.is_dir():
        return None
    if missing := missing_parts(built_in):
        raise ModelError(f"the built-in model {built_in} is damaged: no {', no '.join(missing)}")
    return _describe(built_in, language, "comes with Denkpauze")


def missing_parts(folder: Path) -> list[str]:
    """What a folder lacks to be a Vosk model; empty when it is one."""
    lacks = [
        [" or ".join(row) for row in layout if not any((folder / part).is_file() for part in row)]
        for layout in _LAYOUTS
    ]
    # the layout that it comes nearest to, the usual one when it is like none
    return min(lacks, key=len)


def _named(folder: Path, language: str, named_by: str) -> ActiveModel | None:
    """The model in a folder that somebody named; ``None`` when it holds other languages only."""
    if not folder.is_dir():
        raise ModelError(f"{named_by}: there is no folder {folder}")
    missing = missing_parts(folder)
    if not missing:
        return _describe(folder, language, named_by)
    inside = [child for child in folder.iterdir() if child.is_dir() and not missing_parts(child)]
    if not inside:
        raise ModelError(f"{named_by}: {folder} is no Vosk model: no {', no '.join(missing)}")
    for candidate in _candidates(folder, language):
        if candidate in inside:
            return _describe(candidate, language, named_by)
    if named_by == ENVIRONMENT_VARIABLE:
        return None
    names = ", ".join(sorted(child.name for child in inside))
    raise ModelError(f"{named_by}: {folder} holds no model for {language}, only {names}")


def _candidates(folder: Path, language: str) -> Iterator[Path]:
    """Subfolders named after the language: small models first, as a Pi must keep up; then the
    newest version."""
    pattern = re.compile(rf"(^|[-_]){re.escape(language)}([-_.]|$)", re.IGNORECASE)
    try:
        found = [child for child in folder.iterdir() if child.is_dir()]
    except OSError:
        return
    named = [child for child in found if pattern.search(child.name)]
    yield from sorted(named, key=lambda child: ("small" not in child.name, _age(child.name)))


def _age(name: str) -> list[int]:
    """Sorts higher version numbers first."""
    return [-int(number) for number in re.findall(r"\d+", name)] + [0]


def _describe(folder: Path, language: str, chosen_from: str) -> ActiveModel:
    card = card_of(folder)
    if card is None:
        spoken = {"nl": "Dutch", "en": "English"}.get(language, language)
        hears = f"everyday {spoken} of people"
        return ActiveModel(folder, language, folder.name, "official", None, hears, chosen_from)
    try:
        kind: Literal["official", "built-in"] = (
            "built-in" if card["kind"] == "built-in" else "official"
        )
        words = None if card.get("words") is None else int(card["words"])
        return ActiveModel(
            folder,
            str(card["language"]),
            str(card["name"]),
            kind,
            words,
            str(card["hears"]),
            chosen_from,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{folder / CARD} does not describe a model: {error!r}") from None


def card_of(folder: Path) -> dict[str, Any] | None:
    """The card of a model of our own; ``None`` for other models.

    Raises:
        ModelError: it cannot be read.
    """
    path = folder / CARD
    if not path.is_file():
        return None
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}") from None
    if not isinstance(card, dict):
        raise ModelError(f"{path} does not describe a model: expected an object")
    return card
