"""Open the sheet that is reviewed, and read and write the file of its reviews beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factsheet.cli.exits import screen
from factsheet.cli.gathering import STDIN_NAME
from factsheet.cli.sheets import open_sheet
from factsheet.cli.terminal import complain
from factsheet.errors import FactsheetError, UsageError
from factsheet.reports.text import one_line
from factsheet.review.reading import review_file_of, reviews_beside
from factsheet.review.subject import ReviewSubject, subject_of
from factsheet.source.discovery import REVIEW_SUFFIXES
from factsheet.source.writing import replace_text, write_new

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.api.fact_sheet import FactSheet
    from factsheet.review.reading import ReadReviews
    from factsheet.review.summary import ReviewSummary
    from factsheet.sheet.model import SheetFields


class OpenedForReview(NamedTuple):
    """A sheet with what of it is scored; `name` is its path."""

    name: str
    sheet: FactSheet
    subject: ReviewSubject

    @property
    def title(self) -> str:
        """What the sheet calls itself, else the model's name."""
        overview = self.sheet.overview
        return overview.model.shown()


def opened_for_review(name: str | None, more: Iterable[str] = ()) -> OpenedForReview:
    """Return the sheet named, or found.

    Args:
        name: its path.
        more: fields that are scored beside its sections.

    Raises:
        UsageError: it comes from standard input, beside which there is no file; or it has no such field.
        FactsheetError: it cannot be read, or does not fit the schema.
    """
    if name == "-":
        raise UsageError(
            "reviews are in a file beside their sheet, and there is none beside standard input",
            help="name the sheet by its path",
            place=STDIN_NAME,
        )
    shown, sheet = open_sheet(_sheet_of(name))
    wanted = tuple(more)
    subject = subject_of(sheet)
    for path in wanted:
        if not subject.knows(path):
            raise UsageError(
                f"a sheet has no field `{path[:60]}`",
                help="`factsheet fields` lists them; a row of a list has no score of its own",
                place="--fact",
                candidates=[fact.path for fact in subject.facts],
            )
    return OpenedForReview(shown, sheet, subject_of(sheet, wanted) if wanted else subject)


def _sheet_of(name: str | None) -> str | None:
    """Return the sheet beside a file of reviews that is named in its place, where there is one; else what was named."""
    for ending in REVIEW_SUFFIXES if name is not None else ():
        if name is not None and name.endswith(ending):
            stem = name.removesuffix(ending)
            return next((one for one in (f"{stem}.yaml", f"{stem}.yml") if Path(one).is_file()), name)
    return name


def read_beside(opened: OpenedForReview) -> ReadReviews | None:
    """Return the reviews beside a sheet; `None` where there are none yet.

    Raises:
        FactsheetError: they cannot be read, or do not fit.
    """
    return reviews_beside(Path(opened.name), opened.subject)


def save(file: Path, before: str | None, after: str) -> None:
    """Write the file of reviews, whole or not at all, unless somebody else has changed or made it meanwhile.

    Raises:
        WriteError: it cannot be written, or was changed or made meanwhile.
    """
    if before is None:
        write_new(file, after, "somebody else has made it meanwhile; run again")
    elif before != after:
        replace_text(file, before, after)


def reviews_of(name: str, sheet: SheetFields) -> ReviewSummary | None:
    """Return what reviewers said of a sheet, for commands that show it beside something else.

    A file of reviews that cannot be read keeps nobody from the sheet: that is said, and nothing is shown of them.

    Args:
        name: the sheet's path; beside standard input there are no reviews.
        sheet: the sheet.
    """
    from factsheet.review.summary import summarise

    if name == STDIN_NAME or not review_file_of(Path(name)).is_file():
        return None
    subject = subject_of(sheet)
    try:
        read = reviews_beside(Path(name), subject)
    except FactsheetError as error:
        complain(screen(error))
        complain(f"factsheet: {one_line(str(review_file_of(Path(name))))}: reviews are left out")
        return None
    return None if read is None else summarise(read.rounds, subject)
