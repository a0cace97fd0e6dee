"""Something in the sheet is dated after today.

What it does: compares the date of the sheet, of every figure, section, system and review with the day of the check, and
the year of every reference with the year after it, since papers are cited before they appear. A date without day or
month is any day of that month or year. One day of difference is let pass, for other time zones. A sheet's date before
2018, the year in which FactSheets were proposed, is reported as well.

Why it matters: nothing was measured or reviewed on a day that has not come; the year or the month is mistyped.

Fails:
    overview: {date: 2202-11-14}

Passes:
    overview: {date: 2022-11-14}

How to fix: correct the date.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.checks.rules.plausibility.dates import days, established

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.source.document import KeyPath

_HELP = "correct the date: the year, the month or their order"
_PROPOSED = 2018
"""FactSheets were proposed in arXiv:1808.07261 (Arnold et al.), August 2018."""


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    own = sheet.overview.date.text if sheet.overview.date else None
    stated: list[tuple[KeyPath, str]] = [(("overview", "date"), own)] if own else []
    stated += established(sheet)
    stated += [
        (("reviews", index, "date"), review.date)
        for index, review in enumerate(sheet.reviews or ())
        if review.date is not None
    ]
    meant = days(own)
    if meant is not None and meant.last[0] < _PROPOSED:
        yield Finding(
            ("overview", "date"),
            f"the sheet is dated {own}, before FactSheets were proposed in {_PROPOSED}",
            "give the date of the sheet, not of the model or its paper; those go with the figures and references",
        )
    if context.today is None:
        return
    limit = context.today + timedelta(days=1)
    for path, date in stated:
        span = days(date)
        if span is not None and span.first > (limit.year, limit.month, limit.day):
            yield Finding(path, f"{date} is after the day of this check, {context.today.isoformat()}", _HELP)
    for index, reference in enumerate(sheet.references or ()):
        if reference.year is not None and reference.year > limit.year + 1:
            yield Finding(
                ("references", index, "year"),
                f"`{reference.id}` is of {reference.year}, more than a year after this check: "
                f"{context.today.isoformat()}",
                "correct the year",
            )


RULE = Rule(
    "FS252",
    "date-in-future",
    "warning",
    "nothing was measured, reviewed or published on a day that has not come",
    _check,
)
