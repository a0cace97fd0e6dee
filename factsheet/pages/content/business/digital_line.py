"""Say in one row what the same network takes on digital hardware by estimates, to who reads no table of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.facts.fact import At
from factsheet.pages.content.business.digital_alternative import digital_table
from factsheet.pages.first_screen import GlanceRow
from factsheet.pages.key_figure import stated, words_of_point
from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.baselines.beside import BesideRow

BASELINE = "performance.energy_baseline"
_DIGITS = 2
_MOST = 2
"""Devices that a row has room for."""


def has_digital_estimates(inputs: PageInputs) -> bool:
    """Return whether pages of the sheet show what digital hardware takes, though the sheet does not say it."""
    return stated(inputs, BASELINE) is None and digital_table(inputs) is not None


def digital_row(inputs: PageInputs) -> GlanceRow | None:
    """Return time and energy on the first devices that were timed near the sheet's own operating point.

    `None` where the sheet states an energy of digital hardware itself, or where every estimate is an extrapolation.
    """
    if not has_digital_estimates(inputs):
        return None
    group = inputs.estimates.beside[0]
    known = [row for row in group.rows if not row.estimate.outside and row.estimate.energy is not None]
    if not known or not isinstance(group.batch, int):
        return None
    point = words_of_point(inputs, At(group.seq_len, group.batch))
    return GlanceRow(
        "On digital hardware",
        "; ".join(_device(row) for row in known[:_MOST]),
        f"estimated here, not measured; {point}; the view for business experts has more devices, batches and ranges",
    )


def _device(row: BesideRow) -> str:
    description, found = row.profile.description, row.estimate
    name = description.device.partition(" (")[0]
    time = format_value(found.latency, "time", _DIGITS)
    energy = format_value(found.energy or 0.0, "energy", _DIGITS)
    return f"{name}, {description.dtype.upper()}: {time} a run, {energy} an inference"
