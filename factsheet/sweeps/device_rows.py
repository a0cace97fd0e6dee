"""The rows of the table for digital devices, which have no tiles and no execution structure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.digital.kernels import kernels_of
from factsheet.digital.roofline import estimate_digital, standing_of
from factsheet.errors import CostError
from factsheet.networks.counting import DEFAULT, convention_named, count_ops, work_of
from factsheet.sweeps.columns import COLUMNS, Chunk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.digital.roofline import DigitalEstimate
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.networks.counting import CountingConvention
    from factsheet.networks.operators import Network
    from factsheet.sweeps.columns import Value

DIGITAL = "digital"
"""What stands for the execution structure of a digital device."""


class DevicePoints(NamedTuple):
    """A grid of points on digital devices."""

    source: str
    name: str
    """Of the network."""
    networks: Mapping[int, Network]
    """By sequence length."""
    without_length: frozenset[int]
    """Those lengths at which the network has none."""
    batches: tuple[int, ...]
    devices: tuple[DigitalProfile, ...]


class LeftOutPoint(NamedTuple):
    """A point that there is no estimate of."""

    where: str
    error: CostError


def device_rows(
    points: DevicePoints, convention: CountingConvention | None
) -> tuple[Chunk, tuple[LeftOutPoint, ...], frozenset[str]]:
    """Return the rows, what has none, and what is to be said beside them."""
    columns: dict[str, list[Value]] = {column.name: [] for column in COLUMNS}
    left_out: list[LeftOutPoint] = []
    notes: set[str] = set()
    counting = convention or convention_named(DEFAULT)
    for length, network in points.networks.items():
        kernels = kernels_of(network) if network.uses_known and not network.uses_missing else {}
        shown = None if length in points.without_length else length
        ops = count_ops(work_of(network), 1, counting).total
        for batch in points.batches:
            for device in points.devices:
                try:
                    found = estimate_digital(network, device, batch=batch, seq_len=shown, kernels=kernels)
                except CostError as error:
                    where = f"{device.name}, sequence length {length:,}, batch {batch:,}"
                    left_out.append(LeftOutPoint(where, error))
                    continue
                row: dict[str, Value] = {"source": points.source, "network": points.name, "seq_len": shown}
                row |= dict(_figures(found, ops))
                for name, values in columns.items():
                    values.append(row.get(name))
                if found.outside:
                    notes.add(_extrapolated(device))
    return Chunk(columns), tuple(left_out), frozenset(notes)


def _figures(found: DigitalEstimate, ops: int) -> Iterator[tuple[str, Value]]:
    """Yield the columns of a point; those of areas, tiles and chips stay empty."""
    reach, energy = found.reach(), found.energy
    yield "hardware", found.profile.name
    yield "structure", DIGITAL
    yield "batch", found.batch
    figures: dict[str, float] = {
        "latency_s": found.latency,
        "interval_s": found.latency / found.batch,
        "throughput_inferences_per_s": found.batch / found.latency,
    }
    powered: dict[str, float] = {}
    if found.power is not None and energy is not None:
        powered = {
            "energy_per_inference_j": energy,
            "power_w": found.power.value,
            "efficiency_inferences_per_s_per_w": 1 / energy,
            "tops_per_w": ops / energy / 1e12,
        }
    yield from figures.items()
    yield from powered.items()
    if reach is not None:
        yield "latency_low_s", reach.low
        yield "latency_high_s", reach.high
    for name in figures:
        yield f"{name}_standing", standing_of(found.profile.description, powered=False)
    for name in powered:
        yield f"{name}_standing", standing_of(found.profile.description, powered=True)


def _extrapolated(device: DigitalProfile) -> str:
    fit = device.description.fit
    lengths = "" if fit.seq_len is None else f"sequence lengths {fit.seq_len[0]:,} to {fit.seq_len[1]:,} and "
    return (
        f"{device.name}: points beyond what was timed are extrapolations, and have no range: that was"
        f" {', '.join(fit.networks)} at {lengths}batches {fit.batch[0]:,} to {fit.batch[1]:,}"
    )
