"""Multiply vectors by one matrix through its converters and tiles, with the noise that is new in every product.

While the bounds of the converters are learnt, products are digital.

A few tiles beside each other at a time: what belongs to them stays in a processor's second-level cache, and one matrix
product, whose factors also bring noise and values to the scale of the converter's codes, is most of the work.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import torch

from factsheet.crossbar.functional.draws import Draws, Stream
from factsheet.crossbar.functional.tiles.converters import to_codes
from factsheet.crossbar.functional.tiles.fitted_ir_drop import FittedIrDrop

if TYPE_CHECKING:
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.tiles.matrix_state import MatrixState

_SQRT_2 = math.sqrt(2.0)
_MOST_REDUCED = 1000.0
_ASSUMED_WEIGHT = 0.6
"""Of the largest; `nm_assumed_wmax` of aihwkit's compiled code, which its Python has no field for."""
_AT_ONCE = 2**17
"""Outputs whose noise is drawn at once: they take up a quarter of a second-level cache."""


class Driven(NamedTuple):
    """Inputs of a row of tiles, as the DACs put them out."""

    codes: torch.Tensor
    code: float
    """What one code is of the bound."""
    bounds: torch.Tensor | None
    """The bound of each vector, where they differ."""
    vectors: torch.Tensor | None = None
    """Which of the vectors of a call these are, where they are not all."""


class _Tile(NamedTuple):
    """One or more tiles beside each other, while they are multiplied by."""

    k: int
    columns: slice
    unit: float
    """Of currents, in full inputs on full weights."""
    adc_bound: float | None


