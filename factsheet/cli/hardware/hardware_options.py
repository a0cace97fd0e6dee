"""The commands of `factsheet hardware` and their options. Each parses, calls one function, returns its exit status."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from factsheet.cli.shared_options import Output

hardware_app = typer.Typer(
    name="hardware",
    help="Hardware profiles: what is known of chips, each figure with its source and standing.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

TextOrJson = Annotated[Literal["text", "json"], typer.Option("--format", help="Form of the output.")]


@hardware_app.command("list")
def list_(output_format: TextOrJson = "text") -> None:
    """List the profiles that come with the program."""
    from factsheet.cli.hardware.hardware_command import list_profiles  # start-up

    raise typer.Exit(list_profiles(output_format))


@hardware_app.command()
def show(
    profile: Annotated[str, typer.Argument(metavar="PROFILE", help="A name, or your own .yaml file.")],
    output_format: TextOrJson = "text",
    output: Output = None,
) -> None:
    """Show a profile's figures, each with standing and source, and what follows from them for the cost model."""
    from factsheet.cli.hardware.hardware_command import show as run  # start-up

    raise typer.Exit(run(profile, output_format, output))


@hardware_app.command()
def compare(
    profiles: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PROFILE]...",
            help="Names, or your own .yaml files; all if left out.",
            show_default=False,
        ),
    ] = None,
    output_format: Annotated[
        Literal["text", "markdown", "json"], typer.Option("--format", help="Form of the output.")
    ] = "text",
    output: Output = None,
) -> None:
    """Hold the model against what is published of each chip: value, error, and whether a constant was fitted on it."""
    from factsheet.cli.hardware.hardware_compare import compare as run  # start-up

    raise typer.Exit(run(profiles or [], output_format, output))


@hardware_app.command()
def check(
    profiles: Annotated[
        list[str], typer.Argument(metavar="PROFILE...", help="Your own .yaml files, or names.")
    ],
    output_format: TextOrJson = "text",
) -> None:
    """Check profiles: form, units, values that no chip can have, contradictions, what can not be derived.

    Exit status: 0 no error or warning found, 1 some found, 2 unreadable input.
    """
    from factsheet.cli.hardware.hardware_check import check as run  # start-up

    raise typer.Exit(run(profiles, output_format))
