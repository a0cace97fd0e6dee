"""Lay out the grid of operating points: its table, and the chips that the explorer can show it for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from factsheet.recompute.operating_grid import GridPoint, OperatingGrid

_DIGITS = 4
_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("ops", "Operations", "ops"),
    ("analog_ops", "In analog memory", "ops"),
    ("digital_ops", "Digital", "ops"),
    ("latency_s", "Time of a run", "time"),
    ("energy_j", "Energy of a run", "energy"),
    ("efficiency", "Energy efficiency", "inferences_per_second_per_watt"),
)


_OF_CHIP = frozenset({"latency_s", "energy_j", "efficiency"})
"""The columns that depend on the chip; they come last."""


class GridCell(NamedTuple):
    """One figure: a number to reckon with, empty where nothing is known, and a text to read."""

    value: str
    text: str


class GridRow(NamedTuple):
    """One operating point; `at` is what the sliders look it up by.

    Attributes:
        beyond: whether it is beyond what the chip is designed for.
    """

    at: str
    published: bool
    cells: tuple[GridCell, ...]
    beyond: bool = False


def grid_table(grid: OperatingGrid) -> tuple[tuple[str, ...], tuple[GridRow, ...]]:
    """Return the heading and the rows of a grid; figures that no point has get no column."""
    columns = _columns(grid)
    header = ("Sequence length", "Batch", *(title for _, title, _ in columns))
    here = None if grid.published is None else (grid.published.seq_len, grid.published.batch)
    rows = tuple(
        GridRow(
            f"{point.seq_len} {point.batch}",
            (point.seq_len, point.batch) == here,
            (
                GridCell(str(point.seq_len), f"{point.seq_len:,}"),
                GridCell(str(point.batch), f"{point.batch:,}"),
                *(_cell(point, name, dimension) for name, _, dimension in columns),
            ),
            grid.design is not None and not grid.design.holds(point),
        )
        for point in grid.points
    )
    return header, rows


def with_units_in_header(
    header: Sequence[str], rows: Sequence[GridRow]
) -> tuple[tuple[str, ...], tuple[GridRow, ...]]:
    """Return a grid whose columns of one unit name it in their heading: on paper the cells have no room for it."""
    units = []
    for column in zip(*(row.cells for row in rows), strict=True):
        found = {cell.text.partition(" ")[2] for cell in column if cell.value}
        units.append(found.pop() if len(found) == 1 else "")
    named = tuple(f"{title} ({unit})" if unit else title for title, unit in zip(header, units, strict=True))
    return named, tuple(
        row._replace(
            cells=tuple(
                cell._replace(text=cell.text.partition(" ")[0]) if unit else cell
                for cell, unit in zip(row.cells, units, strict=True)
            )
        )
        for row in rows
    )


class ChipChoice(NamedTuple):
    """A chip that the explorer can show: its name, and the cells that differ from the grid's, row by row."""

    name: str
    cells: str


def chip_choices(grid: OperatingGrid) -> tuple[ChipChoice, ...]:
    """Return the chips to choose from, the grid's own first; empty where there is nothing to choose."""
    if not grid.choices:
        return ()
    columns = [column for column in _columns(grid) if column[0] in _OF_CHIP]
    return (
        ChipChoice(grid.chip, _chip_cells(grid.points, columns)),
        *(
            ChipChoice(f"{found.chip}: {found.tiles:,} tiles", _chip_cells(found.points, columns))
            for found in grid.choices
        ),
    )


def _columns(grid: OperatingGrid) -> list[tuple[str, str, str]]:
    return [
        column for column in _COLUMNS if any(getattr(point, column[0]) is not None for point in grid.points)
    ]


def _chip_cells(points: Iterable[GridPoint], columns: Sequence[tuple[str, str, str]]) -> str:
    rows = (
        ";".join(_cell(point, name, dimension).text for name, _, dimension in columns) for point in points
    )
    return "|".join(rows)


def _cell(point: GridPoint, name: str, dimension: str) -> GridCell:
    value: float | None = getattr(point, name)
    if value is None:
        return GridCell("", "–")
    return GridCell(f"{value:.12g}", format_value(value, dimension, _DIGITS))
