"""Open the sheet that is reviewed, and its reviews beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factsheet.cli.gathering import STDIN_NAME
from factsheet.cli.sheets import open_sheet
from factsheet.errors import UsageError
from factsheet.review.subject import ReviewSubject, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.api import FactSheet


class OpenedForReview(NamedTuple):
    """A sheet with what of it is scored; `name` is its path."""

    name: str
    sheet: FactSheet
    subject: ReviewSubject


def opened_for_review(name: str | None, more: Iterable[str] = ()) -> OpenedForReview:
    """Return the sheet named, or found.

    Args:
        name: its path.
        more: fields that are scored beside its sections.

    Raises:
        UsageError: it comes from standard input, beside which there is no file.
        FactsheetError: it cannot be read, or does not fit the schema.
    """
    if name == "-":
        raise UsageError(
            "reviews are in a file beside their sheet, and there is none beside standard input",
            help="name the sheet by its path",
            place=STDIN_NAME,
        )
    shown, sheet = open_sheet(name)
    return OpenedForReview(shown, sheet, subject_of(sheet, more))


def beside(name: str) -> Path:
    """Return the file of a sheet's reviews."""
    from factsheet.review.reading import review_file_of

    return review_file_of(Path(name))
