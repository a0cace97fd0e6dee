"""Figures with their places, the operating points that they hold at, and how messages write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from factsheet.facts.fact import At, Fact
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.parameters import OperatingPoint
    from factsheet.source.document import KeyPath


class PlacedFigure(NamedTuple):
    """A quantity of the sheet with its place."""

    quantity: Quantity
    path: KeyPath


def figure(fact: Fact | None, path: KeyPath) -> PlacedFigure | None:
    """A fact's quantity with its place; `None` where the fact is absent or is no quantity."""
    quantity = fact.quantity if fact is not None else None
    return None if quantity is None else PlacedFigure(quantity, path)


def points(sheet: SheetFields) -> Iterator[tuple[KeyPath, OperatingPoint]]:
    """Every operating point of the sheet with its place."""
    given = (sheet.parameters.operating_points or ()) if sheet.parameters else ()
    for index, point in enumerate(given):
        yield ("parameters", "operating_points", index), point


def point_figure(
    sheet: SheetFields, path: KeyPath, point: OperatingPoint, field: str, section: str
) -> PlacedFigure | None:
    """A figure that holds at an operating point: its own, or else the section's of the same name.

    Args:
        sheet: the sheet.
        path: the point's place.
        point: the operating point.
        field: the figure, named alike in the point and in the section.
        section: the section that may state it once for the sheet.
    """
    return figure(getattr(point, field), (*path, field)) or section_figure(sheet, section, field, point)


def section_figure(
    sheet: SheetFields, section: str, field: str, point: OperatingPoint
) -> PlacedFigure | None:
    """A figure stated once for the sheet, unless it is stated for another operating point."""
    holder = getattr(sheet, section)
    fact: Fact | None = getattr(holder, field) if holder is not None else None
    return figure(fact, (section, field)) if fact is not None and holds_at(fact.at, point) else None


def holds_at(at: At | None, point: OperatingPoint) -> bool:
    """Whether a figure stated for `at` can hold at a point: nothing that both name differs."""
    if at is None:
        return True
    other_length = at.seq_len is not None and at.seq_len != point.seq_len
    return not other_length and not (
        isinstance(at.batch, int) and isinstance(point.batch, int) and at.batch != point.batch
    )


def dotted(path: Sequence[str | int]) -> str:
    """Write a path as text: `parameters.operating_points[0].energy`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def mentions(figures: Iterable[PlacedFigure]) -> tuple[tuple[KeyPath, str], ...]:
    """Figures as the related places of a finding, each named by its text."""
    return tuple((path, quantity.text) for quantity, path in figures)


def written(value: float, dimension: str, digits: int = 4) -> str:
    """A value for a message: `format_value`, or words for one that arithmetic on huge figures took out of range."""
    try:
        return format_value(value, dimension, digits)
    except ValueError:
        return "more than can be written"
