"""Two references are the same paper, or have the same id.

What it does: reports a DOI, an arXiv number or an id that a second reference has too.

Why it matters: one of the two was copied and not changed, so that a figure is cited from the wrong paper.

Fails:
    - {id: devlin-2019, title: BERT, arxiv: "1810.04805"}
    - {id: lan-2020, title: ALBERT, arxiv: "1810.04805"}

Passes:
    - {id: devlin-2019, title: BERT, arxiv: "1810.04805"}
    - {id: lan-2020, title: ALBERT, arxiv: "1909.11942"}

How to fix: look both up, and correct the one that was copied; merge entries that are the same paper; give
each reference an id of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    first: dict[tuple[str, str], tuple[int, str]] = {}
    ids: dict[str, int] = {}
    for index, reference in enumerate(context.sheet.references or ()):
        same = ids.setdefault(reference.id, index)
        if same != index:
            yield Finding(
                ("references", index, "id"),
                f"two references have the id `{reference.id}`: nobody can tell which of them a fact cites",
                "give each an id of its own",
                related=((("references", same, "id"), "the other"),),
            )
        for key, number in (("doi", reference.doi), ("arxiv", reference.arxiv)):
            if number is None:
                continue
            place, other = first.setdefault((key, _plain(number)), (index, reference.id))
            if place != index:
                yield Finding(
                    ("references", index, key),
                    f"`{reference.id}` has the same {key} as `{other}`: {number}",
                    "look both up, and correct the one that was copied; merge entries that are the same paper",
                    related=((("references", place, key), f"of `{other}`"),),
                )


def _plain(number: str) -> str:
    """Return a DOI or an arXiv number without its case and version."""
    return re.sub(r"v\d+$", "", number.casefold())


RULE = Rule(
    "FS510",
    "reference-twice",
    "warning",
    "one of the two was copied, so that a figure is cited from the wrong paper",
    _check,
)
