"""Write the rows of a sweep: to a file, to standard output, or as a table for a person."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from factsheet.cli.terminal import console_for, grid_of, print_grid, print_text, text_of
from factsheet.crossbar.cost.figures import DIMENSIONS
from factsheet.crossbar.cost.figures import FIGURES as NAMES
from factsheet.errors import UsageError
from factsheet.quantities.quantity import format_value
from factsheet.source.writing import atomic_file
from factsheet.sweeps.columns import COLUMNS, FIGURES
from factsheet.sweeps.evaluation import FACTORS
from factsheet.sweeps.writers import open_writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from factsheet.sweeps.columns import Chunk, Value
    from factsheet.sweeps.tally import SweepTally
    from factsheet.sweeps.writers import FileFormat, Writer

_NAMED = ("source", "network", "hardware", "structure")
_LEFT_OUT = {"interval", "area_tiles", "area_chips"}
"""Figures that are in files and not in the table, which would be too wide."""
_PLAIN = {"efficiency": "inferences/s/W", "throughput": "inferences/s", "tops_per_watt": "TOPS/W"}
"""Figures whose unit is their title."""


def table(chunks: Sequence[Chunk], rows: int, tally: SweepTally, *, to_file: bool) -> str:
    """The rows as text.

    Args:
        chunks: those that are shown.
        rows: how many there are in all.
        tally: the account of the sweep.
        to_file: whether the text goes to a file, which no terminal has a width or colours for.
    """
    buffer = io.StringIO()
    console = console_for(buffer, to_file=to_file, pipe_width=160)
    columns = {
        name: [value for chunk in chunks for value in chunk.columns[name]]
        for name in (chunks[0].columns if chunks else ())
    }
    cells = {**_axes(columns), **_figures(columns)} if columns else {}
    for line in _heading(columns):
        print_text(console, line)
    if cells:
        from rich.text import Text  # only tables need it

        grid = grid_of(*((title, "left" if title in _NAMED else "right") for title in cells))
        for row in zip(*cells.values(), strict=True):
            grid.add_row(*map(Text, row))
        print_text(console, "")
        print_grid(console, grid)
    shown = sum(chunk.rows for chunk in chunks)
    if rows > shown:
        print_text(console, f"\n{rows - shown:,} more rows; -o sweep.csv writes all of them")
    for line in (*_standings(columns), *tally.gaps()):
        print_text(console, f"  {line}")
    return text_of(buffer)


def _heading(columns: dict[str, list[Value]]) -> list[str]:
    """Return what all rows have in common."""
    if not columns:
        return ["no rows"]
    same = {name: values[0] for name, values in columns.items() if len(set(values)) == 1}
    first = f"{same['network']} ({same['source']})" if {"network", "source"} <= same.keys() else ""
    parts = [str(same[name]) for name in ("hardware", "structure") if name in same]
    if {"tile_rows", "tile_cols"} <= same.keys() and same["tile_rows"] is not None:
        parts.append(f"tiles of {same['tile_rows']} x {same['tile_cols']}")
    parts += [
        f"{words} {same[name]}"
        for name, words in (("seq_len", "sequence length"), ("batch", "batch"))
        if same.get(name) is not None
    ]
    return [line for line in (first, ", ".join(parts)) if line]


def _axes(columns: dict[str, list[Value]]) -> dict[str, list[str]]:
    """Return the columns that distinguish rows."""
    varying = {name for name, values in columns.items() if len(set(values)) > 1}
    cells: dict[str, list[str]] = {}
    if "source" in varying:
        cells["source"] = [str(value) for value in columns["source"]]
    for name, title in (("hardware",) * 2, ("structure",) * 2, ("seq_len", "sequence"), ("batch",) * 2):
        if name in varying:
            cells[title] = [f"{value:,}" if isinstance(value, int) else str(value) for value in columns[name]]
    if varying & {"tile_rows", "tile_cols"}:
        pairs = zip(columns["tile_rows"], columns["tile_cols"], strict=True)
        cells["tile"] = ["-" if height is None else f"{height} x {width}" for height, width in pairs]
    return cells


def _figures(columns: dict[str, list[Value]]) -> dict[str, list[str]]:
    """Figures that at least one row has."""
    cells: dict[str, list[str]] = {}
    for column, name in zip(FIGURES, NAMES, strict=True):
        values = columns[column.name]
        if name in _LEFT_OUT or all(value is None for value in values):
            continue
        factor, dimension = FACTORS.get(name, 1.0), DIMENSIONS[name]
        if name in _PLAIN:
            cells[_PLAIN[name]] = [_number(value) for value in values]
            continue
        cells[name] = [_written(value, factor, dimension) for value in values]
        if name == "latency":
            lows, highs = columns["latency_low_s"], columns["latency_high_s"]
            cells["over structures"] = [
                "-" if low is None else f"{_written(low, 1.0, 'time')} to {_written(high, 1.0, 'time')}"
                for low, high in zip(lows, highs, strict=True)
            ]
    if any(value is not None for value in columns["tiles"]):
        cells["tiles"] = [_count(value) for value in columns["tiles"]]
    if set(columns["chips"]) - {1, None}:
        cells["chips"] = [_count(value) for value in columns["chips"]]
    return cells


def _count(value: Value) -> str:
    """Return a number of tiles or chips; a digital device has none."""
    return "-" if value is None else f"{value:,}"


def _written(value: Value, factor: float, dimension: str) -> str:
    if not isinstance(value, int | float):
        return "-"
    return format_value(value / factor, dimension)


def _number(value: Value) -> str:
    if not isinstance(value, int | float):
        return "-"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"  # noqa: PLR2004  four digits, one way or the other


def _standings(columns: dict[str, list[Value]]) -> Iterable[str]:
    """Yield how well each profile's figures are founded, in a line each."""
    if not columns:
        return
    by_chip: dict[str, dict[str, list[str]]] = {}
    for row, hardware in enumerate(columns["hardware"]):
        of_profile = by_chip.setdefault(str(hardware), {})
        for column, name in zip(FIGURES, NAMES, strict=True):
            standing = columns[f"{column.name}_standing"][row]
            if standing is not None and name not in _LEFT_OUT:
                names = of_profile.setdefault(str(standing), [])
                if name not in names:
                    names.append(name)
    for hardware_, standings in by_chip.items():
        parts = (f"{', '.join(names)} {standing}" for standing, names in standings.items())
        yield f"{hardware_}: {'; '.join(parts)}"


