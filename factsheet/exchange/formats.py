"""The formats that a sheet can be exported to, by name; a format's module is loaded when a sheet is written in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from factsheet.errors import UsageError
from factsheet.reports.format_names import format_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from factsheet.exchange.exported import Exported
    from factsheet.exchange.request import ExportRequest


@dataclass(frozen=True, slots=True)
class FormatOption:
    """An option of a format: what it means, the value without it, and the values it can have (any where empty)."""

    meaning: str
    default: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """A format.

    Attributes:
        name: as it is asked for.
        title: what it is, for people.
        endings: of its files.
        checked_by: whose reader or validator takes what is written, in the tests.
        place: the function that writes it, `module:function` below `factsheet.exchange`.
        options: that it has, by name.
        completes: whether it can be put into a file of the format that exists.
        has_files: whether it is written as several files, and therefore into a folder.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    checked_by: str
    place: str
    options: Mapping[str, FormatOption] = field(default_factory=lambda: MappingProxyType({}))
    completes: bool = False
    has_files: bool = False


FORMATS: Mapping[str, ExportFormat] = MappingProxyType(
    {
        one.name: one
        for one in (
            ExportFormat(
                name="json",
                title="every answer in SI units, with its provenance, as JSON",
                endings=(".json",),
                checked_by="Python's own reader",
                place="si_json:export",
            ),
            ExportFormat(
                name="csv",
                title="every answer in SI units, one a row, as CSV in which nothing is a formula",
                endings=(".csv",),
                checked_by="Python's own reader, against the JSON of the same sheet",
                place="csv_facts:export",
            ),
            ExportFormat(
                name="model-card",
                title="card of the Hugging Face Hub: front matter with `model-index`, the sheet as its text",
                endings=(".md",),
                checked_by="huggingface_hub",
                place="model_card:export",
                completes=True,
            ),
            ExportFormat(
                name="eval-results",
                title="scores as the Hub's `.eval_results/*.yaml`, a file for each data set",
                endings=(".yaml",),
                checked_by="huggingface_hub",
                place="eval_results:export",
                has_files=True,
            ),
            ExportFormat(
                name="cyclonedx",
                title="bill of materials of the model, with its model card, as CycloneDX 1.6 or 1.7",
                endings=(".cdx.json", ".json"),
                checked_by="the strict JSON validator of cyclonedx-python-lib",
                place="bills.cyclonedx:export",
                options=MappingProxyType({"version": FormatOption("of CycloneDX", "1.6", ("1.6", "1.7"))}),
            ),
            ExportFormat(
                name="spdx",
                title="bill of materials of the model as SPDX 3.0.1 in JSON-LD, with the fields of its AI profile",
                endings=(".spdx3.json", ".spdx.json", ".json"),
                checked_by="the JSON schema of SPDX and its Python bindings, which hold its SHACL shapes",
                place="bills.spdx:export",
                options=MappingProxyType({"released": FormatOption("day on which the model was released")}),
            ),
            ExportFormat(
                name="croissant",
                title="the data sets that the sheet names, in Croissant 1.0 or 1.1, a file for each",
                endings=(".croissant.json", ".json"),
                checked_by="mlcroissant",
                place="croissant:export",
                options=MappingProxyType({"version": FormatOption("of Croissant", "1.0", ("1.0", "1.1"))}),
                has_files=True,
            ),
            ExportFormat(
                name="rpu-config",
                title="the recipe of hardware-aware training as the `rpu_config` of aihwkit or aihwkit-lightning",
                endings=(".rpu.json", ".json"),
                checked_by="aihwkit-lightning, which builds its layers from it",
                place="rpu_config:export",
                options=MappingProxyType(
                    {
                        "toolkit": FormatOption(
                            "whose configuration", "aihwkit-lightning", ("aihwkit", "aihwkit-lightning")
                        ),
                        "hardware": FormatOption("a kind of device, a preset or a file", "ideal"),
                    }
                ),
            ),
        )
    }
)


def export_format(name: str) -> ExportFormat:
    """Return the format of a name.

    Raises:
        UsageError: there is none.
    """
    return FORMATS[format_named(name, FORMATS, "--to")]


def export_sheet(request: ExportRequest, name: str) -> Exported:
    """Write a sheet in a format.

    Raises:
        UsageError: there is no such format, or it has no such option.
        FactsheetError: it cannot hold this sheet.
    """
    form = export_format(name)
    _check_options(form, request.options)
    if request.existing:
        check_completes(form)
    module, _, function = form.place.partition(":")
    write: Callable[[ExportRequest], Exported] = getattr(
        import_module(f"factsheet.exchange.{module}"), function
    )
    return write(request)


def check_completes(form: ExportFormat) -> None:
    """Refuse a format that is not put into a file of it, not into an empty one either.

    Raises:
        UsageError: it is not.
    """
    if form.completes:
        return
    completing = ", ".join(one.name for one in FORMATS.values() if one.completes) or "no format"
    raise UsageError(
        f"`{form.name}` is not put into a file that exists",
        help=f"leave the file out; {completing} can be",
        place="--into",
    )


def _check_options(form: ExportFormat, options: Mapping[str, str]) -> None:
    for name, value in options.items():
        option = form.options.get(name)
        if option is None:
            known = ", ".join(form.options) or "none"
            raise UsageError(
                f"there is no option `{name[:60]}` of the format {form.name}",
                help=f"its options: {known}",
                place="--option",
                candidates=tuple(form.options),
            )
        if option.values and value not in option.values:
            raise UsageError(
                f"`{value[:60]}` is no value of {name}",
                help=f"it is one of {', '.join(option.values)}",
                place=f"--option {name}",
                candidates=option.values,
            )


def option_of(request: ExportRequest, form: str, name: str) -> str:
    """Return the value of a format's option, the default where none was given."""
    return request.options.get(name, FORMATS[form].options[name].default)
