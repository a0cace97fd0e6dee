"""Power and area of a chip as sums over its components, shared out to its tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.hardware.constants import Constant, weakest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from factsheet.hardware.description import Component, Description
    from factsheet.hardware.quoted import Quoted

Term = tuple[float, "Component", "Quoted"]
"""Copies of a component that belong to the whole, the component, and the figure that is summed."""


class Sums(NamedTuple):
    """A sum over components, by where they are; `None` where no component says anything.

    Attributes:
        tile: of the tile that holds rows × cols weights, and of what is inside it.
        overhead: of the levels between that tile and the chip, for each tile.
        chip: of what is on the chip beside its tiles.
    """

    tile: Constant | None
    overhead: Constant | None
    chip: Constant | None


def power_sums(chip: Description) -> Sums:
    """Watts; what a tile draws includes its share of the levels above it, so that there is no overhead."""
    inside, between, outside = _terms(chip, lambda component: component.power)
    return Sums(_sum([*inside, *between]), None, _sum(outside))


def area_sums(chip: Description) -> Sums:
    """Square metres."""
    return Sums(*(_sum(terms) for terms in _terms(chip, lambda component: component.area)))


def _terms(
    chip: Description, figure_of: Callable[[Component], Quoted | None]
) -> tuple[list[Term], list[Term], list[Term]]:
    """Components inside the tile, between it and the chip (for each tile), and of the chip."""
    parts: tuple[list[Term], list[Term], list[Term]] = ([], [], [])
    if chip.hierarchy is None:
        return parts
    names = [level.name for level in chip.hierarchy.levels]
    own = names.index(chip.hierarchy.tile)
    for component in chip.components:
        figure = figure_of(component)
        if figure is None:
            continue
        level = names.index(component.per)
        copies = component.count.si if component.count else 1.0
        if level <= own:
            parts[0].append((copies * chip.hierarchy.inside(names[own], names[level]), component, figure))
        elif level < len(names) - 1:
            parts[1].append((copies / chip.hierarchy.inside(names[level], names[own]), component, figure))
        else:
            parts[2].append((copies, component, figure))
    return parts


def _sum(terms: Sequence[Term]) -> Constant | None:
    if not terms:
        return None
    formula = " + ".join(
        f"{component.name} {f'{copies:.6g} × ' if copies != 1 else ''}{figure.text}"
        for copies, component, figure in terms
    )
    counted = [component.count.standing for _, component, _ in terms if component.count]
    return Constant(
        sum(copies * figure.si for copies, _, figure in terms),
        weakest([*counted, *(figure.standing for _, _, figure in terms)]),
        "; ".join(dict.fromkeys(figure.source for _, _, figure in terms)),
        formula,
    )
