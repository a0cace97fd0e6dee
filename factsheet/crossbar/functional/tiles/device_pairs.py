"""From weights to conductances and back: the pairs of devices that hold the weights of one tile.

Of a one-sided pair, the first device is here the one that holds the weight, whatever its sign, and the second the one
that is left at 0. Which of them counts as positive matters on the way out only, and one number says what all of the
second were asked for, which makes them cheaper to simulate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.devices.device import State
    from factsheet.crossbar.functional.draws import Draws

_ON_SHARE = {"off": 0.0, "on": 1.0, "either": 0.5}


def programmed(relative: torch.Tensor, hardware: AnalogHardware, draws: Draws) -> Iterator[State]:
    """Return the devices of a tile right after programming: first and second of each pair, each when it is asked for.

    Args:
        relative: weights over the one that is given g_max, outputs down, inputs across; all within ±1.
        hardware: devices and how they make up a weight.
        draws: noise of this tile.
    """
    targets = [target for part in _shares(relative, hardware) for target in _targets(part, hardware)]
    for target, own in zip(targets, _devices(hardware, draws), strict=True):
        yield _program(target, hardware, own)


def net_at(
    states: Iterable[State], weights: torch.Tensor, hardware: AnalogHardware, *, t_s: float, draws: Draws
) -> torch.Tensor:
    """Return what the weights of a tile act as, a time after programming: net conductances over g_max.

    Args:
        states: the devices, as `programmed` returns them.
        weights: of which the signs are used.
        hardware: devices and how they make up a weight.
        t_s: seconds after programming.
        draws: noise of this tile.
    """
    (net,) = nets_at(states, weights, hardware, times_s=(t_s,), draws=draws)
    return net


def nets_at(
    states: Iterable[State],
    weights: torch.Tensor,
    hardware: AnalogHardware,
    *,
    times_s: Sequence[float],
    draws: Draws,
) -> list[torch.Tensor]:
    """Return `net_at` for each of several times."""
    signs = weights if hardware.pair == "one-sided" else None
    return _nets(states, signs, hardware, times_s=times_s, draws=draws)


def _shares(relative: torch.Tensor, hardware: AnalogHardware) -> list[torch.Tensor]:
    """Return what each pair holds of the weights, relative to its own range; together, they make up the weights."""
    pairs = hardware.pairs
    if hardware.slicing == "equal":
        return [relative] * len(pairs)
    size, held = relative.abs(), [relative] * len(pairs)
    if hardware.slicing == "fill":
        for number, share in enumerate(pairs):
            held[number] = size.div(share).clamp_(max=1.0).copysign_(relative)
            size = size.sub(share).clamp_(min=0.0)
        return held
    steps = hardware.device_levels - 1
    order = sorted(range(len(pairs)), key=lambda number: -pairs[number])
    least = pairs[order[-1]]
    # Counted in last digits, to the nearest: one that is rounded up may carry over into the one before it.
    left = size.mul(steps / least).round_()
    for number in order:
        each = pairs[number] / least
        digit = left.add(0.5).div_(each).floor_().clamp_(max=steps)
        left.sub_(digit, alpha=each).clamp_(min=0.0)
        held[number] = digit.div_(steps).copysign_(relative)
    return held


def _targets(relative: torch.Tensor, hardware: AnalogHardware) -> tuple[torch.Tensor, torch.Tensor]:
    """Conductances, in µS, that the first and the second devices of pairs are programmed to."""
    least, span = hardware.g_min_us, hardware.g_max_us - hardware.g_min_us
    if hardware.pair == "both":
        half = span / 2
        return relative.mul(half).add_(least + half), relative.mul(-half).add_(least + half)
    first = relative.abs().mul_(span)
    return first.add_(least) if least else first, relative.new_full((1, 1), least)


def _devices(hardware: AnalogHardware, draws: Draws) -> list[Draws]:
    return [draws.part(f"{number}") for number in range(2 * len(hardware.pairs))]


def _program(target: torch.Tensor, hardware: AnalogHardware, draws: Draws) -> State:
    device, g_max = hardware.device, hardware.g_max_us
    if not hardware.stuck_rate:
        return device.program(target, g_max, draws)
    # A stuck device is where it is without any noise of programming, and drifts as one that was sent there.
    target = target.expand(draws.shape).clone()
    chance = draws.uniform("stuck")
    on = chance < _ON_SHARE[hardware.stuck_at] * hardware.stuck_rate
    off = (chance < hardware.stuck_rate) & ~on
    for stuck, g in ((on, g_max), (off, 0.0)):
        target.masked_fill_(stuck, g)
    state = device.program(target, g_max, draws)
    return (torch.where(on | off, target, state[0]), *state[1:])


def _nets(
    states: Iterable[State],
    signs: torch.Tensor | None,
    hardware: AnalogHardware,
    *,
    times_s: Sequence[float],
    draws: Draws,
) -> list[torch.Tensor]:
    device, g_max, own = hardware.device, hardware.g_max_us, _devices(hardware, draws)
    read = [device.conduct_each(state, g_max, times_s, one) for state, one in zip(states, own, strict=True)]
    counts: list[torch.Tensor | float] = [share / (g_max - hardware.g_min_us) for share in hardware.pairs]
    if signs is not None and hardware.ir_drop is None:
        counts = [torch.copysign(signs.new_tensor(one), signs) for one in counts]
    totals = []
    for now in zip(*read, strict=True):
        total: torch.Tensor | None = None
        for number, count in enumerate(counts):
            net = _difference(now[2 * number], now[2 * number + 1], signs, hardware).mul_(count)
            total = net if total is None else total.add_(net)
        assert total is not None  # noqa: S101  a weight has at least one pair
        totals.append(total)
    return totals


def _difference(
    first: torch.Tensor, second: torch.Tensor, signs: torch.Tensor | None, hardware: AnalogHardware
) -> torch.Tensor:
    """Positive less negative devices, in µS, as they act at the ends of their wires; without wires, first less second.

    Args:
        first: first devices of the pairs.
        second: second devices.
        signs: of what the first devices count; None if they are the positive ones throughout.
        hardware: has the wires.
    """
    if hardware.ir_drop is None:
        return first.sub_(second)
    if signs is not None:
        negative = signs.signbit()
        first, second = torch.where(negative, second, first), torch.where(negative, first, second)
    plus, minus = hardware.ir_drop.apply(first, second)
    return plus.sub_(minus)


def net_as_aihwkit(
    relative: torch.Tensor, hardware: AnalogHardware, t_s: float, draws: Draws
) -> torch.Tensor:
    """`net_at` with aihwkit's detour: after programming, conductances become weights and weights conductances.

    The net weight is put onto one device of its pair, the other is 0, and the largest of the tile is given g_max
    again. Each device, the positive and the negative one, keeps the rest of its state, such as ν, from before.
    """
    own = _devices(hardware, draws)
    targets = _each_side(relative, hardware)
    states = [_program(target, hardware, one) for target, one in zip(targets, own, strict=True)]
    net = torch.zeros_like(relative)
    for number, share in enumerate(hardware.pairs):
        net.add_(
            states[2 * number][0] - states[2 * number + 1][0],
            alpha=share / (hardware.g_max_us - hardware.g_min_us),
        )
    largest = net.abs().amax().clamp_(min=torch.finfo(net.dtype).tiny)
    net.div_(largest)
    again = _each_side(net, hardware)
    remapped = [(target, *state[1:]) for target, state in zip(again, states, strict=True)]
    (found,) = _nets(remapped, None, hardware, times_s=(t_s,), draws=draws)
    return found.mul_(largest)


def _each_side(relative: torch.Tensor, hardware: AnalogHardware) -> list[torch.Tensor]:
    """Return conductances, in µS, of the positive and the negative device of each pair."""
    return [
        part.mul(sign * (hardware.g_max_us - hardware.g_min_us)).clamp_(min=0.0).add_(hardware.g_min_us)
        for part in _shares(relative, hardware)
        for sign in (1.0, -1.0)
    ]
