"""The year of a reference contradicts its own numbers and names.

What it does: compares `year` with the years that the reference's other keys hold: the one at the end of its id
(`devlin-2019`), the one in its venue (`NAACL-HLT 2019`), the one in its DOI, and the month of its arXiv number. Two
years that are one apart are usual; a preprint may be up to four years older than the paper, and one year younger.

Why it matters: a reader who looks the reference up finds another paper, or doubts the rest.

Fails:
    - {id: devlin-2019, title: BERT, year: 1999, venue: NAACL-HLT 2019, arxiv: "1810.04805"}

Passes:
    - {id: devlin-2019, title: BERT, year: 2019, venue: NAACL-HLT 2019, arxiv: "1810.04805"}

How to fix: look the reference up by its DOI or arXiv number, and correct what was mistyped.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.references import Reference

_YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)"
_DOI_YEARS = (
    rf"[./](?P<year>{_YEAR})[./-]",
    r"10\.1038/s\d{5}-0(?P<short>\d\d)-",
    r"/[A-Z](?P<short>\d\d)-\d+",
)
"""A year between dots, as in many series; of Nature's journals, `s41586-023-…`; of the ACL Anthology, `N19-1423`."""
_BEFORE, _AFTER = 4, 1
"""Years that a preprint may be older and younger than what it became."""
_CENTURY_TURN = 70


class _Witness(NamedTuple):
    key: str
    year: int
    words: str
    preprint: bool = False

    def contradicts(self, year: int) -> int:
        """Return by how many years it cannot be of the given one."""
        if self.preprint:
            return max(0, year - self.year - _BEFORE, self.year - year - _AFTER)
        return abs(year - self.year)


def _check(context: RuleContext) -> Iterator[Finding]:
    for index, reference in enumerate(context.sheet.references or ()):
        yield from _of_reference(reference, index)


def _of_reference(reference: Reference, index: int) -> Iterator[Finding]:
    witnesses = list(_witnesses(reference))
    stated = (
        None if reference.year is None else _Witness("year", reference.year, f"`year` is {reference.year}")
    )
    known = [*witnesses, *([] if stated is None else [stated])]
    against = {one: [other for other in known if _apart(one, other)] for one in known}
    # Of those that the most others contradict, the year itself; it stands last.
    worst = max(reversed(known), key=lambda one: len(against[one]), default=None)
    if worst is None or not against[worst]:
        return
    others = " and ".join(other.words for other in against[worst])
    yield Finding(
        ("references", index, worst.key),
        f"`{reference.id}`: {worst.words}, but {others}",
        "look the reference up by its DOI or arXiv number, and correct what was mistyped",
        related=tuple(
            (("references", index, other.key), other.words) for other in known if other is not worst
        ),
        confidence="high" if len(against[worst]) > 1 else "medium",
    )


def _apart(one: _Witness, other: _Witness) -> bool:
    """Return whether two years exclude each other; a year between publication and proceedings is usual."""
    if one.preprint or other.preprint:
        preprint, published = (one, other) if one.preprint else (other, one)
        return not published.preprint and preprint.contradicts(published.year) > 0
    return one.contradicts(other.year) > 1


def _witnesses(reference: Reference) -> Iterator[_Witness]:
    key = re.findall(_YEAR, reference.id)
    if len(key) == 1:
        yield _Witness("id", int(key[0]), f"its id is of {key[0]}")
    venue = Counter(re.findall(_YEAR, reference.venue or ""))
    if len(venue) == 1:
        year = next(iter(venue))
        yield _Witness("venue", int(year), f"its venue is of {year}")
    for pattern in _DOI_YEARS:
        match = re.search(pattern, reference.doi or "")
        if match is not None:
            year = _full(match.groupdict())
            yield _Witness("doi", year, f"its DOI is of {year}")
            break
    month = re.match(r"(\d\d)(?:0[1-9]|1[0-2])\.\d{4,5}", reference.arxiv or "")
    if month is not None:
        year = 2000 + int(month[1])
        yield _Witness("arxiv", year, f"its arXiv number is of {year}", preprint=True)


def _full(found: dict[str, str | None]) -> int:
    if found.get("year"):
        return int(found["year"] or 0)
    short = int(found["short"] or 0)
    return short + (1900 if short >= _CENTURY_TURN else 2000)


RULE = Rule(
    "FS509",
    "years-of-references",
    "warning",
    "a reader who looks the reference up finds another paper",
    _check,
)
