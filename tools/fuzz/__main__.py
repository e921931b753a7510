"""``make fuzz``, or ``python -m tools.fuzz TARGET --runs N``: guided by coverage, with atheris.

atheris has wheels for few machines; elsewhere the short runs in ``make test`` remain. A finding is
written to ``out/fuzz`` and can be given again: ``--input FILE``.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import multiprocessing
import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import click

#: the targets, which must not be imported before atheris watches over imports
NAMES = ("message", "lesson_file", "settings", "roster_text", "roster_table", "journal")
OUT = Path("out") / "fuzz"
LARGEST_INPUT_BYTES = 4096
#: of the mutations that keep the outer form, where there are such
FORMED_SHARE = 0.8


@click.command()
@click.argument("names", nargs=-1)
@click.option("--runs", default=100_000, show_default=True, help="How many inputs to try.")
@click.option("--seconds", default=0, help="Stop after so many seconds; 0: after the runs.")
@click.option("--seed", default=1, show_default=True, help="Of the random numbers.")
@click.option("--input", "given", type=click.Path(path_type=Path), help="Try this one file only.")
def main(names: tuple[str, ...], runs: int, seconds: int, seed: int, given: Path | None) -> None:
    """Feed mutated inputs to each of NAMES, or to all, until something is wrong."""
    if find_spec("atheris") is None:
        raise click.ClickException("atheris is not installed: pip install atheris")
    memory = Path("/dev/shm")  # nosec B108 # a folder of its own in it; files wear out no card
    for name in names or NAMES:
        if name not in NAMES:
            raise click.UsageError(f"there is {', '.join(NAMES)}")
        with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
            # libFuzzer ends its process itself, and would leave the folder behind
            process = multiprocessing.Process(
                target=_fuzz, args=(name, runs, seconds, seed, given, Path(folder))
            )
            process.start()
            process.join()
        if process.exitcode:
            raise click.ClickException(f"{name}: see above")


def _fuzz(name: str, runs: int, seconds: int, seed: int, given: Path | None, folder: Path) -> None:
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=["lesson", "device", "dashboard"]):
        from tools.fuzz.targets import TARGETS
    logging.disable(logging.CRITICAL)
    target = TARGETS[name]
    if given is not None:
        target.run(given.read_bytes(), folder)
        return
    corpus, found = OUT / name / "corpus", OUT / name / "found"
    for each in (corpus, found):
        each.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(content)
    words = OUT / name / "words"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words))
    largest = max(LARGEST_INPUT_BYTES, *(2 * len(content) for content in target.seeds()))
    options = [f"-runs={runs}", f"-seed={seed}", f"-dict={words}", f"-max_len={largest}"]
    # whole inputs stay: how our own code takes them tells little about the parsers behind it
    options += ["-print_final_stats=1", "-timeout=120"]
    options += ["-reduce_inputs=0", "-keep_seed=1"]
    options += [f"-max_total_time={seconds}"] if seconds else []

    def run(data: bytes) -> None:
        try:
            target.run(data, folder)
        except Exception:
            kept = found / hashlib.sha256(data).hexdigest()[:12]
            kept.write_bytes(data)
            print(f"python -m tools.fuzz {name} --input {kept}", file=sys.stderr)
            raise

    def mutate(data: bytes, most_bytes: int, number: int) -> bytes:
        random = Random(number)
        if target.mutate is not None and random.random() < FORMED_SHARE:
            with contextlib.suppress(ValueError):
                return target.mutate(data, random, folder)[:most_bytes]
        return bytes(atheris.Mutate(data, most_bytes))

    atheris.Setup([sys.argv[0], *options, str(corpus)], run, custom_mutator=mutate)
    atheris.Fuzz()


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


if __name__ == "__main__":
    main()
