"""What the account of a new sheet says of facts that do not fit together."""

from __future__ import annotations

import pytest

from factsheet.api.fact_sheet import loads
from factsheet.authoring.draft_report import report_lines
from factsheet.authoring.drafting import NewSheet

SHEET = """\
factsheet: 1
overview: {name: A, model: A}
inference_methodology: {devices: {pairs: 1}}
parameters: {tile: {rows: 256, cols: 256, devices_per_weight: DEVICES}}
"""


@pytest.mark.parametrize(("devices", "differ"), [(2, False), (4, True)])
def test_cells_of_the_recipe_and_of_the_chip_that_differ_are_named(devices: int, *, differ: bool) -> None:
    # A pair is two devices.
    made = NewSheet("", loads(SHEET.replace("DEVICES", str(devices))), (), (), (), (), ())
    lines = report_lines(made, "a.yaml")
    assert (
        any(
            "cells differ: accuracy is of weights held by 1 pair of conductances, which are 2 devices" in line
            for line in lines
        )
        is differ
    )
