"""What an estimate assumes, and what its profile leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.crossbar.resizing import RULE
from factsheet.crossbar.structure import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.crossbar.estimate import Estimate


def notes_of(estimate: Estimate) -> Iterator[str]:
    """One sentence each."""
    yield f"{estimate.structure}: {WORDS[estimate.structure]}"
    yield from _of_profile(estimate)
    yield from _of_network(estimate)


def _of_profile(estimate: Estimate) -> Iterator[str]:
    constants = estimate.constants
    if constants.digital_rate is None:
        yield "digital units are taken to keep up with the tiles: the profile gives no rate of theirs"
    if constants.digital_energy is None:
        yield "digital operations are not charged apart: the profile gives no energy of theirs"
    if constants.port_energy is None:
        yield "values into and out of tiles are not charged apart: the profile gives no energy of theirs"
    if constants.tile_area is not None and constants.tile_overhead_area is None:
        yield "the area is that of tiles: the profile gives none of what else there is"
    if estimate.resized:
        yield f"the tile is not the profile's own: {RULE}"
    if estimate.chips > 1:
        yield f"the network lies on {estimate.chips:,} chips; what links them takes no time and no energy"


def _of_network(estimate: Estimate) -> Iterator[str]:
    analog, stages = estimate.network.analog, estimate.demand.stages
    if any(matrix.kind == "experts" for matrix in analog):
        yield "a layer of experts takes one vector a slot, however many it has: routing may not be even"
    reused = estimate.demand.busiest > max(stage.vectors for stage in stages)
    if reused and estimate.structure == "sequence-pipelined" and estimate.batch > 1:
        yield "tiles that several layers use can not work on two sequences at once"
    if any(stage.depth > stage.span for stage in stages):
        yield "a stage takes at least the time of the matrices that one vector passes one after the other"
    if any(matrix.lookahead for matrix in analog):
        yield "branches of convolutions are taken as if they followed each other, but for those of 1 x 1"
    copied = len(estimate.layout.copies)
    if copied:
        yield f"{copied:,} stored {'matrix has' if copied == 1 else 'matrices have'} copies, which share the vectors"
    if estimate.layout.in_turn:
        yield "matrices that share a tile are read one after the other"
