"""The operating points of a sheet with their places, and how messages write a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.parameters import OperatingPoint
    from factsheet.source.document import KeyPath


def points(sheet: SheetFields) -> Iterator[tuple[KeyPath, OperatingPoint]]:
    """Yield every operating point of the sheet with its place."""
    given = (sheet.parameters.operating_points or ()) if sheet.parameters else ()
    for index, point in enumerate(given):
        yield ("parameters", "operating_points", index), point


def written(value: float, dimension: str, digits: int = 4) -> str:
    """Write a value for a message: by `format_value`, or in words where huge figures took it out of range."""
    try:
        return format_value(value, dimension, digits)
    except ValueError:
        return "more than can be written"
