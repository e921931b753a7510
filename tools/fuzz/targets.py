"""What is fuzzed: each target takes any bytes, and raises when its reader did what it must not.

Refusing is fine, with the one kind of error that the reader promises. Anything else that is raised
is a crash; and what is accepted must be sound, which each target checks.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from pydantic import BaseModel, ValidationError

from dashboard.inbox import Accepted, Message, read
from device.clock import SimulatedClock
from device.errors import JournalError, RosterError, SettingsError
from device.journal import Journal
from device.journal.inspection import inspect
from device.journal.outbox import Outbox
from device.roster import LARGEST_FILE_BYTES, LONGEST_NAME, MOST_PUPILS, Roster
from device.settings_file import read_settings
from lesson import topics
from lesson.events import OVERLAP_S, Pause
from lesson.lesson_file import read_lesson_file
from lesson.values import EARLIEST, LATEST
from lesson.wire import Acknowledgement, Command, Envelope
from tools.fuzz import mutations, seeds

TO_THE_DEVICE: dict[str, type[BaseModel]] = {
    topics.acknowledgement(seeds.DEVICE): Acknowledgement,
    topics.command(seeds.DEVICE): Command,
}


class UnsoundError(AssertionError):
    """Garbage was accepted."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads bytes.

    Attributes:
        run: reads them, with a folder for its files; raises when something is wrong.
        seeds: well-formed inputs to start from.
        words: what a mutation may put in.
        mutate: a change that keeps the outer form; ``ValueError`` when there is none to keep.
    """

    run: Callable[[bytes, Path], None]
    seeds: Callable[[], list[bytes]]
    words: tuple[bytes, ...]
    mutate: Callable[[bytes, Random, Path], bytes] | None = None


# -- messages


def message(data: bytes, _folder: Path) -> None:
    topic = seeds.TOPICS[data[0] % len(seeds.TOPICS)] if data else ""
    payload = _accepted(topic, data[1:])
    if payload is None:
        return
    same_fields(json.loads(data[1:]), json.loads(payload.model_dump_json()))
    if isinstance(payload, Envelope):
        if (payload.device, payload.lesson) != (seeds.DEVICE, seeds.LESSON):
            raise UnsoundError("an event of somebody else")
        if not EARLIEST <= payload.wall < LATEST:
            raise UnsoundError("an absurd time")
        event = payload.event
        # the first word of an answer may be heard while the question still is
        earliest = event.t - (OVERLAP_S if isinstance(event, Pause) else 0.0)
        end = getattr(event, "t_end", None)
        if end is not None and end < earliest:
            raise UnsoundError("an end before its beginning")


def _accepted(topic: str, payload: bytes) -> BaseModel | None:
    if topic in TO_THE_DEVICE:
        try:
            return TO_THE_DEVICE[topic].model_validate_json(payload)
        except ValidationError:
            return None
    result = read(Message(topic, payload))
    return result.payload if isinstance(result, Accepted) else None


def same_fields(sent: object, kept: object) -> None:
    """What was sent is kept, all of it and unchanged; a number may have been rounded.

    Raises:
        UnsoundError: something was left out or reinterpreted.
    """
    if isinstance(sent, dict) and isinstance(kept, dict):
        for key, value in sent.items():
            if key not in kept:
                raise UnsoundError(f"a field that nobody knows: {key!r}")
            same_fields(value, kept[key])
    elif isinstance(sent, list) and isinstance(kept, list) and len(sent) == len(kept):
        for one, other in zip(sent, kept, strict=True):
            same_fields(one, other)
    elif isinstance(sent, bool) or isinstance(kept, bool):
        if sent is not kept:
            raise UnsoundError("a truth value made of something else")
    elif isinstance(sent, int | float) and isinstance(kept, int | float):
        if not abs(sent - kept) <= 0.000_5 + 1e-9 * abs(sent):
            raise UnsoundError("another number")
    elif isinstance(sent, str) and isinstance(kept, str):
        if sent != kept and not sent[:2].isdigit():  # a date may be written in several ways
            raise UnsoundError("another text")
    elif sent is not kept:
        raise UnsoundError("a value of another type")


def lesson_file(data: bytes, _folder: Path) -> None:
    try:
        file = read_lesson_file(data)
    except ValueError:
        return
    again = read_lesson_file(file.with_figures().to_json().encode())
    if again.events != file.events:
        raise UnsoundError("another lesson after writing and reading")
    same_fields(json.loads(data), json.loads(file.to_json()))


# -- files that people write


def settings(data: bytes, folder: Path) -> None:
    path = folder / "denkpauze.toml"
    path.write_bytes(data)
    try:
        found = read_settings(path)
    except SettingsError as error:
        _one_line(error)
        return
    if not 2 <= found.lesson.target_s <= 10 or not 1 <= found.mqtt.port <= 65535:
        raise UnsoundError("a setting out of range")
    password = found.mqtt.password.get_secret_value() if found.mqtt.password else ""
    if len(password) > 8 and password in repr(found.mqtt.password):
        raise UnsoundError("a password in the clear")


def roster_text(data: bytes, folder: Path) -> None:
    _roster(data, folder / "klas.txt")


def roster_table(data: bytes, folder: Path) -> None:
    _roster(data, folder / "klas.csv")


def _roster(data: bytes, path: Path) -> None:
    path.write_bytes(data)
    try:
        roster = Roster.read(path)
    except RosterError as error:
        _one_line(error)
        return
    pupils = list(roster)
    if not 1 <= len(roster) <= len(pupils) <= MOST_PUPILS or len(data) > LARGEST_FILE_BYTES:
        raise UnsoundError("a list that is empty or too long")
    if len({pupil.alias for pupil in pupils}) != len(pupils):
        raise UnsoundError("two pupils of one alias")
    for pupil in pupils:
        for name in pupil.names:
            if len(name) > LONGEST_NAME or not any(map(str.isalpha, name)) or "\n" in name:
                raise UnsoundError("no name")
            if roster.pupil_of(name) != (pupil.alias if pupil.counted else None):
                raise UnsoundError("a name is counted for somebody else")


def _one_line(error: Exception) -> None:
    if len(str(error).splitlines()) != 1:
        raise UnsoundError("an error of more than one line") from error


# -- the journal on a card that was torn or tampered with


def journal(data: bytes, folder: Path) -> None:
    """Looked at, opened twice and written to: the new lesson is whole, whatever was in the file."""
    for old in folder.glob("journal.sqlite*"):
        old.unlink()
    path = folder / "journal.sqlite"
    path.write_bytes(data)
    use_journal(path)


def use_journal(path: Path) -> None:
    """What a device does with a journal.

    Raises:
        UnsoundError: a new lesson in it was not kept as it was written.
    """
    clock = SimulatedClock()
    inspect(path)
    try:
        with Journal.open(path, seeds.DEVICE, clock) as first:
            lesson = first.start_lesson(seeds.STARTED).lesson
            first.append_all([(lesson, event) for event in seeds.EVENTS[1:]])
        with Journal.open(path, seeds.DEVICE, clock) as second, Outbox.open(path) as outbox:
            outbox.count()
            for pending in outbox.pending(100):
                outbox.acknowledge(pending.boot, pending.position[1])
            kept = [envelope.event for envelope in second.events(lesson)]
            _read_all(second)
    except JournalError as error:
        _one_line(error)
        return
    if tuple(kept[: len(seeds.EVENTS)]) != seeds.EVENTS:
        raise UnsoundError("a lesson was not kept as it was written")


def _read_all(journal: Journal) -> None:
    for known in journal.lessons():
        try:
            journal.events(known)
        except JournalError as error:
            _one_line(error)


def _mutated_message(data: bytes, random: Random, _folder: Path) -> bytes:
    return data[:1] + mutations.mutate_json(data[1:], random)


def _mutated_file(data: bytes, random: Random, _folder: Path) -> bytes:
    return mutations.mutate_json(data, random)


def _mutated_lines(data: bytes, random: Random, _folder: Path) -> bytes:
    return mutations.mutate_lines(data, random)


def _mutated_journal(data: bytes, random: Random, folder: Path) -> bytes:
    path = folder / "mutated.sqlite"
    path.write_bytes(data)
    try:
        mutations.mutate_table(path, random)
    except sqlite3.Error as error:
        raise ValueError("no change to this database") from error
    return path.read_bytes()


_NUMBERS = (b"null", b"1e400", b"-0", b"NaN", b"true")

TARGETS: dict[str, Target] = {
    "message": Target(message, seeds.messages, _NUMBERS, _mutated_message),
    "lesson_file": Target(lesson_file, seeds.lesson_files, _NUMBERS, _mutated_file),
    "settings": Target(
        settings, seeds.settings, (b"[lesson]", b"target_s", b"nan", b"inf"), _mutated_lines
    ),
    "roster_text": Target(roster_text, seeds.rosters, (b"\xef\xbb\xbf", b"- ", b" B.")),
    "roster_table": Target(roster_table, seeds.tables, (b"sep=", b'"', b";", b"niet tellen")),
    "journal": Target(journal, seeds.journals, (b"SQLite format 3\0",), _mutated_journal),
}
