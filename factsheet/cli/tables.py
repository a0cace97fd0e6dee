"""Tables on a terminal: as wide as it is, coloured only where a person looks."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from factsheet.cli.terminal import style_for

if TYPE_CHECKING:
    import io

    from rich.console import Console
    from rich.table import Table

_PIPE_WIDTH = 120
_LONGEST = 28
"""Characters of a word that stays in one piece: the name of any derived fact, any number."""


def console_for(buffer: io.StringIO, *, to_file: bool, pipe_width: int = _PIPE_WIDTH) -> Console:
    """A console that writes into a buffer as it would to standard output, or to a file."""
    from rich.console import Console  # 40 ms that only tables need

    stream = None if to_file else sys.stdout
    watched = stream is not None and stream.isatty()
    width = pipe_width
    if watched:
        try:
            width = max(os.get_terminal_size(sys.stdout.fileno()).columns, 60)
        except OSError:
            width = 80
    coloured = style_for(stream).coloured
    return Console(
        file=buffer,
        width=width,
        force_terminal=coloured,
        no_color=not coloured,
        color_system="standard" if coloured else None,
        highlight=False,
        legacy_windows=False,
    )


def print_text(console: Console, text: str) -> None:
    """Write prose as it is."""
    # Markup off: square brackets of a sheet are text. Soft wrap: prose is the terminal's to break.
    console.print(text, markup=False, soft_wrap=True)


def grid_of(*columns: tuple[str, str]) -> Table:
    """A table without lines; each column with its title and `left` or `right`."""
    from rich.table import Table  # see `console_for`

    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", show_edge=False)
    for title, justify in columns:
        grid.add_column(title, justify="right" if justify == "right" else "left", overflow="fold")
    return grid


def print_grid(console: Console, grid: Table) -> None:
    """Write a table; where it is wider than the terminal, neither a number nor the name of a row breaks in itself."""
    for column in grid.columns:
        if column.justify == "right" or column is grid.columns[0]:
            words = (word for cell in (column.header, *column.cells) for word in str(cell).split())
            column.min_width = min(max(map(len, words), default=0), _LONGEST)
    console.print(grid, crop=False)


def number(value: float | None) -> str:
    """A number with its thousands apart, `-` for none."""
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def text_of(buffer: io.StringIO) -> str:
    """What was written, without spaces at the ends of lines."""
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"
