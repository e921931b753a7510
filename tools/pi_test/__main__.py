"""``make pi-test``: install from a bundle in fresh systems without network, and try it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from tools import bundle as bundling
from tools.debs import RELEASES, DebsError
from tools.pi_test.booting import try_running
from tools.pi_test.bundles import updates
from tools.pi_test.installing import expected_events, prepare, try_installing, try_using
from tools.pi_test.record import Record, Tried, write
from tools.pi_test.root import Root, RootError, base, problem

ROOT = Path(__file__).resolve().parents[2]


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
def main(machine: str, releases: tuple[str, ...], bundle: Path | None, work: Path) -> None:
    """Install from a bundle in fresh systems without network, and try everything that can be."""
    work = work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    if reason := problem(machine):
        sys.exit(f"pi-test: {reason}")
    tried: list[Tried] = []
    try:
        made = bundle or bundling.bundle(work, machine, releases or RELEASES, [])
        native = machine == os.uname().machine
        others = updates(made, work) if native else {}
        expected = expected_events(work, made)
        for release in releases or RELEASES:
            record = Record(f"{release} {machine}")
            root = Root.copy(base(work, release, machine), work / "run" / f"{release}-{machine}")
            prepare(root, made)
            if try_installing(record, root):
                try_using(record, root, expected)
                if native:
                    try_running(record, root, others)
            tried += record.tried
    except (bundling.BundleError, DebsError, RootError) as error:
        sys.exit(f"pi-test: {error}")
    write(work / f"{machine}.json", tried)
    bad = sum(not each.good for each in tried)
    print(f"{len(tried) - bad} of {len(tried)} hold")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
