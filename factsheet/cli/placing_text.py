"""How a network lies on chips, in lines for people: tiles, chips, copies, and what finds no place."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from factsheet.crossbar.errors import DoesNotFitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.crossbar.estimate import Estimate
    from factsheet.derive import Derivation, Placing

_MOST_NAMES, _FEW_NAMES = 100, 6
_MOST_CHIPS = 16


def lines(derivation: Derivation) -> Iterator[str]:
    """Tiles and chips where the profile says how many tiles a chip has, or where a mapping was asked for."""
    chip, placing = derivation.chip, derivation.placing
    if isinstance(chip.refusal, DoesNotFitError):
        yield from _no_place(chip.refusal)
    elif chip.sizes is not None and (placing.asked or chip.sizes.constants.tiles_per_chip is not None):
        yield "; ".join((_tiles(chip.sizes), *_asked(placing)))
        if placing.balance is not None:
            yield _copies(chip.sizes, placing.balance)
        if placing.chips is not None and chip.sizes.chips > 1:
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


def _asked(placing: Placing) -> Iterator[str]:
    if placing.fuse:
        yield "projections of the same input stored as one"
    if placing.packing != "none":
        yield f"small matrices packed, {placing.packing}"


def _copies(estimate: Estimate, tiles: int) -> str:
    if not estimate.layout.copies:
        return f"Copies: none; {tiles:,} tiles are too few for those of every busiest layer"
    by_count: dict[int, list[str]] = {}
    for name, count in estimate.layout.copies.items():
        by_count.setdefault(count, []).append(name)
    told = (f"{count:,} each of {_listed(names, _FEW_NAMES)}" for count, names in sorted(by_count.items()))
    return f"Copies: {'; '.join(told)}"


def _chips(estimate: Estimate) -> Iterator[str]:
    """Which matrices lie on each chip."""
    from factsheet.crossbar.budget import placements  # only where several chips are asked for

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
