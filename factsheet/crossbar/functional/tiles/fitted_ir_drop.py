"""Voltage lost along the column wires, as aihwkit fits it: by the current of each output, in every product.

`applyIrDrop` of aihwkit 1.1.0 (`src/rpucuda/rpu_forward_backward_pass.cpp`, MIT licence), after M. J. Rasch et al.,
Nature Communications 14, 5282 (2023), doi:10.1038/s41467-023-40770-4. With n inputs, of which the first is farthest
from the ADC, weights w relative to the largest and inputs x relative to a full one, output i loses

    c_i · Σ_j w_ij x_j (1 − (1 − j/n)²),  where c = a (0.5 − 0.2 a + 0.05 a²)  and  a_i = n / g_ratio · Σ_j |w_ij x_j|.

It bends the output with its own current; `IrDrop` solves for the wires of rows and columns, to first order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.errors import AnalogError

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class FittedIrDrop:
    """aihwkit's fit of what outputs lose along their columns.

    Raises:
        AnalogError: a value is negative, or no number.
    """

    scale: float = 1.0
    """Factor on the loss; `forward.ir_drop` there."""
    g_ratio: float = 1.0 / 0.35 / 5e-6
    """Conductance of the wire from one cell to the next over that of the largest device: 0.35 ohms and 5 µS."""

    def __post_init__(self) -> None:
        if not (0 <= self.scale < math.inf and 0 < self.g_ratio < math.inf):
            raise AnalogError(
                f"a fitted IR drop of scale {self.scale} and conductance ratio {self.g_ratio}",
                "the scale is 0 or more, the ratio above 0",
                "give numbers of that kind",
            )

    def apply(self, plus: torch.Tensor, minus: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return conductances as they are: the loss depends on the inputs, and is taken off products."""
        return plus, minus

    def lost(self, inputs: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
        """Return what each output of a tile loses, in full inputs on full weights.

        Args:
            inputs: vectors, one a row, relative to a full input.
            weights: relative to the largest; inputs down, outputs across.
        """
        import torch  # only products need it, and they have loaded it

        count = inputs.shape[1]
        current = inputs.abs() @ weights.abs() * (count / self.g_ratio)
        share = current * (current * (0.05 * current - 0.2) + 0.5)
        place = 1 - torch.arange(count, dtype=inputs.dtype, device=inputs.device) / count
        return share.mul_((inputs * (1 - place.square())) @ weights).mul_(self.scale)
