"""Keep a report readable and bounded: of one rule, no more findings in one sheet than somebody would look through.

A text of 400 kB can repeat one slip 80,000 times; a report of them all would be a hundred times as long as the sheet.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.checks.diagnostic import Diagnostic

MOST = 100
"""Findings of one rule that are listed for one sheet."""


def standing_for(last: Diagnostic, more: int) -> Diagnostic:
    """Return the last finding that is listed, with how many more of its rule the sheet has.

    Args:
        last: the finding.
        more: how many further ones it stands for.
    """
    if not more:
        return last
    return last._replace(
        message=f"{last.message} (and {more:,} more findings of {last.rule_id} in this sheet, which are not listed)",
        stands_for=last.stands_for + more,
    )


def capped(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the first findings of each rule, the last of them with how many more there are.

    Args:
        diagnostics: those of one sheet, in the order in which they are to be listed.
    """
    kept: list[Diagnostic] = []
    listed: Counter[str] = Counter()
    more: Counter[str] = Counter()
    last: dict[str, int] = {}
    for diagnostic in diagnostics:
        name = diagnostic.rule_id
        if listed[name] < MOST:
            listed[name] += 1
            last[name] = len(kept)
            kept.append(diagnostic)
        else:
            more[name] += diagnostic.stands_for
    for name, number in more.items():
        kept[last[name]] = standing_for(kept[last[name]], number)
    return kept
