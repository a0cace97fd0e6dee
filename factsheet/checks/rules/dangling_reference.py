"""A fact names a reference that the sheet does not have.

What it does: looks up every id under `evidence`, `references`, `reference` and `source` of figures and errata.

Why it matters: evidence that can not be looked up is none.

Fails:
    power: {value: 3.13 W, source: cited, evidence: devlin-2018}   # the reference is devlin-2019

Passes:
    power: {value: 3.13 W, source: cited, evidence: devlin-2019}

How to fix: correct the id, or add the reference.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.sheet.walk import citations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.context import Context


def _check(context: Context) -> Iterator[Finding]:
    sheet = context.sheet
    if sheet.references is None:
        known: list[str] = []
    else:
        known = [reference.id for reference in sheet.references]
    for path, ids in citations(sheet):
        for name in ids:
            if name not in known:
                close = get_close_matches(name, known, 1)
                yield Finding(
                    path,
                    f"there is no reference `{name}`",
                    f"did you mean `{close[0]}`?"
                    if close
                    else f"add it under `references:` with `id: {name}`",
                )


DANGLING_REFERENCE = Rule(
    "FS501",
    "dangling-reference",
    "error",
    "evidence that can not be looked up is none",
    _check,
    whole_sheet_only=True,
)
