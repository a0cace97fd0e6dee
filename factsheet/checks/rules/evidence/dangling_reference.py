"""A fact names a reference that the sheet does not list.

What it does: looks up every id under `evidence` and `references`, and under `reference` and `source` of figures and
errata.

Why it matters: evidence that cannot be looked up is no evidence.

Fails:
    power: {value: 3.13 W, source: cited, evidence: devlin-2018}   # the reference is devlin-2019

Passes:
    power: {value: 3.13 W, source: cited, evidence: devlin-2019}

How to fix: correct the id, or add the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Change, Finding
from factsheet.checks.rule import Rule
from factsheet.checks.rules.evidence.citations import cited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.source.document import KeyPath


def _check(context: RuleContext) -> Iterator[Finding]:
    known = [reference.id for reference in context.sheet.references or ()]
    for path, ids in cited(context.sheet):
        for name in ids:
            if name not in known:
                yield _finding(path, name, known, alone=len(ids) == 1)


def _finding(path: KeyPath, name: str, known: list[str], *, alone: bool) -> Finding:
    from difflib import get_close_matches  # most sheets have no dangling id

    close = get_close_matches(name, known, 1)
    return Finding(
        path,
        f"there is no reference `{name}`",
        f"did you mean `{close[0]}`?" if close else f"add it under `references:` with `id: {name}`",
        word=name,
        changes=(Change(path, close[0], word=None if alone else name),) if close else (),
    )


RULE = Rule(
    "FS501",
    "dangling-reference",
    "error",
    "evidence that cannot be looked up is no evidence",
    _check,
    whole_sheet_only=True,
)