MOST_ROWS = 200
"""Of a table; more are not read but worked on, in a file."""


class FileOutlet:
    """Rows to a file, or to standard output, where nothing is written before there are some."""

    def __init__(self, file_format: FileFormat, output: Path | None, stack: ExitStack) -> None:
        self._format, self._output, self._stack = file_format, output, stack
        self._writer: Writer | None = None
        if output is not None:
            self._opened()  # a file that cannot be written is refused before anything is worked out

    def write(self, chunk: Chunk) -> None:
        """Write some rows."""
        self._opened().write(chunk)

    def finish(self, tally: SweepTally) -> None:
        """Write what comes at the end."""
        self._opened().finish(tally.named())

    def _opened(self) -> Writer:
        if self._writer is None:
            if self._output is not None:
                stream = self._stack.enter_context(atomic_file(self._output))
            elif sys.stdout is None:
                raise UsageError("standard output is closed", help="give a file with -o")
            else:
                stream = sys.stdout.buffer
            self._writer = open_writer(self._format, stream, COLUMNS)
            self._stack.push(self._ended)
        return self._writer

    def _ended(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and self._writer is not None:
            self._writer.abandon()


class TableOutlet:
    """The first rows, kept for a table; the rest is counted."""

    def __init__(self) -> None:
        self._chunks: list[Chunk] = []
        self._kept = self._rows = 0

    def write(self, chunk: Chunk) -> None:
        """Keep some rows."""
        room = MOST_ROWS - self._kept
        if room > 0:
            self._chunks.append(chunk.only(range(min(room, chunk.rows))))
            self._kept += min(room, chunk.rows)
        self._rows += chunk.rows

    def finish(self, tally: SweepTally) -> None:
        """Write nothing: a table needs everything to be known."""

    def text(self, tally: SweepTally, *, to_file: bool) -> str:
        """Return the table."""
        return table(self._chunks, self._rows, tally, to_file=to_file)
