"""Time, power and energy of a network on a digital device.

Time = Σ over kernels of max(operations / (u · peak), bytes / bandwidth) + t0: the roofline of Williams, Waterman and
Patterson 2009 (doi:10.1145/1498765.1498785) kernel by kernel, with the share u of the peak that products
reach and the time t0 that every kernel takes, both fitted to published times; docs/digital-baselines.md says to which.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from factsheet.digital.kernels import kernels_of
from factsheet.errors import CostError
from factsheet.hardware.constants import weakest
from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.digital.kernels import Kernel
    from factsheet.hardware.digital.description import DigitalDescription, Fitted
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.hardware.profile import Standing
    from factsheet.hardware.quoted import Quoted
    from factsheet.networks.operators import Network

FAR = 4.0
"""How many times more, or fewer, operations an inference has than those that were timed before it is called something
else: published times of BERT-base, which has 3.5 times fewer than BERT-large, are met from those of BERT-large."""
_MOST_BATCH = 128
"""The largest batch that is tried beyond those that were timed; the largest in most tables."""
BYTES: Mapping[str, int] = {"fp32": 4, "tf32": 4, "fp16": 2, "bf16": 2, "int8": 1}
"""Of one number in memory."""


class Roofline(NamedTuple):
    """The four constants of a device, in SI units."""

    peak: float
    bandwidth: float
    utilisation: float
    kernel_time: float
    width: int
    """Bytes of a number."""

    def seconds(self, kernel: Kernel, batch: int) -> float:
        """Return the time of one kernel for a run of the batch."""
        computed = kernel.ops * batch / (self.utilisation * self.peak)
        moved = (kernel.weights(batch) + kernel.moved * batch) * self.width / self.bandwidth
        return max(computed, moved) + self.kernel_time

    def run(self, kernels: Mapping[Kernel, int], batch: int) -> float:
        """Return the time of one run of the batch, s."""
        return math.fsum(times * self.seconds(kernel, batch) for kernel, times in kernels.items())


class DrawnPower(NamedTuple):
    """W while the device computes."""

    value: float
    low: float
    high: float
    of: str
    """Of what, and from what, in words."""


class DigitalEstimate(NamedTuple):
    """What the model says of one run; ± is what the profile was off by at the points kept to check with."""

    profile: DigitalProfile
    batch: int
    kernels: Mapping[Kernel, int]
    latency: float
    """s of one run of the batch."""
    ops: float
    """Operations of products of a run."""
    launches: int
    """Kernels of a run."""
    kernel_share: float
    """Of the time, that kernels take for themselves."""
    spread: float | None
    """By which factor, less 1, a time was off at most, either way; `None` where nothing was kept to check with, or
    outside what was checked."""
    outside: tuple[str, ...]
    """In which respects this lies outside what the profile was fitted to, in words."""
    power: DrawnPower | None

    @property
    def energy(self) -> float | None:
        """J of one inference."""
        return None if self.power is None else self.power.value * self.latency / self.batch

    def reach(self, *, times: float = 1.0, power: bool = False) -> Interval | None:
        """Return the ends of the time of a run times a number, or of an energy; `None` where no ± is known."""
        if self.spread is None or (power and self.power is None):
            return None
        low, high = self.latency / (1 + self.spread), self.latency * (1 + self.spread)
        if power and self.power is not None:
            return Interval(times * low * self.power.low, times * high * self.power.high)
        return Interval(times * low, times * high)


def roofline_of(description: DigitalDescription) -> Roofline:
    """Return the constants of a profile."""
    return Roofline(
        description.peak.si,
        description.bandwidth.si,
        description.utilisation.si,
        description.kernel_time.si,
        BYTES[description.dtype],
    )


def estimate_digital(
    network: Network,
    profile: DigitalProfile,
    *,
    batch: int,
    seq_len: int | None,
    kernels: Mapping[Kernel, int] | None = None,
) -> DigitalEstimate:
    """Estimate one run of a network on a digital device.

    Args:
        network: operators of one inference.
        profile: the device.
        batch: inferences of a run.
        seq_len: tokens of an inference, to say whether the profile was fitted to such; `None` where it has none.
        kernels: of the network, where they are known already.

    Raises:
        CostError: there is no work in the network, or how often it is done is not known.
    """
    kernels = kernels_of(network) if kernels is None else kernels
    if not kernels or not network.uses_known or network.uses_missing:
        raise CostError(
            "the source does not say how often weights are used"
            if kernels
            else "the network has no product, normalisation or pooling",
            "the time of a digital device is that of its kernels",
            "name another source with --model",
        )
    line, description = roofline_of(profile.description), profile.description
    latency = line.run(kernels, batch)
    launches = sum(kernels.values())
    ops = float(sum(kernel.ops * times for kernel, times in kernels.items())) * batch
    if not 0 < latency < math.inf or not math.isfinite(ops):
        raise CostError(
            f"the time on {profile.name} is beyond every number",
            "nothing can be computed with it",
            "take a smaller batch or length",
        )
    outside = tuple(_outside(network, description.fit, batch=batch, seq_len=seq_len, ops=ops / batch))
    largest = description.fit.largest
    return DigitalEstimate(
        profile=profile,
        batch=batch,
        kernels=kernels,
        latency=latency,
        ops=ops,
        launches=launches,
        kernel_share=launches * line.kernel_time / latency,
        spread=None if outside or largest is None else largest.si,
        outside=outside,
        power=_power(description, ops / latency, line),
    )


def standing_of(given: DigitalDescription, *, powered: bool) -> Standing:
    """Return the standing of a time, or of what takes the power too: that of the weakest figure behind it."""
    figures: list[Quoted | None] = [given.peak, given.bandwidth, given.utilisation, given.kernel_time]
    if powered and given.power is not None:
        board = given.power
        figures += [board.limit, board.idle, board.per_operation, board.idle_share, board.full_share]
    if powered and given.wall is not None:
        figures.append(given.wall.full)
    return weakest(one.standing for one in figures if one is not None)


def kind_of(network: Network) -> str:
    """Return what kind of network it is, as profiles name what was timed."""
    if network.dynamic:
        return "transformer"
    return "convolutional" if any(matrix.kind == "convolution" for matrix in network.static) else "other"


def _outside(network: Network, fit: Fitted, *, batch: int, seq_len: int | None, ops: float) -> list[str]:
    """Say in which respects a run lies outside the points that a profile was fitted to."""
    found = []
    if kind_of(network) != fit.kind:
        found.append(f"the network is none of the kind that was timed ({', '.join(fit.networks)})")
    length = seq_len if network.takes_length else None
    if fit.seq_len is not None and length is not None and not fit.seq_len[0] <= length <= fit.seq_len[1]:
        found.append(f"sequence length {length:,}, where {fit.seq_len[0]:,} to {fit.seq_len[1]:,} were timed")
    if not found and not fit.ops[0] / FAR <= ops <= fit.ops[1] * FAR:
        least, most = (format_value(float(end), "ops", 2) for end in fit.ops)
        timed = least if least == most else f"{least} to {most}"
        own = format_value(ops, "ops", 2)
        found.append(f"{own} in products, more than {FAR:g} times off the {timed} that were timed")
    low, high = fit.batch
    if not low <= batch <= high:
        found.append(
            f"batch {batch:,}, where {low:,} to {high:,} were timed"
            if low < high
            else f"batch {batch:,}, where {low:,} alone was timed"
        )
    return found


def _power(description: DigitalDescription, rate: float, line: Roofline) -> DrawnPower | None:
    """Return the power at a rate of operations per second."""
    board, wall = description.power, description.wall
    if wall is not None:
        low = wall.full.si if wall.idle is None else wall.idle.si
        words = "at the wall, all of this share of the server at work"
        return DrawnPower(wall.full.si, low, wall.full.si, words)
    if board is None:
        return None
    limit = board.limit.si
    if board.idle is not None and board.per_operation is not None:
        value = min(limit, board.idle.si + board.per_operation.si * rate)
        spread = board.spread.si if board.spread is not None else 0.0
        words = "of the board alone, from published powers of this board"
        return DrawnPower(value, value / (1 + spread), min(limit, value * (1 + spread)), words)
    if board.idle_share is not None and board.full_share is not None:
        used = min(1.0, rate / (line.utilisation * line.peak))
        idle, full = board.idle_share.quantity, board.full_share.quantity
        shares = [a + (b - a) * used for a, b in ((idle.low, full.low), (idle.value, full.value))]
        words = (
            "of the board alone, by the shares of their limits that two boards with a published table draw;"
            " at most its limit"
        )
        return DrawnPower(shares[1] * limit, shares[0] * limit, limit, words)
    return DrawnPower(limit, 0.0, limit, "of the board alone, and at most its limit: less is not known")


def best_batches(
    network: Network,
    profile: DigitalProfile,
    *,
    seq_len: int | None,
    kernels: Mapping[Kernel, int] | None = None,
) -> tuple[int, ...]:
    """Return the batch that takes the least energy of those within the timed ones, and the one of all up to 128.

    Batches are powers of two and the largest that was timed. The second is left out where it takes no less; the first
    where one batch alone was timed, which is the best of nothing. Where the profile has no power, least is the time of
    an inference.
    """
    kernels = kernels_of(network) if kernels is None else kernels
    low, high = profile.description.fit.batch
    tried = sorted({low, high, *(2**power for power in range(_MOST_BATCH.bit_length()))})

    def cost(batch: int) -> float:
        found = estimate_digital(network, profile, batch=batch, seq_len=seq_len, kernels=kernels)
        return found.latency / batch if found.energy is None else found.energy

    timed = min((batch for batch in tried if low <= batch <= high), key=cost)
    least = min(tried, key=cost)
    if low == high:
        return (least,)
    return (timed, least) if cost(least) < cost(timed) else (timed,)
