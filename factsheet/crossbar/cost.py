"""The analytic cost model: latency, energy, power and area of a network on a chip.

Equations and their sources are in docs/cost-model.md. Nothing here knows a network or a chip by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.crossbar.demand import demand_of
from factsheet.crossbar.errors import CostError, DoesNotFitError
from factsheet.crossbar.estimate import Estimate
from factsheet.crossbar.figures import evaluate
from factsheet.crossbar.layout import lay_out
from factsheet.crossbar.mapping import TileShape, ceil_div
from factsheet.crossbar.stages import stages_of
from factsheet.crossbar.structure import STRUCTURES
from factsheet.workload.conventions import CONVENTIONS, DEFAULT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.crossbar.layout import Layout
    from factsheet.crossbar.packing import Packing
    from factsheet.crossbar.structure import Structure
    from factsheet.hardware.constants import ChipConstants
    from factsheet.workload import CountingConvention, Network


def estimate(
    network: Network,
    constants: ChipConstants,
    *,
    batch: int = 1,
    structure: Structure = "batch-synchronous",
    tile: TileShape | None = None,
    fuse: bool = False,
    packing: Packing = "none",
    copies: Mapping[str, int] | None = None,
    chips: int | None = None,
    convention: CountingConvention | None = None,
) -> Estimate:
    """What one run of a network takes on a chip.

    Args:
        network: its operators, for one sequence.
        constants: of the chip.
        batch: sequences of the run.
        structure: how layers and sequences follow each other.
        tile: geometry, where it is not the chip's usual one.
        fuse: whether projections of the same input are stored as one matrix.
        packing: how small matrices share tiles, where the chip allows it.
        copies: of stored matrices that work side by side, by the name of their weights; see `balance`.
        chips: how many there are; as many as it takes if left out.
        convention: how operations are counted; the default one if left out.

    Raises:
        CostError: the batch is no whole number from 1 up, nothing lies on tiles, no input vector is known, tiles
            can not be shared on this chip, chips are given of which it is not known how many tiles they have, or
            figures are beyond every number.
        DoesNotFitError: the network takes more tiles than the given chips have.
    """
    check_batch(batch)
    check_structure(structure)
    convention = convention or CONVENTIONS[DEFAULT]
    other = False
    if tile is not None and (tile.rows, tile.cols) != (constants.rows, constants.cols):
        from factsheet.crossbar.resizing import resized  # only for a tile that is not the chip's usual one

        sized = resized(constants, tile)
        constants, other = sized, sized not in constants.others
    if packing != "none" and not constants.shares_tiles:
        raise CostError(
            f"matrices can not share a tile of {constants.profile}",
            "its profile does not say that they may",
            "leave packing out, or say `shares_tiles` in a profile of your own",
        )
    if fuse:
        from factsheet.crossbar.siblings import fuse_siblings

        network = fuse_siblings(network)
    layout = lay_out(network, TileShape(constants.rows, constants.cols), packing=packing, copies=copies)
    stages = stages_of(network, convention)
    check_work(network, any(stage.matrices for stage in stages))
    demand = demand_of(stages, layout, convention)
    used = chips_of(layout, constants, chips)
    figures = evaluate(demand, constants, batch, structure, used)
    return Estimate(
        network, constants, layout, convention, batch, structure, used, other, stages, demand, figures
    )


def chips_of(layout: Layout, constants: ChipConstants, chips: int | None) -> int:
    """Chips that a layout takes; one where the profile does not say how many tiles a chip has.

    Raises:
        CostError: a number of chips is given and the profile does not say how many tiles they have.
        DoesNotFitError: they are more than there are.
    """
    if constants.tiles_per_chip is None:
        if chips is not None:
            raise CostError(
                f"{constants.profile} does not say how many tiles a chip has",
                "whether a network fits on a number of chips depends on it",
                "leave the number of chips out, or give `tiles_per_chip` in a profile of your own",
            )
        return 1
    needed = ceil_div(layout.tiles, constants.tiles_per_chip)
    if chips is not None and needed > chips:
        from factsheet.crossbar.budget import fit  # only where something has to stay out

        available = chips * constants.tiles_per_chip
        left_out = tuple(mapped.matrix.name for mapped in fit(layout, available).left_out)
        raise DoesNotFitError(layout.tiles, available, left_out, needed)
    return needed


def check_batch(batch: object) -> None:
    """Refuse a batch that is none.

    Raises:
        CostError: it is no whole number from 1 up.
    """
    if isinstance(batch, bool) or not isinstance(batch, int) or batch < 1:
        raise CostError(
            f"a batch of {batch} is no run",
            "time, power and energy are those of a run of at least one inference",
            "give a whole number from 1 up",
        )


def check_structure(structure: str) -> None:
    """Refuse a structure that there is not.

    Raises:
        CostError: it has no equations.
    """
    if structure not in STRUCTURES:
        raise CostError(
            f"there is no execution structure `{structure}`",
            "a latency only means something under a known structure",
            f"there are {', '.join(f'`{known}`' for known in STRUCTURES)}",
        )


def check_work(network: Network, used: bool) -> None:
    """Refuse a network that asks nothing of tiles.

    Raises:
        CostError: nothing lies on tiles, or it is not known how often it is used.
    """
    if not network.analog:
        raise CostError(
            "nothing of the network lies on tiles",
            "the cost model is that of analog tiles",
            "put matrices with stored weights on tiles",
        )
    if not used:
        raise CostError(
            "it is not known how many input vectors the network's matrices take",
            "time and energy are proportional to them",
            "derive from a sheet, a config.json, a module or a graph; a file of weights does not say it",
        )
