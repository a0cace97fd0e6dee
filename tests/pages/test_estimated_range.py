"""An estimated time has the range over the execution structures beside it, and a measured one has none."""

from __future__ import annotations

from typing import Any

import pytest

from factsheet.api.fact_sheet import FactSheet
from factsheet.pages.rendering import PageSet

ESTIMATED = {"source": "derived", "note": "Estimated by the cost model on hermes-64."}


def time_of_one_run(provenance: dict[str, str]) -> Any:
    row = {"batch": 1, "execution_time": {"value": "1 ms", **provenance}}
    sheet = FactSheet.from_data(
        {
            "factsheet": 1,
            "overview": {"name": "Small", "model": "mlp"},
            "model_architecture": {"mlp": {"sizes": [64, 32, 10]}},
            "hardware": {"inference": {"profile": "hermes-64"}},
            "parameters": {"operating_points": [row]},
        }
    )
    figures = PageSet(sheet).page("software-developer").opening.figures
    return next(one for one in figures if one.path.endswith("execution_time"))


@pytest.mark.parametrize(
    ("provenance", "has_range"), [(ESTIMATED, True), ({"source": "measured", "note": "On the board."}, False)]
)
def test_the_range_stands_beside_an_estimated_time(provenance: dict[str, str], *, has_range: bool) -> None:
    found = time_of_one_run(provenance)
    assert (" by how far stages overlap" in found.condition) is has_range
    assert not any("stages of a run overlap" in caveat.text for caveat in found.caveats)
