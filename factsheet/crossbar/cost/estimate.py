"""Estimate what one run of a network takes on a chip: latency, energy, power and area by the analytic cost model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.cost.demand import demand_of
from factsheet.crossbar.cost.figures import (
    CONSTANTS,
    FIGURES,
    bound_of,
    evaluate,
    inputs_of,
    missing_of,
    standing_of,
)
from factsheet.crossbar.cost.formula import STRUCTURES
from factsheet.crossbar.cost.layout import lay_out
from factsheet.crossbar.cost.stages import stages_of
from factsheet.crossbar.mapping import TileShape, ceil_div
from factsheet.errors import CostError, DoesNotFitError
from factsheet.networks.counting import CONVENTIONS, DEFAULT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.crossbar.cost.demand import ChipDemand
    from factsheet.crossbar.cost.figures import Bound, FigureName, Figures
    from factsheet.crossbar.cost.formula import Structure
    from factsheet.crossbar.cost.layout import Layout, Packing
    from factsheet.crossbar.cost.stages import Stage
    from factsheet.hardware.constants import ChipConstants
    from factsheet.hardware.profile import Standing
    from factsheet.networks.counting import CountingConvention
    from factsheet.networks.operators import Network


class Total(NamedTuple):
    """One figure with what it rests on."""

    name: FigureName
    value: float
    """In the SI base unit: s, J, W, inferences per second (and watt), operations per second and watt, m²."""
    standing: Standing
    """That of the weakest constant that it follows from."""
    constants: tuple[str, ...]
    """Names of those constants."""
    bound: Bound | None = None
    """Which way the value is off for want of figures in the profile; `None` where every part is charged."""


@dataclass(frozen=True, kw_only=True)  # without slots, so that what is asked for is worked out once
class Estimate:
    """What one run of a batch takes."""

    network: Network
    """As mapped: with siblings fused, where that was asked for."""
    constants: ChipConstants
    """Of the chip; for another tile than its own, with what follows from the tile's size."""
    layout: Layout
    convention: CountingConvention
    batch: int
    structure: Structure
    chips: int
    """Chips that the network is on."""
    resized: bool
    """Whether the tile is not the chip's own."""
    stages: tuple[Stage, ...]
    demand: ChipDemand
    figures: Figures

    @property
    def tiles(self) -> int:
        """Tiles in all, copies included."""
        return self.demand.tiles

    def pace(self, stage: int) -> int:
        """Return the slots that the busiest tile of a stage is occupied in one inference."""
        return self.demand.stages[self.demand.order[stage]].vectors

    @cached_property
    def totals(self) -> Mapping[FigureName, Total]:
        """Every figure that the profile's constants give, by name."""
        return {
            name: Total(
                name,
                value,
                standing_of(name, self.constants),
                inputs_of(name, self.constants),
                bound_of(name, self.constants),
            )
            for name in FIGURES
            if (value := getattr(self.figures, name)) is not None
        }

    @cached_property
    def missing(self) -> Mapping[FigureName, str]:
        """Why the other figures are not there, by name."""
        return {
            name: missing_of(name, self.constants) or "nothing is computed on tiles"
            for name in FIGURES
            if getattr(self.figures, name) is None
        }

    @cached_property
    def latencies(self) -> Mapping[Structure, float]:
        """Time of one run in s under each structure; empty where the profile gives no time."""
        return dict(zip(STRUCTURES, self.figures.latencies, strict=False))

    @property
    def latency_range(self) -> tuple[float, float] | None:
        """Time of one run in s, from the fastest structure to the slowest."""
        times = self.figures.latencies
        return (min(times), max(times)) if times else None

    def sensitivity(self, change: float = 0.1) -> Mapping[str, Mapping[FigureName, float]]:
        """Work out by how much each figure moves when a constant does.

        Args:
            change: of the constant, relative: 0.1 is +10 %.

        Returns:
            Relative change of each figure, by the name of the constant and of the figure.
        """
        moved: dict[str, Mapping[FigureName, float]] = {}
        for name in CONSTANTS:
            constant = getattr(self.constants, name)
            if constant is not None:
                changed = constant._replace(value=constant.value * (1.0 + change))
                figures = evaluate(
                    self.demand,
                    self.constants._replace(**{name: changed}),
                    batch=self.batch,
                    structure=self.structure,
                    chips=self.chips,
                )
                moved[name] = {
                    figure: getattr(figures, figure) / before - 1.0
                    for figure in FIGURES
                    if (before := getattr(self.figures, figure))
                }
        return moved


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
    """Estimate what one run of a network takes on a chip.

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
        CostError: the batch is no whole number from 1 up, nothing is on tiles, no input vector is known, tiles
            cannot be shared on this chip, chips are given of which it is not known how many tiles they have, or
            figures are beyond every number.
        DoesNotFitError: the network takes more tiles than the given chips have.
    """
    check_batch(batch)
    check_structure(structure)
    convention = convention or CONVENTIONS[DEFAULT]
    other = False
    if tile is not None and (tile.rows, tile.cols) != (constants.rows, constants.cols):
        from factsheet.crossbar.cost.resizing import (
            resized,  # only for a tile that is not the chip's usual one
        )

        sized = resized(constants, tile)
        constants, other = sized, sized not in constants.others
    if packing != "none" and not constants.shares_tiles:
        raise CostError(
            f"matrices cannot share a tile of {constants.profile}",
            "its profile does not say that they may",
            "leave packing out, or say `shares_tiles` in a profile of your own",
        )
    if fuse:
        from factsheet.crossbar.cost.stages import fuse_siblings

        network = fuse_siblings(network)
    layout = lay_out(network, TileShape(constants.rows, constants.cols), packing=packing, copies=copies)
    stages = stages_of(network, convention)
    check_work(network, any(stage.matrices for stage in stages))
    demand = demand_of(stages, layout, convention)
    used = chips_of(layout, constants, chips)
    return Estimate(
        network=network,
        constants=constants,
        layout=layout,
        convention=convention,
        batch=batch,
        structure=structure,
        chips=used,
        resized=other,
        stages=stages,
        demand=demand,
        figures=evaluate(demand, constants, batch=batch, structure=structure, chips=used),
    )


def chips_of(layout: Layout, constants: ChipConstants, chips: int | None) -> int:
    """Return the chips that a layout takes; one where the profile does not say how many tiles a chip has.

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
        from factsheet.crossbar.cost.budget import fit  # only where something has to stay out

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
        CostError: nothing is on tiles, or it is not known how often it is used.
    """
    if not network.analog:
        raise CostError(
            "nothing of the network is on tiles",
            "the cost model is that of analog tiles",
            "put matrices with stored weights on tiles",
        )
    if not used:
        raise CostError(
            "it is not known how many input vectors the network's matrices take",
            "time and energy are proportional to them",
            "derive from a sheet, a config.json, a module or a graph; a file of weights does not say it",
        )
