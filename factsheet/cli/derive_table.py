"""The table that `factsheet derive` prints: claims beside derived facts, then the matrices, then the notes."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from factsheet.cli.terminal import style_for

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from factsheet.derive import Derivation, DerivedFact, Layer

_PIPE_WIDTH = 120
_VERDICTS = {
    "agree": ("agrees", "green"),
    "rounds_to": ("rounds to it", "green"),
    "within": ("within what it says", "green"),
    "differs_by": ("differs by", "red"),
    "unclaimed": ("not claimed", ""),
    "not_derivable": ("not derivable", "yellow"),
}


def table(derivation: Derivation, name: str, *, to_file: bool) -> str:
    """The derivation as text, coloured only where a person looks.

    Args:
        derivation: what was derived.
        name: the sheet's name for people.
        to_file: whether the text goes to a file, which no terminal has a width or colours for.
    """
    buffer = io.StringIO()
    console = _console(buffer, to_file=to_file)
    _print(console, _heading(derivation, name))
    console.print(_facts(derivation.facts))
    if derivation.layers:
        console.print(_layers(derivation.layers))
    for line in _notes(derivation):
        _print(console, line)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def _console(buffer: io.StringIO, *, to_file: bool) -> Console:
    from rich.console import Console  # 40 ms that only tables need

    stream = None if to_file else sys.stdout
    watched = stream is not None and stream.isatty()
    width = _PIPE_WIDTH
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


def _print(console: Console, text: str) -> None:
    # Markup off: square brackets of a sheet are text. Soft wrap: prose is the terminal's to break.
    console.print(text, markup=False, soft_wrap=True)


def _heading(derivation: Derivation, name: str) -> str:
    point, tile = derivation.point, derivation.tile
    parts = [
        f"sequence length {point.seq_len}" if point.seq_len is not None else "no sequence length",
        f"batch {point.batch}" if point.batch is not None else "no batch",
        f"tiles of {tile.rows} x {tile.cols}" if tile is not None else "no tile size",
        f"ops counted under `{derivation.convention.name}`",
    ]
    return f"{derivation.name} ({name})\n{', '.join(parts)}\n"


def _grid(*columns: tuple[str, str]) -> Table:
    from rich.table import Table  # see _console

    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", show_edge=False)
    for title, justify in columns:
        grid.add_column(title, justify="right" if justify == "right" else "left", overflow="fold")
    return grid


def _facts(facts: tuple[DerivedFact, ...]) -> Table:
    from rich.text import Text  # see _console

    grid = _grid(("fact", "left"), ("the sheet says", "right"), ("derived", "right"), ("verdict", "left"))
    for fact in facts:
        words, colour = _VERDICTS[fact.verdict]
        if fact.verdict == "differs_by" and fact.relative_difference is not None:
            words = f"differs by {fact.relative_difference:+.2%}"
        claimed = fact.claimed.text if fact.claimed is not None else "-"
        grid.add_row(Text(fact.name), Text(claimed), Text(fact.text or "-"), Text(words, style=colour))
    return grid


def _layers(layers: tuple[Layer, ...]) -> Table:
    """Matrices with stored weights; equal ones, block after block, on one line."""
    from rich.text import Text  # see _console

    columns = ("matrices", "rows", "cols", "calls", "tiles each", "used", "ops", "reuse", "on")
    grid = _grid(*((title, "left" if title in {"matrices", "on"} else "right") for title in columns))
    grid.title = "\nMatrices with stored weights"
    grid.title_justify, grid.title_style = "left", ""
    alike: dict[tuple[str, int, int, str], list[Layer]] = {}
    for layer in layers:
        alike.setdefault(_kind(layer), []).append(layer)
    for group in alike.values():
        first = group[0]
        name = first.name if len(group) == 1 else f"{len(group)} x {_kind(first)[0]}"
        ops = [layer.ops for layer in group]
        known = sum(count for count in ops if count is not None) if None not in ops else None
        used = "-" if not first.utilisation else f"{first.utilisation:.1%}"
        numbers = (first.rows, first.cols, first.calls, first.tiles or None)
        cells = [*map(_number, numbers), used, _number(known), _number(first.reuse), first.on]
        grid.add_row(Text(name), *map(Text, cells))
    return grid


def _kind(layer: Layer) -> tuple[str, int, int, str]:
    """What makes two matrices alike: the name within the block, the shape, the side."""
    prefix = f"{layer.block}."
    return layer.name.removeprefix(prefix), layer.rows, layer.cols, layer.on


def _number(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _notes(derivation: Derivation) -> list[str]:
    lines = []
    noted = [f"  {fact.name}: {fact.note}" for fact in derivation.facts if fact.note]
    if noted:
        lines += ["\nNotes", *noted]
    lines += [f"  {note}" for note in derivation.notes]
    if derivation.problem is not None:
        problem = derivation.problem
        lines += [
            f"\nThe network itself could not be derived: {problem.message}",
            f"  = help: {problem.help}",
        ]
    lines.append("\nThe arithmetic behind a fact: factsheet derive --explain FACT")
    return lines
