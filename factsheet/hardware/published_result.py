"""A published result in a profile, and what it holds at: what the model is held against, and nothing follows from."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from factsheet.hardware.quoted import ProfilePart, Quoted, Time

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=80)]
Whole = Annotated[int, Field(ge=1, le=10**9)]

DIMENSION_OF = {
    "time": "time",
    "power": "power",
    "energy": "energy",
    "area": "area",
    "tiles": "count",
    "rate": "ops_per_second",
    "efficiency": "ops_per_second_per_watt",
    "density": "ops_per_second_per_area",
    "inference_efficiency": "inferences_per_second_per_watt",
    "throughput": "throughput",
    "mvm_time": "time",
    "mvm_energy": "energy",
}
"""What a published result can be of, and its dimension in the unit table."""
Measured = Literal[
    "time",
    "power",
    "energy",
    "area",
    "tiles",
    "rate",
    "efficiency",
    "density",
    "inference_efficiency",
    "throughput",
    "mvm_time",
    "mvm_energy",
]


class ResultPoint(ProfilePart):
    """What a published result holds at.

    Attributes:
        network: by its name in `factsheet.networks.reference_networks`.
        seq_len: tokens.
        batch: inputs of a run.
        phases: passes that one vector takes.
        tiles: in use; layers are copied until so many are, the busiest first.
        structure: how layers and inputs follow each other, by its name in the cost model; layer by layer if left out.
        devices_per_weight: of the geometry that the tile was used with, where it is another than the usual one.
        pace: from one input to the next, where inputs came at a rate that the chip alone does not set.
    """

    network: Name | None = None
    seq_len: Whole | None = None
    batch: Whole | None = None
    phases: Whole | None = None
    tiles: Whole | None = None
    structure: Literal["batch-synchronous", "sequence-pipelined", "sequential"] | None = None
    devices_per_weight: Whole | None = None
    pace: Time | None = None


class Result(Quoted):
    """A published result that the model is held against, and that nothing is computed from.

    Attributes:
        what: that was measured.
        of: one tile, a whole chip at its peak, or a network.
        at: the operating point.
        fitted: whether a constant of this profile was chosen to bring it out right.
        product_alone: whether it is of the array, its drivers and converters alone, nothing being moved or added.
    """

    dimension: ClassVar[str] = "count"

    what: Measured
    of: Literal["tile", "chip", "network"]
    at: ResultPoint | None = None
    fitted: bool = False
    product_alone: bool = False

    def measured_in(self) -> str:
        """Return the dimension's name in the unit table."""
        return DIMENSION_OF[self.what]

    @property
    def place(self) -> str:
        """What it is of, and at what operating point: `bert-base, sequence length 32, batch 4`."""
        at = self.at
        if at is None:
            return self.of
        parts = [at.network or self.of]
        parts += [f"sequence length {at.seq_len}"] if at.seq_len else []
        parts += [f"batch {at.batch}"] if at.batch else []
        parts += [f"on {at.tiles} tiles"] if at.tiles else []
        parts += [at.structure] if at.structure else []
        if at.phases:
            parts.append("one phase" if at.phases == 1 else f"{at.phases} phases")
        parts += [f"{at.devices_per_weight} devices a weight"] if at.devices_per_weight else []
        parts += [f"one input every {at.pace.text}"] if at.pace else []
        return ", ".join(parts)
