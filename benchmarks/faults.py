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

from sheet_faults import all_faults, correct_sheets, findings, measure, read_faults  # noqa: E402  found by the line above

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
    asked = parser.parse_args(arguments)
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
