"""Run the trials of a simulation: results into a journal as they come, a bar with the time left, and Ctrl-C."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from factsheet.cli.terminal import complain
from factsheet.errors import SourceError
from factsheet.jobs.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from factsheet.crossbar.functional.studies.study_results import SimulationConfiguration
_BYTES_A_RESULT = 160
T = TypeVar("T", bound=tuple[str | int | float, ...])
R = TypeVar("R")


class TrialPlan(NamedTuple, Generic[T, R]):
    """What is to be run."""

    trials: Sequence[T]
    fields: tuple[str, ...]
    """Names of a trial's parts in the journal."""
    made: Callable[..., T]
    """Makes a trial of its parts."""
    study: Callable[[Mapping[T, float], Callable[[T, float], None]], R]
    """Runs what is not finished, calls back with each result, and puts them together."""


def run(
    work: TrialPlan[T, R],
    configuration: SimulationConfiguration,
    output: Path | None,
    known: Mapping[T, float],
) -> R:
    """Run trials; results that a journal or an earlier output holds are not worked out again.

    Args:
        work: what is to be run.
        configuration: what results follow from.
        output: where they will go; the journal lies beside it.
        known: results of an earlier output.

    Raises:
        KeyboardInterrupt: Ctrl-C, after saying what was kept.
        SourceError: the journal cannot be used.
    """
    finished = dict(known)
    try:
        with _journal(work, configuration, output) as journal:
            if journal is not None and journal.damaged:
                complain(f"factsheet: {journal.path}: {_lost(journal.damaged)}")
            for entry in journal.entries if journal is not None else ():
                finished[_trial(work, entry)] = float(entry["result"])
            wanted = set(work.trials)
            finished = {trial: result for trial, result in finished.items() if trial in wanted}
            with _bar(len(work.trials), len(finished)) as advance:

                def keep(trial: T, result: float) -> None:
                    if journal is not None:
                        parts = dict(zip(work.fields, trial, strict=True))
                        journal.add({**parts, "result": result})
                    finished[trial] = result
                    advance()

                return work.study(finished, keep)
    except KeyboardInterrupt:
        complain(_interrupted(len(finished), len(work.trials), output))
        raise
    except SourceError as error:
        if output is not None and finished:
            error.add_note(_kept(len(finished), output))
        raise


def _lost(damaged: int) -> str:
    results = "a result was" if damaged == 1 else f"{damaged:,} results were"
    return f"{results} damaged on the disk; what is missing is worked out again"


def earlier_results(output: Path, schema: str) -> dict[str, object]:
    """Return the results that an earlier run wrote to a file; damaged ones are said to be so, and left out."""
    from factsheet.crossbar.functional.studies.study_results import earlier  # loads torch

    return earlier(
        output,
        schema,
        lambda: complain(
            f"factsheet: {output}: its results are not as they were written (damaged on the disk, or changed by hand);"
            " they are worked out again"
        ),
    )


def journal_of(output: Path) -> Path:
    """Return the file that holds results until they are all there."""
    return output.with_name(output.name + ".journal")


def _trial(work: TrialPlan[T, R], entry: Mapping[str, str | int | float]) -> T:
    values = (float(entry[name]) if name == "seconds" else entry[name] for name in work.fields)
    return work.made(*values)


@contextmanager
def _journal(
    work: TrialPlan[T, R], configuration: SimulationConfiguration, output: Path | None
) -> Iterator[Journal | None]:
    if output is None or _is_device(output):
        yield None
        return
    header = {"configuration": configuration.digest, **configuration._asdict()}
    with Journal(journal_of(output), header, reserve=_BYTES_A_RESULT * len(work.trials)) as journal:
        try:
            yield journal
        finally:
            if not journal.entries:  # nothing to go on from
                journal.remove()


def _is_device(output: Path) -> bool:
    """Return whether it is a pipe, a terminal or the like, which no file can be kept next to."""
    return output.exists() and not output.is_file()


def _kept(done: int, output: Path) -> str:
    return f"{done} results are in {journal_of(output)}; the same command goes on from there."


def _interrupted(done: int, total: int, output: Path | None) -> str:
    if output is None or _is_device(output):
        return f"interrupted after {done} of {total} results; with -o FILE they would have been kept"
    return (
        f"interrupted; {done} of {total} results are in {journal_of(output)}\n"
        "  Run the same command again to go on from there."
    )


@contextmanager
def _bar(total: int, done: int) -> Iterator[Callable[[], None]]:
    """Show a bar on standard error where a person looks; nothing in a pipe."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from factsheet.cli.terminal import style_for

    console = Console(file=sys.stderr, no_color=not style_for(sys.stderr).coloured)
    columns = (TextColumn("simulating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("simulating", total=total, completed=done)
        yield lambda: progress.advance(task)
