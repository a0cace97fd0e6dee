"""Lay out the grid of operating points: its table, and the chips that the explorer can show it for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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


class GridRow(NamedTuple):
    """One operating point; `at` is what the sliders look it up by.

    Attributes:
        beyond: whether it is beyond what the chip is designed for.
    """

    at: str
    published: bool
    cells: tuple[str, ...]
    beyond: bool = False


class ChipChoice(NamedTuple):
    """A chip that the explorer can show: its name, and the cells that differ from the grid's, row by row.

    A cell that is as the one above it is left empty; of the grid's own chip there are none, as the table has them.
    """

    name: str
    cells: str


class GridTable(NamedTuple):
    """The grid as a table, and the chips that its last columns can show, the grid's own first."""

    header: tuple[str, ...]
    rows: tuple[GridRow, ...]
    chips: tuple[ChipChoice, ...]
    bases: str = ""
    """What the cells of the chips leave out behind each of their units, such as the `s` of µs; by column."""


def grid_table(grid: OperatingGrid, *, chips: bool = True) -> GridTable:
    """Return a grid as a table; figures that no point has get no column.

    A column names its unit in its heading where that is one for all points of all chips.

    Args:
        grid: the points.
        chips: whether there is something to choose another chip with.
    """
    columns = [
        column for column in _COLUMNS if any(getattr(point, column[0]) is not None for point in grid.points)
    ]
    own = [_texts(grid.points, column) for column in columns]
    first = next((at for at, column in enumerate(columns) if column[0] in _OF_CHIP), len(columns))
    choices = grid.choices if chips else ()
    others = [[_texts(found.points, column) for column in columns[first:]] for found in choices]
    units = [
        _unit(own[at], *(other[at - first] for other in others if at >= first)) for at in range(len(columns))
    ]
    cells = _lines(own, units)
    here = None if grid.published is None else (grid.published.seq_len, grid.published.batch)
    rows = tuple(
        GridRow(
            f"{point.batch}" if grid.without_length else f"{point.seq_len} {point.batch}",
            (point.seq_len, point.batch) == here,
            (*(() if grid.without_length else (f"{point.seq_len:,}",)), f"{point.batch:,}", *texts),
            grid.design is not None and not grid.design.holds(point),
        )
        for point, texts in zip(grid.points, cells, strict=True)
    )
    titles = (
        f"{title} ({unit})" if unit else title for (_, title, _), unit in zip(columns, units, strict=True)
    )
    names = (grid.chip, *(f"{found.chip}: {found.tiles:,} tiles" for found in choices))
    bases = [
        "" if units[at] else _base(own[at], *(other[at - first] for other in others))
        for at in range(first, len(columns))
    ]
    lines = (_lines(made, units[first:]) for made in (own[first:], *others))
    return GridTable(
        (*(() if grid.without_length else ("Sequence length",)), "Batch", *titles),
        rows,
        tuple(
            ChipChoice(name, "|".join(";".join(line) for line in _without_repeats(made)) if place else "")
            for place, (name, made) in enumerate(zip(names, _short(lines, bases), strict=True))
        )
        if choices
        else (),
        ";".join(bases),
    )


def _base(*columns: Sequence[str]) -> str:
    """Return the letter that the units of all figures end with, such as the `s` of µs and ms; empty without one."""
    ends = {text[-1:] for column in columns for text in column if text != "–"}
    short = all(len(text.partition(" ")[2]) <= len("µs") for column in columns for text in column)
    return ends.pop() if short and len(ends) == 1 and ends <= {"s", "J"} else ""


def _short(tables: Iterable[Sequence[Sequence[str]]], bases: Sequence[str]) -> Iterator[list[list[str]]]:
    """Yield lines of cells without the space and the letter that the script puts back: `11.88 µs` as `11.88µ`."""
    for lines in tables:
        yield [
            [
                text.replace(" ", "").removesuffix(base) if base and text != "–" else text
                for text, base in zip(line, bases, strict=True)
            ]
            for line in lines
        ]


def _without_repeats(lines: Sequence[Sequence[str]]) -> Iterable[list[str]]:
    """Yield the lines, each without the cells that are as those above them."""
    above: Sequence[str] = ()
    for line in lines:
        yield ["" if place < len(above) and text == above[place] else text for place, text in enumerate(line)]
        above = line


def _texts(points: Iterable[GridPoint], column: tuple[str, str, str]) -> list[str]:
    name, _, dimension = column
    values: Iterable[float | None] = (getattr(point, name) for point in points)
    return ["–" if value is None else format_value(value, dimension, _DIGITS) for value in values]


def _unit(*columns: Sequence[str]) -> str:
    """Return the unit that all figures have; empty where they have several."""
    found = {text.partition(" ")[2] for column in columns for text in column if text != "–"}
    return found.pop() if len(found) == 1 else ""


def _lines(columns: Sequence[Sequence[str]], units: Sequence[str]) -> list[tuple[str, ...]]:
    """Return columns as lines, without the units that their headings name."""
    bare = (
        [text.partition(" ")[0] if unit else text for text in column]
        for column, unit in zip(columns, units, strict=True)
    )
    return list(zip(*bare, strict=True))
