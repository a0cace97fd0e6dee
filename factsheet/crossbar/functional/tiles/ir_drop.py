"""Voltage lost along the wires of an array, to first order in their resistance.

A cell at input row i and output column j sits behind j segments of its row wire, driven from the left, and before
R − i segments of its column wire, read at the bottom. With V_i at the driver and no loss, cell (i, j') draws
g_ij'·V_i. Segment m of row i carries the current of all cells behind it, so that cell (i, j) misses

    r · Σ_{m≤j} Σ_{j'≥m} g_ij' · V_i  =  r · V_i · Σ_j' min(j, j') · g_ij'

and, likewise, the current of cell (i, j) raises the column wire, which costs the cells of the column together

    r · g_ij · V_i · Σ_i' (R − max(i, i') + 1) · g_i'j .

Both are proportional to V_i: to first order the wires change conductances, not the linearity of the array,

    g'_ij = g_ij · (1 − r·Σ_j' min(j, j') g_ij' − r·Σ_i' (R + 1 − max(i, i')) g_i'j),

which costs nothing when vectors are multiplied. What is left out is of second order, r²·(segments)⁴·g²; the model
warns where a loss exceeds a fifth, and refuses to run where it would exceed one half, for the expansion means nothing
there. Held against the solution of the whole network of resistors, outputs are wrong by about a third of the square
of the largest loss (`tests/functional/test_ir_drop.py`): 0.3 % of them for
a tenth, 1.3 % for a fifth. Devices of positive and negative
weights are on columns of their own, side by side on the same row wires, or on arrays of their own.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from factsheet.errors import AnalogError

if TYPE_CHECKING:
    import torch

_MUCH, _TOO_MUCH = 0.2, 0.5


@dataclass(frozen=True, slots=True)
class IrDrop:
    """Resistance of the wire between two neighbouring cells.

    Raises:
        AnalogError: the resistance is negative or no number.
    """

    wire_ohm: float
    """Ohms a segment, of row and column wires alike."""
    row_wires: Literal["shared", "separate"] = "shared"
    """Whether the devices of positive and of negative weights are on the same row wires, or on arrays of their own."""

    def __post_init__(self) -> None:
        if self.row_wires not in {"shared", "separate"}:
            raise AnalogError(
                f"row wires that are {self.row_wires!r}",
                "devices of positive and negative weights share them or do not",
                "choose `shared` or `separate`",
            )
        if not 0 <= self.wire_ohm < math.inf:
            raise AnalogError(
                f"a wire of {self.wire_ohm} ohms a cell",
                "a resistance is 0 or more",
                "give the resistance of the wire between two cells",
            )

    def apply(self, plus: torch.Tensor, minus: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return conductances as they act, in µS.

        Args:
            plus: devices of positive weights, outputs down, inputs across, in µS.
            minus: devices of negative weights.

        Raises:
            AnalogError: a cell would lose more than half of its voltage.
        """
        per_us = self.wire_ohm * 1e-6
        both = plus + minus if self.row_wires == "shared" else None
        losses = [
            _shared_segments(devices if both is None else both, dim=0)
            .add_(_shared_segments(devices.flip(1), dim=1).flip(1))
            .mul_(per_us)
            for devices in (plus, minus)
        ]
        worst = max(float(loss.max()) for loss in losses)
        if worst > _TOO_MUCH:
            raise AnalogError(
                f"wires of {self.wire_ohm} ohms a cell take {worst:.0%} of a cell's voltage",
                "the first-order model only holds for losses that are small",
                "use smaller tiles, smaller conductances or wider wires",
            )
        if worst > _MUCH:
            warnings.warn(
                f"wires of {self.wire_ohm:g} ohms a cell take up to {worst:.0%} of a cell's voltage: "
                f"the first-order model leaves out some {worst**2 / 3:.1%} of an output",
                stacklevel=2,
            )
        return plus * (1 - losses[0]), minus * (1 - losses[1])


def _shared_segments(g: torch.Tensor, dim: int) -> torch.Tensor:
    """Σ_k min(j, k)·g_k along a dimension, counted from 1: the sum over m ≤ j of all that is at m or behind it."""
    behind = g.flip(dim).cumsum(dim).flip(dim)
    return behind.cumsum(dim)
