"""`factsheet hardware check`, and the JSON form of hardware profiles."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from factsheet.cli import exits
from factsheet.cli.exits import screen
from factsheet.cli.network import diagnostic_of
from factsheet.cli.options import TextOrJson
from factsheet.cli.terminal import say, style_for
from factsheet.cli.usage.completions import complete_profiles
from factsheet.errors import SourceError, UnknownProfileError
from factsheet.hardware.checking import check_profile
from factsheet.hardware.constants import CONSTANT_DIMENSIONS
from factsheet.hardware.description import figures_of
from factsheet.hardware.digital.profile import hardware_from
from factsheet.quantities.dimensions import dimension
from factsheet.reports.concise import unreadable
from factsheet.reports.full import full
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.hardware.constants import ChipConstants, Constant
    from factsheet.hardware.description import Description
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.hardware.profile import Profile
    from factsheet.hardware.published_result import Result
    from factsheet.hardware.quoted import Quoted
    from factsheet.source.document import Document

    Json = Mapping[str, "Json"] | list["Json"] | str | float | bool | None

_SCHEMA = "factsheet.hardware"


def written(data: Json) -> str:
    """Data as a text of JSON."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def listed(profiles: Sequence[Profile], devices: Sequence[DigitalProfile]) -> Json:
    """Return the profiles of `factsheet hardware list`: of chips, and of digital devices."""
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
        "digital": [
            {
                "name": device.name,
                "title": device.title,
                "device": device.description.device,
                "dtype": device.description.dtype,
                "stack": device.description.stack,
                "kind": device.description.fit.kind,
                **_kept(device),
            }
            for device in devices
        ],
    }


def _kept(device: DigitalProfile) -> dict[str, Json]:
    """Return how a device's times came out at the points that were kept to check with."""
    fit = device.description.fit
    return {
        "checked": fit.checked,
        "within_quarter": fit.within_quarter,
        "largest": None if fit.largest is None else fit.largest.si,
    }


def shown_device(device: DigitalProfile) -> Json:
    """Return a digital profile as `factsheet hardware show` gives it."""
    given = device.description
    return {
        "schema": f"{_SCHEMA}.show/1",
        "kind": "digital",
        "name": device.name,
        "title": device.title,
        "device": given.device,
        "dtype": given.dtype,
        "stack": given.stack,
        "figures": [{"path": dotted(path), **_figure(figure)} for path, figure in figures_of(given)],
        "fit": {
            "fitted_on": given.fit.fitted_on,
            "points": given.fit.points,
            "kind": given.fit.kind,
            "networks": list(given.fit.networks),
            "seq_len": None if given.fit.seq_len is None else list(given.fit.seq_len),
            "batch": list(given.fit.batch),
            "ops": list(given.fit.ops),
            "checked_on": given.fit.checked_on,
            **_kept(device),
        },
    }


def shown(chip: Description, constants: ChipConstants) -> Json:
    """Return one profile as `factsheet hardware show` gives it."""
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


def checked_profiles(checked: Sequence[ProfileReport]) -> Json:
    """Return what `factsheet hardware check` found."""
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
                        "line": diagnostic.line,
                        "column": diagnostic.span.column if diagnostic.span else 0,
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


class ProfileReport(NamedTuple):
    """What came of one profile; `unreadable` says why there was nothing to check."""

    name: str
    document: Document | None
    diagnostics: tuple[Diagnostic, ...]
    unreadable: str | None = None


def check(names: Sequence[str], output_format: Literal["text", "json"]) -> int:
    """Check every profile named and return the exit status."""
    checked = [_check(name) for name in names]
    if output_format == "json":
        say(written(checked_profiles(checked)))
    else:
        _print(checked)
    if any(one.unreadable for one in checked):
        return exits.USAGE
    return exits.FINDINGS if _count(checked, "error") + _count(checked, "warning") else exits.CLEAN


def _check(name: str) -> ProfileReport:
    try:
        found = check_profile(lambda: hardware_from(name))
    except (UnknownProfileError, SourceError) as error:
        return ProfileReport(name, None, (), screen(error).removeprefix("factsheet: "))
    diagnostics = tuple(diagnostic_of(finding, name) for finding in found.findings)
    return ProfileReport(name, found.document, diagnostics)


def _count(checked: Sequence[ProfileReport], severity: str) -> int:
    return sum(diagnostic.severity == severity for one in checked for diagnostic in one.diagnostics)


def _print(checked: Sequence[ProfileReport]) -> None:
    style = style_for(sys.stdout)
    for one in checked:
        if one.unreadable:
            say(unreadable(one.name, one.unreadable, style) + "\n")
        for diagnostic in one.diagnostics:
            say(full(diagnostic, one.document, style) + "\n")
    counts = [_count(checked, severity) for severity in ("error", "warning", "info")]
    missed = sum(one.unreadable is not None for one in checked)
    words = ", ".join(
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in zip(counts, ("error", "warning", "note"), strict=True)
    )
    words = f"{len(checked)} profile{'' if len(checked) == 1 else 's'} checked: {words}"
    words += f"; {missed} could not be read" if missed else ""
    say(style.strong(words) if missed or counts[0] or counts[1] else style.good(words))


def command(
    *,
    profiles: Annotated[
        list[str],
        typer.Argument(
            metavar="PROFILE", help="Your own .yaml files, or names.", autocompletion=complete_profiles
        ),
    ],
    output_format: TextOrJson = "text",
) -> None:
    """Check profiles: form, units, values that no chip can have, contradictions, what cannot be derived.

    Exit status: 0 no error or warning found, 1 some found, 2 unreadable input.

    Example:
      factsheet hardware check my-chip.yaml
    """
    raise typer.Exit(check(profiles, output_format))
