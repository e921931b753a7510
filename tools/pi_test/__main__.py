"""``make pi-test``: install from a bundle in fresh systems without network, and try it."""

from __future__ import annotations

import os
import sys
import tarfile
from pathlib import Path
from typing import NoReturn

import click

from tools import bundle as bundling
from tools.debs import RELEASES, DebsError
from tools.pi_test.bundles import updates
from tools.pi_test.installing import expected_events
from tools.pi_test.record import Record, Tried, write
from tools.pi_test.root import RootError, problem
from tools.pi_test.stages import STAGES, Proof

ROOT = Path(__file__).resolve().parents[2]
#: Exit status when nothing could be tried here; 1 when something was and does not hold.
CANNOT = 3


@click.command()
@click.option(
    "--machine",
    type=click.Choice(["aarch64", "x86_64"]),
    default="aarch64",
    show_default=True,
    help="Processor: that of a Pi, emulated, or this one.",
)
@click.option("--release", "releases", multiple=True, type=click.Choice(RELEASES))
@click.option(
    "--bundle",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Test this one instead of making it.",
)
@click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "out" / "pi-test",
    help="Where systems are made and kept.",
)
@click.option(
    "--from",
    "first",
    type=click.Choice(STAGES),
    default=STAGES[0],
    show_default=True,
    help="Begin at this stage, with the bundle and the system of last time.",
)
@click.option(
    "--to",
    "last",
    type=click.Choice(STAGES),
    default=STAGES[-1],
    show_default=True,
    help="End after this stage.",
)
def main(
    machine: str,
    releases: tuple[str, ...],
    bundle: Path | None,
    work: Path,
    first: str,
    last: str,
) -> None:
    """Install from a bundle in fresh systems without network, and try everything that can be."""
    if STAGES.index(first) > STAGES.index(last):
        raise click.UsageError(f"--to {last} comes before --from {first}.")
    work = work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    if reason := problem(machine):
        _cannot(reason)
    tried: list[Tried] = []
    try:
        made = bundle or _bundle(work, machine, first)
        expected = expected_events(work, made)
        for release in releases or RELEASES:
            record = Record(f"{release} {machine}", tried)
            proof = Proof(work, release, machine, made, expected, lambda: updates(made, work))
            proof.run(record, first, last, native=machine == os.uname().machine)
    except (bundling.BundleError, DebsError, RootError, tarfile.TarError) as error:
        _cannot(str(error))
    finally:
        write(work / f"{machine}.json", tried)
    bad = sum(not each.good for each in tried)
    print(f"{len(tried) - bad} of {len(tried)} hold")
    sys.exit(1 if bad else 0)


def _cannot(reason: str) -> NoReturn:
    print(f"pi-test: {reason}", file=sys.stderr)
    sys.exit(CANNOT)


def _bundle(work: Path, machine: str, first: str) -> Path:
    """That of last time, or a new one for both releases."""
    last = work / f"{bundling.name(machine)}.tar"
    if first != STAGES[0] and last.exists():
        return last
    return bundling.bundle(work, machine, RELEASES, [])


if __name__ == "__main__":
    main()
