"""`factsheet status`: show what sheets answer for each role and what not, without judging."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.checks.completeness import standing_of
from factsheet.checks.configuration import find_configuration
from factsheet.cli import exits
from factsheet.cli.gathering import gather
from factsheet.cli.options import SheetsArgument
from factsheet.cli.sheets import named_roles
from factsheet.cli.terminal import complain, say, style_for
from factsheet.cli.usage.completions import complete_roles
from factsheet.cli.usage.format_option import format_option
from factsheet.readers.roles import ROLE_NAMES
from factsheet.readers.stages import StageName
from factsheet.reports.role_status import UNFIT, standing_json, standing_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from factsheet.checks.completeness import SheetStanding
    from factsheet.cli.gathering import Gathered
    from factsheet.readers.roles import RoleName
    from factsheet.review.summary import ReviewSummary


def status(
    paths: Sequence[str],
    *,
    role: Sequence[str] | None,
    stage: StageName | None = None,
    output_format: Literal["text", "markdown", "json"],
) -> int:
    """Print how far each sheet answers the roles' needs.

    Args:
        paths: files, directories and `-`; none means the sheets in the usual places.
        role: whose needs; none means those that pyproject.toml names, else all.
        stage: what each sheet is measured by; none means that of pyproject.toml, or else what it says of itself.
        output_format: the form of the output.

    Returns:
        The exit status: 1 if a sheet does not fit the schema, and never for what is missing.

    Raises:
        UsageError: a role that does not exist, or no sheet where none is named.
    """
    if not paths:
        from factsheet.cli.sheets import all_sheets  # named paths need no search

        paths = [str(path) for path in all_sheets()]
    wanted, stage = _wanted(role), stage or find_configuration().stage
    sheets, code = [], exits.CLEAN
    for gathered in gather(paths):
        if gathered.loaded is None:
            complain(f"factsheet: {gathered.reason}")
            code = exits.USAGE
            continue
        sheet = standing_of(gathered.loaded, gathered.name, wanted, stage)
        if sheet.roles is not None and gathered.file is not None:
            sheet = sheet._replace(reviews=_reviews(gathered))
        if sheet.roles is None:
            complain(f"factsheet: {gathered.name} {UNFIT}")
            code = max(code, exits.FINDINGS)
        sheets.append(sheet)
    say(_written(sheets, output_format))
    return code


def _reviews(gathered: Gathered) -> ReviewSummary | None:
    """Return what reviewers said of a sheet, where there are reviews beside it."""
    from factsheet.review.reading import review_file_of  # start-up: most sheets have none

    document = None if gathered.loaded is None else gathered.loaded.document
    if gathered.file is None or document is None or not review_file_of(gathered.file).is_file():
        return None
    from factsheet.cli.review.files import reviews_of
    from factsheet.sheet_templates.known_templates import read_any_sheet

    sheet, _ = read_any_sheet(document.data)
    return None if sheet is None else reviews_of(str(gathered.file), sheet)


def _wanted(role: Sequence[str] | None) -> tuple[RoleName, ...] | None:
    named = named_roles(role)
    configured = find_configuration().every_role
    return named or tuple(name for name in ROLE_NAMES if name in configured) or None


def _written(sheets: Sequence[SheetStanding], output_format: Literal["text", "markdown", "json"]) -> str:
    if output_format == "json":
        from factsheet._version import __version__

        return standing_json(sheets, __version__)
    if output_format == "markdown":
        from factsheet.pages.formats.role_summary import standing_markdown

        return standing_markdown(sheets)
    return standing_text([sheet for sheet in sheets if sheet.roles is not None], style_for(sys.stdout))


def command(
    *,
    paths: SheetsArgument = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROLES",
            help="Whose needs; commas or repeated. [default: those of pyproject.toml, else all]",
            autocompletion=complete_roles,
            show_default=False,
        ),
    ] = None,
    stage: Annotated[
        StageName | None,
        typer.Option(
            help="The stage that sheets are measured by. [default: what each says of itself]",
            show_default=False,
        ),
    ] = None,
    output_format: Annotated[
        Literal["text", "markdown", "json"], format_option("text", "markdown", "json")
    ] = "text",
) -> None:
    """Show what a sheet answers of each role's needs and of what its stage asks for: in full, in part, or not.

    Example:
      factsheet status sheets/bert.yaml --role ai-engineer
    """
    raise typer.Exit(status(paths or [], role=role, stage=stage, output_format=output_format))
