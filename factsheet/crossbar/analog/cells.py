"""From weights to conductances and back: the pairs of devices that hold the weights of one tile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from factsheet.crossbar.analog.draws import Draws
    from factsheet.crossbar.analog.hardware import AnalogHardware


def conductances_at(
    relative: torch.Tensor, hardware: AnalogHardware, t_s: float, draws: Draws
) -> torch.Tensor:
    """What the weights of a tile act as, a time after programming.

    Args:
        relative: weights over the one that is given g_max, outputs down, inputs across; all within ±1.
        hardware: devices and how they make up a weight.
        t_s: seconds after programming.
        draws: noise of this tile.

    Returns:
        net conductances over g_max, of the same shape.
    """
    net: torch.Tensor | None = None
    if hardware.follow == "aihwkit":
        return _as_aihwkit(relative, hardware, t_s, draws)
    for number, share in enumerate(hardware.pairs):
        pair = []
        for sign in (1, -1):
            own = draws.part(f"{number}{sign:+d}")
            programmed, target = _programmed(relative, sign, hardware, own)
            pair.append(_now(programmed, target, hardware, t_s, own))
        plus, minus = pair
        if hardware.ir_drop is not None:
            plus, minus = hardware.ir_drop.apply(plus, minus)
        difference = plus.sub_(minus).mul_(share / hardware.g_max_us)
        net = difference if net is None else net.add_(difference)
    assert net is not None  # noqa: S101 - there is always a pair
    return net


def _targets(relative: torch.Tensor, sign: int, hardware: AnalogHardware) -> torch.Tensor:
    """Conductances, in µS, that the positive or the negative devices of pairs are programmed to."""
    if hardware.pair == "both":
        return relative.mul(sign * hardware.g_max_us / 2).add_(hardware.g_max_us / 2)
    return relative.mul(sign * hardware.g_max_us).clamp_(min=0.0)


def _programmed(
    relative: torch.Tensor, sign: int, hardware: AnalogHardware, draws: Draws
) -> tuple[torch.Tensor, torch.Tensor]:
    """Conductances after programming, and the targets that they are known by."""
    target = _targets(relative, sign, hardware)
    programmed = hardware.device.program(target, hardware.g_max_us, draws)
    if hardware.stuck_rate:
        chance = draws.uniform("stuck")
        at_on = {"off": 0.0, "on": 1.0, "either": 0.5}[hardware.stuck_at] * hardware.stuck_rate
        for stuck, g in ((chance < at_on, hardware.g_max_us), ((chance >= at_on) & (chance < hardware.stuck_rate), 0.0)):
            programmed.masked_fill_(stuck, g)
            target.masked_fill_(stuck, g)
    return programmed, target


def _now(
    programmed: torch.Tensor, target: torch.Tensor, hardware: AnalogHardware, t_s: float, draws: Draws
) -> torch.Tensor:
    device, g_max = hardware.device, hardware.g_max_us
    drifted = device.drift(programmed, target, g_max, t_s, draws)
    return device.read(drifted, programmed, g_max, t_s, draws)


def _as_aihwkit(
    relative: torch.Tensor, hardware: AnalogHardware, t_s: float, draws: Draws
) -> torch.Tensor:
    """The same with aihwkit's detour: after programming, conductances become weights and weights conductances.

    The net weight comes to lie on one device of its pair, the other is 0, and the largest of the tile is given g_max
    again; each device keeps the ν that its first target gave it.
    """
    parts = [
        [draws.part(f"{number}{sign:+d}") for sign in (1, -1)] for number in range(len(hardware.pairs))
    ]
    net = torch.zeros_like(relative)
    targets = []
    for share, pair in zip(hardware.pairs, parts, strict=True):
        for sign, own in zip((1, -1), pair, strict=True):
            programmed, target = _programmed(relative, sign, hardware, own)
            net.add_(programmed, alpha=sign * share / hardware.g_max_us)
            targets.append(target)
    largest = net.abs().amax().clamp_(min=torch.finfo(net.dtype).tiny)
    net.div_(largest)
    out = torch.zeros_like(relative)
    for number, (share, pair) in enumerate(zip(hardware.pairs, parts, strict=True)):
        now = []
        for place, (sign, own) in enumerate(zip((1, -1), pair, strict=True)):
            again = _targets(net, sign, hardware)
            now.append(_now(again, targets[2 * number + place], hardware, t_s, own))
        if hardware.ir_drop is not None:
            now = list(hardware.ir_drop.apply(*now))
        out.add_(now[0].sub_(now[1]), alpha=share / hardware.g_max_us)
    return out.mul_(largest)
