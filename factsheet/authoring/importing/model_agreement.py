"""Hold the network that a sheet declares against a model, so that a sheet that its model has left behind is noticed.

A sheet that declares no network has its figures compared instead. How the network is put on tiles is the author's
decision, and no model says it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.authoring.assignment import absence_of
from factsheet.authoring.found import fact_at
from factsheet.authoring.network_section import section_of
from factsheet.networks.declared import SECTION, declared_family
from factsheet.sheet.answers import as_written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.networks.operators import Network
    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.request import Request
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

LISTED = "operators"
"""The key of a network that is listed operator by operator; names in it are the author's."""
_ON_THE_CHIP = ("fused_qkv",)
_SIDE = "_on_tiles"


class NetworkDisagreement(NamedTuple):
    """A fact of a sheet that a model contradicts.

    Attributes:
        path: of the fact.
        stated: what the sheet has there.
        given: what the model gives.
    """

    path: KeyPath
    stated: str
    given: str


def disagreements(
    sheet: SheetFields, source: str, request: Request, derivation: Derivation
) -> tuple[NetworkDisagreement, ...]:
    """Return what of a sheet a model contradicts.

    Args:
        sheet: the sheet.
        source: the model, as for `inspect_source`.
        request: the operating point that both are read at.
        derivation: what follows for the sheet from the model's network.

    Raises:
        WorkloadError: the model cannot be read, or the sheet declares several networks.
    """
    family = declared_family(sheet.model_architecture)
    if family is None:
        return tuple(_figures(derivation))
    model = section_of(source, request)
    if family.key != model.key or model.key == LISTED:
        ours = section_of(sheet, request)
        return tuple(_matrices(ours.network, model.network, (SECTION, family.key)))
    data = as_written(sheet.model_dump(exclude_none=True, warnings=False))[SECTION][family.key]
    return tuple(_dimensions(sheet, data, model.declared, (SECTION, family.key)))


def _figures(derivation: Derivation) -> Iterator[NetworkDisagreement]:
    """Yield the stated figures that follow from the network alone and differ."""
    for fact in derivation.facts:
        if fact.claim is not None and fact.standing == "structure" and fact.verdict.fits is False:
            yield NetworkDisagreement(fact.claim.path, fact.claim.quantity.text, fact.text)


def _dimensions(sheet: SheetFields, stated: Any, given: Any, path: KeyPath) -> Iterator[NetworkDisagreement]:
    """Yield the dimensions that both have and that are not the same."""
    stated, given = _bare(stated), _bare(given)
    if absence_of(stated) or absence_of(given):
        return
    if isinstance(stated, dict) and isinstance(given, dict):
        for key in stated.keys() & given.keys():
            if key not in _ON_THE_CHIP and not key.endswith(_SIDE):
                yield from _dimensions(sheet, stated[key], given[key], (*path, key))
    elif isinstance(stated, list) and isinstance(given, list) and len(stated) == len(given):
        for number, (ours, theirs) in enumerate(zip(stated, given, strict=True)):
            yield from _dimensions(sheet, ours, theirs, (*path, number))
    elif not _same(sheet, stated, given, path):
        yield NetworkDisagreement(path, _shown(stated), _shown(given))


def _same(sheet: SheetFields, stated: Any, given: Any, path: KeyPath) -> bool:
    fact = fact_at(sheet, path)
    quantity = None if fact is None else fact.quantity
    if quantity is not None and isinstance(given, int | float) and not isinstance(given, bool):
        return quantity.meant.contains(given)
    return str(stated).casefold() == str(given).casefold()


def _matrices(ours: Network, model: Network, path: KeyPath) -> Iterator[NetworkDisagreement]:
    """Yield a difference of stored matrices; the model may end in heads that the sheet does not declare."""
    wanted, there = _stored(ours), _stored(model)
    missing, more = wanted - there, there - wanted
    heads = Counter(_sizes(model)[_body(model) :])
    if missing or more - heads:
        yield NetworkDisagreement(
            path, _counted(missing) or "no further ones", _counted(more) or "none of these"
        )


def _sizes(network: Network) -> list[tuple[int, int]]:
    """Return the size of each stored matrix, in the order of the first use."""
    stored: dict[str, tuple[tuple[int, int], ...]] = {}
    for matrix in network.static:
        stored.setdefault(matrix.storage, ((matrix.rows, matrix.cols),) * matrix.matrices)
    return [size for sizes in stored.values() for size in sizes]


def _stored(network: Network) -> Counter[tuple[int, int]]:
    return Counter(_sizes(network))


def _body(network: Network) -> int:
    """Return how many matrices come before the heads: those of blocks that repeat, else all but the last."""
    sizes = _sizes(network)
    for length in range(1, len(sizes) // 2 + 1):
        for end in range(len(sizes), max(len(sizes) - _MOST_HEADS, 2 * length) - 1, -1):
            if sizes[end - length : end] == sizes[end - 2 * length : end - length]:
                return end
    return max(len(sizes) - 1, 0)


_MOST_HEADS = 3
"""Matrices behind the last block: a pooler, a transform, an output layer."""


def _counted(sizes: Counter[tuple[int, int]]) -> str:
    return ", ".join(f"{count:,} of {rows:,} x {cols:,}" for (rows, cols), count in sorted(sizes.items()))


def _bare(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) and "value" in value else value


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return f"{len(value)} entries"
    return str(value).lower() if isinstance(value, bool) else str(value)
