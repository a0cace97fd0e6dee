"""`factsheet derive`: what the sheet claims beside what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.cli import exits
from factsheet.cli.exits import located
from factsheet.cli.network import NetworkOptions, tile_shape
from factsheet.cli.options import (
    Analog,
    BatchSize,
    CacheLength,
    Convention,
    Decode,
    Digital,
    FuseQkv,
    ImageSize,
    Output,
    SeqLen,
    SheetArgument,
    TileSize,
)
from factsheet.cli.sheets import deliver, open_sheet
from factsheet.cli.terminal import complain
from factsheet.errors import CostError, DeriveError, UsageError, WorkloadError

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.recompute.chip_estimate import ChipEstimate
    from factsheet.recompute.derivation import Derivation
    from factsheet.sheet.model import SheetFields


def derive(
    sheet: str | None,
    *,
    seq_len: int | None,
    batch: int | None,
    tile: str | None,
    convention: str | None,
    output_format: Literal["table", "json"],
    explain: str | None,
    sensitivity: bool,
    asked: NetworkOptions,
    output: Path | None,
) -> int:
    """Derive facts and write them as a table, as JSON, or one fact with its arithmetic.

    Raises:
        FactsheetError: the sheet cannot be read, or an option cannot be used.
    """
    from factsheet.recompute.engine import recompute

    if explain is not None and (sensitivity or output_format == "json"):
        other = "--sensitivity" if sensitivity else "--format json"
        raise UsageError(
            f"--explain writes the arithmetic of a fact as text, and {other} asks for something else",
            help="run the command twice",
        )
    request = asked.request(seq_len=seq_len, batch=batch, tile=tile_shape(tile), convention=convention)
    name, factsheet = _no_sheet(request.model) if request.model and sheet is None else open_sheet(sheet)
    with located(name, CostError, DeriveError, WorkloadError):
        derivation = recompute(factsheet, request)
        problem = derivation.problem
        if problem is not None and (
            request.elsewhere or (seq_len is not None and problem.place.endswith("positions"))
        ):
            raise problem  # asked for on the command line, so it is the command line that is wrong
        if request.placement.given:
            _check_placing(derivation, name)
        if sensitivity and output_format == "table" and explain is None:
            return deliver(_sensitivity(derivation, name, output), output)
        deliver(_text(derivation, name, output_format, explain, output), output)
    if derivation.chip.refusal is not None and request.placement.given:
        # It does not fit: the rest of the facts hold all the same, and are written by now.
        complain(exits.screen(derivation.chip.refusal, place=name))
        return exits.FINDINGS
    return exits.CLEAN


def _check_placing(derivation: Derivation, name: str) -> None:
    """Refuse options of the mapping that would go unnoticed.

    Raises:
        FactsheetError: there is no chip, no network, or the chip allows no such mapping.
    """
    from factsheet.errors import DoesNotFitError  # only for a mapping that is asked for

    chip = derivation.chip
    if chip.refusal is not None and not isinstance(chip.refusal, DoesNotFitError):
        raise chip.refusal
    if chip.sizes is None and chip.refusal is None:
        raise UsageError(
            "--chips, --pack, --fuse-qkv and --balance place a network on a chip, and there is no estimate of one: "
            f"{chip.problem}",
            help=_help(chip),
            place=name,
        )


def _help(chip: ChipEstimate) -> str:
    """What to do where there is no estimate of a chip."""
    if chip.refusal is not None:
        return chip.refusal.help
    if chip.profile is None:
        return "name a profile with --hardware; `factsheet hardware list` lists those that there are"
    return "give what is missing, such as --seq-len and --batch; `factsheet validate` says what is off in a sheet"


def _sensitivity(derivation: Derivation, name: str, output: Path | None) -> str:
    if derivation.chip.estimate is None:
        raise UsageError(
            f"there is no estimate of a chip: {derivation.chip.problem}",
            help=_help(derivation.chip),
            place=name,
        )
    from factsheet.cli.derive_tables import sensitivity_table  # loads rich

    return sensitivity_table(derivation.chip.estimate, name, to_file=output is not None)


def _no_sheet(model: str) -> tuple[str, SheetFields]:
    """A sheet that claims nothing, to derive what a model's source alone gives."""
    from factsheet.sheet.load import read_factsheet  # builds the validator

    short = model[-200:]
    data = {"factsheet": 1, "overview": {"name": short, "model": short}}
    sheet, _ = read_factsheet(data)
    assert sheet is not None  # noqa: S101  it is one
    return model, sheet


