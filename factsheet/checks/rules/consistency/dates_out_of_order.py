"""Something in the sheet is dated after the sheet itself, or a review is dated before it.

What it does: compares `overview.date` with the `date` of every figure, section and system, the year of every reference
and the date of every review. A date without day or month is any day of that month or year, and is out of order only if
all of them are. A figure's `date` that is not written as a date is ignored.

Why it matters: a figure newer than its sheet was added later, and a review older than the sheet read another version:
the date no longer describes the contents.

Fails:
    overview: {date: 2022-11-14}
    reviews: [{by: P7, role: data-scientist, date: 2022-06-01}]

Passes:
    overview: {date: 2022-11}
    reviews: [{by: P7, role: data-scientist, date: 2022-11-20}]

How to fix: give the sheet the date of its last change, or correct the other date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.facts.fact import Fact
from factsheet.facts.section import Provenance, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_DATE = ("overview", "date")
_WITHOUT_FIGURES = ("overview", "purpose", "setup")


class _Days(NamedTuple):
    """The first and the last day that a date can mean, as year, month and day."""

    first: tuple[int, int, int]
    last: tuple[int, int, int]


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    text = sheet.overview.date.text if sheet.overview.date else None
    own = _days(text)
    if text is None or own is None:
        return
    here = ((_DATE, f"the sheet is dated {text}"),)
    for path, date in _established(sheet):
        days = _days(date)
        if days is not None and days.first > own.last:
            yield Finding(
                path,
                f"this was established {date}, after the sheet was dated: {text}",
                "give the sheet the date of its last change, or correct this one",
                related=here,
            )
    for index, reference in enumerate(sheet.references or ()):
        if reference.year is not None and reference.year > own.last[0]:
            yield Finding(
                ("references", index, "year"),
                f"`{reference.id}` is of {reference.year}, later than the sheet: {text}",
                "correct the year, or give the sheet the date of its last change",
                related=here,
            )
    for index, review in enumerate(sheet.reviews or ()):
        days = _days(review.date)
        if days is not None and days.last < own.first:
            yield Finding(
                ("reviews", index, "date"),
                f"the review of {review.by} is of {review.date}, before the sheet was dated: {text}",
                "if it is of an earlier version, say so in its `comment` and leave `date` out; "
                "otherwise correct one of the dates",
                related=here,
            )


def _established(sheet: SheetFields) -> list[tuple[KeyPath, str]]:
    """Return every date that a figure, a section, the sheet or a system of a table has, with its place."""
    found: list[tuple[KeyPath, str]] = []
    for key, value in vars(sheet).items():
        if key not in _WITHOUT_FIGURES and isinstance(value, Record):
            _collect(value, (key,), found)
    return found


def _collect(value: object, path: KeyPath, found: list[tuple[KeyPath, str]]) -> None:
    """Gather dates below a value; a walk of its own, as `factsheet.sheet.walk` also works out what is inherited."""
    if type(value) is Fact:
        if value.date is not None:
            found.append(((*path, "date"), value.date))
        return
    if isinstance(value, Provenance):
        date = getattr(value, "date", None)
        if date is not None:
            found.append(((*path, "date"), date))
        return
    for part, below in _entries(value):
        if below is not None:
            _collect(below, (*path, part), found)


def _entries(value: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(value, Record):
        return vars(value).items()
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, tuple) else ()


def _days(text: str | None) -> _Days | None:
    """Return the days that `2022`, `2022-11` or `2022-11-14` can mean; `None` for what is no date."""
    parts = (text or "").split("-")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    if [len(part) for part in parts] != [4, 2, 2][: len(parts)]:
        return None
    year, month, day = (*map(int, parts), 0, 0)[:3]
    return _Days((year, month or 1, day or 1), (year, month or 12, day or 31))


RULE = Rule(
    "FS215",
    "dates-out-of-order",
    "warning",
    "the sheet's date has to cover everything that the sheet says",
    _check,
)
