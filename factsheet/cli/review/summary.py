"""`factsheet review summary`: what reviewers said of a sheet, and what to improve first."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.cli.options import Output, SheetArgument
from factsheet.cli.review.files import opened_for_review
from factsheet.cli.sheets import deliver
from factsheet.cli.terminal import style_for, terminal_width
from factsheet.cli.usage.format_option import format_option
from factsheet.errors import SourceUnreadableError, UsageError
from factsheet.reports.text import Style
from factsheet.review.reading import read_reviews, review_file_of
from factsheet.review.summary import summarise

if TYPE_CHECKING:
    from factsheet.review.summary import ReviewSummary

Format = Literal["text", "markdown", "json"]


def command(
    *,
    sheet: SheetArgument = None,
    reviews: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Its reviews. [default: SHEET.review.yaml beside it]", show_default=False
        ),
    ] = None,
    number: Annotated[
        int | None,
        typer.Option("--round", min=1, help="Up to this round. [default: the last one]", show_default=False),
    ] = None,
    table: Annotated[
        bool, typer.Option("--table", help="The grades in the layout of the FactSheet study's Table 6.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="List all that falls short, not the first ten.")
    ] = False,
    output_format: Annotated[Format, format_option("text", "markdown", "json")] = "text",
    output: Output = None,
) -> None:
    """Summarise reviews of a sheet: by fact, role and dimension, what to improve first, change since the last round.

    Example:
      factsheet review summary sheets/bert.yaml
      factsheet review summary sheets/bert.yaml --table --format markdown
    """
    subject = opened_for_review(sheet)
    file = reviews or review_file_of(Path(subject.name))
    if file.exists() and not file.is_file() and reviews is None:
        raise SourceUnreadableError(file, "it is no file")  # a pipe would be waited for
    if reviews is None and not file.is_file():
        raise UsageError(
            f"there is no review of it: {file} does not exist",
            "nobody's scores could be summarised",
            f"score it with `factsheet review score {subject.name}`, or send out `factsheet review form`",
            place=subject.name,
        )
    rounds = read_reviews(file, subject.subject).rounds
    if number is not None and number > len(rounds):
        raise UsageError(f"there is no round {number}", help=f"{file} has {len(rounds)}", place="--round")
    summary = summarise(rounds, subject.subject, number)
    if summary is None:
        raise UsageError(
            "there is no review in it yet", help="add one: `factsheet review add`", place=str(file)
        )
    style = style_for(sys.stdout) if output is None else Style()
    text = (
        _table(subject.name, summary, output_format, terminal_width() if output is None else None)
        if table
        else _summary(subject.name, summary, output_format, style=style, every=every)
    )
    raise typer.Exit(deliver(text, output))


def _table(name: str, summary: ReviewSummary, output_format: Format, width: int | None) -> str:
    if output_format == "json":
        from factsheet._version import __version__
        from factsheet.reports.review_json import table_json

        return table_json(name, summary.last, __version__)
    if output_format == "markdown":
        from factsheet.pages.formats.review_markdown import table_markdown

        return table_markdown(summary.last)
    from factsheet.reports.review_text import table_text

    return table_text(summary.last, width)


def _summary(name: str, summary: ReviewSummary, output_format: Format, *, style: Style, every: bool) -> str:
    from factsheet.reports.review_text import MOST_WANTED, summary_text

    most = None if every else MOST_WANTED
    if output_format == "json":
        from factsheet._version import __version__
        from factsheet.reports.review_json import summary_json

        return summary_json(name, summary, __version__)
    if output_format == "markdown":
        from factsheet.pages.formats.review_markdown import summary_markdown

        return summary_markdown(name, summary, most)
    return summary_text(name, summary, style, most)
