"""How a network is to lie on chips, where it is not each matrix on its own tiles and as many chips as that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.crossbar import TileShape
    from factsheet.crossbar.packing import Packing
    from factsheet.workload import Network


class Placing(NamedTuple):
    """What a caller asks of the mapping."""

    chips: int | None = None
    """How many there are; as many as it takes where it is `None`."""
    packing: Packing = "none"
    """How matrices that fit into one tile share tiles."""
    fuse: bool = False
    """Whether projections of the same input are stored as one matrix."""
    balance: int | None = None
    """Tiles that copies of the busiest layers may fill up to; no copies where it is `None`."""

    @property
    def asked(self) -> bool:
        """Whether there is anything out of the ordinary."""
        return self != Placing()

    def copies(self, network: Network, tile: TileShape) -> Mapping[str, int] | None:
        """Copies of each stored matrix, by the name of its weights; `None` where none are asked for.

        Tiles are counted as if no matrices shared one.

        Raises:
            DoesNotFitError: the network takes more tiles than there are without any copies.
        """
        if self.balance is None:
            return None
        from factsheet.crossbar.balancing import balance  # only where copies are asked for
        from factsheet.crossbar.siblings import fuse_siblings

        return balance(fuse_siblings(network) if self.fuse else network, tile, tiles=self.balance)
