"""Learns the bounds of converters from data: the largest values that a layer's tiles see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from factsheet.crossbar.analog.matrix import AnalogMatrix


class Observation:
    """The largest inputs and outputs of a matrix so far, computed with its digital weights."""

    def __init__(self) -> None:
        self.largest_input = 0.0
        self._largest_output = 0.0

    def product(self, x: torch.Tensor, matrix: AnalogMatrix) -> torch.Tensor:
        """Multiply digitally, and take note."""
        weights = matrix.weights
        x = x.to(weights.dtype)
        scale = matrix.scales()
        self.largest_input = (
            max(self.largest_input, float(x.abs().max())) if x.numel() else self.largest_input
        )
        dynamic = matrix.hardware.dac.bound == "dynamic"
        parts = []
        columns = len(weights) // matrix.groups
        for group in range(matrix.groups):
            out = slice(group * columns, (group + 1) * columns)
            total = torch.zeros((len(x), columns), dtype=weights.dtype, device=x.device)
            for k, rows in enumerate(matrix.row_splits):
                start = group * weights.shape[1]
                part = x[:, start + rows.start : start + rows.stop]
                partial = part @ weights[out, rows].t()
                total += partial
                current = partial / scale[k, out]
                if dynamic:
                    current /= part.abs().amax(1, keepdim=True).clamp_(min=torch.finfo(part.dtype).tiny)
                if current.numel():
                    self._largest_output = max(self._largest_output, float(current.abs().max()))
            parts.append(total)
        return torch.cat(parts, 1)

    def largest_output(self, matrix: AnalogMatrix) -> float:
        """In full inputs on full weights, as the bound of an ADC is."""
        fixed = matrix.hardware.dac.bound
        if fixed == "dynamic":
            return self._largest_output
        full = fixed if isinstance(fixed, int | float) else self.largest_input if fixed else 1.0
        return self._largest_output / full if full else 0.0
