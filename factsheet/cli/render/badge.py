"""`factsheet badge`: what other pages show of a sheet, as a badge, a card or a page for a frame."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from factsheet.cli.options import SheetArgument
from factsheet.cli.sheets import deliver, open_sheet

Shape = Literal["badge", "card", "frame"]


def command(
    *,
    sheet: SheetArgument = None,
    shape: Annotated[
        Shape,
        typer.Option(
            "--as",
            help="`badge`: one line, SVG; `card`: the first figures, SVG; `frame`: the first screen, HTML for an "
            "<iframe>.",
        ),
    ] = "badge",
    role: Annotated[
        str, typer.Option(help="Whose figures a card or a frame shows, as in `render`.")
    ] = "full",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to this file.", show_default=False),
    ] = None,
) -> None:
    """Write a badge of a sheet that says what was checked: errors, recomputed figures that agree, status.

    Example: factsheet badge sheets/bert.yaml -o badge.svg
    """
    from factsheet.cli.render.render_command import view_named
    from factsheet.pages.formats.embeds import badge_svg, card_svg, fragment_html, seal_of
    from factsheet.pages.rendering import PageSet

    _, opened = open_sheet(sheet)
    view = view_named(role, opened.audience)
    pages = PageSet(opened)
    errors = sum(found.severity == "error" for found in opened.check())
    seal = seal_of(pages.page("full", whole=False), errors)
    if shape == "badge":
        made = badge_svg(seal)
    else:
        made = (card_svg if shape == "card" else fragment_html)(pages.page(view, whole=False), seal)
    raise typer.Exit(deliver(made, output))
