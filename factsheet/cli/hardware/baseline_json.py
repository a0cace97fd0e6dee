"""Write a sheet's network on digital devices, beside its own hardware, as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from factsheet.recompute.baselines.footprint import MILLION, footprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.recompute.baselines.beside import BesideGroup, BesideRow, OwnEnergy
    from factsheet.recompute.baselines.footprint import Tariff

SCHEMA = "factsheet.hardware.baseline/1"


def baseline_json(title: str, groups: Sequence[BesideGroup], tariff: Tariff, remarks: Sequence[str]) -> str:
    """Return the groups as JSON, figures in SI units.

    Args:
        title: of the sheet.
        groups: devices beside the sheet's own hardware.
        tariff: what electricity costs and emits.
        remarks: what must be known with the numbers.
    """
    data = {
        "schema": SCHEMA,
        "sheet": title,
        "tariff": tariff._asdict(),
        "inferences": MILLION,
        "groups": [
            {
                "seq_len": group.seq_len,
                "batch": group.batch,
                "own": None
                if group.own is None
                else {
                    **_own(group.own),
                    **_footprint(group.own.energy_j, tariff),
                },
                "devices": [_row(row, tariff) for row in group.rows],
            }
            for group in groups
        ],
        "remarks": list(remarks),
    }
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _own(own: OwnEnergy) -> dict[str, object]:
    energy, time = own.energy_reach, own.latency_reach
    return {
        "energy_j": own.energy_j,
        "energy_low_j": None if energy is None else energy.low,
        "energy_high_j": None if energy is None else energy.high,
        "latency_s": own.latency_s,
        "latency_low_s": None if time is None else time.low,
        "latency_high_s": None if time is None else time.high,
        "source": own.source,
        "note": own.note,
        "maturity": own.maturity,
    }


def _row(row: BesideRow, tariff: Tariff) -> dict[str, object]:
    found, time = row.estimate, row.estimate.reach()
    energy = found.reach(times=1 / found.batch, power=True)
    return {
        "profile": row.profile.name,
        "title": row.profile.title,
        "batch": found.batch,
        "latency_s": found.latency,
        "latency_low_s": None if time is None else time.low,
        "latency_high_s": None if time is None else time.high,
        "power_w": None if found.power is None else found.power.value,
        "power_of": None if found.power is None else found.power.of,
        "energy_j": found.energy,
        "energy_low_j": None if energy is None else energy.low,
        "energy_high_j": None if energy is None else energy.high,
        "ratio": row.ratio,
        "ratio_low": None if row.ratio_reach is None else row.ratio_reach.low,
        "ratio_high": None if row.ratio_reach is None else row.ratio_reach.high,
        "extrapolated": list(found.outside),
        **_footprint(found.energy, tariff),
    }


def _footprint(energy: float | None, tariff: Tariff) -> dict[str, float | None]:
    found = None if energy is None else footprint(energy, tariff)
    return {
        "kwh": None if found is None else found.kwh,
        "cost": None if found is None else found.cost,
        "carbon_kg": None if found is None else found.carbon_kg,
    }
