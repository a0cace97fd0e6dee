"""From files to entries: each sheet is read and recomputed once, and only anew when its bytes have changed."""

from __future__ import annotations

from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from factsheet.catalog.entry import CatalogEntry, Recomputed
from factsheet.catalog.facets import facets_of
from factsheet.catalog.figures import facts_by_path, figures_of
from factsheet.errors import DeriveError, WorkloadError
from factsheet.recompute.engine import recompute
from factsheet.reports.text import one_line
from factsheet.sheet.load import read_factsheet
from factsheet.sheet.walk import facts
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.recompute.derivation import Derivation
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.walk import Placed
    from factsheet.source.loader import Loaded

MOST_FAULTS = 3
"""Faults of an invalid sheet that its entry names; `factsheet validate` has them all."""
_SUMMARY = 280
_DETAILS = {
    "Applications": "purpose.applications",
    "Out of scope": "purpose.out_of_scope",
    "Chip": "hardware.inference.chip",
    "Hardware profile": "hardware.inference.profile",
    "Node": "hardware.inference.node",
    "Tasks in the test data": "test_data.tasks",
    "Test data": "test_data.name",
    "Training data": "training_data.name",
    "Energy includes": "performance.energy_boundary",
    "One inference is": "performance.inference_unit",
    "Weights": "setup.weights",
    "Code": "setup.implementation",
}


class Described(NamedTuple):
    """A sheet with its entry: the sheet is `None` where it is not valid."""

    entry: CatalogEntry
    sheet: SheetFields | None
    placed: Mapping[str, Placed]


def digest_of_bytes(raw: bytes) -> str:
    """Return the digest by which a file is known again."""
    return f"sha256:{sha256(raw).hexdigest()}"


def describe(raw: bytes, path: str) -> Described:
    """Read a sheet from its bytes and return it with its entry; whatever the bytes are, there is one.

    Args:
        raw: what the file holds.
        path: the file, for people.
    """
    return described(load_bytes(raw, path), path, digest_of_bytes(raw))


def described(loaded: Loaded, path: str, digest: str) -> Described:
    """Return a sheet that was read with its entry."""
    data = None if loaded.document is None else loaded.document.data
    sheet, misfits = (None, ()) if data is None else read_factsheet(data)
    faults = [
        *(one_line(problem.message) for problem in loaded.problems),
        *(one_line(misfit.message) for misfit in misfits),
    ]
    if sheet is None or faults:
        return Described(_invalid(path, digest, faults, data), None, {})
    placed = facts_by_path(facts(sheet))
    return Described(_entry(sheet, placed, path, digest), sheet, placed)


def _invalid(path: str, digest: str, faults: list[str], data: object) -> CatalogEntry:
    left = len(faults) - MOST_FAULTS
    more = (f"and {left} more: `factsheet validate` names them all",) if left > 0 else ()
    return CatalogEntry(
        path=path,
        digest=digest,
        name=_name_in(data) or PurePosixPath(path).name,
        faults=(*faults[:MOST_FAULTS], *more) or ("it cannot be read as a sheet",),
    )


def _name_in(data: object) -> str:
    """Return the title that a sheet has although something of it does not fit; empty where it has none."""
    for key in ("overview", "name", "value"):
        if isinstance(data, dict):
            data = data.get(key)
    return _cut(one_line(data)) if isinstance(data, str) else ""


def _entry(sheet: SheetFields, placed: Mapping[str, Placed], path: str, digest: str) -> CatalogEntry:
    derivation = _derivation(sheet)
    figures = figures_of(sheet, placed, derivation)

    def words(field: str) -> str:
        found = placed.get(field)
        return "" if found is None or found.fact.absence is not None else one_line(found.fact.words())

    return CatalogEntry(
        path=path,
        digest=digest,
        name=one_line(sheet.overview.name.words()),
        model=words("overview.model"),
        summary=_cut(words("overview.summary")),
        version=words("overview.version"),
        date=words("overview.date"),
        organisation=words("overview.organisation"),
        licence=words("overview.licence"),
        facets=facets_of(sheet, placed, figures),
        figures=figures,
        recomputed=_recomputed(derivation),
        details={label: _cut(said) for label, field in _DETAILS.items() if (said := words(field))},
    )


def _derivation(sheet: SheetFields) -> Derivation | None:
    try:
        return recompute(sheet)
    except (DeriveError, WorkloadError):
        return None


def _recomputed(derivation: Derivation | None) -> Recomputed:
    judged = (
        [] if derivation is None else [fact for fact in derivation.facts if fact.verdict.fits is not None]
    )
    return Recomputed(
        compared=len(judged),
        differing=tuple(fact.path for fact in judged if fact.verdict.fits is False),
    )


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SUMMARY else f"{text[: _SUMMARY - 1].rstrip()}…"
