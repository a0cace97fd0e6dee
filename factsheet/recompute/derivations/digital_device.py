"""Facts of a digital device: time, power and energy of the same network, under the names that a chip's have.

They are compared with no claim: what a sheet claims is of its own hardware.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from factsheet.digital.roofline import standing_of
from factsheet.quantities.quantity import format_value
from factsheet.recompute.derivations.chip import PREFIX
from factsheet.recompute.facts import DERIVED, Arithmetic, GivenNumber, Key, derived, underivable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.digital.roofline import DigitalEstimate
    from factsheet.quantities.interval import Interval
    from factsheet.recompute.chip_estimate import DigitalRun
    from factsheet.recompute.context import PointContext
    from factsheet.recompute.facts import DerivedFact


class _DeviceFigure(NamedTuple):
    """How one figure follows from the time of a run and the power."""

    formula: str
    dimension: str
    powered: bool
    """Whether it takes the power."""


_FIGURES = {
    "latency": _DeviceFigure(
        "Σ over kernels of max(operations / (u · peak), bytes / bandwidth) + t0", "time", powered=False
    ),
    "power": _DeviceFigure("power while it computes", "power", powered=True),
    "energy_per_inference": _DeviceFigure("power · latency / batch", "energy", powered=True),
    "throughput": _DeviceFigure("batch / latency", "throughput", powered=False),
    "energy_efficiency": _DeviceFigure(
        "1 / energy an inference", "inferences_per_second_per_watt", powered=True
    ),
    "tops_per_watt": _DeviceFigure(
        "total ops of an inference / energy an inference", "ops_per_second_per_watt", powered=True
    ),
}
_LISTED = 12


def digital_facts(context: PointContext) -> Iterator[DerivedFact]:
    """Yield every figure of the digital device; none where none is asked for."""
    run = context.digital
    if run is None:
        return
    for name, figure in _FIGURES.items():
        key = Key(f"{PREFIX}{name}", f"{DERIVED}.digital.{name}", figure.dimension)
        yield _fact(context, run, key, figure)


def _fact(context: PointContext, run: DigitalRun, key: Key, figure: _DeviceFigure) -> DerivedFact:
    found = run.estimate
    reason = run.problem
    if found is not None and figure.powered and found.power is None:
        reason = f"{run.profile.name} gives no power: no table of it was found"
    if found is None or reason:
        return underivable(key, reason, formula=figure.formula, standing="chip model")
    name = key.name.removeprefix(PREFIX)
    ops = None if context.count is None else context.count.total / found.batch
    value, reach = _value(found, name, ops)
    if value is None:
        return underivable(key, "there are no operations", formula=figure.formula, standing="chip model")
    return derived(
        key,
        value,
        Arithmetic(
            formula=figure.formula,
            inputs=(GivenNumber("hardware profile", run.profile.name, "given"),),
            standing="chip model",
            weakest=standing_of(run.profile.description, powered=figure.powered),
            prose=partial(_steps, found, name),
        ),
        reach=reach,
        digits=3,
        note="; ".join(_notes(found, name, reach, figure)),
    )


def _value(found: DigitalEstimate, name: str, ops: float | None) -> tuple[float | None, Interval | None]:
    """Return a figure with the ends of its range, where these are known."""
    batch, power, energy = found.batch, found.power, found.energy
    time, joules = found.reach(), found.reach(times=1 / batch, power=True)
    if name == "latency":
        return found.latency, time
    if name == "throughput":
        return batch / found.latency, _over(batch, time)
    if power is None or energy is None:
        return None, None
    if name == "power":
        from factsheet.quantities.interval import Interval  # start-up

        return power.value, Interval(power.low, power.high)
    if name == "energy_per_inference":
        return energy, joules
    if name == "energy_efficiency":
        return 1 / energy, _over(1.0, joules)
    return (None, None) if ops is None else (ops / energy, _over(ops, joules))


def _over(number: float, divisor: Interval | None) -> Interval | None:
    from factsheet.quantities.interval import Interval  # start-up

    if divisor is None or divisor.low <= 0:
        return None
    return Interval(number / divisor.high, number / divisor.low)


def _notes(found: DigitalEstimate, name: str, reach: Interval | None, figure: _DeviceFigure) -> Iterator[str]:
    dimension = figure.dimension
    if reach is not None:
        outer = reach.outward(3)
        ends = (format_value(outer.low, dimension, 3), format_value(outer.high, dimension, 3))
        yield f"{ends[0]} to {ends[1]}"
    elif found.outside:
        yield f"an extrapolation, whose ± is not known: {', '.join(found.outside)}"
    if name == "latency" and found.spread is not None:
        fit = found.profile.description.fit
        yield (
            f"the {fit.checked:,} published times that were kept to check with are within a factor of"
            f" {1 + found.spread:.3g} of it, either way; {fit.within_quarter:,} of them within 25 %"
        )
    if figure.powered and found.power is not None:
        yield found.power.of
    if name == "energy_per_inference":
        yield "while it computes: waiting for work draws power too"


def _steps(found: DigitalEstimate, name: str) -> Iterator[str]:
    from factsheet.digital.roofline import roofline_of  # only where the steps are shown

    line = roofline_of(found.profile.description)
    yield (
        f"peak {format_value(line.peak, 'ops_per_second', 4)}, of which u = {line.utilisation:.1%};"
        f" bandwidth {format_value(line.bandwidth, 'data_rate', 4)}; t0 = {format_value(line.kernel_time, 'time', 3)}"
    )
    rows = [
        (times * line.seconds(kernel, found.batch), times, kernel) for kernel, times in found.kernels.items()
    ]
    rows.sort(key=lambda row: -row[0])
    for seconds, times, kernel in rows[:_LISTED]:
        each = format_value(line.seconds(kernel, found.batch), "time", 3)
        yield f"  {times:,} x {kernel.what}: {each} each, {format_value(seconds, 'time', 3)}"
    if len(rows) > _LISTED:
        rest = sum(seconds for seconds, *_ in rows[_LISTED:])
        yield f"  and {len(rows) - _LISTED:,} more kinds of kernel: {format_value(rest, 'time', 3)}"
    yield (
        f"together {format_value(found.latency, 'time', 4)} for a batch of {found.batch:,};"
        f" {found.launches:,} kernels take {found.kernel_share:.0%} of it for themselves"
    )
    if name not in {"latency", "throughput"} and found.power is not None:
        yield (
            f"power {format_value(found.power.value, 'power', 3)},"
            f" {format_value(found.power.low, 'power', 3)} to {format_value(found.power.high, 'power', 3)}:"
            f" {found.power.of}"
        )
