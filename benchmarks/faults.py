"""What is found of faults that a careful reader would catch, and what is wrongly said of sheets that are right.

`python -m benchmarks.faults`, in the root of the repository. Each fault is planted by itself in one of the sheets.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "checks"), str(ROOT)]

from sheet_faults import HERE, all_faults, correct_sheets, findings, measure, read_faults  # noqa: E402  found by the line above

PAGE = """\
# What the checks find, measured

This page is written by `python -m benchmarks.faults --page docs/checks-measured.md`, in the root of the repository.
It says how many mistakes `factsheet validate` finds, and what it says of sheets in which nothing is wrong.

Each fault is planted by itself in one of the sheets: a digit, a unit, a name, a sentence. It counts as found on its
line if a finding that the sheet did not have before points at a changed line, or names one as related. The faults and
the sheets are in `tests/checks/faults/`.

The rules were written with most of these lists at hand, so that their figures are no promise. What to expect of new
faults is the line `unseen.yaml`: a reader who knew neither the rules nor the other lists wrote it, and no rule has been
fitted to it. The same reader's sheets that are right (`correct/held_….yaml`) are no such measure: nine of thirty had
wrong errors when they were written, and those were corrected.

## Faults, by list

{lists}

## Faults, by category

{categories}

## Sheets in which everything is right

{sheets} sheets, each unusual in the way that its first line says: {errors} errors, {warnings} warnings. Most of the
warnings ask for what a draft leaves open.

## By rule

How many of the faults a rule finds, and its findings in the sheets that are right.

{rules}
"""

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sheet_faults import Outcome

    from factsheet.checks.diagnostic import Diagnostic


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return the exit status: 0 whatever is found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument(
        "--set", type=Path, metavar="FILE", help="one list of faults, not all of tests/checks/faults"
    )
    parser.add_argument("--category", help="faults of this category alone, and no correct sheets")
    parser.add_argument(
        "--missing", action="store_true", help="list the faults that are not found on their line"
    )
    parser.add_argument("--all", action="store_true", help="list every fault with what is found")
    parser.add_argument(
        "--page", type=Path, metavar="FILE", help="write what all lists show as a page of Markdown"
    )
    asked = parser.parse_args(arguments)
    if asked.page:
        asked.page.write_text(page(), encoding="utf-8")
        return 0
    faults = read_faults(asked.set) if asked.set else all_faults()
    faults = [fault for fault in faults if asked.category in {None, fault.category}]
    outcomes = [measure(fault) for fault in faults]
    for outcome in outcomes:
        if asked.all or (asked.missing and outcome.place != "line"):
            print(said(outcome))
    print(table("category", outcomes, lambda outcome: [outcome.fault.category]))
    if asked.category is None:
        alarms = {
            path.stem: findings(path.read_text(encoding="utf-8"), path.name) for path in correct_sheets()
        }
        if not asked.set:
            print(rules(outcomes, [item for items in alarms.values() for item in items]))
        print(false_alarms(alarms))
    return 0


def page() -> str:
    """Return the page: recall by list and category, findings in sheets that are right, both by rule."""
    lists = {
        path.name: [measure(fault) for fault in read_faults(path)] for path in sorted(HERE.glob("*.yaml"))
    }
    alarms = {path.stem: findings(path.read_text(encoding="utf-8"), path.name) for path in correct_sheets()}
    outcomes = [outcome for found in lists.values() for outcome in found]
    return PAGE.format(
        lists=_rows(lists),
        categories=_rows(_by_category(outcomes)),
        sheets=len(alarms),
        errors=sum(item.severity == "error" for items in alarms.values() for item in items),
        warnings=sum(item.severity == "warning" for items in alarms.values() for item in items),
        rules=_rows_by_rule(outcomes, [item for items in alarms.values() for item in items]),
    )


def _by_category(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.fault.category, []).append(outcome)
    return {**dict(sorted(found.items())), "all": [one for some in found.values() for one in some]}


def _rows(groups: dict[str, list[Outcome]]) -> str:
    lines = ["| | faults | on their line | elsewhere | not found |", "|---|---:|---:|---:|---:|"]
    for name, found in groups.items():
        places = [one.place for one in found]
        counts = [len(places), *(places.count(place) for place in ("line", "elsewhere", "no"))]
        lines.append(f"| {name} | {' | '.join(map(str, counts))} |")
    return "\n".join(lines)


def _rows_by_rule(outcomes: Iterable[Outcome], alarms: Iterable[Diagnostic]) -> str:
    found = Counter(rule for outcome in outcomes for rule in outcome.rules)
    wrong = Counter((item.rule_id, item.severity) for item in alarms)
    lines = ["| rule | faults found | errors | warnings |", "|---|---:|---:|---:|"]
    for rule in sorted({*found, *(rule for rule, _ in wrong)}):
        name = f"[{rule}](rules/{rule}.md)"
        lines.append(f"| {name} | {found[rule]} | {wrong[rule, 'error']} | {wrong[rule, 'warning']} |")
    return "\n".join(lines)


def said(outcome: Outcome) -> str:
    """Return a fault with its findings, for people."""
    edits = "; ".join(
        f"{edit['path']}: {edit.get('text') or edit.get('old')} -> {edit.get('new') or edit.get('append')}"
        for edit in outcome.fault.edits[:3]
    )
    lines = [
        f"{outcome.place.upper()}  {outcome.fault.sheet}, {outcome.fault.category}: {outcome.fault.wrong}",
        f"    {edits}",
    ]
    return "\n".join([*lines, *(f"    found: {item}" for item in outcome.findings), ""])


def table(title: str, outcomes: Iterable[Outcome], keys: Callable[[Outcome], Iterable[str]]) -> str:
    """Return recall by a key: how many faults are found on their line, elsewhere, and not."""
    counts: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        for key in (*keys(outcome), "all"):
            counts.setdefault(key, Counter())[outcome.place] += 1
    lines = [f"{title:22} faults  on their line  elsewhere   no"]
    counts["all"] = counts.pop("all", Counter())
    for key, count in counts.items():
        lines.append(f"{key:22} {count.total():6} {count['line']:14} {count['elsewhere']:10} {count['no']:4}")
    return "\n".join([*lines, ""])


def rules(outcomes: Iterable[Outcome], alarms: Iterable[Diagnostic]) -> str:
    """Return for each rule how many of the faults it finds, and its findings in sheets that are right."""
    found = Counter(rule for outcome in outcomes for rule in outcome.rules)
    errors = Counter(item.rule_id for item in alarms if item.severity == "error")
    warnings = Counter(item.rule_id for item in alarms if item.severity == "warning")
    lines = [f"{'rule':22} faults  errors in right sheets  warnings in right sheets"]
    lines.extend(
        f"{rule:22} {found[rule]:6} {errors[rule]:23} {warnings[rule]:25}"
        for rule in sorted({*found, *errors, *warnings})
    )
    return "\n".join([*lines, ""])


def false_alarms(alarms: dict[str, tuple[Diagnostic, ...]]) -> str:
    """Return the errors in sheets that are right."""
    wrong = {name: [item for item in items if item.severity == "error"] for name, items in alarms.items()}
    lines = [f"    {item}" for items in wrong.values() for item in items]
    sheets, errors = sum(map(bool, wrong.values())), len(lines)
    warnings = sum(item.severity == "warning" for items in alarms.values() for item in items)
    return "\n".join(
        [f"{len(wrong)} correct sheets: {errors} errors in {sheets} of them; {warnings} warnings", *lines]
    )


if __name__ == "__main__":
    sys.exit(main())
