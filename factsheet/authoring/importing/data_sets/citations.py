"""Read citations in BibTeX as references of a sheet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from factsheet.authoring.importing.reading import line_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.source.dumping import Data

_LONGEST: Final = 50_000
_MOST: Final = 50
_ENTRY: Final = re.compile(r"@[A-Za-z]+\s*\{\s*([^\s,{}]*)\s*,")
_FIELD: Final = re.compile(r'\b([A-Za-z]+)\s*=\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|"([^"]*)"|(\d+))')
_KEYS: Final = {
    "title": "title",
    "author": "authors",
    "journal": "venue",
    "booktitle": "venue",
    "howpublished": "venue",
    "doi": "doi",
    "eprint": "arxiv",
    "url": "url",
    "note": "note",
}


def references_in(citation: str) -> Iterator[dict[str, Data]]:
    """Yield the references of a text in BibTeX: each has an `id` and a `title`; a text without any gives none."""
    text = citation[:_LONGEST]
    entries = list(_ENTRY.finditer(text))[:_MOST]
    taken: set[str] = set()
    for number, entry in enumerate(entries):
        end = entries[number + 1].start() if number + 1 < len(entries) else len(text)
        said = _fields(text[entry.end() : end])
        if "title" not in said:
            continue
        base = _identifier(entry[1]) or _identifier(str(said["title"])) or "data"
        name = next(
            name for n in range(1, _MOST + 2) if (name := base if n == 1 else f"{base}-{n}") not in taken
        )
        taken.add(name)
        yield {"id": name, **said}


def _fields(text: str) -> dict[str, Data]:
    said: dict[str, Data] = {}
    for found in _FIELD.finditer(text):
        key, value = found[1].lower(), line_of(re.sub(r"[{}]", "", found[2] or found[3] or found[4] or ""))
        if value is None:
            continue
        if key == "year" and value.isdecimal() and len(value) == 4:  # noqa: PLR2004  digits of a year
            said.setdefault("year", int(value))
        elif key in _KEYS:
            said.setdefault(_KEYS[key], value)
    return said


def _identifier(text: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._")[:60]
