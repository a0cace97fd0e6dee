"""`factsheet hardware list` and `show`: profiles with their figures, and what follows from them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.cli.network import named_hardware
from factsheet.cli.options import Output, TextOrJson
from factsheet.cli.sheets import deliver
from factsheet.cli.terminal import console_for, grid_of, print_grid, print_text, text_of
from factsheet.cli.usage.completions import complete_profiles
from factsheet.reports.text import one_line
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from factsheet.hardware.constants import ChipConstants
    from factsheet.hardware.description import Description
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.hardware.profile import Profile
    from factsheet.hardware.published_result import Result
    from factsheet.hardware.quoted import ProfilePart, Quoted

_STANDINGS = (
    "published: read at the source. secondary: quoted elsewhere, to be confirmed before it is cited.",
    "inferred: arithmetic on published figures. fitted: chosen so that something else comes out right.",
)


def list_profiles(output_format: Literal["text", "json"]) -> int:
    """Write the profiles that come with the program."""
    from factsheet.hardware.digital.profile import digital_profile_of  # start-up
    from factsheet.hardware.profile import digital_names, profile_names, profile_of

    profiles = [profile_of(name) for name in profile_names()]
    devices = [digital_profile_of(name) for name in digital_names()]
    if output_format == "json":
        from factsheet.cli.hardware.hardware_check import listed, written  # only for JSON

        return deliver(written(listed(profiles, devices)), None)
    buffer = io.StringIO()
    console = console_for(buffer, to_file=False)
    grid = grid_of(("profile", "left"), ("tile", "right"), ("devices a weight", "right"), ("chip", "left"))
    for profile in profiles:
        geometry = profile.geometry
        size = f"{geometry.rows.value:g} x {geometry.cols.value:g}"
        grid.add_row(profile.name, size, f"{geometry.devices_per_weight.value:g}", profile.title)
    print_grid(console, grid)
    print_grid(console, _devices(devices))
    print_text(console, "\nFigures and sources of one: factsheet hardware show NAME")
    return deliver(text_of(buffer), None)


def show(name: str, output_format: Literal["text", "json"], output: Path | None) -> int:
    """Write all figures of a profile, and the constants that follow from them.

    Raises:
        FactsheetError: there is no such profile, or it cannot be read or used.
    """
    from factsheet.hardware.chip import constants_of, description_of  # start-up
    from factsheet.hardware.profile import Profile

    profile = named_hardware(name)
    if not isinstance(profile, Profile):
        return _show_device(profile, output_format, output)
    chip, constants = description_of(profile), constants_of(profile)
    if output_format == "json":
        from factsheet.cli.hardware.hardware_check import shown, written  # only for JSON

        return deliver(written(shown(chip, constants)), output)
    return deliver(_text(profile, chip, constants, to_file=output is not None), output)


def _devices(devices: Sequence[DigitalProfile]) -> Table:
    from rich.text import Text  # see `factsheet.cli.terminal`

    grid = grid_of(
        ("profile", "left"), ("timed on", "left"), ("kept and within 25 %", "right"), ("device", "left")
    )
    grid.title, grid.title_justify, grid.title_style = "\nDigital devices", "left", ""
    for device in devices:
        fit = device.description.fit
        kept = f"{fit.within_quarter} of {fit.checked}"
        grid.add_row(*map(Text, (device.name, fit.kind, kept, device.title)))
    return grid


def _show_device(device: DigitalProfile, output_format: Literal["text", "json"], output: Path | None) -> int:
    if output_format == "json":
        from factsheet.cli.hardware.hardware_check import shown_device, written  # only for JSON

        return deliver(written(shown_device(device)), output)
    buffer = io.StringIO()
    console = console_for(buffer, to_file=output is not None)
    given, fit = device.description, device.description.fit
    print_text(console, f"{one_line(given.title)} ({one_line(device.name)})")
    print_text(console, f"{given.dtype} with {one_line(given.stack)}\n")
    print_grid(console, _figures(given))
    print_text(console, f"\nFitted on {one_line(fit.fitted_on)}: {fit.points:,} published points")
    if fit.checked_on is not None and fit.largest is not None:
        most = f"all within a factor of {1 + fit.largest.si:.3g}"
        words = f"{fit.within_quarter:,} of {fit.checked:,} within 25 %, {most}"
        print_text(console, f"Checked with {one_line(fit.checked_on)}: {words}")
    print_text(console, "")
    for line in _STANDINGS:
        print_text(console, line)
    return deliver(text_of(buffer), output)


def _text(profile: Profile, chip: Description, constants: ChipConstants, *, to_file: bool) -> str:
    buffer = io.StringIO()
    console = console_for(buffer, to_file=to_file)
    print_text(console, f"{one_line(chip.title)} ({profile.name})")
    print_text(console, f"{constants.rows} x {constants.cols} weights a tile\n")
    print_grid(console, _figures(chip))
    print_grid(console, _constants(constants))
    for line in _gaps(chip, constants):
        print_text(console, line)
    if chip.validation:
        print_grid(console, _results(chip.validation))
    print_text(console, "")
    for line in _STANDINGS:
        print_text(console, line)
    return text_of(buffer)


def _figures(chip: ProfilePart) -> Table:
    from rich.text import Text  # see `factsheet.cli.terminal`

    from factsheet.hardware.description import figures_of

    grid = grid_of(("figure", "left"), ("value", "right"), ("standing", "left"), ("source", "left"))
    for path, figure in figures_of(chip):
        grid.add_row(*map(Text, (dotted(path), figure.text, figure.standing, _origin(figure))))
    return grid


def _origin(figure: Quoted) -> str:
    parts = [f"fitted to {figure.fitted_to}"] if figure.fitted_to else []
    parts += [f"= {figure.formula}"] if figure.formula else []
    parts.append(figure.source)
    parts += [figure.note] if figure.note else []
    return one_line("; ".join(part.strip().removesuffix(".") for part in parts))


def _constants(constants: ChipConstants) -> Table:
    from rich.text import Text  # see `factsheet.cli.terminal`

    from factsheet.hardware.constants import CONSTANT_DIMENSIONS
    from factsheet.quantities.quantity import format_value

    grid = grid_of(("constant", "left"), ("value", "right"), ("standing", "left"), ("from", "left"))
    grid.title, grid.title_justify, grid.title_style = "\nWhat the cost model computes with", "left", ""
    for name, kind in CONSTANT_DIMENSIONS:
        constant = getattr(constants, name)
        if constant is not None:
            value = format_value(constant.value, kind, 6)
            grid.add_row(
                *map(Text, (name, value, constant.standing, one_line(constant.formula or "as given")))
            )
    return grid


def _gaps(chip: Description, constants: ChipConstants) -> list[str]:
    from factsheet.hardware.constants import CONSTANT_DIMENSIONS

    missing = [name for name, _ in CONSTANT_DIMENSIONS if getattr(constants, name) is None]
    if constants.cell_energy is not None and "tile_power" in missing:
        missing.remove("tile_power")  # energy is charged by use: there is nothing missing
    lines = [f"\nNot known, or part of another: {', '.join(missing)}"] if missing else []
    within = chip.digital.energy_within if chip.digital else None
    if within:
        lines.append(f"Digital energy is part of `{within}` and is not charged again.")
    tiles = "not given" if constants.tiles_per_chip is None else f"{constants.tiles_per_chip:,}"
    sharing = "may share a tile" if constants.shares_tiles else "have tiles of their own"
    return [*lines, f"Tiles of a chip: {tiles}. Matrices {sharing}."]


def _results(results: tuple[Result, ...]) -> Table:
    from rich.text import Text  # see `factsheet.cli.terminal`

    titles = ("result", "of", "value", "standing", "beside the model", "source")
    grid = grid_of(*((title, "right" if title == "value" else "left") for title in titles))
    grid.title, grid.title_style = "\nPublished results that the model is held against", ""
    grid.title_justify = "left"
    for result in results:
        role = "fitted to" if result.fitted else "checks it"
        cells = (result.what, result.place, result.text, result.standing, role, _origin(result))
        grid.add_row(*map(Text, cells))
    return grid


def list_field(output_format: Literal["text", "json"]) -> int:
    """Write the survey of published designs, by class, and the tiles of the profiles at their places in it."""
    from factsheet.cli.hardware.field_tables import field_data, field_table  # only for this table

    if output_format == "json":
        from factsheet.cli.hardware.hardware_check import written  # only for JSON

        return deliver(written(field_data()), None)
    return deliver(field_table(), None)


def list_command(
    *,
    output_format: TextOrJson = "text",
    field: Annotated[
        bool, typer.Option("--field", help="List published designs by class, and the profiles among them.")
    ] = False,
) -> None:
    """List the profiles that come with the program, or with --field the published designs that claims are held to.

    Example:
      factsheet hardware list
      factsheet hardware list --field
    """
    raise typer.Exit(list_field(output_format) if field else list_profiles(output_format))


def show_command(
    *,
    profile: Annotated[
        str,
        typer.Argument(
            metavar="PROFILE", help="A name, or your own .yaml file.", autocompletion=complete_profiles
        ),
    ],
    output_format: TextOrJson = "text",
    output: Output = None,
) -> None:
    """Show a profile's figures, each with standing and source, and what follows from them for the cost model.

    Example:
      factsheet hardware show ibm-2022
    """
    raise typer.Exit(show(profile, output_format, output))
