"""Lay out what the same network takes on digital hardware, by estimates, beside what the sheet's own hardware takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.pages.key_figure import text_unit
from factsheet.pages.model import Note, TableBlock
from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import format_value, to_digits
from factsheet.recompute.baselines.beside import date_of
from factsheet.recompute.baselines.footprint import DEFAULT_TARIFF, footprint
from factsheet.recompute.derivations.gains import MILLION, in_watt_hours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.baselines.beside import BesideGroup, BesideRow, OwnEnergy

_DIGITS = 2
_MARK = " †"
"""Behind a figure that is an extrapolation."""


def digital_table(inputs: PageInputs) -> TableBlock | None:
    """Return the table; `None` where the sheet has no energy of its own, or nobody timed anything like its network."""
    groups = inputs.estimates.beside
    rows = tuple(_rows(groups))
    known = any(not row.estimate.outside for group in groups for row in group.rows)
    if not rows or not known or groups[0].own is None:
        return None  # a table of extrapolations alone would say nothing that can be relied on
    length = groups[0].seq_len
    at = "" if length is None else f" at {length:,} tokens"
    return TableBlock(
        caption=f"The same network on digital hardware{at}, by estimates",
        header=("Hardware", "Batch", "Energy of an answer", "Times as much", "A million answers"),
        numeric=(1, 2, 3, 4),
        rows=(_own(groups[0].own, groups[0]), *rows),
        provenance="Estimates on both sides, not measurements. A device's own best batch is that of least energy among"
        " those that were timed; where one batch alone was, among estimates up to batch 128.",
        notes=tuple(_notes(groups)),
    )


def gpu_energy_words(inputs: PageInputs) -> str | None:
    """Return how much energy a data-centre GPU uses by our estimates, roughly; `None` without an estimate that holds.

    The ends are those of all estimates for such cards at batches that were timed, to one digit, rounded outward.
    Extrapolations and processors are in the table alone.
    """
    groups = inputs.estimates.beside
    reaches = [
        row.ratio_reach
        for group in groups
        for row in group.rows
        if row.ratio_reach is not None and not row.estimate.outside and _is_gpu(row.profile)
    ]
    if not reaches:
        return None
    ends = Interval(min(reach.low for reach in reaches), max(reach.high for reach in reaches)).outward(1)
    length = groups[0].seq_len
    of = "input" if length is None else f"text of {length:,} {text_unit(inputs)}"
    times = f"{to_digits(ends.low, _DIGITS)} to {to_digits(ends.high, _DIGITS)} times"
    return f"a data-centre GPU uses about {times} the energy for the same {of}"


def _is_gpu(profile: DigitalProfile) -> bool:
    return profile.description.device.startswith("NVIDIA")


def _own(own: OwnEnergy, group: BesideGroup) -> tuple[str, ...]:
    return ("This sheet's hardware", f"{group.batch:,}", _energy(own.energy_j), "1", _million(own.energy_j))


def _rows(groups: tuple[BesideGroup, ...]) -> Iterator[tuple[str, ...]]:
    """Yield each device with all its batches, one that is its own best already once.

    A best batch beyond the timed ones is left out beside one of the timed ones: it says little more, and less surely.
    """
    found = [row for group in groups for row in group.rows if row.ratio is not None]
    for name in dict.fromkeys(row.profile.name for row in found):
        seen: set[int] = set()
        same = [row for row in found if row.profile.name == name]
        timed = any(row.best and not row.estimate.outside for row in same)
        for row in same:
            estimate = row.estimate
            if estimate.energy is None or estimate.batch in seen or (row.best and timed and estimate.outside):
                continue
            seen.add(estimate.batch)
            yield (
                f"{_name(row.profile)}{', own best batch' if row.best else ''}",
                f"{estimate.batch:,}",
                _energy(estimate.energy),
                f"{_times(row)}{_MARK if estimate.outside else ''}",
                _million(estimate.energy),
            )


def _name(profile: DigitalProfile) -> str:
    return f"{profile.description.device}, {profile.description.dtype.upper()}"


def _stack(profile: DigitalProfile) -> str:
    date = date_of(profile)
    return f"{profile.description.stack}{f' ({date})' if date else ''}"


def _energy(joules: float) -> str:
    return format_value(joules, "energy", _DIGITS)


def _times(row: BesideRow) -> str:
    """Return the ratio with its ends, where these are known."""
    middle = to_digits(row.ratio or 0.0, _DIGITS)
    reach = row.ratio_reach
    if reach is None:
        return middle
    outer = reach.outward(_DIGITS)
    return f"{middle} ({to_digits(outer.low, _DIGITS)} to {to_digits(outer.high, _DIGITS)})"


def _million(joules: float) -> str:
    carbon = footprint(joules, DEFAULT_TARIFF, MILLION).carbon_kg
    return f"{in_watt_hours(joules * MILLION)}, {format_value(carbon, 'carbon', _DIGITS)}"


def _notes(groups: tuple[BesideGroup, ...]) -> Iterator[Note]:
    own = groups[0].own
    if own is not None:
        state = f" The sheet says of its state: {own.maturity.rstrip('.')}." if own.maturity else ""
        yield Note("This sheet's hardware", f"{own.source}.{state}")
    yield Note(
        "How far off",
        "the range in brackets holds all published times that were kept to check with, and what is known of the board's"
        " power and of the range of this sheet's own energy.",
    )
    stacks = (f"{_name(row.profile)}: {_stack(row.profile)}" for row in groups[0].rows)
    yield Note("Software", f"{'; '.join(stacks)}.")
    if any(row.estimate.outside for group in groups for row in group.rows):
        yield Note(
            "†", "an extrapolation: nobody published a time at such a length or batch, and no range is known."
        )
    yield Note(
        "Left out",
        "of boards, the host, its memory, losses of the supply and cooling; of all, waiting for work.",
    )
    tariff = DEFAULT_TARIFF
    yield Note(
        "CO2e",
        f"{format_value(tariff.intensity, 'carbon_intensity', 3)}, a world average. At {tariff.price:.2f}"
        f" {tariff.currency} for a kWh, electricity costs {_cost(groups)} at most for a million answers.",
    )
    yield Note("Other lengths, batches and devices", "the command factsheet hardware baseline shows them.")


def _cost(groups: tuple[BesideGroup, ...]) -> str:
    most = max(row.estimate.energy or 0.0 for group in groups for row in group.rows)
    return f"{footprint(most, DEFAULT_TARIFF, MILLION).cost:.2g} {DEFAULT_TARIFF.currency}"
