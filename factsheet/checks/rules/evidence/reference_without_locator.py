"""A reference gives no way to find it.

What it does: requires a DOI, an arXiv number or a web address of every reference. An ISBN is enough too, and for a
simulation the command that reproduces it, `factsheet simulate`, under `venue`.

Why it matters: a title alone sends every reader on a search.

Fails:
    references:
      - {id: devlin-2019, title: BERT, year: 2019}

Passes:
    references:
      - {id: devlin-2019, title: BERT, year: 2019, doi: 10.18653/v1/N19-1423}

How to fix: add `doi`, `arxiv` or `url`. For a book, write its ISBN into `venue` or `note`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    for index, reference in enumerate(context.sheet.references or ()):
        if reference.doi or reference.arxiv or reference.url:
            continue
        text = f"{reference.venue} {reference.note}"
        if "ISBN" not in text and "factsheet simulate" not in text:
            yield Finding(
                ("references", index, "id"),
                f"`{reference.id}` has no DOI, arXiv number or web address",
                "add `doi`, `arxiv` or `url`; for a book, its ISBN under `venue`",
            )


RULE = Rule(
    "FS505", "reference-without-locator", "warning", "a title alone sends every reader on a search", _check
)
