"""Copies of layers, so that the stages of a pipeline take alike: early convolutions see the most positions.

With n copies, a layer works on n vectors at once and occupies its tiles for an n-th of the slots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.crossbar.errors import CostError, DoesNotFitError
from factsheet.crossbar.mapping import ceil_div, map_network

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.crossbar.mapping import TileShape
    from factsheet.workload import Network


def balance(
    network: Network, tile: TileShape, *, tiles: int | None = None, slots: int | None = None
) -> Mapping[str, int]:
    """Copies of each stored matrix, such that none is occupied for more slots than it has to be.

    For a number of slots T, a layer of V vectors takes ⌈V / T⌉ copies. A recurrent layer takes one: each of its
    vectors waits for the one before.

    Args:
        network: its operators.
        tile: geometry of a tile.
        tiles: how many there are; T is then the least that they allow.
        slots: T itself.

    Returns:
        Copies by the name of the stored weights, of the matrices that have more than one.

    Raises:
        CostError: neither or both are given, or a number is below 1.
        DoesNotFitError: the network takes more tiles than there are without any copies.
    """
    target = tiles if slots is None else slots
    if (tiles is None) == (slots is None) or target is None or target < 1:
        raise CostError(
            "copies follow from a number of tiles or from a number of slots",
            "each says the other",
            "give one of them, a whole number from 1 up",
        )
    mapping = map_network(network, tile)
    load: dict[str, int] = {}
    for matrix in network.analog:
        load[matrix.storage] = load.get(matrix.storage, 0) + matrix.calls
    each = {mapped.matrix.storage: mapped.tiles for mapped in mapping.matrices}
    fixed = {matrix.storage for matrix in network.analog if matrix.kind == "recurrent"}
    if slots is not None:
        return _copies(load, fixed, slots)
    if mapping.tiles > target:
        from factsheet.crossbar.budget import fit  # only where something has to stay out
        from factsheet.crossbar.layout import lay_out

        left_out = fit(lay_out(network, tile), target).left_out
        raise DoesNotFitError(mapping.tiles, target, tuple(mapped.matrix.name for mapped in left_out))
    low, high = 1, max((calls for storage, calls in load.items() if storage not in fixed), default=1)
    while low < high:
        middle = (low + high) // 2
        copies = _copies(load, fixed, middle)
        if sum(count * copies.get(storage, 1) for storage, count in each.items()) <= target:
            high = middle
        else:
            low = middle + 1
    return _copies(load, fixed, high)


def _copies(load: Mapping[str, int], fixed: set[str], slots: int) -> dict[str, int]:
    return {
        storage: copies
        for storage, calls in load.items()
        if storage not in fixed and (copies := ceil_div(calls, slots)) > 1
    }
