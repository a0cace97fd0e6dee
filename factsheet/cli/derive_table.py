"""The table that `factsheet derive` prints: claims beside derived facts, then the matrices, then the notes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from factsheet.cli.placing_text import lines as placing_lines
from factsheet.cli.tables import console_for, grid_of, number, print_grid, print_text, text_of

if TYPE_CHECKING:
    from rich.table import Table

    from factsheet.derive import Derivation, DerivedFact, Layer

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
    console = console_for(buffer, to_file=to_file)
    print_text(console, _heading(derivation, name))
    print_grid(console, _facts(derivation.facts))
    if derivation.chip_facts:
        print_grid(console, _chip(derivation))
        for line in placing_lines(derivation):
            print_text(console, line)
    if derivation.layers:
        print_grid(console, _layers(derivation.layers))
    for line in _notes(derivation):
        print_text(console, line)
    return text_of(buffer)


def _heading(derivation: Derivation, name: str) -> str:
    point, tile = derivation.point, derivation.tile
    parts = [
        f"sequence length {point.seq_len}" if point.seq_len is not None else "no sequence length",
        f"batch {point.batch}" if point.batch is not None else "no batch",
        f"tiles of {tile.rows} x {tile.cols}" if tile is not None else "no tile size",
        f"ops counted under `{derivation.convention.name}`",
    ]
    return f"{derivation.name} ({name})\n{', '.join(parts)}\n"


def _facts(facts: tuple[DerivedFact, ...]) -> Table:
    from rich.text import Text  # see `console_for`

    grid = grid_of(("fact", "left"), ("the sheet says", "right"), ("derived", "right"), ("verdict", "left"))
    for fact in facts:
        words, colour = _verdict(fact)
        claimed = fact.claimed.text if fact.claimed is not None else "-"
        grid.add_row(Text(fact.name), Text(claimed), Text(fact.text or "-"), Text(words, style=colour))
    return grid


def _verdict(fact: DerivedFact) -> tuple[str, str]:
    words, colour = _VERDICTS[fact.verdict]
    if fact.verdict == "differs_by" and fact.relative_difference is not None:
        words = f"differs by {fact.relative_difference:+.2%}"
    return words, colour


def _chip(derivation: Derivation) -> Table:
    """What the cost model says; how far it is to be trusted stands beside each figure."""
    from rich.text import Text  # see `console_for`

    columns = ("fact", "left"), ("the sheet says", "right"), ("the model", "right"), ("verdict", "left")
    grid = grid_of(*columns, ("rests on", "left"))
    chip = derivation.chip
    structure = "" if chip.estimate is None else f", {chip.estimate.structure}"
    grid.title = f"\nOn hardware profile {'' if chip.profile is None else chip.profile.name}{structure}"
    grid.title_justify, grid.title_style = "left", ""
    for fact in derivation.chip_facts:
        words, colour = _verdict(fact)
        weakest = fact.arithmetic.weakest
        rests = "-" if weakest is None else f"{weakest} constants"
        claimed = fact.claimed.text if fact.claimed is not None else "-"
        # A model is not held to the digits of a claim.
        colour = "yellow" if fact.verdict == "differs_by" else colour
        grid.add_row(
            *map(Text, (fact.name, claimed, fact.text or "-")), Text(words, style=colour), Text(rests)
        )
    return grid


def _layers(layers: tuple[Layer, ...]) -> Table:
    """Matrices with stored weights; equal ones, block after block, on one line."""
    from rich.text import Text  # see `console_for`

    columns = ("matrices", "rows", "cols", "calls", "tiles each", "used", "ops", "reuse", "on")
    grid = grid_of(*((title, "left" if title in {"matrices", "on"} else "right") for title in columns))
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
        cells = [*map(number, numbers), used, number(known), number(first.reuse), first.on]
        grid.add_row(Text(name), *map(Text, cells))
    return grid


def _kind(layer: Layer) -> tuple[str, int, int, str]:
    """What makes two matrices alike: the name within the block, the shape, the side."""
    prefix = f"{layer.block}."
    return layer.name.removeprefix(prefix), layer.rows, layer.cols, layer.on


def _notes(derivation: Derivation) -> list[str]:
    lines = []
    known = (*derivation.facts, *derivation.chip_facts)
    noted = dict.fromkeys(f"  {fact.name}: {fact.note}" for fact in known if fact.note)
    if noted:
        lines += ["\nNotes", *noted]
    if derivation.chip.sizes is not None:
        lines += [f"  chip: {note}" for note in derivation.chip.sizes.notes]
    lines += [f"  {note}" for note in derivation.notes]
    if derivation.problem is not None:
        problem = derivation.problem
        lines += [
            f"\nThe network itself could not be derived: {problem.message}",
            f"  = help: {problem.help}",
        ]
    lines.append("\nThe arithmetic behind a fact: factsheet derive --explain FACT")
    return lines
