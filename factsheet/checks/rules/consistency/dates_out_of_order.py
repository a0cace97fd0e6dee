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

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.checks.rules.plausibility.dates import days, established

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext

_DATE = ("overview", "date")


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    text = sheet.overview.date.text if sheet.overview.date else None
    own = days(text)
    if text is None or own is None:
        return
    here = ((_DATE, f"the sheet is dated {text}"),)
    for path, date in established(sheet):
        span = days(date)
        if span is not None and span.first > own.last:
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
        span = days(review.date)
        if span is not None and span.last < own.first:
            yield Finding(
                ("reviews", index, "date"),
                f"the review of {review.by} is of {review.date}, before the sheet was dated: {text}",
                "if it is of an earlier version, say so in its `comment` and leave `date` out; "
                "otherwise correct one of the dates",
                related=here,
            )


RULE = Rule(
    "FS215",
    "dates-out-of-order",
    "warning",
    "the sheet's date has to cover everything that the sheet says",
    _check,
)
