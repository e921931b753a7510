"""The names of a lesson's class list, judged with the model that will hear the lesson."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from device.errors import NamesError
from device.models import ActiveModel
from device.names.check import NameVerdict, check, unchecked
from device.names.enrolled import enrolled_path, model_mark, read_enrolled
from device.names.vocabulary import read_vocabulary
from device.roster import Roster


def judge(
    roster: Roster, model: ActiveModel | None, language: str, data_folder: Path | None
) -> tuple[NameVerdict, ...]:
    """A verdict for every pupil, with what was learnt when the list was read aloud.

    Without a list of words in the model, or without a model, nothing is known and nobody is heard
    under other words. A damaged memory of the reading never keeps a lesson from starting, and what
    another model made of the names is only a reason to read them again.
    """
    if model is None or not list(roster):
        return unchecked(roster)
    try:
        words, outdated = _read_aloud(model, data_folder)
        return check(roster, read_vocabulary(model.path), language, words, outdated=outdated)
    except NamesError:
        return unchecked(roster)


def _read_aloud(
    model: ActiveModel, data_folder: Path | None
) -> tuple[Mapping[str, tuple[str, ...]], frozenset[str]]:
    """The words that this model made, and the names of which another model made them."""
    if data_folder is None:
        return {}, frozenset()
    try:
        known = read_enrolled(enrolled_path(data_folder, model.name))
        if not known.words or known.made_by == model_mark(model.path):
            return known.words, frozenset()
    except NamesError:
        return {}, frozenset()
    return {}, frozenset(known.words)
