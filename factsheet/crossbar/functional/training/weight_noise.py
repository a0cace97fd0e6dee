"""Weights as a training step sees them: a fresh draw of programming, drift and read noise on every run of a layer."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Literal, NamedTuple

import torch

from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.devices.reram import Reram
from factsheet.crossbar.functional.draws import Draws, portions, seed_of
from factsheet.crossbar.functional.tiles.device_pairs import nets_at, programmed
from factsheet.crossbar.functional.training.prepared_weights import rounded, without_dropped
from factsheet.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.devices.device import Device
    from factsheet.crossbar.functional.training.recipe import HwaRecipe, Strength

_TINY = 1e-30
_SQRT_2 = math.sqrt(2.0)


def largest_weights(weight: Tensor, hardware: AnalogHardware) -> Tensor:
    """Return the weights that the largest conductances hold: those of each column of a tile, or of each tile.

    Args:
        weight: outputs by inputs.
        hardware: its tile and its scaling.

    Returns:
        A row for each output, a column for each of the tiles that its inputs are on; above 0 also where all weights
        are 0.
    """
    weight = weight.detach()
    outputs, inputs = weight.shape
    parts = hardware.row_parts(inputs)
    largest = weight.new_empty((outputs, len(parts)))
    for rows in portions(outputs, inputs, weight.device):
        size = weight[rows].abs()
        for k, part in enumerate(parts):
            torch.amax(size[:, part], dim=1, out=largest[rows, k])
    if hardware.scale == "tile":
        for cols in hardware.col_parts(outputs):
            largest[cols] = largest[cols].amax(dim=0)
    if hardware.clip_sigma is not None:
        largest.clamp_(max=hardware.clip_sigma * float(weight.std(correction=0)))
    return largest.clamp_(min=_TINY)


class Noisy(NamedTuple):
    """Weights after one draw of noise."""

    weights: Tensor
    kept: float
    """What drift leaves of the weights on the whole; what remains beside it is noise."""


@torch.no_grad()
def noisy_weights(
    weight: Tensor, largest: Tensor, recipe: HwaRecipe, *, hardware: AnalogHardware, key: str
) -> Noisy:
    """Draw everything that a recipe does to the weights once; no gradient passes through it.

    Args:
        weight: outputs by inputs.
        largest: see `largest_weights`.
        recipe: a settled one.
        hardware: the device that `device_model` and drift mean, and its largest conductance.
        key: names the draw; the same key gives the same noise.
    """
    weight = weight.detach()
    added = [
        (purpose, _half_spread(strength, weight, largest, hardware))
        for purpose, strength in (("weight", recipe.weight_noise), ("read", recipe.read_noise))
        if strength is not None and not _of_device(strength)
    ]
    devices: _Devices | None = None
    if _of_device(recipe.weight_noise) or _of_device(recipe.read_noise) or recipe.drift is not None:
        device = trained_device(recipe, hardware.device)
        devices = _Devices(replace(hardware, device=device, follow="equations"), _time_of(recipe, key))
    clips = hardware.clip_sigma is not None
    if devices is None and not (added or clips or recipe.weight_bits or recipe.drop_connect):
        return Noisy(weight, 1.0)
    draws = Draws(key, (weight.shape[0], weight.shape[1]), weight.device, passing=True)
    found = torch.empty_like(weight, memory_format=torch.contiguous_format)
    for rows, cols in _blocks(weight, hardware):
        own, out, noise = weight[rows, cols], found[rows, cols], draws.at(rows, cols)
        tiles = [
            _TileOfBlock(part, largest[rows, k, None], [spread[rows, k, None] for _, spread in added])
            for k, part in _tiles(cols, hardware, weight.shape[1])
        ]
        own = _prepared(own, out, tiles, bits=recipe.weight_bits, clips=clips)
        if devices is not None:
            own = devices.act(own, out, tiles, noise)
        for n, (purpose, _) in enumerate(added):
            normal = noise.part(purpose).half_normal("net").to(weight.dtype)
            for part, _, spreads in tiles:
                torch.addcmul(own[:, part], normal[:, part], spreads[n], out=out[:, part])
            own = out
        if recipe.drop_connect or own is not out:
            out.copy_(without_dropped(own, recipe.drop_connect, noise) if recipe.drop_connect else own)
    return Noisy(found, 1.0 if devices is None else devices.kept)


class _TileOfBlock(NamedTuple):
    """What some outputs have of one tile."""

    part: slice
    """Inputs within the block."""
    full: Tensor
    """The weights that the largest conductances hold."""
    half_spreads: list[Tensor]
    """Standard deviations of what is added, times √2."""


def _prepared(
    own: Tensor, out: Tensor, tiles: Sequence[_TileOfBlock], *, bits: int | None, clips: bool
) -> Tensor:
    """Return the weights of a block as they are to be programmed: in `out`, if they are rounded or clipped."""
    for part, full, _ in tiles if bits is not None or clips else ():
        weights = own[:, part] if bits is None else rounded(own[:, part], full, bits)
        out[:, part] = torch.minimum(torch.maximum(weights, -full), full) if clips else weights
    return out if bits is not None or clips else own


def _blocks(weight: Tensor, hardware: AnalogHardware) -> Iterator[tuple[slice, slice]]:
    """Return what is computed at a time: some outputs, or a whole tile where its wires matter."""
    outputs, inputs = weight.shape
    if hardware.ir_drop is not None:
        yield from product(hardware.col_parts(outputs), hardware.row_parts(inputs))
    else:
        yield from product(portions(outputs, inputs, weight.device), (slice(0, inputs),))


def _tiles(cols: slice, hardware: AnalogHardware, inputs: int) -> list[tuple[int, slice]]:
    """Return the tiles that some inputs are on: which of those below each other, and its inputs among these.

    Args:
        cols: these inputs.
        hardware: its tile.
        inputs: of the whole matrix.
    """
    return [
        (k, slice(max(part.start, cols.start) - cols.start, min(part.stop, cols.stop) - cols.start))
        for k, part in enumerate(hardware.row_parts(inputs))
        if part.start < cols.stop and cols.start < part.stop
    ]


def largest_for(strength: Strength, weight: Tensor, largest: Tensor, hardware: AnalogHardware) -> Tensor:
    """Return the largest weights that a strength is relative to: those of the hardware, or of each tile or output."""
    if not strength.per:
        return largest
    scale: Literal["column", "tile"] = "tile" if strength.per == "tile" else "column"
    return largest if scale == hardware.scale else largest_weights(weight, replace(hardware, scale=scale))


def _of_device(strength: Strength | None) -> bool:
    return strength is not None and not strength.siemens and strength.relative_to == "device_model"


def _half_spread(strength: Strength, weight: Tensor, largest: Tensor, hardware: AnalogHardware) -> Tensor:
    """Return a standard deviation in the unit of the weights, times √2: one for each output on each tile."""
    largest = largest_for(strength, weight, largest, hardware)
    if strength.siemens:
        return largest * (strength.value * 1e6 / hardware.g_max_us * _SQRT_2)
    match strength.relative_to:
        case "w_max" | "g_max":
            return largest * (strength.value * _SQRT_2)
        case "weight_std":
            return torch.full_like(largest, float(weight.std()) * strength.value * _SQRT_2)
        case _:
            return torch.full_like(largest, strength.value * _SQRT_2)


class _Devices:
    """The devices of a matrix: programmed, drifted and read block by block, while what drift leaves is added up."""

    def __init__(self, hardware: AnalogHardware, t_s: float) -> None:
        self.hardware, self.t_s = hardware, t_s
        self._now = self._before = torch.zeros(())

    def act(self, weight: Tensor, out: Tensor, tiles: Sequence[_TileOfBlock], draws: Draws) -> Tensor:
        """Fill with what some weights act as.

        Args:
            weight: of a block; none beyond the largest.
            out: as large.
            tiles: those that the block is on.
            draws: of the block.
        """
        relative = torch.empty(weight.shape, dtype=torch.float32, device=weight.device)
        for part, full, _ in tiles:
            torch.div(weight[:, part], full, out=relative[:, part])
        states = programmed(relative, self.hardware, draws)
        times = (0.0, self.t_s) if self.t_s else (0.0,)
        *before, net = nets_at(states, relative, self.hardware, times_s=times, draws=draws)
        if before:
            self._before = before[0].abs_().sum() + self._before.to(net.device)
            self._now = net.abs().sum() + self._now.to(net.device)
        for part, full, _ in tiles:
            torch.mul(net[:, part], full, out=out[:, part])
        return out

    @property
    def kept(self) -> float:
        """What drift has left of all blocks so far."""
        return max(float(self._now / self._before.clamp(min=_TINY)), _TINY) if self.t_s else 1.0


def trained_device(recipe: HwaRecipe, device: Device) -> Device:
    """Return the device with the share of its noise that a recipe asks for.

    Args:
        recipe: multiples of what the device model gives; what is not there, or given in another way, is left out.
        device: the device of the hardware.

    Raises:
        StudyError: its noise cannot be scaled so.
    """
    weight, read = (
        one.value if one is not None and _of_device(one) else 0.0
        for one in (recipe.weight_noise, recipe.read_noise)
    )
    if isinstance(device, Pcm):
        return replace(
            device,
            programming=device.programming * weight,
            read_noise=device.read_noise * read,
            drift_exponent=device.drift_exponent if recipe.drift is not None else 0.0,
        )
    if isinstance(device, Reram):
        return replace(device, spread=device.spread * weight)
    if weight != 1.0:
        raise StudyError(
            f"{weight:g} times the noise of a {type(device).__name__}",
            "it is not known how its noise is scaled",
            "make it a setting of the device, and train with 1 times its noise",
        )
    return device


def _time_of(recipe: HwaRecipe, key: str) -> float:
    """Draw one of the times that training is for, by the key; right after programming if there is none."""
    if recipe.drift is None:
        return 0.0
    times = recipe.drift.at_s
    return times[seed_of(0, key, "time") % len(times)]
