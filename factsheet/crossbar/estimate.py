"""An estimate: what one run of a network takes on a chip, with its layers, its arithmetic and its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.figures import FIGURES, evaluate, inputs_of, missing_of, standing_of
from factsheet.crossbar.structure import STRUCTURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.crossbar.demand import Demand
    from factsheet.crossbar.figures import FigureName, Figures
    from factsheet.crossbar.layers import LayerCost
    from factsheet.crossbar.layout import Layout
    from factsheet.crossbar.stages import Stage
    from factsheet.crossbar.structure import Structure
    from factsheet.hardware import Standing
    from factsheet.hardware.constants import ChipConstants
    from factsheet.workload import CountingConvention, Network


class Total(NamedTuple):
    """One figure with what it rests on."""

    name: FigureName
    value: float
    """In the SI base unit: s, J, W, inferences per second (and watt), operations per second and watt, m²."""
    standing: Standing
    """That of the weakest constant that it follows from."""
    constants: tuple[str, ...]
    """Names of those constants."""


@dataclass(frozen=True)  # without slots, so that what is asked for is worked out once
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
    """Chips that the network lies on."""
    resized: bool
    """Whether the tile is not the chip's own."""
    stages: tuple[Stage, ...]
    demand: Demand
    figures: Figures

    @property
    def tiles(self) -> int:
        """Tiles in all, copies included."""
        return self.demand.tiles

    def pace(self, stage: int) -> int:
        """Slots that the busiest tile of a stage is occupied in one inference."""
        return self.demand.stages[self.demand.order[stage]].vectors

    @cached_property
    def totals(self) -> Mapping[FigureName, Total]:
        """Every figure that the profile's constants give, by name."""
        return {
            name: Total(name, value, standing_of(name, self.constants), inputs_of(name, self.constants))
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

    @cached_property
    def exposed_digital_time(self) -> float | None:
        """Time in s that tiles wait for digital units; 0 where no rate is known, and their work is taken as hidden."""
        if self.figures.latency is None or self.constants.digital_rate is None:
            return None if self.figures.latency is None else 0.0
        hidden = evaluate(
            self.demand, self.constants._replace(digital_rate=None), self.batch, self.structure, self.chips
        )
        return None if hidden.latency is None else self.figures.latency - hidden.latency

    @cached_property
    def layers(self) -> tuple[LayerCost, ...]:
        """Every operator that works on tiles or in digital units, in order of execution."""
        from factsheet.crossbar.layers import layers_of  # only where layers are shown

        return tuple(layers_of(self))

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What was assumed, and what the profile leaves open."""
        from factsheet.crossbar.notes import notes_of

        return tuple(notes_of(self))

    def terms(self, name: FigureName) -> tuple[str, ...]:
        """The arithmetic of a figure, line by line; empty where it is missing."""
        from factsheet.crossbar.terms import terms_of

        return tuple(terms_of(self, name))

    def sensitivity(self, change: float = 0.1) -> Mapping[str, Mapping[FigureName, float]]:
        """By how much each figure moves when a constant does, worked out anew with the changed constant.

        Args:
            change: of the constant, relative: 0.1 is +10 %.

        Returns:
            Relative change of each figure, by the name of the constant and of the figure.
        """
        from factsheet.crossbar.sensitivity import sensitivity_of

        return sensitivity_of(self, change)
