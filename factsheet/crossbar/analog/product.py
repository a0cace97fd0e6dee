"""Sends vectors through the converters and tiles of one matrix, with the noise that is new in every product."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from factsheet.crossbar.analog.converter import to_codes
from factsheet.crossbar.analog.draws import Stream

if TYPE_CHECKING:
    from factsheet.crossbar.analog.matrix import AnalogMatrix

_SQRT_2 = math.sqrt(2.0)
_NOISE_ROWS = 64


class Multiplier:
    """Products with one matrix at one point in time, and the noise that is new in each.

    Args:
        key: what that noise is keyed by, besides the place of a vector among all since that point in time.
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
        """Vectors, one a row, times the matrix."""
        outputs, inputs = effective.shape
        columns = outputs // matrix.groups
        y = torch.empty((len(x), outputs), dtype=effective.dtype, device=x.device)
        for group in range(matrix.groups):
            out = slice(group * columns, (group + 1) * columns)
            own = y[:, out]
            for k, rows in enumerate(matrix.row_splits):
                part = x[:, group * inputs + rows.start : group * inputs + rows.stop]
                z = self._tile(part, effective[out, rows], matrix, f"{group}.{k}")
                factor, per_row = z[1], z[2]
                current = z[0]
                if per_row is not None:
                    current.mul_(per_row)
                weight = gain[k, out] * factor
                if k:
                    own.addcmul_(current, weight)
                elif bias is not None:
                    torch.addcmul(bias[out].to(y.dtype), current, weight, out=own)
                else:
                    torch.mul(current, weight, out=own)
        return y

    def _tile(
        self, part: torch.Tensor, weights: torch.Tensor, matrix: AnalogMatrix, name: str
    ) -> tuple[torch.Tensor, float | torch.Tensor, torch.Tensor | None]:
        """Currents of the tiles side by side, as their ADCs show them.

        Returns:
            them, a factor for all, and a factor for each vector if there is one.
        """
        hardware = matrix.hardware
        driven, per_code, factor, per_row = self._drive(part, matrix, name)
        current = torch.empty((len(part), len(weights)), dtype=weights.dtype, device=part.device)
        adc = hardware.adc
        bound = matrix.bound_of("adc")
        to_code = adc.levels / bound if adc.bits is not None and bound is not None else 1.0
        sigma = hardware.output_noise * to_code
        noisy = bool(hardware.output_noise or hardware.weight_noise)
        if noisy:
            self._noise(current, f"out/{name}", matrix.vectors)
            if hardware.weight_noise:
                each = (
                    driven.square()
                    .sum(1, keepdim=True)
                    .mul_((per_code * hardware.weight_noise * to_code) ** 2)
                )
                current.mul_(each.add_(sigma**2).sqrt_())
                sigma = 1.0
        current.addmm_(driven, weights.t(), beta=sigma * _SQRT_2 if noisy else 0.0, alpha=per_code * to_code)
        if adc.bound == "dynamic":
            columns = matrix.hardware.tile.cols
            for at in range(0, current.shape[1], columns):
                tile = current[:, at : at + columns]
                most = _nonzero(tile.abs().amax(1, keepdim=True))
                if adc.bits is not None:
                    to_codes(tile.mul_(adc.levels / most), adc.levels).mul_(most / adc.levels)
        elif adc.bits is not None:
            to_codes(current, adc.levels)
            factor = factor / to_code
        elif bound is not None:
            current.clamp_(-bound, bound)
        return current, factor, per_row

    def _drive(
        self, part: torch.Tensor, matrix: AnalogMatrix, name: str
    ) -> tuple[torch.Tensor, float, float | torch.Tensor, torch.Tensor | None]:
        """Inputs as the DACs put them out.

        Returns:
            codes, what one code is of the bound, the bound for all vectors, and that of each vector if they differ.
        """
        dac = matrix.hardware.dac
        factor: float | torch.Tensor = 1.0
        per_row = None
        per_code = 1.0 / dac.levels if dac.bits is not None else 1.0
        if dac.bound == "dynamic":
            per_row = _nonzero(part.abs().amax(1, keepdim=True))
            driven = part * ((dac.levels or 1) / per_row)
        else:
            bound = matrix.bound_of("dac")
            factor = 1.0 if bound is None else bound
            driven = part * ((dac.levels or 1) / factor)
        if dac.bits is not None:
            to_codes(driven, dac.levels)
        elif dac.bound is not None:
            driven.clamp_(-1.0, 1.0)
        if matrix.hardware.input_noise:
            noise = torch.empty_like(driven)
            self._noise(noise, f"in/{name}", matrix.vectors)
            driven.add_(noise, alpha=matrix.hardware.input_noise * _SQRT_2 / per_code)
        return driven, per_code, factor, per_row

    def _noise(self, out: torch.Tensor, name: str, start: int) -> None:
        """Fill with normal numbers over √2, those of the vectors from `start` on."""
        width = out.shape[1]
        stream = self._streams.setdefault(name, Stream(f"{self._key}/{name}", width))
        rows = min(_NOISE_ROWS, len(out))
        words = torch.empty((2, rows, width), dtype=torch.int32, device=out.device)
        noise = out if out.dtype == torch.float32 else torch.empty_like(out, dtype=torch.float32)
        for at in range(0, len(out), _NOISE_ROWS):
            part = noise[at : at + _NOISE_ROWS]
            stream.fill(part, start + at, words[:, : len(part)])
        if noise is not out:
            out.copy_(noise)


def _nonzero(bounds: torch.Tensor) -> torch.Tensor:
    """Bounds with 1 in place of 0: a vector of zeros has no steps, and needs none."""
    return bounds.masked_fill_(bounds == 0, 1.0)
