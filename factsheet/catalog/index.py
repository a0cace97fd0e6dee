"""The index of a catalogue as JSON, `factsheet.catalog/1`: what it says of each sheet, a line for each.

It is also what the next run starts from: entries of files that have not changed are taken from it. Keys are only ever
added to version 1.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from factsheet._version import __version__
from factsheet.catalog.entry import entry_from
from factsheet.catalog.figures import KINDS
from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.reports.text import encodable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from factsheet.catalog.entry import CatalogEntry

SCHEMA = "factsheet.catalog/1"
GENERATOR = f"factsheet {__version__}, form 2"
"""What made an index; entries of another version are worked out anew. The form is raised where entries change."""
LARGEST = 1 << 28
"""Bytes of an index that is read; a larger one is made anew."""


class Listed(NamedTuple):
    """An entry with its page, whose name is empty where there is none."""

    entry: CatalogEntry
    page: str = ""


def write_index(listed: Sequence[Listed], title: str) -> str:
    """Return the index of a catalogue."""
    head = {
        "schema": SCHEMA,
        "generator": GENERATOR,
        "title": encodable(title),
        "figures": {
            kind.name: {"label": kind.label, "unit": DIMENSIONS[kind.dimension].base, "better": kind.better}
            for kind in KINDS
        },
    }
    rows = ",\n".join(json.dumps({**one.entry.as_json(), "page": one.page or None}) for one in listed)
    return f'{json.dumps(head)[:-1]}, "sheets": [\n{rows}\n]}}\n'


def read_index(file: Path) -> dict[tuple[str, str], Listed]:
    """Return what an earlier run made of each sheet, by path and digest; nothing where there is no index of ours."""
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
        data = json.loads(raw) if len(raw) <= LARGEST else None
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(data, dict) or data.get("schema") != SCHEMA or data.get("generator") != GENERATOR:
        return {}
    return {(one.entry.path, one.entry.digest): one for one in _listed(data)}


def _listed(data: Mapping[str, object]) -> Iterator[Listed]:
    rows = data.get("sheets")
    for row in rows if isinstance(rows, list) else ():
        entry = entry_from(row)
        page = row.get("page") if isinstance(row, dict) else None
        if entry is not None:
            yield Listed(entry, page if isinstance(page, str) else "")
