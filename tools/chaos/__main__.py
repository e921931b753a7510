"""Attacks the chain: ``make chaos``, or ``python -m tools.chaos --help``."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import click

from tools.chaos import faults, microphone, places, report, soak, ticks
from tools.chaos.campaign import Campaign, Outcome, Task, tasks
from tools.chaos.record import Record
from tools.chaos.sound import question, take_down

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"
#: explanation, questions, pauses and names of the demo lesson
FIRST_S, LAST_S = 31.5, 93.3
SPEED = 8.0
#: the promise is about at least so many
FULL_RUNS = 210
ROUNDS_OF_MICROPHONES = 2


@click.command()
@click.option("--runs", default=FULL_RUNS, show_default=True, help="Number of seeds.")
@click.option("--seed", "first", default=0, show_default=True, help="The first seed.")
@click.option("--jobs", default=10, show_default=True, help="Runs at the same time.")
@click.option(
    "--minutes", default=9.0, show_default=True, help="No run is begun after this; 0: no limit."
)
@click.option("--only", help="Faults whose name contains this.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=ROOT / "out")
@click.option("--resume", is_flag=True, help="Go on with an interrupted campaign of this code.")
@click.option("--write-docs", is_flag=True, help="Put the table into docs/reliability.md.")
@click.option("--soak", "instead", flag_value="soak", help="Instead: a simulated school day.")
@click.option("--real-hour", "instead", flag_value="hour", help="Instead: one hour, in real time.")
@click.option("--ticks", "instead", flag_value="ticks", help="Instead: how exact the cue is.")
@click.option("--places", "instead", flag_value="places", help="Instead: lose sound everywhere.")
def main(
    runs: int,
    first: int,
    jobs: int,
    minutes: float,
    only: str | None,
    out: Path,
    resume: bool,
    write_docs: bool,
    instead: str | None,
) -> None:
    """Kill, cut, fill, tear and starve the chain, and count what became of every event.

    Ctrl-C ends it with the figures so far; runs that it cut short are not among them.
    """
    if instead is not None:
        sys.exit(_instead(instead))
    record = Record(out / "chaos-runs.jsonl", resume=resume)
    interrupted = _run(record, _work(runs, first, only), jobs, minutes, out)
    status = _conclude(record, runs, out, write_docs)
    if interrupted:  # threads of runs that were cut short wait for what will not come
        sys.stdout.flush()
        os._exit(130)
    sys.exit(status)


def _work(runs: int, first: int, only: str | None) -> list[Task]:
    """What is to be tried: every fault of the microphone twice, the others in turn."""
    chosen = _chosen(faults.FAULTS, only)
    slow = _chosen(microphone.FAULTS, only)
    if slow and (why := microphone.unavailable()) is not None:
        click.echo(f"No faults of the microphone: {why}.")
        slow = []
    count = ROUNDS_OF_MICROPHONES * len(slow)
    work = tasks(range(first, first + count), slow)
    work += tasks(range(first, first + runs - count), chosen) if chosen else []
    return work


def _run(record: Record, work: list[Task], jobs: int, minutes: float, out: Path) -> bool:
    """Run what the record does not have yet; True when it was interrupted."""
    begun = time.monotonic()

    def interrupt(*_: object) -> None:
        record.close()  # before anything ends by it
        raise KeyboardInterrupt

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, interrupt)

    def over() -> bool:
        return bool(minutes) and time.monotonic() - begun > 60 * minutes

    def tell(outcome: Outcome) -> None:
        if record.add(outcome):
            well = "; ".join(outcome.problems) or "nothing lost"
            click.echo(f"{outcome.seed:4d}  {outcome.fault}: {well}")

    left = [task for task in work if not record.has(task)]
    try:
        with Campaign(take_down(FIRST_S, LAST_S), SPEED, out / "chaos") as campaign:
            campaign.run(left, jobs, tell, over)
    except KeyboardInterrupt:
        return True
    return False


def _instead(what: str) -> int:
    """The school day, the hour, the ticks or the places; exit status 1 beyond their limits."""
    if what == "places":
        tried = places.try_everywhere(take_down(FIRST_S, LAST_S))
        click.echo("| interruption | places | invented |\n| --- | --: | --: |")
        click.echo("\n".join(each.line() for each in tried))
        return 1 if any(each.invented for each in tried) else 0
    if what == "ticks":
        errors = ticks.measure(question())
        click.echo("| error in ms | n | median | p99 | worst |\n| --- | --: | --: | --: | --: |")
        click.echo("\n".join(errors.lines()))
        click.echo(f"{errors.due} were due; in real time: {'yes' if errors.real_time else 'no'}")
        return 0 if errors.within else 1
    day = soak.school_day() if what == "soak" else soak.real_hour()
    click.echo(f"MB after minutes: {day.course()}")
    click.echo(day.line())
    return 0 if day.well else 1


def _chosen(all_of_them: tuple[faults.Fault, ...], only: str | None) -> list[faults.Fault]:
    return [fault for fault in all_of_them if only is None or only in fault.name]


def _conclude(record: Record, wanted: int, out: Path, write_docs: bool) -> int:
    """Print the table; exit status 1 when a promise was broken or the time was too short."""
    outcomes = sorted(record.outcomes, key=lambda outcome: (outcome.seed, outcome.fault))
    broken = [outcome for outcome in outcomes if outcome.problems]
    click.echo("\n" + report.plain(outcomes))
    line = f"{len(outcomes)} runs in {record.taken_s:.0f} s; promises broken in {len(broken)}"
    click.echo(f"\n{line}")
    for outcome in broken:
        click.echo(f"  seed {outcome.seed}, {outcome.fault}: {'; '.join(outcome.problems)}")
    if len(outcomes) < wanted:
        line += f"; {wanted - len(outcomes)} of {wanted} did not fit into the time"
        click.echo(f"Only {len(outcomes)} of {wanted} runs fitted into the time: --resume goes on.")
    table = f"{line}.\n\n{report.markdown(outcomes)}"
    out.mkdir(parents=True, exist_ok=True)
    (out / "chaos.md").write_text(table, encoding="utf-8")
    if write_docs:
        report.put(PAGE, "faults", table)
    return 1 if broken or len(outcomes) < wanted else 0


if __name__ == "__main__":
    main()
