"""A DOI or an arXiv number is given as a web address.

What it does: reports a reference whose `url` is an address at doi.org or arxiv.org while `doi` and `arxiv` are left
out.

Why it matters: an identifier outlives the address of a page, and other tools look papers up by it.

Fails:
    references:
      - {id: devlin-2019, title: BERT, url: "https://doi.org/10.18653/v1/N19-1423"}

Passes:
    references:
      - {id: devlin-2019, title: BERT, doi: 10.18653/v1/N19-1423}

How to fix: write the identifier under its own key; `--fix` does so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Change, Finding
from factsheet.checks.rule import Rule
from factsheet.checks.rules.evidence.citations import arxiv_of, doi_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    for index, reference in enumerate(context.sheet.references or ()):
        if reference.url is None or reference.doi or reference.arxiv:
            continue
        doi, arxiv = doi_of(reference.url), arxiv_of(reference.url)
        key, found = ("doi", doi) if doi is not None else ("arxiv", arxiv)
        if found is None:
            continue
        # Unquoted, an arXiv number would be read as a number and lose the zeros at its end.
        text = found if key == "doi" and re.fullmatch(r"[\w./()-]+", found) else f'"{found}"'
        path = ("references", index, "url")
        yield Finding(
            path,
            f"this address is the {'DOI' if key == 'doi' else 'arXiv number'} {found}",
            f"write `{key}: {text}`",
            changes=(Change(path, key, on_key=True), Change(path, text)),
            safe=True,
        )


RULE = Rule(
    "FS508",
    "identifier-in-url",
    "info",
    "an identifier outlives the address of a page, and other tools look papers up by it",
    _check,
)
