"""Keep figures beside the references that they were cited with, where two sheets give one id to different things."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.imported import NEW_ROW

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from factsheet.authoring.found import Found
    from factsheet.source.dumping import Data

SECTION = "references"
_CITING = frozenset({"evidence", "reference", "references", "source"})
"""Keys that name references; a `source` is one of an erratum or a figure, and else a word that is no id."""
_LOCATORS = ("doi", "arxiv", "url")


def with_own_references(facts: Iterable[Found], known: Sequence[Any]) -> list[Found]:
    """Return the facts of a source with ids of references that mean the same in the sheet that they go into.

    A reference that the sheet has by another id is cited by that one. Of two with one id, the new one gets another.
    Two of the source itself that share an id are a fault of the source, and keep sharing one: which of them a figure
    cites is not to be told, so that neither is taken for one of the sheet, and both are kept.

    Args:
        facts: what the source states, its references among them.
        known: the references of the sheet, as plain data.
    """
    facts = list(facts)
    rows = [row for row in known if isinstance(row, dict) and "id" in row]
    there = {str(row["id"]) for row in rows}
    stated: dict[str, list[Mapping[str, Any]]] = {}
    for found in facts:
        if found.path == (SECTION, NEW_ROW) and isinstance(found.value, dict):
            stated.setdefault(str(found.value.get("id")), []).append(found.value)
    taken = {*there, *stated}
    ids: dict[str, str] = {}
    for own, references in stated.items():
        alone = references[0] if len(references) == 1 else {}
        same = next((str(row["id"]) for row in rows if _are_one(row, alone)), None)
        if same is None and own in there:
            same = next(name for n in range(2, len(taken) + 3) if (name := f"{own}-{n}") not in taken)
            taken.add(same)
        if same is not None and same != own:
            ids[own] = same
    return [replace(found, value=_renamed(found, ids)) for found in facts] if ids else facts


def _are_one(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two references are of one publication: by where it is, else by its title."""
    shared = [key for key in _LOCATORS if key in one and key in other]
    if shared:
        return any(_plain(one[key]) == _plain(other[key]) for key in shared)
    return bool(one.get("title")) and _plain(one.get("title")) == _plain(other.get("title"))


def _plain(value: object) -> str:
    return " ".join(str(value).casefold().split()).rstrip("/.")


def _renamed(found: Found, ids: Mapping[str, str]) -> Data:
    if found.path == (SECTION, NEW_ROW) and isinstance(found.value, dict):
        own = str(found.value.get("id"))
        return {**found.value, "id": ids.get(own, own)}
    return _within(found.value, str(found.path[-1]), ids)


def _within(value: Data, key: str, ids: Mapping[str, str]) -> Data:
    if isinstance(value, dict):
        return {name: _within(inner, name, ids) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_within(inner, key, ids) for inner in value]
    return ids.get(value, value) if isinstance(value, str) and key in _CITING else value
