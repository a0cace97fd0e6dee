"""Bounds of converters from data: what passes through a matrix is looked at while its products are digital.

Bounds of inputs are one for each row of tiles, as aihwkit-lightning 2.1.0 calibrates them
(`inference/calibration/calibration.py`): the largest input, a mean over batches of some standard deviations, or of a
quantile; here the quantile is one of sizes, the share of inputs that pass unclipped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import torch

from factsheet.errors import AnalogError

if TYPE_CHECKING:
    from factsheet.crossbar.functional.tiles.matrix_state import MatrixState

CalibrationMethod = Literal["max", "std", "quantile"]
_METHODS: tuple[CalibrationMethod, ...] = ("max", "std", "quantile")
_MOST_VALUES = 2**24
"""Values that a quantile is taken of at once; torch sorts no more."""


class Calibration(NamedTuple):
    """How bounds of inputs follow from data."""

    method: CalibrationMethod = "max"
    sigmas: float = 3.0
    """Of `std`: how many standard deviations of a batch's inputs."""
    share: float = 0.9999
    """Of `quantile`: the share of a batch's inputs that is not clipped."""

    def checked(self) -> Calibration:
        """Return the calibration.

        Raises:
            AnalogError: there is no such method, or no such share.
        """
        if self.method not in _METHODS:
            raise AnalogError(
                f"calibration by {self.method!r}",
                "nothing is known of it",
                f"choose one of {', '.join(_METHODS)}",
            )
        if not self.sigmas > 0 or not 0 < self.share <= 1:
            raise AnalogError(
                f"calibration to {self.sigmas:g} standard deviations or a share of {self.share:g}",
                "nothing would be left of the inputs",
                "give standard deviations above 0, and a share above 0 and up to 1",
            )
        return self


class Observation:
    """Inputs and outputs of a matrix so far, computed with its digital weights.

    Args:
        calibration: how bounds of inputs follow.
    """

    def __init__(self, calibration: Calibration | None = None) -> None:
        self.calibration = (calibration or Calibration()).checked()
        self._bounds: list[float] = []
        self._batches = 0
        self._outputs: list[float] = []
        """The largest output of each row of tiles."""

    def product(self, x: torch.Tensor, matrix: MatrixState) -> torch.Tensor:
        """Multiply digitally, and take note."""
        weights = matrix.weights
        x = x.to(weights.dtype)
        scale = matrix.scales()
        self._note(x, matrix)
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
                self._outputs += [0.0] * (k + 1 - len(self._outputs))
                if current.numel():
                    self._outputs[k] = max(self._outputs[k], float(current.abs().max()))
            parts.append(total)
        return torch.cat(parts, 1)

    def _note(self, x: torch.Tensor, matrix: MatrixState) -> None:
        """Take note of a batch; vectors of zeros, such as padding, say nothing."""
        inputs = matrix.weights.shape[1]
        each = x.view(len(x), matrix.groups, inputs)
        found = []
        for rows in matrix.row_splits:
            part = each[:, :, rows].flatten(0, 1)
            part = part[(part != 0).any(1)]
            if not part.numel():
                return
            found.append(self._bound(part))
        before = self._bounds or found
        if self.calibration.method == "max":
            self._bounds = [max(one, other) for one, other in zip(before, found, strict=True)]
        else:  # the mean over batches so far
            done = self._batches
            self._bounds = [
                (one * done + other) / (done + 1) for one, other in zip(before, found, strict=True)
            ]
        self._batches += 1

    def _bound(self, part: torch.Tensor) -> float:
        sizes = part.abs()
        match self.calibration.method:
            case "max":
                return float(sizes.max())
            case "std":
                return self.calibration.sigmas * float(part.std())
            case "quantile":
                step = -(-sizes.numel() // _MOST_VALUES)
                return float(sizes.flatten()[::step].float().quantile(self.calibration.share))

    def input_bounds(self) -> list[float]:
        """Return the bounds of inputs, one for each row of tiles; empty if nothing was seen."""
        return self._bounds

    def largest_output(self, matrix: MatrixState) -> float:
        """Return the largest output in full inputs on full weights, as the bound of an ADC is."""
        fixed = matrix.hardware.dac.bound
        full = [fixed if isinstance(fixed, int | float) else 1.0] * len(self._outputs)
        if fixed == "learnt":
            full = self._bounds
        return max(
            (out / bound for out, bound in zip(self._outputs, full, strict=True) if bound), default=0.0
        )
