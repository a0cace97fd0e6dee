"""Nothing in the sheet names a reference.

What it does: looks for every id under `references:` in the evidence of figures, in the lists of papers, figures and
errata, and in the text. An id that is close to one that is named but missing counts as that one, misspelt. Of a sheet
whose status is `draft` it is information: references are collected before figures cite them.

Why it matters: readers take the list of references for the sources of the sheet.

Fails:
    references:
      - {id: devlin-2019, title: BERT, doi: 10.18653/v1/N19-1423}
      - {id: joshi-2020, title: Accurate inference, doi: 10.1038/s41467-020-16108-9}
    parameters:
      power: {value: 3.13 W, source: cited, evidence: devlin-2019, at: {batch: 4}}

Passes:
    references:
      - {id: devlin-2019, title: BERT, doi: 10.18653/v1/N19-1423}
    parameters:
      power: {value: 3.13 W, source: cited, evidence: devlin-2019, at: {batch: 4}}

How to fix: name the reference where it supports something, as `evidence` or under `references` of a section, or remove
it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Change, Finding
from factsheet.checks.prose import prose_of
from factsheet.checks.rule import Rule
from factsheet.checks.rules.evidence.citations import cited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.model import SheetFields


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    references = sheet.references or ()
    named = {name for _, ids in cited(sheet) for name in ids}
    unused = [
        (index, reference.id) for index, reference in enumerate(references) if reference.id not in named
    ]
    if not unused:
        return
    meant = _meant(sheet, named)
    unused = [
        (index, name) for index, name in unused if name not in meant and name not in prose_of(sheet).text
    ]
    status = sheet.overview.status
    draft = status is not None and status.value == "draft"
    for index, name in unused:
        some_stay = len(unused) < len(references)
        yield Finding(
            ("references", index, "id"),
            f"nothing in the sheet names the reference `{name}`",
            f"write `evidence: {name}` where it supports a figure, or remove it",
            # A list without entries would not fit the schema.
            changes=(Change(("references", index), None),) if some_stay else (),
            severity="info" if draft else None,
        )


def _meant(sheet: SheetFields, named: set[str]) -> set[str]:
    """Return the references that a dangling id probably means: FS501 reports that id."""
    known = [reference.id for reference in sheet.references or ()]
    dangling = named.difference(known)
    if not dangling:
        return set()
    from difflib import get_close_matches  # most sheets have no dangling id

    return {match for name in dangling for match in get_close_matches(name, known, 1)}


RULE = Rule(
    "FS502",
    "unused-reference",
    "warning",
    "readers take the list of references for the sources of the sheet",
    _check,
    whole_sheet_only=True,
)