class Multiplier:
    """Products with one matrix at one point in time.

    Args:
        key: what the noise is keyed by, besides the place of a vector among all since that point in time.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self._streams: dict[str, Stream] = {}
        self._spreads: dict[tuple[int, int], torch.Tensor] = {}

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
        dac_bounds, adc_bound = matrix.input_bounds(), matrix.adc_bound()
        adc = matrix.hardware.adc
        # In codes of the ADC where these have one size; else in full inputs on full weights.
        unit = adc.levels / adc_bound if adc.bits is not None and adc_bound is not None else 1.0
        factors = gain / unit
        if dac_bounds is not None:
            factors *= factors.new_tensor(dac_bounds).unsqueeze(1)
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
                    self._drive(
                        parts[:, rows], None if dac_bounds is None else dac_bounds[k], matrix, f"{group}.{k}"
                    )
                    for k, rows in enumerate(matrix.row_splits)
                ]
            out = y[:, columns]
            for k in range(len(driven)):
                current = space[: out.numel()].view(out.shape)
                tile = _Tile(k, columns, unit, adc_bound)
                reached = self._multiply(current, driven[k], matrix, tile)
                if reached is not None:
                    bound = None if dac_bounds is None else dac_bounds[k]
                    own = parts[:, matrix.row_splits[k]]
                    self._repeat(
                        current, own, reached, matrix=matrix, tile=tile, bound=bound, name=f"{group}.{k}"
                    )
                if k:
                    out.addcmul_(current, factors[k, columns])
                else:
                    own_bias = zero if bias is None else bias[columns].to(y.dtype)
                    torch.addcmul(own_bias, current, factors[k, columns], out=out)
        return y

    def _multiply(
        self, current: torch.Tensor, driven: Driven, matrix: MatrixState, tile: _Tile, *, round_name: str = ""
    ) -> torch.Tensor | None:
        """Fill with what the ADCs of a tile show; return the vectors that reached their bound, where it is managed."""
        name = f"{tile.k}.{tile.columns.start}{round_name}"
        sigma = self._product_noise(current, driven, matrix, tile=tile, name=name)
        code = driven.code * tile.unit
        current.addmm_(driven.codes, matrix.strip(tile.k, tile.columns), beta=sigma, alpha=code)
        if isinstance(matrix.hardware.ir_drop, FittedIrDrop):
            lost = matrix.hardware.ir_drop.lost(
                driven.codes * driven.code, matrix.strip(tile.k, tile.columns)
            )
            current.sub_(lost, alpha=tile.unit)
        reached: torch.Tensor | None = None
        if matrix.hardware.bound_management != "none" and tile.adc_bound is not None:
            # Rounded to the code after the last one: the output is clipped.
            last = (
                matrix.hardware.adc.levels + 0.5 if matrix.hardware.adc.bits is not None else tile.adc_bound
            )
            reached = (current.abs().amax(1) > last).nonzero().flatten()
        _show(current, matrix.hardware, tile.adc_bound, driven.bounds)
        return reached

    def _repeat(
        self,
        current: torch.Tensor,
        x: torch.Tensor,
        reached: torch.Tensor,
        *,
        matrix: MatrixState,
        tile: _Tile,
        bound: float | None,
        name: str,
    ) -> None:
        """Repeat products of which an output reached its bound, with half the input each time.

        As aihwkit 1.1.0 does (`rpu_forward_backward_pass.cpp`): until no output reaches it, or the input was reduced
        beyond 1000 times, or beyond a quarter of the DAC's codes (`max_bm_factor`, `max_bm_res`). In the worst case
        the first repetition is driven so low that hardly any output can reach the bound.
        """
        levels = matrix.hardware.dac.levels
        most = min(_MOST_REDUCED, levels / 4) if levels else _MOST_REDUCED
        halved, repeats, lowest = 1.0, 0, None
        while len(reached) and halved <= most:
            if not repeats and matrix.hardware.bound_management == "iterative worst case":
                lowest = _for_the_worst(x, bound, tile.adc_bound, matrix.hardware)
            else:
                halved *= 2.0
            repeats += 1
            again = f"~{halved:g}" if lowest is None else f"~{halved:g} worst"
            reduced = halved if lowest is None else lowest[reached] * halved
            driven = self._drive(x[reached], bound, matrix, name + again, reduced=reduced, vectors=reached)
            shown = torch.empty((len(reached), current.shape[1]), dtype=current.dtype, device=current.device)
            still = self._multiply(shown, driven, matrix, tile, round_name=again)
            # A bound of each vector is in what is shown; of a fixed one, the reduction is not.
            current[reached] = shown if driven.bounds is not None else shown * reduced
            assert still is not None  # noqa: S101  bounds are managed here
            reached = reached[still]

    def _drive(
        self,
        x: torch.Tensor,
        bound: float | None,
        matrix: MatrixState,
        name: str,
        *,
        reduced: float | torch.Tensor = 1.0,
        vectors: torch.Tensor | None = None,
    ) -> Driven:
        dac, noise = matrix.hardware.dac, matrix.hardware.input_noise
        levels = dac.levels or 1
        bounds: torch.Tensor | None = None
        if dac.bound == "dynamic":
            bounds = _largest(x)
            if isinstance(reduced, torch.Tensor) or reduced != 1.0:
                bounds *= reduced
            codes = x * (levels / bounds)
        else:
            codes = x * (levels / ((bound or 1.0) * reduced))
        if dac.bits is not None:
            to_codes(codes, levels)
        elif dac.bound is not None:
            codes.clamp_(-1.0, 1.0)
        if noise:
            drawn = torch.empty_like(codes)
            self._noise(drawn, f"in/{name}", matrix.vectors, vectors)
            codes.add_(drawn, alpha=noise * _SQRT_2 * levels)
        return Driven(codes, 1.0 / levels, bounds, vectors)

    def _product_noise(
        self, current: torch.Tensor, driven: Driven, matrix: MatrixState, *, tile: _Tile, name: str
    ) -> float:
        """Fill with the noise of outputs and of weights in a product, and return the factor that it still needs.

        A sum of weights with independent noise, each times its input, is normal too: of noise of one size, its
        standard deviation is that size times the length of the input vector.
        """
        hardware = matrix.hardware
        if not (hardware.output_noise or hardware.weight_noise):
            return 0.0
        self._noise(current, f"out/{name}", matrix.vectors, driven.vectors)
        spread = self._spread(matrix, tile)
        if not hardware.weight_noise:
            if spread is not None:
                current.mul_(spread)
            return hardware.output_noise * tile.unit * _SQRT_2
        squares = driven.codes.square()
        if hardware.weight_noise_kind == "constant":
            each = squares.sum(1, keepdim=True)
        else:
            each = squares @ matrix.strip(tile.k, tile.columns).abs()
        each.mul_((driven.code * hardware.weight_noise) ** 2)
        of_outputs = hardware.output_noise if spread is None else spread * hardware.output_noise
        current.mul_((each + of_outputs**2).sqrt_())
        return tile.unit * _SQRT_2

    def _spread(self, matrix: MatrixState, tile: _Tile) -> torch.Tensor | None:
        """Return the output noise of each column relative to that of the hardware; None if they are alike."""
        spread = matrix.hardware.output_noise_spread
        if not (spread and matrix.hardware.output_noise):
            return None
        place = tile.k, tile.columns.start
        if place not in self._spreads:
            width = tile.columns.stop - tile.columns.start
            draws = Draws(
                f"{matrix.key}/{tile.k}.{tile.columns.start}/adc", (1, width), matrix.weights.device
            )
            self._spreads[place] = draws.normal("spread").mul_(spread).add_(1.0).abs_()[0]
        return self._spreads[place]

    def _noise(self, out: torch.Tensor, name: str, start: int, vectors: torch.Tensor | None = None) -> None:
        """Fill with normal numbers of variance one half, those of the vectors from `start` on, or of some of them."""
        if vectors is not None:
            every = torch.empty((int(vectors.max()) + 1, out.shape[1]), dtype=out.dtype, device=out.device)
            self._noise(every, name, start)
            out.copy_(every[vectors])
            return
        count, width = out.shape
        if name not in self._streams:
            self._streams[name] = Stream(f"{self.key}/{name}", width)
        rows = min(max(1, _AT_ONCE // width), count)
        noise = out if out.dtype == torch.float32 else torch.empty_like(out, dtype=torch.float32)
        for at in range(0, count, rows or 1):
            self._streams[name].fill(noise[at : at + rows], start + at)
        if noise is not out:
            out.copy_(noise)


def _for_the_worst(
    x: torch.Tensor, bound: float | None, adc_bound: float | None, hardware: AnalogHardware
) -> torch.Tensor:
    """Return how far each vector is reduced so that outputs of weights of one sign stay below the bound of the ADC.

    `AbsMaxNPSum` of aihwkit 1.1.0 (`computeNoiseManagement`): the larger of the sums of positive and of negative inputs
    times an assumed weight, over the bound of the ADC; no further than a quarter of the DAC's codes.
    """
    base = _largest(x) if hardware.dac.bound == "dynamic" else x.new_full((len(x), 1), bound or 1.0)
    amax = torch.minimum(_largest(x), base)
    sums = torch.maximum(x.clamp(min=0).sum(1, keepdim=True), -x.clamp(max=0).sum(1, keepdim=True))
    wanted = sums * (_ASSUMED_WEIGHT / (adc_bound or 1.0))
    if hardware.dac.bits is not None:
        wanted = torch.minimum(wanted, amax * (hardware.dac.levels / 4))
    return torch.maximum(amax, wanted) / base


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
