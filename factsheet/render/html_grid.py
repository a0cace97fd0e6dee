"""The grid of operating points as a table: numbers for the script, texts for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.sheet.quantity import format_value

if TYPE_CHECKING:
    from factsheet.views.grid import GridPoint, OperatingGrid

_DIGITS = 4
_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("ops", "Operations", "ops"),
    ("analog_ops", "In analog memory", "ops"),
    ("digital_ops", "Digital", "ops"),
    ("latency_s", "Time of a run", "time"),
    ("energy_j", "Energy of a run", "energy"),
    ("efficiency", "Energy efficiency", "inferences_per_second_per_watt"),
)


class Cell(NamedTuple):
    """One figure: a number to reckon with, empty where nothing is known, and a text to read."""

    value: str
    text: str


class Row(NamedTuple):
    """One operating point; `at` is what the sliders look it up by."""

    at: str
    published: bool
    cells: tuple[Cell, ...]


def grid_table(grid: OperatingGrid) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """The heading and the rows of a grid; figures that no point has get no column."""
    columns = [
        column for column in _COLUMNS if any(getattr(point, column[0]) is not None for point in grid.points)
    ]
    header = ("Sequence length", "Batch", *(title for _, title, _ in columns))
    here = None if grid.published is None else (grid.published.seq_len, grid.published.batch)
    rows = tuple(
        Row(
            f"{point.seq_len} {point.batch}",
            (point.seq_len, point.batch) == here,
            (
                Cell(str(point.seq_len), f"{point.seq_len:,}"),
                Cell(str(point.batch), f"{point.batch:,}"),
                *(_cell(point, name, dimension) for name, _, dimension in columns),
            ),
        )
        for point in grid.points
    )
    return header, rows


def _cell(point: GridPoint, name: str, dimension: str) -> Cell:
    value: float | None = getattr(point, name)
    if value is None:
        return Cell("", "–")
    return Cell(f"{value:.12g}", format_value(value, dimension, _DIGITS))
