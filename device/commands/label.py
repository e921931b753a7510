"""``denkpauze label``: lines of text to questions, for researchers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal, TextIO

import click

from device.commands.context import CommandContext, pass_context
from device.commands.options import language_option, roster_option
from device.detect.names import NameReader, NameSplit
from device.detect.questions.scoring import QuestionScorer, question_scorer
from device.detect.words import Word
from device.errors import DenkpauzeError
from device.roster import Roster
from lesson.events import NamePosition

#: any length will do: only the order of the words counts
WORD_SAMPLES = 4800


class TextLinesError(DenkpauzeError):
    """The lines to be labelled cannot be read."""


@dataclass(frozen=True, slots=True)
class Label:
    """One line of the output; the fields are its columns."""

    p_question: float
    question: int
    arm: int
    open: Literal["open", "check", "unsure"]
    name_position: Literal["first", "last", "mention", "none"]


@click.command("label")
@click.argument("source", type=click.File("r", encoding="utf-8"), default="-", metavar="[FILE]")
@language_option
@roster_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of TSV.")
@pass_context
def command(
    context: CommandContext,
    source: TextIO,
    language: Literal["nl", "en"] | None,
    roster: Path | None,
    as_json: bool,
) -> None:
    """Label utterances as the device would: question, open or check, and where a name stands.

    Reads one utterance a line from FILE or from standard input, and writes one line for each:
    p_question (0 to 1), question (0 or 1), arm (1: would start the think timer), open (open,
    check or unsure), name_position (first, last, mention or none; needs --roster). Capitals and
    punctuation are not looked at: a recogniser gives none.
    """
    spoken = language or context.settings.device.language
    reader = NameReader(Roster.read(roster) if roster else Roster.empty(), spoken)
    scorer = question_scorer(spoken)
    if not as_json:
        click.echo("\t".join(column.name for column in fields(Label)))
    for line in _lines(source):
        label = asdict(label_of(line, reader, scorer))
        click.echo(json.dumps(label) if as_json else "\t".join(map(str, label.values())))


def _lines(source: TextIO) -> Iterator[str]:
    """The lines of a text.

    Raises:
        TextLinesError: it is not text in UTF-8.
    """
    number = 0
    try:
        for line in source:
            number += 1
            yield line
    except UnicodeDecodeError as error:
        raise TextLinesError(
            f"{source.name}: not text in UTF-8 after line {number}: save it as UTF-8, "
            "one utterance a line."
        ) from error


def label_of(line: str, reader: NameReader, scorer: QuestionScorer) -> Label:
    """Label one utterance."""
    split = reader.split(_stamped(line))
    score = scorer.score([word.text for word in split.core])
    return Label(
        p_question=round(score.probability, 4),
        question=int(score.is_question),
        arm=int(score.arms and score.starts_light),
        open=score.focus.value if score.focus else "unsure",
        name_position=_name_position(split),
    )


def _stamped(line: str) -> tuple[Word, ...]:
    """The words of a line as a recogniser would give them, one after the other."""
    kept = re.sub(r"[^\w'\- ]+", " ", line.lower().replace("\u2019", "'"))
    texts = [text for text in (piece.strip("'-") for piece in kept.split()) if text]
    return tuple(
        Word(text, place * WORD_SAMPLES, (place + 1) * WORD_SAMPLES, 1.0)
        for place, text in enumerate(texts)
    )


def _name_position(split: NameSplit) -> Literal["first", "last", "mention", "none"]:
    """Of the name that counts: one that stands apart before one in the sentence, the last first.

    A name alone is in front of whatever follows it.
    """
    positions = [name.position for name in reversed(split.names)]
    for position in positions:
        if position is NamePosition.LAST:
            return "last"
        if position in (NamePosition.FIRST, NamePosition.ALONE):
            return "first"
    return "mention" if positions else "none"
