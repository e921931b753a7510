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
| synthetic voices rms, kal, ked | flite, festival (Carnegie Mellon, CSTR, OGI) | BSD-like |
| synthetic voices bdl, clb | RHVoice, made from the CMU ARCTIC recordings | LGPL 2.1 or later |
| synthetic voices pico-us, pico-gb | SVOX Pico (SVOX AG) | Apache-2.0 |
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
    other_utterances: int = 0
    remark: str = ""


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
{contents.remark}

## Figures

Word error rate (WER) and words of the reference; "first" is the share of utterances whose first
word is right, "inserted" that with a word too many before it. Names: a roster of 25; right and
false, with all words open and with a grammar of the roster. Every utterance is cut with 0.3 s
before and after it.

{_table(results)}

Whether the first words heard say the same of an utterance as those spoken (question word, finite
verb, or neither: tools/speech/question_class.py), counted over questions; and how far the first
word begins from the true beginning, and the last ends from the true end, in ms: median / 90 %.

{_questions_and_times(results)}

Words heard in 5 s of digital zeros: {results["words in 5 s of digital zeros"]}. Cost: the model
{_cost(results)}.

"Numbers" are sums, years and pages in words; "words of school subjects" are long ones from a list
that the model knows («wat betekent …»). A compound outside the vocabulary is heard as short words,
each wrong.

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
    if contents.other_utterances:
        voices = ", ".join(dict.fromkeys(language.other_voices))
        parts.append(f"{contents.other_utterances:,} by other synthesisers (the voices {voices})")
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
        " in any accent, and the voices slt and awb of flite, under any name. Lesson p07 is spoken"
        " by slt, p08 by m2; **p09 is spoken by festival's kal, a voice that was trained on**"
    )


def _table(results: dict[str, Any]) -> str:
    lines = [
        "| Set | WER | words | unknown words | first | inserted | utterances | names "
        "| open: right / false | grammar: right / false |",
        "|" + " --- |" * 10,
    ]
    for name, row in _sets(results):
        names = ("", "–", "–")
        if "names" in row:
            names = (
                str(row["names"]),
                f"{row['names_heard']} / {row['names_false']}",
                f"{row['names_heard_in_grammar']} / {row['names_false_in_grammar']}",
            )
        lines.append(
            f"| {name} | {row['wer_pct']} % | {row['words']:,} | {row['out_of_vocabulary_pct']} % "
            f"| {row['first_word_pct']} % | {row['inserted_first_pct']} % | {row['clips']} "
            f"| {' | '.join(names)} |"
        )
    return "\n".join(lines)


def _sets(results: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The measured sets of utterances, without the other facts."""
    return [
        (name, row) for name, row in results.items() if isinstance(row, dict) and "wer_pct" in row
    ]


def _questions_and_times(results: dict[str, Any]) -> str:
    lines = [
        "| Set | class right | questions | others taken for one | first word from | last word to |",
        "|" + " --- |" * 6,
    ]
    for name, row in _sets(results):
        if "end_median_ms" not in row:
            continue
        asked = ("–", "–", "–")
        if "questions" in row:
            asked = (
                f"{row['question_class_pct']} %",
                str(row["questions"]),
                f"{row['statements_taken_for_questions']} of {row['statements']}",
            )
        times = [f"{row[f'{end}_median_ms']} / {row[f'{end}_p90_ms']}" for end in ("start", "end")]
        lines.append(f"| {name} | {' | '.join((*asked, *times))} |")
    return "\n".join(lines)


def _cost(results: dict[str, Any]) -> str:
    cost = results.get("resources")
    if cost is None:
        return "not measured"
    return (
        f"loads in {cost['load_s']} s; the\nprocess holds {cost['loaded_mb']} MB after that and "
        f"{cost['after_50_minutes_mb']} MB after 50 minutes in one recogniser;\nit is "
        f"{cost['times_real_time']:g} times as fast as real time on one core (processor time)"
    )
