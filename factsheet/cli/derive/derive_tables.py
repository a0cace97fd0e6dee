"""Lay out what `factsheet derive` prints: facts, chip, placement and sensitivity."""

from __future__ import annotations

import io
from itertools import islice
from typing import TYPE_CHECKING

from factsheet.cli.hardware.field_tables import field_lines
from factsheet.cli.terminal import (
    console_for,
    grid_of,
    number,
    print_grid,
    print_text,
    sizes_in_words,
    text_of,
)
from factsheet.crossbar.cost.explanation import notes_of
from factsheet.errors import DoesNotFitError
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from factsheet.crossbar.cost.estimate import Estimate
    from factsheet.crossbar.cost.figures import FigureName
    from factsheet.recompute.derivation import Derivation, Layer
    from factsheet.recompute.facts import DerivedFact
    from factsheet.recompute.request import Placement

_COLOURS = {"agrees": "green", "within tolerance": "green", "differs": "red", "not recomputed": "yellow"}


def table(derivation: Derivation, name: str, *, to_file: bool) -> str:
    """Return the derivation as text, coloured only where a person looks.

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
        for line in placement_lines(derivation):
            print_text(console, line)
    if derivation.in_field:
        for line in field_lines(derivation.in_field):
            print_text(console, line)
    if derivation.layers:
        print_grid(console, _layers(derivation.layers))
    for line in _notes(derivation):
        print_text(console, line)
    return text_of(buffer)


def _heading(derivation: Derivation, name: str) -> str:
    point, tile = derivation.point, derivation.tile
    sizes = sizes_in_words(derivation.sizes)
    if point.seq_len is None:
        sizes.insert(0, "no sequence length")
    parts = [
        *sizes,
        *(["no batch"] if point.batch is None else []),
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
    verdict = fact.verdict
    if fact.derived is None:
        return "not derivable", _COLOURS[verdict.mark]
    return verdict.words, "" if verdict.kind == "unclaimed" else _COLOURS[verdict.mark]


def _chip(derivation: Derivation) -> Table:
    """Yield what the cost model says; how far to trust it is shown with each figure."""
    from rich.text import Text  # see `console_for`

    columns = ("fact", "left"), ("the sheet says", "right"), ("the model", "right"), ("verdict", "left")
    grid = grid_of(*columns, ("rests on", "left"))
    chip = derivation.chip
    structure = "" if chip.estimate is None else f", {chip.estimate.structure}"
    profile = chip.profile if derivation.digital is None else derivation.digital.profile
    title = f"\nOn hardware profile {'' if profile is None else one_line(profile.name)}{structure}"
    if derivation.digital is not None:
        title += f": {one_line(derivation.digital.profile.title)}"
    grid.title = Text(title)  # a plain string would be read as markup
    grid.title_justify, grid.title_style = "left", ""
    for fact in derivation.chip_facts:
        words, colour = _verdict(fact)
        weakest = fact.arithmetic.weakest
        rests = "-" if weakest is None else f"{weakest} constants"
        claimed = fact.claimed.text if fact.claimed is not None else "-"
        # A model is not held to the digits of a claim.
        colour = "yellow" if fact.verdict.kind == "differs" else colour
        grid.add_row(
            *map(Text, (fact.name, claimed, fact.text or "-")), Text(words, style=colour), Text(rests)
        )
    return grid


def _layers(layers: tuple[Layer, ...]) -> Table:
    """Matrices with stored weights; equal ones, block after block, on one line."""
    from rich.text import Text  # see `console_for`

    columns = ("matrices", "rows", "cols", "calls", "tiles each", "used", "ops", "uses", "on")
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
    """Return what makes two matrices alike: the name within the block, the shape, the side."""
    prefix = f"{layer.block}."
    return layer.name.removeprefix(prefix), layer.rows, layer.cols, layer.on


def _notes(derivation: Derivation) -> list[str]:
    lines = []
    known = (*derivation.facts, *derivation.chip_facts)
    noted = dict.fromkeys(f"  {fact.name}: {fact.note}" for fact in known if fact.note)
    if noted:
        lines += ["\nNotes", *noted]
    if derivation.chip.sizes is not None:
        lines += [f"  chip: {note}" for note in notes_of(derivation.chip.sizes)]
    lines += [f"  {note}" for note in derivation.notes]
    if derivation.problem is not None:
        problem = derivation.problem
        lines += [
            f"\nThe network itself could not be derived: {problem.message}",
            f"  = help: {problem.help}",
        ]
    lines.append("\nThe arithmetic behind a fact: factsheet derive --explain FACT")
    return lines


_MOST_NAMES, _FEW_NAMES = 100, 6
_MOST_CHIPS = 16


def placement_lines(derivation: Derivation) -> Iterator[str]:
    """Yield tiles and chips where the profile says how many tiles a chip has, or where a placement was given."""
    chip, placement = derivation.chip, derivation.request.placement
    if isinstance(chip.refusal, DoesNotFitError):
        yield from _no_place(chip.refusal)
    elif chip.sizes is not None and (placement.given or chip.sizes.constants.tiles_per_chip is not None):
        yield "; ".join((_tiles(chip.sizes), *_options_of(placement)))
        if placement.balance is not None:
            yield _copies(chip.sizes, placement.balance)
        if placement.chips is not None and chip.sizes.chips > 1:
            yield from _chips(chip.sizes)


def _no_place(refusal: DoesNotFitError) -> Iterator[str]:
    yield f"It does not fit: {refusal.message}. No place for:"
    yield f"  {_listed(refusal.left_out, _MOST_NAMES)}"
    yield f"  = help: {refusal.help}"


def _tiles(estimate: Estimate) -> str:
    tiles, each = estimate.tiles, estimate.constants.tiles_per_chip
    words = f"{tiles:,} tile{'' if tiles == 1 else 's'}"
    if each is None:
        return f"{words}; the profile does not say how many a chip has"
    spare = estimate.chips * each - tiles
    return f"{words} on {estimate.chips:,} chip{'' if estimate.chips == 1 else 's'} of {each:,}, {spare:,} to spare"


def _options_of(placement: Placement) -> Iterator[str]:
    if placement.fuse:
        yield "projections of the same input stored as one"
    if placement.packing != "none":
        yield f"small matrices packed, {placement.packing}"


def _copies(estimate: Estimate, tiles: int) -> str:
    if not estimate.layout.copies:
        return f"Copies: none; {tiles:,} tiles are too few for those of every busiest layer"
    by_count: dict[int, list[str]] = {}
    for name, count in estimate.layout.copies.items():
        by_count.setdefault(count, []).append(name)
    in_words = (
        f"{count:,} each of {_listed(names, _FEW_NAMES)}" for count, names in sorted(by_count.items())
    )
    return f"Copies: {'; '.join(in_words)}"


def _chips(estimate: Estimate) -> Iterator[str]:
    """Yield which matrices are on each chip."""
    from factsheet.crossbar.cost.budget import placements  # only where several chips are given

    on: dict[int, list[str]] = {}
    for place in placements(estimate.layout, estimate.constants.tiles_per_chip or 1):
        for chip in range(place.first, min(place.last, _MOST_CHIPS) + 1):
            on.setdefault(chip, []).append(place.mapped.matrix.name)
    for chip, names in islice(on.items(), _MOST_CHIPS):
        yield f"  chip {chip + 1:,}: {names[0] if len(names) == 1 else f'{names[0]} to {names[-1]}'}"
    if estimate.chips > _MOST_CHIPS:
        yield f"  and {estimate.chips - _MOST_CHIPS:,} chips more, which --format json lists"


def _listed(names: Sequence[str], most: int) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more, which --format json names" if more > 0 else "")


CHANGE = 0.1
"""Of each constant, one at a time."""
_COLUMNS: dict[FigureName, str] = {
    "latency": "latency",
    "energy": "energy",
    "power": "power",
    "efficiency": "inferences/s/W",
    "area": "area",
}


def sensitivity_table(estimate: Estimate, name: str, *, to_file: bool) -> str:
    """One line a constant: what +10 % of it does to each figure.

    Args:
        estimate: of the chip.
        name: of the sheet.
        to_file: whether it goes to a file, which takes no colours.
    """
    import io

    from rich.text import Text  # loaded only for tables

    buffer = io.StringIO()
    console = console_for(buffer, to_file=to_file)
    print_text(
        console,
        f"{name} on {estimate.constants.profile}, batch {estimate.batch}, {estimate.structure}\n"
        f"What each figure does when a constant grows by {CHANGE:.0%}, worked out anew\n",
    )
    grid = grid_of(
        ("constant", "left"), ("standing", "left"), *((words, "right") for words in _COLUMNS.values())
    )
    for constant, moved in estimate.sensitivity(CHANGE).items():
        standing = getattr(estimate.constants, constant).standing
        cells = [f"{moved[figure]:+.2%}" if figure in moved else "-" for figure in _COLUMNS]
        grid.add_row(Text(constant), Text(standing), *map(Text, cells))
    print_grid(console, grid)
    return text_of(buffer)
