"""`factsheet review add`: put reviews that came back into the file beside their sheet."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from factsheet.cli import exits
from factsheet.cli.review.files import OpenedForReview, opened_for_review, read_beside, save
from factsheet.cli.terminal import say
from factsheet.errors import UsageError
from factsheet.reports.text import one_line
from factsheet.review.reading import read_form, review_file_of
from factsheet.review.recording import check_form, given_before, review_data, with_review

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.review.model import GivenReview, ReviewFile, ReviewRound


def command(
    *,
    sheet: Annotated[str, typer.Argument(metavar="SHEET", help="The sheet that was reviewed.")],
    forms: Annotated[
        list[Path], typer.Argument(metavar="FORM", help="Forms that were filled in, or files of reviews.")
    ],
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Let it take the place of a review of the same person in the same role."
        ),
    ] = False,
) -> None:
    """Add reviews that came back to the file beside their sheet; what is in it stays as it is.

    Example:
      factsheet review add sheets/bert.yaml bert-P7.review.yaml
    """
    opened = opened_for_review(sheet)
    file = review_file_of(Path(opened.name))
    for form in forms:
        if form.resolve() == file.resolve():
            raise UsageError("it is the file that reviews are added to", help="name a form", place=str(form))
    read = [(form, read_form(form, opened.subject)) for form in forms]
    text, said = _with_all(opened, read, replace=replace)
    save(file, *text)
    for line in said:
        say(line)
    raise typer.Exit(exits.CLEAN)


def _with_all(
    opened: OpenedForReview, read: list[tuple[Path, ReviewFile]], *, replace: bool
) -> tuple[tuple[str | None, str], list[str]]:
    """Return the text that there was and the one that is to be, and what to say of each review."""
    there = read_beside(opened)
    name, before = Path(opened.name).name, None if there is None else there.text
    after, said = before, []
    known = () if there is None else there.rounds
    for form, filled in read:
        check_form(filled, str(form), opened.subject, known=known, sheet=name)
        for one, review in _reviews(filled):
            version = one.of.model_dump(exclude_none=True, warnings=False)
            earlier = given_before(after, version, review.by, review.role)
            if earlier is not None and not replace:
                raise UsageError(
                    f"`{one_line(review.by[:60])}` has reviewed this version as {review.role} already",
                    "nothing was added",
                    "give `--replace` to let this one take its place",
                    place=str(form),
                )
            today = datetime.now(UTC).date().isoformat()
            done = with_review(after, version, review_data(review), sheet=name, date=one.date or today)
            after = done.text
            current = one.of.digest == opened.subject.digest
            scored = len(review_data(review)["scores"])
            said.append(
                f"{'replaced' if done.replaced else 'added'}: {one_line(review.by)},"
                f" {opened.subject.roles[review.role]}, {scored} fact{'' if scored == 1 else 's'},"
                f" of {'the sheet as it is' if current else 'another version of the sheet'}"
            )
    assert after is not None  # noqa: S101  every form has a review
    return (before, after), said


def _reviews(filled: ReviewFile) -> Iterator[tuple[ReviewRound, GivenReview]]:
    for one in filled.rounds:
        for review in one.reviews:
            yield one, review
