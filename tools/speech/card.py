"""The model's card: what it was made of, what it hears, and what it does not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.speech.languages import Language

TITLES = {"nl": "Dutch", "en": "English"}
SAMPLE_FIGURES = "held-out voices, clean"

LICENCES = {
    "nl": """\
| What | From | Licence |
| --- | --- | --- |
| sentences | Tatoeba contributors (tatoeba.org), via Helsinki-NLP/OPUS-MT-testsets | CC BY 2.0 FR |
| sentences | Mozilla Common Voice sentence collections | CC0 1.0 |
| sentences | UD_Dutch-Alpino, UD_Dutch-LassySmall (Universal Dependencies) | CC BY-SA 4.0 |
| first names | Meertens Instituut top 100 per year, by way of DutchFirstNames | facts (MIT) |
| a reader's voice | rhasspy/dataset-voice-nathalie | CC0 1.0 |
| classroom phrases, demo lesson | this project | Apache-2.0 |""",
    "en": """\
| What | From | Licence |
| --- | --- | --- |
| sentences | Tatoeba contributors (tatoeba.org), via Helsinki-NLP/OPUS-MT-testsets | CC BY 2.0 FR |
| sentences | Mozilla Common Voice sentence collections | CC0 1.0 |
| classroom sentences | NCTE transcripts (Demszky et al. 2021; Alic et al. 2022) | MIT |
| classroom sentences | MathDial (Macina et al. 2023) | CC BY-SA 4.0 |
| classroom sentences | CIMA (Stasaski et al. 2020) | CC BY 2.5 |
| first names | Meertens Instituut top 100 per year, by way of DutchFirstNames | facts (MIT) |
| a reader's voice | rhasspy/dataset-voice-kathleen | CC0 1.0 |
| murmur in the background | rhasspy/dataset-voice-nathalie and -kathleen | CC0 1.0 |
| English first names, classroom phrases | this project | Apache-2.0 |""",
}

HEARS = "synthetic voices; people only in part (a demo and test model)"


@dataclass(frozen=True)
class Contents:
    """What the build knows about the model itself."""

    words: int
    size_bytes: int
    utterances: int
    reader_clips: int
    flite_utterances: int = 0


def write_card(
    folder: Path, language: Language, results: dict[str, Any], contents: Contents
) -> None:
    """Write README.md for people and card.json for the program; all figures are measured."""
    facts = {
        "name": f"denkpauze-{language.code}",
        "kind": "built-in",
        "language": language.code,
        "words": contents.words,
        "size_bytes": contents.size_bytes,
        "wer_synthetic_pct": results[SAMPLE_FIGURES]["wer_pct"],
        "hears": HEARS,
        "figures": results,
    }
    text = json.dumps(facts, indent=1, ensure_ascii=False)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")
    (folder / "README.md").write_text(_page(language, results, contents), encoding="utf-8")


def _page(language: Language, results: dict[str, Any], contents: Contents) -> str:
    title = TITLES[language.code]
    held_out = ", ".join(f"`{name}`" for name in language.held_out_variants)
    return f"""\
# Built-in {title} speech model

Made by `python -m tools.speech build --language {language.code}` (docs/speech-model.md), figures
included; not edited by hand. {contents.words:,} words, {contents.size_bytes / 1e6:.2f} MB, Vosk's
format, streaming, word times, grammars at run time.

## What it is for

It lets the demo lesson, the tests and a first try run anywhere, without a download. **It is a demo
and test model, not a substitute for the official Vosk model.** It learnt from synthesisers and one
person who read sentences aloud, so it hears synthetic voices far better than people: the table
shows how little of {_strangers(language)}.
For a real classroom install an official model: Denkpauze then uses that one, and always shows which
model is active.

## What it was made of

{_made_of(language, contents)}

{LICENCES[language.code]}

The weights are derived from this material; none of the material itself is in this folder except
single words and how often they follow one another. The sentences of the demo lesson are part of the
language model **on purpose**: the demo must be understood, and its figures say nothing about other
lessons. The sentences of the test lessons are not in it (utterances of one or two words, such as
«ja» or a name, aside).

Never heard in training: the espeak-ng variants {held_out}{_never(language)}.

## Figures

Word error rate (WER) and words of the reference; "first" is the share of utterances whose first
word is right. Names: a roster of 25; right and false, with all words open and with a grammar of the
roster. Every utterance is cut with 0.3 s before and after it.

{_table(results)}

Words heard in 5 s of digital zeros: {results["words in 5 s of digital zeros"]}.
Confidence is high by nature on synthetic speech: thresholds for a classroom must not be tuned on
this model.

## What it cannot

Dialects, children, whispering, two people at once, a microphone at the back of the room, words that
are not among its {contents.words:,} (it puts short words in their place), and digits or
abbreviations spoken as letters.
"""


def _made_of(language: Language, contents: Contents) -> str:
    parts = [
        f"{contents.utterances:,} synthesised utterances (espeak-ng, altered voices, rooms, noise)"
    ]
    if contents.flite_utterances:
        voices = " and ".join(dict.fromkeys(language.flite_voices))
        parts.append(f"{contents.flite_utterances:,} by flite (the voices {voices})")
    parts.append(f"{contents.reader_clips} clips of one reader ({language.reader}), multiplied")
    return "\n".join(f"- {part}" for part in parts)


def _strangers(language: Language) -> str:
    if language.held_out_speaker:
        return "a person whom it has not met"
    return "a person even where that person's other sentences were in the training"


def _never(language: Language) -> str:
    if language.code == "nl":
        return " (the voices of the test and demo lessons), and the reader flemishguy"
    return (
        " in any accent, and the voices slt and awb of flite. Lesson p07 is spoken by slt, p08 by"
        " m2; **p09 is spoken by kal, a voice that was trained on** (from flite; the lesson has it"
        " from festival)"
    )


def _table(results: dict[str, Any]) -> str:
    lines = [
        "| Set | WER | words | unknown words | first | utterances | names | open: right / false "
        "| grammar: right / false |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, row in results.items():
        if not isinstance(row, dict):
            continue
        names = ("", "–", "–")
        if "names" in row:
            names = (
                str(row["names"]),
                f"{row['names_heard']} / {row['names_false']}",
                f"{row['names_heard_in_grammar']} / {row['names_false_in_grammar']}",
            )
        lines.append(
            f"| {name} | {row['wer_pct']} % | {row['words']:,} | {row['out_of_vocabulary_pct']} % "
            f"| {row['first_word_pct']} % | {row['clips']} | {' | '.join(names)} |"
        )
    return "\n".join(lines)
