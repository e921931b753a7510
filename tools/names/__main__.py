"""``python -m tools.names --data FOLDER``: the commonest words of a language and their sounds.

Writes ``device/data/names/words_<language>.tsv.gz``: one word a line, the commonest first, with
espeak-ng's pronunciation in phonetic script and ``name`` for words that are nothing but a first
name. Takes about ten seconds for each language; the result depends on the data and on the version
of espeak-ng only.
"""

from __future__ import annotations

import gzip
import io
from collections import Counter
from pathlib import Path

import click

from device.names.sounds import EspeakSounds
from tools.speech.languages import LANGUAGES

FOLDER = Path(__file__).resolve().parents[2] / "device" / "data" / "names"
WORDS = 12_000
LEAST_COUNT = 2


def counted(table: Path) -> Counter[str]:
    """How often each word stands in a table of sentences (docs/data.md)."""
    counts: Counter[str] = Counter()
    with gzip.open(table, "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            counts.update(line.split("\t", 1)[0].split())
    return counts


def only_names(table: Path) -> frozenset[str]:
    """First names that are no ordinary Dutch word."""
    rows = [line.split("\t") for line in table.read_text("utf-8").splitlines()]
    column = rows[0].index("dutch_word")
    return frozenset(row[0] for row in rows[1:] if row[column] == "0")


def build(data: Path, language: str, folder: Path = FOLDER) -> Path:
    """Write the list of one language.

    Raises:
        FileNotFoundError: a table is missing.
        NamesError: espeak-ng is not installed.
    """
    counts = counted(data / "text" / f"{language}_question.tsv.gz")
    names = only_names(data / "text" / "nl_pupil_names.tsv").union(LANGUAGES[language].only_names())
    spelt = [(word, n) for word, n in counts.items() if word.replace("'", "").isalpha()]
    common = sorted((-n, word) for word, n in spelt if n >= LEAST_COUNT and word[0] != "'")[:WORDS]
    listed = [word for _, word in common]
    listed += sorted(names.difference(listed))
    sounds = EspeakSounds(language).of(listed)
    rows = "".join(
        f"{word}\t{said}\t{'name' if word in names else ''}\n"
        for word, said in zip(listed, sounds, strict=True)
        if said
    )
    path = folder / f"words_{language}.tsv.gz"
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as file:
        file.write(rows.encode("utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed.getvalue())
    return path


@click.command()
@click.option(
    "--data", type=click.Path(path_type=Path, exists=True), required=True, help="See docs/data.md."
)
@click.option("--language", type=click.Choice(["nl", "en"]), multiple=True, default=("nl", "en"))
def main(data: Path, language: tuple[str, ...]) -> None:
    """Build the word lists for names."""
    for code in language:
        click.echo(build(data, code))


if __name__ == "__main__":
    main()
