"""`factsheet find`: the sheets that are what a query asks for, and how many do not say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.catalog.building import SheetReading
from factsheet.catalog.finding import find_json, find_markdown, find_paths, find_sheets_like, find_text
from factsheet.catalog.query.reading import read_query
from factsheet.checks.configuration import find_configuration
from factsheet.cli import exits
from factsheet.cli.gathering import gather
from factsheet.cli.options import SheetsArgument
from factsheet.cli.terminal import complain, say
from factsheet.cli.usage.format_option import format_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FindFormat = Literal["text", "markdown", "json", "paths"]


class _Sheets:
    """The sheets that paths mean, one after the other; what cannot be read is said, and noted."""

    def __init__(self, paths: Sequence[str], directions: Mapping[str, bool]) -> None:
        self._paths = paths
        self.unreadable = 0
        self._directions = directions

    def __iter__(self) -> Iterator[SheetReading]:
        for gathered in gather(self._paths):
            if gathered.loaded is None:
                complain(f"factsheet: {gathered.reason}")
                self.unreadable += 1
            else:
                yield SheetReading(gathered.loaded, gathered.name, directions=self._directions)


def command(
    *,
    query: Annotated[
        str,
        typer.Argument(
            metavar="QUERY",
            help="What to look for: `power < 3 W and task = classification`.",
            show_default=False,
        ),
    ],
    paths: SheetsArgument = None,
    sort: Annotated[
        str,
        typer.Option(
            metavar="FIGURE", help="Put them in order by this figure, best first.", show_default=False
        ),
    ] = "",
    reverse: Annotated[bool, typer.Option("--reverse", help="Turn the order round.")] = False,
    output_format: Annotated[FindFormat, format_option("text", "markdown", "json", "paths")] = "text",
    no_config: Annotated[bool, typer.Option("--no-config", help="Leave pyproject.toml aside.")] = False,
) -> None:
    """Find sheets by what they say: by figures, tasks, data sets, metrics and any field.

    The exit status is 1 where none is found.

    Example:
      factsheet find 'task = classification and efficiency > 5000' sheets
      factsheet find 'power < 5 W or not has power' sheets --sort efficiency
    """
    asked = read_query(query)
    if not paths:
        from factsheet.cli.sheets import all_sheets  # named paths need no search

        paths = [str(path) for path in all_sheets()]
    sheets = _Sheets(paths, {} if no_config else find_configuration().higher_is_better)
    report = find_sheets_like(
        asked, query, sheets, sort=sort, reverse=reverse, whole=output_format == "markdown"
    )
    if output_format == "json":
        from factsheet._version import __version__  # next to its only use

        say(find_json(report, __version__))
    elif output_format == "markdown":
        say(find_markdown(report))
    elif output_format == "paths":
        if report.found:
            say(find_paths(report))
    else:
        say(find_text(report))
    status = exits.CLEAN if report.found else exits.FINDINGS
    raise typer.Exit(exits.USAGE if sheets.unreadable else status)
