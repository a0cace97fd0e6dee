"""The recipe of a sheet's hardware-aware training as the `rpu_config` of aihwkit or aihwkit-lightning, in JSON."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from factsheet.errors import UsageError
from factsheet.exchange.exported import ExportedFile
from factsheet.exchange.formats import option_of
from factsheet.exchange.ledger import FactLedger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.crossbar.functional.rpu_configuration import RpuConfiguration, Toolkit
    from factsheet.crossbar.functional.training.recipe import HwaRecipe
    from factsheet.exchange.exported import Exported
    from factsheet.exchange.request import ExportRequest
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_Whole = TypeVar("_Whole")
_SECTION: Final = "hwa_training"
_FIELDS: Final[dict[str, KeyPath]] = {
    **{
        name: (_SECTION, name)
        for name in (
            *("weight_noise", "read_noise", "adc_noise", "input_noise", "input_bound", "output_bound"),
            *("dac_bits", "adc_bits", "weight_bits", "drop_connect"),
        )
    },
    "weight_clip": (_SECTION, "weight_clip", "value"),
    "noise_in_backward": (_SECTION, "noise_applied_in"),
    "learnt_input_bound": (_SECTION, "input_range", "learnt"),
    "learnt_output_scales": (_SECTION, "output_scales"),
}
"""Where a sheet has what a recipe has in these fields."""
_RANGE: Final[dict[str, KeyPath]] = {
    "batches": (_SECTION, "input_range", "batches"),
    "decay": (_SECTION, "input_range", "decay"),
}
_NO_PLACE: Final = "a configuration has tiles, and what training adds to their weights and signals"
_NO_FIELD: Final = "the toolkit has no field for it, or this hardware does not use it"
_AS_SHARE: Final = "as a share of the largest conductance of the hardware"


def export(request: ExportRequest) -> Exported:
    """Return the recipe of a sheet as a toolkit is configured with it.

    Raises:
        UsageError: the sheet has no recipe, or leaves open what it is relative to; or the hardware is a callable.
        FactsheetError: there is no such hardware, or no such training.
    """
    from factsheet.authoring.importing.analog.hardware_source import hardware_from  # loads torch
    from factsheet.crossbar.functional.rpu_configuration import TOOLKITS, rpu_configuration

    hardware = option_of(request, "rpu-config", "hardware")
    if ":" in hardware and not Path(hardware).exists():
        raise UsageError(
            "a callable is no hardware of an export: exports run no code",
            help="`factsheet rpu-config MODULE:CALLABLE --training SHEET` calls it",
            place="--option hardware",
        )
    recipe = recipe_in(request.sheet, request.name)
    tiles = hardware_from(hardware).hardware
    toolkit: Toolkit = next(one for one in TOOLKITS if one == option_of(request, "rpu-config", "toolkit"))
    made = rpu_configuration(tiles, recipe, toolkit)
    ledger = FactLedger(request.sheet)
    reasons: dict[KeyPath, str] = {}
    for path, other, silent in _variants(recipe):
        changed = rpu_configuration(tiles, other, toolkit)
        why = _only_in(made, rpu_configuration(tiles, silent, toolkit))
        if changed.values == made.values:
            reasons[path] = why or _only_in(changed, made) or _NO_FIELD
            continue
        strength = getattr(recipe, str(path[1]), None)
        lost = why or (_AS_SHARE if getattr(strength, "siemens", False) else "")
        ledger.carry(path, lost=lost)
        ledger.carry((*path, "relative_to"))
        ledger.carry((*path, "per"), lost=lost)
    return ledger.exported(
        [ExportedFile(f"{request.stem}.rpu.json", made.to_json().encode())], _NO_PLACE, reasons
    )


def recipe_in(sheet: SheetFields, name: str) -> HwaRecipe:
    """Return the recipe of a sheet, which a toolkit can be configured with.

    Raises:
        UsageError: the sheet has none, or leaves open what it is relative to.
    """
    from factsheet.crossbar.functional.training.hwa_section import recipe_of  # loads torch

    section = getattr(sheet, _SECTION, None)
    if section is None:
        raise UsageError(
            "the sheet has no `hwa_training`",
            "there is no recipe to take from it",
            "give a sheet that states how the model was trained for the hardware",
            place=name,
        )
    recipe = recipe_of(section)
    open_ones = [
        one for one in recipe.questions() if one.field != "drift.at_s"
    ]  # no toolkit trains for drift
    if open_ones:
        raise UsageError(
            f"the recipe leaves open {', '.join(one.field for one in open_ones)}",
            "the same number means noises that differ by orders of magnitude, depending on what it is relative to",
            f"state it in the sheet: `factsheet set {name} hwa_training.{open_ones[0].field}=…`",
            place=name,
        )
    return recipe.answered(drift_at_s=(0.0,)) if recipe.drift is not None else recipe


def _variants(recipe: HwaRecipe) -> Iterator[tuple[KeyPath, HwaRecipe, HwaRecipe]]:
    """Yield where a sheet has a field, the recipe with another value of it, and the recipe without it.

    A field is in a configuration if another value of it gives another configuration: so that what is said to be
    carried cannot differ from what is.
    """
    for field in fields(recipe):
        path, value = _FIELDS.get(field.name), getattr(recipe, field.name)
        if path is not None and value is not None and value != "":
            other = _with(recipe, field.name, _another(value))
            yield path, other, _with(recipe, field.name, field.default)
    learning = recipe.input_range
    for field in () if learning is None else fields(learning):
        if field.name in _RANGE:
            other = _with(
                recipe, "input_range", _with(learning, field.name, _another(getattr(learning, field.name)))
            )
            silent = _with(recipe, "input_range", _with(learning, field.name, field.default))
            yield _RANGE[field.name], other, silent


def _with(whole: _Whole, name: str, value: Any) -> _Whole:
    changed: _Whole = replace(cast("Any", whole), **{name: value})
    return changed


def _another(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return "tile" if value == "column" else "column"
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value / 2 if value else 0.5
    return replace(value, value=_another(value.value))


def _only_in(one: RpuConfiguration, other: RpuConfiguration) -> str:
    """Return why something is left out of one configuration that is not left out of another."""
    return next((left.why for left in one.left if left not in other.left), "")
