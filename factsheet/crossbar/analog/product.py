"""Sends vectors through the converters and tiles of one matrix, with the noise that is new in every product.

Tile after tile: what belongs to one stays in a processor's second-level cache, and one matrix product, whose factors
also bring noise and values to the scale of the converter's codes, is most of the work.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import torch

from factsheet.crossbar.analog.converter import to_codes
from factsheet.crossbar.analog.draws import Stream

if TYPE_CHECKING:
    from factsheet.crossbar.analog.hardware import AnalogHardware
    from factsheet.crossbar.analog.matrix import AnalogMatrix

_SQRT_2 = math.sqrt(2.0)
_NOISE_ROWS = 128


class Driven(NamedTuple):
    """Inputs of a row of tiles, as the DACs put them out."""

    codes: torch.Tensor
    code: float
    """What one code is of the bound."""
    bound: float
    """The bound of all vectors, in units of the layer's input."""
    bounds: torch.Tensor | None
    """The bound of each vector, where they differ."""


class Multiplier:
    """Products with one matrix at one point in time.

    Args:
        key: what the noise is keyed by, besides the place of a vector among all since that point in time.
    """

    def __init__(self, key: str) -> None:
        self._key = key
        self._streams: dict[str, Stream] = {}

    def __call__(
        self,
        x: torch.Tensor,
        effective: torch.Tensor,
        gain: torch.Tensor,
        bias: torch.Tensor | None,
        matrix: AnalogMatrix,
    ) -> torch.Tensor:
        """Vectors, one a row, times the matrix.

        Raises:
            AnalogError: a bound that was to be learnt was not.
        """
        outputs, inputs = effective.shape
        y = torch.empty((len(x), outputs), dtype=effective.dtype, device=x.device)
        dac_bound, adc_bound = matrix.bound_of("dac"), matrix.bound_of("adc")
        group, driven = -1, []
        for columns in matrix.col_splits:
            if columns.start * matrix.groups // outputs != group:
                group += 1
                parts = x[:, group * inputs : (group + 1) * inputs]
                driven = [
                    self._drive(parts[:, rows], dac_bound, matrix, f"{group}.{k}")
                    for k, rows in enumerate(matrix.row_splits)
                ]
            out = y[:, columns]
            for k, rows in enumerate(matrix.row_splits):
                current, unit = self._tile(
                    driven[k], effective[columns, rows], adc_bound, matrix, f"{k}.{columns.start}"
                )
                factor = gain[k, columns] * unit
                if k:
                    out.addcmul_(current, factor)
                elif bias is not None:
                    torch.addcmul(bias[columns].to(y.dtype), current, factor, out=out)
                else:
                    torch.mul(current, factor, out=out)
        return y

    def _drive(self, x: torch.Tensor, bound: float | None, matrix: AnalogMatrix, name: str) -> Driven:
        dac, noise = matrix.hardware.dac, matrix.hardware.input_noise
        levels = dac.levels or 1
        bounds: torch.Tensor | None = None
        if dac.bound == "dynamic":
            bounds = _nonzero(x.abs().amax(1, keepdim=True))
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
        return Driven(codes, 1.0 / levels, bound or 1.0, bounds)

    def _tile(
        self,
        driven: Driven,
        weights: torch.Tensor,
        bound: float | None,
        matrix: AnalogMatrix,
        name: str,
    ) -> tuple[torch.Tensor, float]:
        """Currents of a tile as its ADCs show them, and the input unit that one stands for."""
        hardware = matrix.hardware
        adc = hardware.adc
        # In codes of the ADC where these have one size; else in full inputs on full weights.
        unit = adc.levels / bound if adc.bits is not None and bound is not None else 1.0
        current = torch.empty((len(driven.codes), len(weights)), dtype=weights.dtype, device=weights.device)
        sigma = self._product_noise(current, driven, unit, hardware, matrix.vectors, name)
        current.addmm_(driven.codes, weights.t(), beta=sigma, alpha=driven.code * unit)
        if adc.bound == "dynamic":
            bounds = _nonzero(current.abs().amax(1, keepdim=True))
            if adc.bits is not None:
                to_codes(current.mul_(adc.levels / bounds), adc.levels).mul_(bounds / adc.levels)
        elif adc.bits is not None:
            to_codes(current, adc.levels)
        elif bound is not None:
            current.clamp_(-bound, bound)
        if driven.bounds is not None:
            current.mul_(driven.bounds)
        return current, driven.bound / unit

    def _product_noise(
        self,
        current: torch.Tensor,
        driven: Driven,
        unit: float,
        hardware: AnalogHardware,
        vectors: int,
        name: str,
    ) -> float:
        """Fill with the noise of outputs and of weights in a product, and return the factor that it still needs.

        A sum of weights with independent noise of one size, each times its input, is normal too: its standard
        deviation is that size times the length of the input vector.
        """
        if not (hardware.output_noise or hardware.weight_noise):
            return 0.0
        self._noise(current, f"out/{name}", vectors)
        if not hardware.weight_noise:
            return hardware.output_noise * unit * _SQRT_2
        each = driven.codes.square().sum(1, keepdim=True).mul_((driven.code * hardware.weight_noise) ** 2)
        current.mul_(each.add_(hardware.output_noise**2).sqrt_())
        return unit * _SQRT_2

    def _noise(self, out: torch.Tensor, name: str, start: int) -> None:
        """Fill with normal numbers of variance one half, those of the vectors from `start` on."""
        width = out.shape[1]
        if name not in self._streams:
            self._streams[name] = Stream(f"{self._key}/{name}", width)
        words = torch.empty((2, min(_NOISE_ROWS, len(out)), width), dtype=torch.int32, device=out.device)
        noise = out if out.dtype == torch.float32 else torch.empty_like(out, dtype=torch.float32)
        for at in range(0, len(out), _NOISE_ROWS):
            part = noise[at : at + _NOISE_ROWS]
            self._streams[name].fill(part, start + at, words[:, : len(part)])
        if noise is not out:
            out.copy_(noise)


def _nonzero(bounds: torch.Tensor) -> torch.Tensor:
    """Bounds with 1 in place of 0: a vector of zeros has no steps, and needs none."""
    return bounds.masked_fill_(bounds == 0, 1.0)
