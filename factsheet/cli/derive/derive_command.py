"""`factsheet derive`: compare what a sheet claims with what follows from it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.api.fact_sheet import FactSheet
from factsheet.cli import exits
from factsheet.cli.derive.derive_tables import sensitivity_table, table
from factsheet.cli.exits import located
from factsheet.cli.options import Output, SheetArgument
from factsheet.cli.request_options import CHIP, MODEL, NETWORK, POINT, takes_request
from factsheet.cli.sheets import deliver, open_sheet
from factsheet.cli.terminal import complain
from factsheet.cli.usage.format_option import format_option
from factsheet.errors import CostError, DeriveError, UsageError, WorkloadError
from factsheet.readers.audience import STUDY
from factsheet.recompute.explanation import explain as arithmetic
from factsheet.recompute.json_shape import to_json
from factsheet.recompute.request import Request

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.recompute.chip_estimate import ChipEstimate
    from factsheet.recompute.derivation import Derivation


def derive(
    sheet: str | None,
    request: Request,
    *,
    output_format: Literal["text", "json"] = "text",
    explain: str | None = None,
    sensitivity: bool = False,
    check: bool = False,
    output: Path | None = None,
) -> int:
    """Derive facts and write them as a table, as JSON, or one fact with its arithmetic.

    Raises:
        FactsheetError: the sheet cannot be read, or an option cannot be used.
    """
    _refuse_unlike(sheet, request, output_format, explain=explain, sensitivity=sensitivity, check=check)
    name, factsheet = _no_sheet(request.model) if request.model and sheet is None else open_sheet(sheet)
    with located(name, CostError, DeriveError, WorkloadError):
        derivation = factsheet.derive(request)
        problem = derivation.problem
        if problem is not None and (
            request.elsewhere or (request.seq_len is not None and problem.place.endswith("positions"))
        ):
            raise problem  # asked for on the command line, so it is the command line that is wrong
        if request.placement.given:
            _check_placement(derivation, name)
        _check_structure(request)
        if factsheet.audience is not STUDY and request.profile is None and explain is None:
            derivation = _of_its_template(derivation, factsheet)
        if sensitivity and output_format == "text" and explain is None:
            return deliver(_sensitivity(derivation, name, output), output)
        if explain is not None:
            text = "\n".join(arithmetic(derivation, explain)) + "\n"
        elif output_format == "json":
            text = json.dumps(to_json(derivation), indent=2, ensure_ascii=False) + "\n"
        else:
            text = table(derivation, name, to_file=output is not None)
        deliver(text, output)
        if check and request.model is not None:
            from factsheet.cli.derive.model_check import report_disagreements  # only with --check

            return report_disagreements(name, factsheet, request, derivation)
    if derivation.chip.refusal is not None and request.placement.given:
        # It does not fit: the rest of the facts hold all the same, and are written by now.
        complain(exits.screen(derivation.chip.refusal, place=name))
        return exits.FINDINGS
    return exits.CLEAN


def _refuse_unlike(
    sheet: str | None,
    request: Request,
    output_format: str,
    *,
    explain: str | None,
    sensitivity: bool,
    check: bool,
) -> None:
    """Refuse options that do not go with each other.

    Raises:
        UsageError: there are some.
    """
    if check and (request.model is None or sheet is None):
        raise UsageError(
            "a sheet is held against a model, and there is only one of them",
            help="name both: `factsheet derive sheets/bert.yaml --model model/config.json --check`",
            place="--check",
        )
    if explain is not None and (sensitivity or output_format == "json"):
        other = "--sensitivity" if sensitivity else "--format json"
        raise UsageError(
            f"--explain writes the arithmetic of a fact as text, and {other} asks for something else",
            help="run the command twice",
        )


def _of_its_template(derivation: Derivation, sheet: FactSheet) -> Derivation:
    """Return what follows for fields that such a sheet has, and say that there was more."""
    from factsheet.authoring.field_catalogue import has_field  # only for a template of other hardware

    kept = tuple(
        fact for fact in derivation.facts if fact.claim is not None or has_field(type(sheet), fact.path)
    )
    left = len(derivation.facts) - len(kept)
    if left and derivation.request.digital is None:
        complain(
            f"factsheet: {left} facts of analog hardware are left out: this is a sheet of the template"
            f" `{sheet.audience.template}`. `--hardware ibm-2022` puts its network on an analog chip."
        )
    return replace(derivation, facts=kept, layers=())


def _check_structure(request: Request) -> None:
    """Refuse an execution structure for a device that has none.

    Raises:
        UsageError: a digital device and a structure are asked for.
    """
    if request.digital is not None and request.structure != Request().structure:
        raise UsageError(
            f"`{request.digital.name[:60]}` is a digital device, which has no execution structure",
            help="leave --structure out: kernels run one after another",
            place="--structure",
        )


def _check_placement(derivation: Derivation, name: str) -> None:
    """Refuse options of the mapping that would go unnoticed.

    Raises:
        FactsheetError: there is no chip, no network, or the chip allows no such mapping.
    """
    from factsheet.errors import DoesNotFitError  # only where a placement is given

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
    """Return what to do where there is no estimate of a chip."""
    if chip.refusal is not None:
        return chip.refusal.help
    if chip.profile is None:
        return "name a profile with --hardware; `factsheet hardware list` lists those that there are"
    return "give what is missing, such as --seq-len and --batch; `factsheet validate` says what is wrong in a sheet"


def _sensitivity(derivation: Derivation, name: str, output: Path | None) -> str:
    if derivation.chip.estimate is None:
        raise UsageError(
            f"there is no estimate of a chip: {derivation.chip.problem}",
            help=_help(derivation.chip),
            place=name,
        )
    return sensitivity_table(derivation.chip.estimate, name, to_file=output is not None)


def _no_sheet(model: str) -> tuple[str, FactSheet]:
    """Return a sheet that claims nothing, to derive what a model's source alone gives."""
    short = model[-200:]
    return model, FactSheet.from_data({"factsheet": 1, "overview": {"name": short, "model": short}}, model)


@takes_request(MODEL, POINT, NETWORK, CHIP)
def command(
    *,
    sheet: SheetArgument = None,
    request: Request,
    sensitivity: Annotated[
        bool,
        typer.Option("--sensitivity", help="Show how far each constant of the chip moves each figure."),
    ] = False,
    output_format: Annotated[Literal["text", "json"], format_option("text", "json")] = "text",
    explain: Annotated[
        str | None, typer.Option(metavar="FACT", help="Show the arithmetic of one fact.", show_default=False)
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Hold the sheet against --model; the exit status is 1 where it describes another network.",
        ),
    ] = False,
    output: Output = None,
) -> None:
    """Recompute what a sheet claims: ops, tiles, sizes, averages, time, power and area, and what its figures imply.

    Each derived fact is shown with the sheet's claim and a verdict: agrees, rounds to, within, or differs by.

    Example:
      factsheet derive sheets/bert.yaml --seq-len 32 --batch 4
      factsheet derive sheets/bert.yaml --explain latency
      factsheet derive --model config.json --hardware ibm-2022
      factsheet derive sheets/bert.yaml --model config.json --check
    """
    raise typer.Exit(
        derive(
            sheet,
            request,
            output_format=output_format,
            explain=explain,
            sensitivity=sensitivity,
            check=check,
            output=output,
        )
    )
