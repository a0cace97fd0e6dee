"""The JSON form of hardware profiles, version 1: written out by hand, so that internal types can change beneath it.

`value` is in the base unit that `unit` names; `text` is the figure as its source writes it. `null` stands for a
constant that is not known or is part of another.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from factsheet.hardware.constants import CONSTANT_DIMENSIONS
from factsheet.hardware.figures import figures_of
from factsheet.sheet.quantity import dimension
from factsheet.source import dotted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.cli.hardware_check import Checked
    from factsheet.hardware import Profile
    from factsheet.hardware.constants import ChipConstants, Constant
    from factsheet.hardware.description import Description, Result
    from factsheet.hardware.quoted import Quoted

    Json = Mapping[str, "Json"] | list["Json"] | str | float | bool | None

_SCHEMA = "factsheet.hardware"


def written(data: Json) -> str:
    """Data as a text of JSON."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def listed(profiles: Sequence[Profile]) -> Json:
    """The profiles of `factsheet hardware list`."""
    return {
        "schema": f"{_SCHEMA}.list/1",
        "profiles": [
            {
                "name": profile.name,
                "title": profile.title,
                "rows": profile.geometry.rows.value,
                "cols": profile.geometry.cols.value,
                "devices_per_weight": profile.geometry.devices_per_weight.value,
            }
            for profile in profiles
        ],
    }


def shown(chip: Description, constants: ChipConstants) -> Json:
    """One profile, as `factsheet hardware show` gives it."""
    return {
        "schema": f"{_SCHEMA}.show/1",
        "name": chip.name,
        "title": chip.title,
        "figures": [{"path": dotted(path), **_figure(figure)} for path, figure in figures_of(chip)],
        "constants": {
            name: _constant(getattr(constants, name), dimension(kind).base)
            for name, kind in CONSTANT_DIMENSIONS
        },
        "tile": {
            "rows": constants.rows,
            "cols": constants.cols,
            "devices_per_weight": constants.devices_per_weight,
        },
        "tiles_per_chip": constants.tiles_per_chip,
        "shares_tiles": constants.shares_tiles,
        "validation": [_result(result) for result in chip.validation],
    }


def checked_profiles(checked: Sequence[Checked]) -> Json:
    """What `factsheet hardware check` found."""
    return {
        "schema": f"{_SCHEMA}.check/1",
        "profiles": [
            {
                "file": one.name,
                "unreadable": one.unreadable,
                "findings": [
                    {
                        "id": diagnostic.rule_id,
                        "slug": diagnostic.slug,
                        "severity": diagnostic.severity,
                        "line": diagnostic.span.line,
                        "column": diagnostic.span.column,
                        "path": dotted(diagnostic.path),
                        "message": diagnostic.message,
                        "why": diagnostic.why,
                        "help": diagnostic.help,
                    }
                    for diagnostic in one.diagnostics
                ],
            }
            for one in checked
        ],
    }


def _figure(figure: Quoted) -> dict[str, Json]:
    quantity = figure.quantity
    return {
        "text": figure.text,
        "value": quantity.value,
        "low": quantity.low,
        "high": quantity.high,
        "unit": dimension(figure.measured_in()).base,
        "standing": figure.standing,
        "source": figure.source,
        "formula": figure.formula,
        "fitted_to": figure.fitted_to,
        "note": figure.note,
    }


def _constant(constant: Constant | None, unit: str) -> Json:
    if constant is None:
        return None
    return {
        "value": constant.value,
        "unit": unit,
        "standing": constant.standing,
        "source": constant.source,
        "formula": constant.formula or None,
    }


def _result(result: Result) -> Json:
    at = result.at
    point: dict[str, Json] = {} if at is None else dict(at.model_dump(exclude_none=True))
    return {"what": result.what, "of": result.of, "at": point, "fitted": result.fitted, **_figure(result)}
