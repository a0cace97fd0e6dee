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
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from factsheet.catalog.entry import CatalogEntry

SCHEMA = "factsheet.catalog/1"
GENERATOR = f"factsheet {__version__}, form 6"
"""What made an index; entries of another version are worked out anew. The form is raised where entries change."""
LARGEST = 1 << 28
"""Bytes of an index that is read; a larger one is made anew."""


class Listed(NamedTuple):
    """An entry with its page.

    Attributes:
        entry: the entry.
        page: the name of the page, empty where there is none.
        line: the entry and its page as an index has them, where they were read from one.
        reviews: digest of the reviews that the page shows; empty where it shows none.
    """

    entry: CatalogEntry
    page: str = ""
    line: str = ""
    reviews: str = ""

    def with_page(self, page: str, reviews: str = "") -> Listed:
        """Return the same with another page."""
        return (
            self
            if (page, reviews) == (self.page, self.reviews)
            else Listed(self.entry, page, reviews=reviews)
        )


def write_index(listed: Sequence[Listed], title: str, made_by: str = GENERATOR) -> str:
    """Return the index of a catalogue; `made_by` is what a later run has to be, too, to start from it."""
    head = {
        "schema": SCHEMA,
        "generator": made_by,
        "title": encodable(title),
        "figures": {
            kind.name: {"label": kind.label, "unit": DIMENSIONS[kind.dimension].base, "better": kind.better}
            for kind in KINDS
        },
    }
    rows = ",\n".join(
        one.line
        or json.dumps(
            {
                **one.entry.as_json(),
                "page": one.page or None,
                **({"reviews": one.reviews} if one.reviews else {}),
            }
        )
        for one in listed
    )
    return f'{json.dumps(head)[:-1]}, "sheets": [\n{rows}\n]}}\n'


def read_index(file: Path, made_by: str = GENERATOR) -> dict[tuple[str, str], Listed]:
    """Return what an earlier run made of each sheet, by path and digest; nothing where there is no index of ours."""
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
        lines = raw.decode().split("\n") if len(raw) <= LARGEST else [""]
        head = json.loads(f"{lines[0]}]}}")
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(head, dict) or head.get("schema") != SCHEMA or head.get("generator") != made_by:
        return {}
    return {(one.entry.path, one.entry.digest): one for one in _listed(lines[1:])}


def _listed(lines: Sequence[str]) -> Iterator[Listed]:
    for text in lines:
        line = text.removesuffix(",")
        if not line.startswith("{"):
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        entry = entry_from(row)
        page, reviews = row.get("page"), row.get("reviews", "")
        if entry is not None and (page is None or isinstance(page, str)) and isinstance(reviews, str):
            yield Listed(entry, page or "", line, reviews)
