"""`factsheet catalog`: write a site over many sheets, to search, filter, sort and compare them in a browser."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from factsheet.catalog.publishing import INDEX, SITE, CatalogRequest, publish
from factsheet.checks.configuration import find_configuration
from factsheet.cli import exits
from factsheet.cli.gathering import sheets_in
from factsheet.cli.options import SheetsArgument
from factsheet.cli.render.user_files import templates_of_user
from factsheet.cli.review.files import reviews_of
from factsheet.cli.terminal import say
from factsheet.errors import SourceUnreadableError, UsageError, in_one_line
from factsheet.pages.options import RenderOptions
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from factsheet.catalog.publishing import CatalogReport, DuePage

USUAL_TITLE = "Catalogue of FactSheets"
_FEW = 3
"""Names in a message."""


def files_of(paths: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """Yield every sheet that paths mean, once, with the path that readers see: no folder of this machine is in it.

    Raises:
        SourceError: a path does not exist, or a folder cannot be listed.
        UsageError: standard input is among them.
    """
    done: set[str] = set()
    names: set[str] = set()
    for path in paths:
        if path == "-":
            raise UsageError(
                "a catalogue is made of files", help="name sheets, or directories that hold some"
            )
        place = Path(path)
        folder = place.is_dir()
        if not folder and not place.is_file():
            why = "it is no file" if place.exists() else "No such file or directory"
            raise SourceUnreadableError(path, why)
        for name in sheets_in(place) if folder else [path]:
            file = Path(name)
            if len(paths) > 1:  # within one folder each is found once
                real = os.path.realpath(name)
                if real in done:
                    continue
                done.add(real)
            yield file, _unlike(_shown(file, place, folder=folder), file, names)


def _unlike(shown: str, file: Path, taken: set[str]) -> str:
    """Return a name that no other sheet of the catalogue has, and take note of it."""
    if shown in taken:
        shown = one_line(f"{file.parent.name}/{file.name}")
    name, number = shown, 2
    while name in taken:
        name, number = f"{shown} ({number})", number + 1
    taken.add(name)
    return name


def _shown(file: Path, given: Path, *, folder: bool) -> str:
    """Return a path as it was given; of one from the root, no more than the name of what was given."""
    base = Path(given.name) if given.is_absolute() else given
    return one_line((base / os.path.relpath(file, given) if folder else base).as_posix())


def _tracked(due: Sequence[DuePage]) -> Iterable[DuePage]:
    """Return the sheets, with a progress bar on standard error where there are many and somebody is looking."""
    if len(due) == 1 or sys.stderr is None or not sys.stderr.isatty():
        return due
    from rich.console import Console  # 40 ms that only a bar needs
    from rich.progress import track

    return track(due, "Writing pages", console=Console(stderr=True), transient=True)


def _written(report: CatalogReport, folder: Path) -> str:
    many = "1 sheet" if report.sheets == 1 else f"{report.sheets:,} sheets"
    first = f"{in_one_line(str(folder / SITE))}: {many}, {report.read:,} of them new or changed"
    lines = [f"{first}; pages written: {report.pages:,}; the same as data: {INDEX}"]
    if report.invalid:
        lines.append(
            f"listed as not valid: {_few(report.invalid)}; `factsheet validate` says how each is corrected"
        )
    if report.without_pages:
        lines.append(
            f"without pages of their own: {report.without_pages:,} sheets; `--pages` writes them, "
            "which takes some tenths of a second for each"
        )
    if report.removed:
        lines.append(f"pages taken away, as no sheet has them any more: {_few(report.removed)}")
    return "\n".join(lines)


def _few(names: Sequence[str]) -> str:
    left = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" and {left:,} more" if left > 0 else "")


def command(
    *,
    paths: SheetsArgument = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FOLDER", help="Write the site into this folder.", show_default=False
        ),
    ] = None,
    title: Annotated[str, typer.Option(help="Title of the site.")] = USUAL_TITLE,
    pages: Annotated[
        bool | None,
        typer.Option(
            "--pages/--no-pages",
            help="Whether each sheet's own pages are written too. [default: for up to 100 sheets]",
            show_default=False,
        ),
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Work out every sheet, not only those that have changed.")
    ] = False,
    no_config: Annotated[
        bool, typer.Option("--no-config", help="Leave pyproject.toml, and templates that it names, aside.")
    ] = False,
) -> None:
    """Write a site over many sheets, to search, filter, sort and compare them in a browser, and their index as JSON.

    It works from a disk and fetches nothing. A second run into the same folder works out what has changed.

    Example: factsheet catalog sheets -o site
    """
    if output is None:
        raise UsageError("no folder to write into was named", help="name one with --output", place="--output")
    if output.exists() and not output.is_dir():
        raise UsageError("it is no folder", help="name a folder with --output", place=f"--output {output}")
    if not paths:
        from factsheet.cli.sheets import all_sheets  # named paths need no search

        paths = [str(path) for path in all_sheets()]
    request = CatalogRequest(
        files=tuple(files_of(paths)),
        folder=output,
        title=one_line(title)[:200] or USUAL_TITLE,
        pages=pages,
        anew=anew,
        options=RenderOptions(overrides=None if no_config else templates_of_user()),
        directions={} if no_config else find_configuration().higher_is_better,
        reviews=lambda file, sheet: reviews_of(str(file), sheet),
    )
    say(_written(publish(request, _tracked), output))
    raise typer.Exit(exits.CLEAN)
