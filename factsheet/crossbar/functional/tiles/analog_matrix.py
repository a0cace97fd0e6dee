"""One stored matrix on its tiles: programmed, drifting, read, compensated, and multiplied by vectors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from factsheet.crossbar.functional.devices.device import dtype_of, restored, rounded, stored
from factsheet.crossbar.functional.draws import Draws, Scratch, portions
from factsheet.crossbar.functional.tiles.device_pairs import net_as_aihwkit, net_at, programmed
from factsheet.crossbar.functional.tiles.gradients import ThroughTiles
from factsheet.crossbar.functional.tiles.matrix_state import MatrixState
from factsheet.crossbar.functional.tiles.observation import Observation
from factsheet.crossbar.functional.tiles.products import Multiplier
from factsheet.errors import AnalogError, NotProgrammedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from torch import nn

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.devices.device import State
    from factsheet.crossbar.functional.tiles.observation import Calibration

_LEAST = 1e-4


def read_out(matrix: MatrixState) -> torch.Tensor:
    """Return the sum of absolute net conductances over g_max, for each row of tiles and each column.

    Where the array is read noisily, as the ADC shows them for one-hot inputs, and no less than 10⁻⁴ on average.
    """
    hardware = matrix.hardware
    first = matrix.tile(0, matrix.col_splits[0])
    sums = first.new_zeros((len(matrix.row_splits), len(matrix.weights)))
    for k, columns, _ in matrix.blocks():
        tile = matrix.tile(k, columns)
        if not hardware.reads_noisily:
            sums[k, columns] = tile.abs().sum(0)
            continue
        shown = tile
        if hardware.output_noise:
            key = f"{matrix.key}/{k}.{columns.start}/read-out@{matrix.t_s!r}"
            noise = Draws(key, (tile.shape[0], tile.shape[1]), tile.device).normal("noise")
            shown = noise.mul_(hardware.output_noise).add_(tile)
        if not hardware.adc.is_exact:
            shown = hardware.adc.convert(shown, matrix.adc_bound())
        sums[k, columns] = shown.abs().sum(0).clamp_(min=_LEAST * len(tile))
    return sums


def target_read_out(matrix: MatrixState, scale: torch.Tensor) -> torch.Tensor:
    """Return what `read_out` would show of the weights as they were to be programmed, without error.

    Args:
        matrix: has the digital weights and the tiles.
        scale: the weight that g_max represents, for each row of tiles and each column.
    """
    sums, weights = torch.zeros_like(scale), matrix.weights
    for k, columns, rows in matrix.blocks():
        largest = scale[k, columns]
        own = weights[columns, rows].abs().to(scale.dtype)
        sums[k, columns] = torch.minimum(own, largest[:, None]).sum(1) / largest
        if matrix.hardware.reads_noisily:
            sums[k, columns] = sums[k, columns].clamp(min=_LEAST * own.shape[1])
    return sums


def factors(matrix: MatrixState, before: torch.Tensor, now: torch.Tensor, kind: str) -> torch.Tensor:
    """Return what outputs are to be multiplied by: the read-out at programming over the one of now.

    Args:
        matrix: has the tiles.
        before: read-out at programming.
        now: read-out now.
        kind: `global`, one factor a tile, or `column`, one a column.
    """
    if kind == "global":
        before, now = before.clone(), now.clone()
        for k, columns, _ in matrix.blocks():
            before[k, columns], now[k, columns] = before[k, columns].sum(), now[k, columns].sum()
    return torch.where((before > 0) & (now > 0), before / now, torch.ones_like(now))


_DRAWN_TOGETHER = 256
"""Outputs of a tile whose noise has one key."""


class AnalogMatrix(MatrixState):
    """The conductances of one stored matrix; layers that share weights share this.

    Args:
        target: the digital weights, with outputs first; shared, not copied.
        hardware: the hardware that they are on.
        name: names the matrix within its network; with the seed it determines all noise.
        groups: matrices below each other in `target`, such as the groups of a convolution.
        transposed: whether inputs come first in `target`.

    Raises:
        AnalogError: a weight is NaN or infinite, or there are none.
    """

    def __init__(
        self,
        target: nn.Parameter,
        hardware: AnalogHardware,
        name: str = "",
        *,
        groups: int = 1,
        transposed: bool = False,
    ) -> None:
        super().__init__(target, hardware, name, groups=groups, transposed=transposed)
        self.source: nn.Parameter | None = None
        """The weights that `target` was cut out of anew, where it is not the layer's own."""
        self.passes_gradients = False
        """Whether gradients pass back through the conductances; else asking for them is an error."""
        self._multiplier = Multiplier("")
        self._observation: Observation | None = None

    @torch.no_grad()
    def program(self, seed: int, *, keep: bool = True) -> None:
        """Program all devices, and read them at once: the matrix is at time 0 afterwards.

        Args:
            seed: of all noise.
            keep: hold on to the devices; otherwise every point in time programs the same ones again.

        Raises:
            AnalogError: a weight is NaN or infinite.
        """
        self.check()
        weights = self.weights
        self.effective = torch.empty(weights.numel(), dtype=self._dtype, device=weights.device)
        self.scale = self.scales()
        # What stays comes before what is computed with: in between, it would cut up memory that is used again.
        self.gain, self.baseline = torch.empty_like(self.scale), torch.empty_like(self.scale)
        self.seed = seed
        self.forget()
        if keep and self.hardware.follow == "equations":
            for _ in range(2 * len(self.hardware.pairs)):
                for kept in self.hardware.device.kept:
                    self.keep(torch.empty(weights.shape, dtype=dtype_of(kept), device=weights.device))
        self._move(0.0, anew=True)
        programmed_as_asked = self.hardware.reference == "target"
        self.baseline.copy_(target_read_out(self, self.scale) if programmed_as_asked else read_out(self))

    @torch.no_grad()
    def at(self, t_s: float) -> None:
        """Let so many seconds pass since programming, read, and compensate as the hardware says.

        Raises:
            NotProgrammedError: there are no conductances yet.
            AnalogError: the time is before programming, or no time.
        """
        if not 0 <= t_s < math.inf:
            raise AnalogError(
                f"{t_s} s after programming",
                "conductances exist from programming on",
                "give 0 seconds or more",
            )
        self._programmed()
        self._move(t_s, anew=False)
        if self.hardware.compensation != "none":
            self.compensate(self.hardware.compensation)

    @torch.no_grad()
    def compensate(self, kind: str) -> None:
        """Correct for drift up to now: outputs are scaled by the read-out at programming over the one of now.

        Args:
            kind: `global`, one factor a tile, or `column`, one a column.

        Raises:
            NotProgrammedError: there are no conductances yet.
        """
        _, scale, gain = self._programmed()
        if self.baseline is None:
            raise NotProgrammedError(self.name)
        torch.mul(scale, factors(self, self.baseline, read_out(self), kind), out=gain)

    def forward(self, x: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
        """Multiply vectors.

        Args:
            x: one vector a row, of the inputs of all groups.
            bias: added digitally.

        Raises:
            NotProgrammedError: there are no conductances yet.
            AnalogError: a bound that was to be learnt was not.
        """
        asks = x.requires_grad or (self.passes_gradients and bias is not None and bias.requires_grad)
        if asks and torch.is_grad_enabled() and self._observation is None:
            y: torch.Tensor = ThroughTiles.apply(x, bias, self)
            return y
        return self.multiplied(x, bias)

    @torch.no_grad()
    def multiplied(self, x: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        """Multiply vectors without regard to gradients; see `forward`."""
        if self._observation is not None:
            y = self._observation.product(x, self)
            return y if bias is None else y + bias
        effective, _, gain = self._programmed()
        # Under autocast the products would be rounded to bfloat16, which no hardware asked for.
        with torch.autocast(x.device.type, enabled=False):
            y = self._multiplier_now()(x.to(effective.dtype), gain, bias, self)
        self.vectors += len(x)
        return y

    def observe(self, on: bool, calibration: Calibration | None = None) -> None:
        """Start to take note of what passes, or stop and make bounds of it.

        Args:
            on: start, else stop.
            calibration: how bounds of inputs follow; the largest one if left out.
        """
        if on:
            self._observation = Observation(calibration)
        elif self._observation is not None:
            bounds = self._observation.input_bounds()
            if bounds:
                self.take_input_bounds(torch.tensor(bounds))
                self.output_bound.fill_(self._observation.largest_output(self))
            self._observation = None

    def acting(self) -> torch.Tensor:
        """Return the weights as products see them now, outputs down, inputs across, before any converter.

        Raises:
            NotProgrammedError: there are no conductances yet.
        """
        effective, _, gain = self._programmed()
        out = torch.empty(self.weights.shape, dtype=effective.dtype, device=effective.device)
        for k, columns, rows in self.blocks():
            out[columns, rows] = self.tile(k, columns).t() * gain[k, columns, None]
        return out

    def _move(self, t_s: float, *, anew: bool) -> None:
        """Compute the conductances of a point in time, tile by tile."""
        if self.effective is None or self.scale is None or self.gain is None:
            raise NotProgrammedError(self.name)
        weights, scratch = self.weights, Scratch()
        self.gain.copy_(self.scale)
        for k, columns, rows in self.blocks():
            tile = self.tile(k, columns)
            for part in self._parts(columns):
                shape = (part.stop - part.start, rows.stop - rows.start)
                draws = Draws(f"{self.key}/{k}.{part.start}", shape, weights.device, scratch)
                for within in self._portions(shape):
                    piece = slice(part.start + within.start, part.start + within.stop)
                    own, own_draws = weights[piece, rows].to(self._dtype), draws.at(within)
                    if self.hardware.follow == "aihwkit":
                        net = net_as_aihwkit(self._relative(own, k, piece), self.hardware, t_s, own_draws)
                    else:
                        where = piece, rows
                        states = (
                            self._recalled(where, own.dtype)
                            if self.kept and not anew
                            else self._anew(self._relative(own, k, piece), where, own_draws)
                        )
                        net = net_at(states, own, self.hardware, t_s=t_s, draws=own_draws)
                    tile[:, piece.start - columns.start : piece.stop - columns.start] = net.t()
        self.t_s, self.vectors = t_s, 0

    def _multiplier_now(self) -> Multiplier:
        """Return the products at this point in time, whose noise is keyed by it."""
        key = f"{self.key}@{self.t_s!r}"
        if self._multiplier.key != key:
            self._multiplier = Multiplier(key)
        return self._multiplier

    def _relative(self, weights: torch.Tensor, k: int, part: slice) -> torch.Tensor:
        """Weights of a part of a tile over the one that is given g_max."""
        assert self.scale is not None  # noqa: S101 - the caller has made sure
        relative = weights / self.scale[k, part, None]
        return relative if self.hardware.clip_sigma is None else relative.clamp_(-1.0, 1.0)

    def _recalled(self, where: tuple[slice, slice], dtype: torch.dtype) -> Iterator[State]:
        """Return the devices of a part of a tile that were kept, each when it is asked for."""
        kept, values = self.hardware.device.kept, iter(self.kept)
        for _ in range(2 * len(self.hardware.pairs)):
            yield tuple(restored(next(values)[where], one, dtype) for one in kept)

    def _anew(self, relative: torch.Tensor, where: tuple[slice, slice], draws: Draws) -> Iterable[State]:
        """Return the devices of a part of a tile, programmed from the seed."""
        states, kept = programmed(relative, self.hardware, draws), self.hardware.device.kept
        if not self.kept:
            return [rounded(state, kept, relative.dtype) for state in states]
        flat = [(value, one) for state in states for value, one in zip(state, kept, strict=True)]
        for buffer, (value, one) in zip(self.kept, flat, strict=True):
            buffer[where] = stored(value, one)
        return self._recalled(where, relative.dtype)

    def _parts(self, columns: slice) -> Iterator[slice]:
        """Return the outputs of a tile in the parts that their noise is drawn for."""
        step = columns.stop - columns.start if self._takes_whole_tiles else _DRAWN_TOGETHER
        for at in range(columns.start, columns.stop, step):
            yield slice(at, min(at + step, columns.stop))

    def _portions(self, shape: tuple[int, int]) -> Iterator[slice]:
        """Return the outputs of such a part, counted from its first, that are computed at a time."""
        yield from (slice(0, shape[0]),) if self._takes_whole_tiles else portions(*shape, self.weights.device)

    @property
    def _takes_whole_tiles(self) -> bool:
        """True if what becomes of a device depends on others of its tile."""
        return self.hardware.follow == "aihwkit" or self.hardware.ir_drop is not None