def _text(
    derivation: Derivation,
    name: str,
    output_format: Literal["table", "json"],
    explain: str | None,
    output: Path | None,
) -> str:
    if explain is not None:
        from factsheet.recompute.explanation import explain as arithmetic  # only for --explain

        return "\n".join(arithmetic(derivation, explain)) + "\n"
    if output_format == "json":
        import json  # only for JSON

        from factsheet.recompute.json_shape import to_json

        return json.dumps(to_json(derivation), indent=2, ensure_ascii=False) + "\n"
    from factsheet.cli.derive_tables import table  # loads rich

    return table(derivation, name, to_file=output is not None)


def command(
    sheet: SheetArgument = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="Take the network from a config.json, .onnx, .pt2, .safetensors or package.module:callable.",
            show_default=False,
        ),
    ] = None,
    seq_len: SeqLen = None,
    batch: BatchSize = None,
    tile: TileSize = None,
    convention: Convention = None,
    digital: Digital = None,
    analog: Analog = None,
    decode: Decode = False,
    cache_length: CacheLength = None,
    image_size: ImageSize = None,
    hardware: Annotated[
        str | None,
        typer.Option(
            metavar="PROFILE",
            help="Estimate time, power and area for this hardware profile, a name or a .yaml file, instead of the "
            "sheet's.",
            show_default=False,
        ),
    ] = None,
    structure: Annotated[
        Literal["batch-synchronous", "sequence-pipelined", "sequential"],
        typer.Option(help="How layers and sequences follow each other on the chip."),
    ] = "batch-synchronous",
    chips: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=10**9,
            help="How many chips there are; a network that needs more tiles is refused, with what finds no place. "
            "[default: as many as it takes]",
            show_default=False,
        ),
    ] = None,
    pack: Annotated[
        Literal["none", "diagonal", "dense"],
        typer.Option(
            help="How small matrices share tiles, where the chip allows it: read at once (diagonal), or in fewer tiles "
            "one after the other (dense)."
        ),
    ] = "none",
    fuse_qkv: FuseQkv = False,
    balance: Annotated[
        int | None,
        typer.Option(
            metavar="TILES",
            min=1,
            max=10**12,
            help="Copy the busiest layers, up to so many tiles in all, so that they work side by side.",
            show_default=False,
        ),
    ] = None,
    sensitivity: Annotated[
        bool,
        typer.Option("--sensitivity", help="Show how far each constant of the chip moves each figure."),
    ] = False,
    output_format: Annotated[
        Literal["table", "json"], typer.Option("--format", help="Form of the output.")
    ] = "table",
    explain: Annotated[
        str | None, typer.Option(metavar="FACT", help="Show the arithmetic of one fact.", show_default=False)
    ] = None,
    output: Output = None,
) -> None:
    """Recompute what a sheet claims: ops, tiles, sizes, averages, time, power and area, and what its figures imply.

    Each derived fact stands beside the sheet's claim with a verdict: agrees, rounds to, within, or differs by.
    """
    raise typer.Exit(
        derive(
            sheet,
            seq_len=seq_len,
            batch=batch,
            tile=tile,
            convention=convention,
            output_format=output_format,
            explain=explain,
            sensitivity=sensitivity,
            asked=NetworkOptions(
                *(digital or (), analog or (), decode, cache_length, image_size, model, hardware, structure),
                chips=chips,
                pack=pack,
                fuse_qkv=fuse_qkv,
                balance=balance,
            ),
            output=output,
        )
    )
