"""The names of a lesson's class list, judged with the model that will hear the lesson."""

from __future__ import annotations

from pathlib import Path

from device.errors import NamesError
from device.models import ActiveModel
from device.names.check import NameVerdict, check, unchecked
from device.names.enrolled import enrolled_path, read_enrolled
from device.names.vocabulary import read_vocabulary
from device.roster import Roster


def judge(
    roster: Roster, model: ActiveModel | None, language: str, data_folder: Path | None
) -> tuple[NameVerdict, ...]:
    """A verdict for every pupil, with what was learnt when the list was read aloud.

    Without a list of words in the model, or without a model, nothing is known and nobody is heard
    under other words. A damaged memory of the reading never keeps a lesson from starting.
    """
    if model is None or not list(roster):
        return unchecked(roster)
    read_aloud: dict[str, tuple[str, ...]] = {}
    if data_folder is not None:
        try:
            read_aloud = read_enrolled(enrolled_path(data_folder, model.name))
        except NamesError:
            read_aloud = {}
    try:
        return check(roster, read_vocabulary(model.path), language, read_aloud)
    except NamesError:
        return unchecked(roster)
