"""`factsheet rpu-config`: the hardware of a simulation, and a sheet's recipe, as a toolkit is configured with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.cli.exits import located
from factsheet.cli.options import Output
from factsheet.cli.sheets import deliver, open_sheet
from factsheet.cli.terminal import complain
from factsheet.errors import AnalogError
from factsheet.exchange.rpu_config import recipe_in
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from pathlib import Path


def export(
    hardware: str, training: str | None, toolkit: Literal["aihwkit", "aihwkit-lightning"], output: Path | None
) -> int:
    """Write the configuration as JSON, and say on standard error what the toolkit has no field for.

    Raises:
        FactsheetError: the hardware or the sheet cannot be read or said so.
    """
    from factsheet.authoring.importing.analog.hardware_source import hardware_from  # loads torch
    from factsheet.crossbar.functional.rpu_configuration import rpu_configuration

    recipe = None
    if training is not None:
        name, sheet = open_sheet(training)
        recipe = recipe_in(sheet, name)
    with located(f"--hardware {hardware}", AnalogError):
        named = hardware_from(hardware)
        made = rpu_configuration(named.hardware, recipe, toolkit)
    for one in named.left:
        complain(
            f"factsheet: not read: {one_line(str(one.what))} ({one_line(one.where)}): {one_line(one.why)}"
        )
    for missing in made.left:
        complain(f"factsheet: not in {toolkit}: {one_line(missing.what)}: {one_line(missing.why)}")
    return deliver(made.to_json(), output)


def command(
    *,
    hardware: Annotated[
        str,
        typer.Argument(
            metavar="HARDWARE",
            help="As for `factsheet simulate --hardware`: pcm, reram, ideal, a preset, or a file of values.",
        ),
    ],
    training: Annotated[
        str | None,
        typer.Option(
            metavar="SHEET", help="Also say the recipe in this sheet's `hwa_training`.", show_default=False
        ),
    ] = None,
    toolkit: Annotated[
        Literal["aihwkit", "aihwkit-lightning"], typer.Option(help="Whose configuration.")
    ] = "aihwkit-lightning",
    output: Output = None,
) -> None:
    """Write hardware, and a sheet's recipe, as the rpu_config of IBM's analog toolkits, in JSON.

    These are aihwkit and, for training alone, aihwkit-lightning. What the toolkit has no field for is said on
    standard error.

    Example:
      factsheet rpu-config StandardHWATrainingPreset -o rpu.json
      factsheet rpu-config pcm --training sheet.yaml --toolkit aihwkit
    """
    raise typer.Exit(export(hardware, training, toolkit, output))
