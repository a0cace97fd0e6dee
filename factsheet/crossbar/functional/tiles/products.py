"""Multiply vectors by one matrix through its converters and tiles, with the noise that is new in every product.

While the bounds of the converters are learnt, products are digital.

A few tiles beside each other at a time: what belongs to them stays in a processor's second-level cache, and one matrix
product, whose factors also bring noise and values to the scale of the converter's codes, is most of the work.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import torch

from factsheet.crossbar.functional.draws import Stream
from factsheet.crossbar.functional.tiles.converters import to_codes

if TYPE_CHECKING:
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.tiles.matrix_state import MatrixState

_SQRT_2 = math.sqrt(2.0)
_AT_ONCE = 2**17
"""Outputs whose noise is drawn at once: they take up a quarter of a second-level cache."""


class Driven(NamedTuple):
    """Inputs of a row of tiles, as the DACs put them out."""

    codes: torch.Tensor
    code: float
    """What one code is of the bound."""
    bounds: torch.Tensor | None
    """The bound of each vector, where they differ."""


class Multiplier:
    """Products with one matrix at one point in time.

    Args:
        key: what the noise is keyed by, besides the place of a vector among all since that point in time.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self._streams: dict[str, Stream] = {}

    def __call__(
        self,
        x: torch.Tensor,
        gain: torch.Tensor,
        bias: torch.Tensor | None,
        matrix: MatrixState,
    ) -> torch.Tensor:
        """Vectors, one a row, times the matrix.

        Raises:
            AnalogError: a bound that was to be learnt was not.
        """
        outputs, inputs = matrix.weights.shape
        dac_bound, adc_bound = matrix.bound_of("dac"), matrix.bound_of("adc")
        adc = matrix.hardware.adc
        # In codes of the ADC where these have one size; else in full inputs on full weights.
        unit = adc.levels / adc_bound if adc.bits is not None and adc_bound is not None else 1.0
        factors = gain * ((dac_bound or 1.0) / unit)
        y = torch.empty((len(x), outputs), dtype=x.dtype, device=x.device)
        widest = max(columns.stop - columns.start for columns in matrix.strips)
        space = torch.empty(len(x) * widest, dtype=y.dtype, device=x.device)
        zero = y.new_zeros(())
        group, driven = -1, []
        for columns in matrix.strips:
            if columns.start * matrix.groups // outputs != group:
                group += 1
                parts = x[:, group * inputs : (group + 1) * inputs]
                driven = [
                    self._drive(parts[:, rows], dac_bound, matrix, f"{group}.{k}")
                    for k, rows in enumerate(matrix.row_splits)
                ]
            out = y[:, columns]
            for k in range(len(driven)):
                current = space[: out.numel()].view(out.shape)
                name = f"{k}.{columns.start}"
                sigma = self._product_noise(current, driven[k], matrix, unit=unit, name=name)
                code = driven[k].code * unit
                current.addmm_(driven[k].codes, matrix.strip(k, columns), beta=sigma, alpha=code)
                _show(current, matrix.hardware, adc_bound, driven[k].bounds)
                if k:
                    out.addcmul_(current, factors[k, columns])
                else:
                    own = zero if bias is None else bias[columns].to(y.dtype)
                    torch.addcmul(own, current, factors[k, columns], out=out)
        return y

    def _drive(self, x: torch.Tensor, bound: float | None, matrix: MatrixState, name: str) -> Driven:
        dac, noise = matrix.hardware.dac, matrix.hardware.input_noise
        levels = dac.levels or 1
        bounds: torch.Tensor | None = None
        if dac.bound == "dynamic":
            bounds = _largest(x)
            codes = x * (levels / bounds)
        else:
            codes = x * (levels / (bound or 1.0))
        if dac.bits is not None:
            to_codes(codes, levels)
        elif dac.bound is not None:
            codes.clamp_(-1.0, 1.0)
        if noise:
            drawn = torch.empty_like(codes)
            self._noise(drawn, f"in/{name}", matrix.vectors)
            codes.add_(drawn, alpha=noise * _SQRT_2 * levels)
        return Driven(codes, 1.0 / levels, bounds)

    def _product_noise(
        self, current: torch.Tensor, driven: Driven, matrix: MatrixState, *, unit: float, name: str
    ) -> float:
        """Fill with the noise of outputs and of weights in a product, and return the factor that it still needs.

        A sum of weights with independent noise of one size, each times its input, is normal too: its standard
        deviation is that size times the length of the input vector.
        """
        hardware = matrix.hardware
        if not (hardware.output_noise or hardware.weight_noise):
            return 0.0
        self._noise(current, f"out/{name}", matrix.vectors)
        if not hardware.weight_noise:
            return hardware.output_noise * unit * _SQRT_2
        each = driven.codes.square().sum(1, keepdim=True).mul_((driven.code * hardware.weight_noise) ** 2)
        current.mul_(each.add_(hardware.output_noise**2).sqrt_())
        return unit * _SQRT_2

    def _noise(self, out: torch.Tensor, name: str, start: int) -> None:
        """Fill with normal numbers of variance one half, those of the vectors from `start` on."""
        count, width = out.shape
        if name not in self._streams:
            self._streams[name] = Stream(f"{self.key}/{name}", width)
        rows = min(max(1, _AT_ONCE // width), count)
        noise = out if out.dtype == torch.float32 else torch.empty_like(out, dtype=torch.float32)
        for at in range(0, count, rows or 1):
            self._streams[name].fill(noise[at : at + rows], start + at)
        if noise is not out:
            out.copy_(noise)


def _show(
    current: torch.Tensor, hardware: AnalogHardware, bound: float | None, bounds: torch.Tensor | None
) -> None:
    """Make of currents what the ADCs of a tile show of them, in place."""
    adc = hardware.adc
    if adc.bound == "dynamic":
        most = _largest(current)
        if adc.bits is not None:
            to_codes(current.mul_(adc.levels / most), adc.levels).mul_(most / adc.levels)
    elif adc.bits is not None:
        to_codes(current, adc.levels)
    elif bound is not None:
        current.clamp_(-bound, bound)
    if bounds is not None:
        current.mul_(bounds)


def _largest(values: torch.Tensor) -> torch.Tensor:
    """Return the largest size in each row that is finite, and 1 where there is none or it is 0.

    A vector of zeros has no steps, and needs none. An infinity is beyond any bound, and becomes the last code.
    """
    bounds = values.abs().amax(1, keepdim=True)
    if bool(torch.isinf(bounds).any()):
        bounds = values.abs().masked_fill_(values.isinf(), 0.0).amax(1, keepdim=True)
    return bounds.masked_fill_(bounds == 0, 1.0)


class Observation:
    """The largest inputs and outputs of a matrix so far, computed with its digital weights."""

    def __init__(self) -> None:
        self.largest_input = 0.0
        self._largest_output = 0.0

    def product(self, x: torch.Tensor, matrix: MatrixState) -> torch.Tensor:
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

    def largest_output(self, matrix: MatrixState) -> float:
        """In full inputs on full weights, as the bound of an ADC is."""
        fixed = matrix.hardware.dac.bound
        if fixed == "dynamic":
            return self._largest_output
        full = fixed if isinstance(fixed, int | float) else self.largest_input if fixed else 1.0
        return self._largest_output / full if full else 0.0
