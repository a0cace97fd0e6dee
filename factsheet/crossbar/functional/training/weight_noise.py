"""Weights as a training step sees them: a fresh draw of programming, drift and read noise on every run of a layer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import torch

from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.devices.reram import Reram
from factsheet.crossbar.functional.draws import Draws, seed_of
from factsheet.crossbar.functional.tiles.device_pairs import net_at, programmed
from factsheet.crossbar.functional.training.prepared_weights import rounded, without_dropped
from factsheet.errors import StudyError

if TYPE_CHECKING:
    from torch import Tensor

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.devices.device import Device
    from factsheet.crossbar.functional.training.recipe import HwaRecipe, Strength

_TINY = 1e-30


def largest_weights(weight: Tensor, hardware: AnalogHardware) -> Tensor:
    """Return for each weight the one that the largest conductance holds: that of its column of a tile, or of its tile.

    Args:
        weight: outputs by inputs.
        hardware: its tile and its scaling.

    Returns:
        As many rows and columns; above 0 also where all weights are 0.
    """
    size = weight.detach().abs()
    largest = torch.empty_like(size)
    for inputs in hardware.row_parts(size.shape[1]):
        if hardware.scale == "column":
            largest[:, inputs] = size[:, inputs].amax(dim=1, keepdim=True)
            continue
        for outputs in hardware.col_parts(size.shape[0]):
            largest[outputs, inputs] = size[outputs, inputs].max()
    if hardware.clip_sigma is not None:
        largest.clamp_(max=hardware.clip_sigma * float(weight.detach().std(correction=0)))
    return largest.clamp_(min=_TINY)


class Noisy(NamedTuple):
    """Weights after one draw of noise."""

    weights: Tensor
    kept: float
    """What drift leaves of the weights on the whole; what remains beside it is noise."""


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
    with torch.no_grad():
        found, kept = rounded(weight.detach(), largest, recipe), 1.0
        if hardware.clip_sigma is not None:
            found = torch.minimum(torch.maximum(found, -largest), largest)
        if _of_device(recipe.weight_noise) or _of_device(recipe.read_noise) or recipe.drift is not None:
            found, kept = _through_devices(found, largest, recipe, hardware=hardware, key=key)
        for purpose, strength in (("weight", recipe.weight_noise), ("read", recipe.read_noise)):
            if strength is not None and not _of_device(strength):
                normal = Draws(f"{key}/{purpose}", (weight.shape[0], weight.shape[1]), weight.device).normal(
                    "net"
                )
                largest_of = largest_for(strength, weight, largest, hardware)
                found = found + normal.to(weight.dtype) * _sigma(strength, weight, largest_of, hardware)
        return Noisy(without_dropped(found, recipe, key), kept)


def largest_for(strength: Strength, weight: Tensor, largest: Tensor, hardware: AnalogHardware) -> Tensor:
    """Return the largest weights that a strength is relative to: those of the hardware, or of each tile or output."""
    if not strength.per:
        return largest
    scale: Literal["column", "tile"] = "tile" if strength.per == "tile" else "column"
    return largest if scale == hardware.scale else largest_weights(weight, replace(hardware, scale=scale))


def _of_device(strength: Strength | None) -> bool:
    return strength is not None and not strength.siemens and strength.relative_to == "device_model"


def _sigma(strength: Strength, weight: Tensor, largest: Tensor, hardware: AnalogHardware) -> Tensor | float:
    """Return a standard deviation in the unit of the weights."""
    if strength.siemens:
        return largest * (strength.value * 1e6 / hardware.g_max_us)
    match strength.relative_to:
        case "w_max" | "g_max":
            return largest * strength.value
        case "weight_std":
            return float(weight.detach().std()) * strength.value
        case _:
            return strength.value


def _through_devices(
    weight: Tensor, largest: Tensor, recipe: HwaRecipe, *, hardware: AnalogHardware, key: str
) -> tuple[Tensor, float]:
    """Net weights after their devices have been programmed, have drifted and are read; and what drift leaves."""
    trained = replace(hardware, device=trained_device(recipe, hardware.device), follow="equations")
    relative = (weight / largest).float().clamp_(-1.0, 1.0)
    draws = Draws(key, (weight.shape[0], weight.shape[1]), weight.device)
    states = programmed(relative, trained, draws)
    seconds = _time_of(recipe, key)
    start = None
    if seconds:
        # A reading may use up the state that it is given.
        again = [tuple(part.clone() for part in state) for state in states]
        start = net_at(again, relative, trained, t_s=0.0, draws=draws)
    net = net_at(states, relative, trained, t_s=seconds, draws=draws)
    kept = 1.0
    if start is not None:
        kept = float(net.abs().sum() / start.abs().sum().clamp(min=_TINY))
    return net.to(weight.dtype) * largest, max(kept, _TINY)


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
