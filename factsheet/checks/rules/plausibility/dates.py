"""The dates that a sheet states, with their places, and the days that each can mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.facts.fact import Fact
from factsheet.facts.section import Provenance, Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_WITHOUT_FIGURES = ("overview", "purpose", "setup")


class Days(NamedTuple):
    """The first and the last day that a date can mean, as year, month and day."""

    first: tuple[int, int, int]
    last: tuple[int, int, int]


def established(sheet: SheetFields) -> list[tuple[KeyPath, str]]:
    """Return every date that a figure, a section, the sheet or a system of a table has, with its place."""
    found: list[tuple[KeyPath, str]] = []
    for key, value in vars(sheet).items():
        if key not in _WITHOUT_FIGURES and isinstance(value, Record):
            _collect(value, (key,), found)
    return found


def _collect(value: object, path: KeyPath, found: list[tuple[KeyPath, str]]) -> None:
    """Gather dates below a value; a walk of its own, as `factsheet.sheet.walk` also works out what is inherited."""
    if type(value) is Fact:
        if value.date is not None:
            found.append(((*path, "date"), value.date))
        return
    if isinstance(value, Provenance):
        date = getattr(value, "date", None)
        if date is not None:
            found.append(((*path, "date"), date))
        return
    for part, below in _entries(value):
        if below is not None:
            _collect(below, (*path, part), found)


def _entries(value: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(value, Record):
        return vars(value).items()
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, tuple) else ()


def days(text: str | None) -> Days | None:
    """Return the days that `2022`, `2022-11` or `2022-11-14` can mean; `None` for what is no date."""
    parts = (text or "").split("-")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    if [len(part) for part in parts] != [4, 2, 2][: len(parts)]:
        return None
    year, month, day = (*map(int, parts), 0, 0)[:3]
    return Days((year, month or 1, day or 1), (year, month or 12, day or 31))
