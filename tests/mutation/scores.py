"""Count the mutants that the tests noticed, with intervals, and write the section of a page."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from equivalent import key

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from trials import Outcome

PACKAGES = ("recompute", "crossbar/cost", "checks/rules", "quantities")
"""The folders of the package that decide verdicts and figures."""

HEADING = "## Mutation testing"


def section(
    outcomes: Sequence[Outcome],
    everything: Mapping[str, int],
    explained: Mapping[tuple[str, str, str], str],
    options: argparse.Namespace,
) -> str:
    """Return the scores by package, and the survivors, as a section of Markdown."""
    lines = [HEADING, "", *_wrapped(_introduction(outcomes, everything, options)), ""]
    lines += [
        "| package | mutants | tried | noticed | no test can | missed | score | 95 % interval |",
        "|---|---:|---:|---:|---:|---:|---:|---|",
    ]
    for package in PACKAGES:
        of_package = [item for item in outcomes if item.mutant.file.startswith(f"factsheet/{package}/")]
        lines += _row(f"`{package}/`", everything[package], of_package, explained)
    lines += _row("all", sum(everything.values()), outcomes, explained)
    missed = [item for item in outcomes if is_missed(item, explained)]
    lines += ["", f"{len(missed) or 'No'} mutants were missed{':' if missed else '.'}", ""]
    lines += [
        f"- `{item.mutant.file.removeprefix('factsheet/')}:{item.mutant.line}` {_code(item.mutant.change)}"
        + ("" if item.tests else " (no test runs it)")
        for item in sorted(missed, key=lambda item: (item.mutant.file, item.mutant.index))
    ]
    return "\n".join(lines).rstrip() + "\n"


def _introduction(
    outcomes: Sequence[Outcome], everything: Mapping[str, int], options: argparse.Namespace
) -> str:
    drawn = sum(everything.values())
    slow = sum(item.verdict == "too slow" for item in outcomes)
    return (
        "What happens to a figure or a verdict that is computed in a slightly wrong way? Of the "
        f"{drawn:,} small changes that can be made to the packages below (`tests/mutation/mutants.py` says which "
        f"kinds), {options.sample:,} were drawn with seed {options.seed}; {len(outcomes):,} of them were made, one at "
        "a time, and the tests that run the changed line were run until one failed, for "
        f"{options.seconds:g} s of their usual time at most. {slow} changes were noticed because a test went on for "
        "ever. A change that alters nothing that can be seen is listed with the reason in "
        "`tests/mutation/equivalent.yaml` and not counted; one that no test runs counts as missed. "
        f"Made by `nox -s mutate -- --sample {options.sample} --seed {options.seed} --page "
        "docs/hardening-measured.md`."
    )


def _wrapped(text: str, width: int = 118) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _row(
    name: str, mutants: int, outcomes: Sequence[Outcome], explained: Mapping[tuple[str, str, str], str]
) -> list[str]:
    if not outcomes:
        return [f"| {name} | {mutants:,} | 0 | | | | | |"]
    missed = sum(is_missed(item, explained) for item in outcomes)
    noticed = sum(item.verdict in {"killed", "too slow"} for item in outcomes)
    counted = missed + noticed
    # Imported by now: before, no mutant could have changed it.
    from factsheet.quantities.shares import share_interval

    low, high = share_interval(noticed / counted, counted, 0.95) if counted else (0.0, 1.0)
    score = f"{noticed / counted:.1%}".replace("%", " %") if counted else ""
    interval = f"{low * 100:.1f} to {high * 100:.1f} %"
    cells = (name, f"{mutants:,}", f"{len(outcomes):,}", f"{noticed:,}", len(outcomes) - counted, missed)
    return [f"| {' | '.join(map(str, cells))} | {score} | {interval} |"]


def is_missed(outcome: Outcome, explained: Mapping[tuple[str, str, str], str]) -> bool:
    """Return True where no test noticed the mutant, though one could."""
    return outcome.verdict in {"survived", "not covered"} and key(outcome.mutant) not in explained


def _code(change: str) -> str:
    ticks = "``" if "`" in change else "`"
    space = " " if "`" in change else ""
    return f"{ticks}{space}{change}{space}{ticks}"


def with_section(page: str, text: str) -> str:
    """Return a page with the section in place of an earlier one, or at its end."""
    earlier = re.compile(rf"^{re.escape(HEADING)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if earlier.search(page):
        return earlier.sub(lambda _: f"{text}\n", page, count=1).rstrip() + "\n"
    return f"{page.rstrip()}\n\n{text}".lstrip()
