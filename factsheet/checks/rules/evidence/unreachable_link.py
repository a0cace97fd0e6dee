"""A link does not answer.

What it does: requests every DOI, arXiv number and web address of the sheet, with HEAD and, where that is refused, with
GET; reads nothing of an answer but its status. It runs only under `--online`. A server that wants a login or turns
programs away has answered. Addresses of private networks are opened only where `FACTSHEET_ALLOW_PRIVATE=1` is in the
environment, of whoever runs the check; settings may come with the sheet, from a stranger. At most 600 s are waited, and
at most 32 links requested at the same time.

Why it matters: pages move, and the support of a figure moves with them.

Fails:
    references:
      - {id: devlin-2019, title: BERT, url: "https://doi.org/10.18653/v1/N19-1423456"}

Passes:
    references:
      - {id: devlin-2019, title: BERT, url: "https://doi.org/10.18653/v1/N19-1423"}

How to fix: look for the page under its new address, or in an archive of the web; cite papers by DOI, which stays.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from factsheet.checks.diagnostic import Finding
from factsheet.checks.prose import prose_of
from factsheet.checks.rule import Rule
from factsheet.checks.rules.evidence.citations import ARXIV_PAGES, DOI_RESOLVER, doi_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.checks.rules.evidence.link_check import LinkCheckLimits
    from factsheet.source.document import KeyPath

    Target = tuple[KeyPath, str, bool]
    """The place of the link, the address to request, and whether to follow redirections."""


def _check(context: RuleContext) -> Iterator[Finding]:
    targets = list(_targets(context))
    if not targets:
        return
    from factsheet.checks.rules.evidence.link_check import (
        unanswered,  # loads the network client, which no other rule needs
    )

    faults = unanswered({address: follow for _, address, follow in targets}, _limits(context))
    for path, address, _ in targets:
        if address in faults:
            yield Finding(
                path,
                f"{address} does not answer: {faults[address]}",
                "look it up under its new address or in an archive, or try again if the server may be down",
            )


def _targets(context: RuleContext) -> Iterator[Target]:
    for path, fact in prose_of(context.sheet).links():
        yield path, fact.text or "", True
    resolver = str(context.options["doi_resolver"])
    pages = str(context.options["arxiv_pages"])
    for index, reference in enumerate(context.sheet.references or ()):
        if reference.doi:
            yield ("references", index, "doi"), resolver + reference.doi, False
        if reference.arxiv:
            yield ("references", index, "arxiv"), pages + reference.arxiv, True
        if reference.url:
            yield ("references", index, "url"), reference.url, doi_of(reference.url) is None


def _limits(context: RuleContext) -> LinkCheckLimits:
    from factsheet.checks.rules.evidence.link_check import LinkCheckLimits  # see above

    timeout_s, parallel = context.options["timeout_s"], context.options["parallel"]
    return LinkCheckLimits(
        timeout_s if isinstance(timeout_s, int | float) else LinkCheckLimits().timeout_s,
        parallel if isinstance(parallel, int) else LinkCheckLimits().parallel,
        os.environ.get(ALLOW_PRIVATE, "").lower() in {"1", "true", "yes"},
    )


ALLOW_PRIVATE: Final = "FACTSHEET_ALLOW_PRIVATE"
"""In the environment, since that is of who runs the program; a setting would be of who wrote what is checked."""


RULE = Rule(
    "FS507",
    "unreachable-link",
    "warning",
    "pages move, and the support of a figure moves with them",
    _check,
    options={
        "timeout_s": 10.0,
        "parallel": 8,
        "doi_resolver": DOI_RESOLVER,
        "arxiv_pages": ARXIV_PAGES,
    },
    most={"timeout_s": 600.0, "parallel": 32},
    online=True,
)
