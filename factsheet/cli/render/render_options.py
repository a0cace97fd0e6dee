"""The options of `factsheet render` and `factsheet preview`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from factsheet.cli.shared_options import SheetArgument


def render(
    sheet: SheetArgument = None,
    role: Annotated[
        str,
        typer.Option(
            help="Whose view: hardware-researcher, algorithm-designer, data-scientist, ai-engineer, "
            "software-developer, business-expert, full; or all, one file each."
        ),
    ] = "full",
    output_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="md|html|pdf|all",
            help="Form of the output. [default: by the ending of --output, else md]",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write to this file instead of standard output; of several pages, into this directory.",
        ),
    ] = None,
    figures: Annotated[
        Literal["mermaid", "svg", "none"],
        typer.Option(help="Figures in Markdown: as Mermaid diagrams, as image files, or in words."),
    ] = "mermaid",
    front_matter: Annotated[
        bool, typer.Option("--front-matter", help="Begin Markdown with the sheet's identity as YAML.")
    ] = False,
    no_config: Annotated[
        bool, typer.Option("--no-config", help="Leave pyproject.toml, and templates that it names, aside.")
    ] = False,
) -> None:
    """Write the sheet as a page for one role, for each, or all of it: Markdown, HTML, PDF."""
    from factsheet.cli.render.render_command import RenderRequest as Wanted  # start-up
    from factsheet.cli.render.render_command import render as run

    raise typer.Exit(run(sheet, Wanted(role, output_format, output, figures, front_matter, no_config)))


def preview(
    sheet: SheetArgument = None,
    role: Annotated[
        str, typer.Option(help="Whose view the page opens on; the others are a click away.")
    ] = "full",
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="Where to listen; 0 takes any free port. [default: 8620, or a free one if that is taken]",
            show_default=False,
        ),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the page.")] = False,
) -> None:
    """Show the sheet in the browser and load it again whenever it is saved; on this machine alone."""
    from factsheet.cli.render.preview import preview as run  # start-up

    raise typer.Exit(run(sheet, role=role, port=port, browser=not no_browser))
