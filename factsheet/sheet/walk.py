"""Walks over a sheet: every fact with its path and provenance, every citation with its path."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.sheet.fact import Fact
from factsheet.sheet.record import Node, ProvenanceNode, SectionNode, SourcedNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.sheet.base import Provenance
    from factsheet.sheet.fact import Source
    from factsheet.sheet.model import FactSheet
    from factsheet.source import KeyPath


class Placed(NamedTuple):
    """A fact with its place and with what it inherits.

    Attributes:
        source: its own standing, else its system's, its section's or the sheet's; `None` where none says.
        evidence: reference ids, inherited together with `source`.
    """

    path: KeyPath
    fact: Fact
    source: Source | None
    evidence: tuple[str, ...]


def facts(sheet: FactSheet) -> Iterator[Placed]:
    """Every fact of the sheet, in the order of the schema."""
    yield from _facts(sheet, (), sheet.provenance)


def _facts(node: Node, path: KeyPath, inherited: Provenance | None) -> Iterator[Placed]:
    if isinstance(node, SectionNode):
        inherited = getattr(node, "provenance", None) or inherited
    for key, value in vars(node).items():
        yield from _below(value, (*path, key), inherited)


def _below(value: object, path: KeyPath, inherited: Provenance | None) -> Iterator[Placed]:
    if isinstance(value, Fact):
        source, evidence = value.source, value.evidence
        if inherited is not None:
            evidence = evidence or (inherited.evidence or () if source is None else ())
            source = source or inherited.source
        yield Placed(path, value, source, evidence)
    elif isinstance(value, Node):
        if not isinstance(value, ProvenanceNode):
            yield from _facts(value, path, inherited)
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from _below(entry, (*path, index), inherited)
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from _below(entry, (*path, key), inherited)


def citations(sheet: FactSheet) -> Iterator[tuple[KeyPath, tuple[str, ...]]]:
    """Every place that names references by id, with the ids."""
    for key, value in vars(sheet).items():
        if key != "references":  # these are what the ids name
            yield from _citations(value, (key,))


def _citations(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, tuple[str, ...]]]:
    if isinstance(value, Fact):
        if value.evidence:
            yield (*path, "evidence"), value.evidence
        return
    if isinstance(value, Node):
        for key in _CITING:
            ids = getattr(value, key, None)
            if ids and (key != "source" or isinstance(value, SourcedNode)):
                yield (*path, key), ids
    for part, entry in _entries(value):
        yield from _citations(entry, (*path, part))


_CITING = ("evidence", "references", "reference", "source")


def _entries(value: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(value, Node):
        return vars(value).items()
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, tuple) else ()
