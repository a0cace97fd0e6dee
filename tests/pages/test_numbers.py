"""Numbers on a page are written one way, however the sheet's author wrote them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from factsheet.pages.rendering import PageSet
from factsheet.readers.roles import VIEW_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.readers.roles import ViewName
    from factsheet.sheet.model import SheetFields

SHEET = """\
factsheet: 1
overview: {name: A sheet, model: A model, status: review}
provenance: {source: declared}
parameters:
  parameters: 4321098
  tile: {rows: 4096, cols: 1024}
  power: 12345 mW
  area: 1780.4 mm²
  optimum: {seq_len: up to 1024}
  operating_points:
    - {seq_len: 2048, batch: 1024, total_ops: "98765 G ops", execution_time: about 7654.5 ms}
training_data: {name: D, size: 54321}
test_data: {name: E, size: 5432}
performance:
  energy_efficiency: 3456 inferences/s/W
  throughput: 23456 to 34567 inferences/s
  results:
    - name: B
      metric: perplexity
      systems: [{id: chip, name: Chip, kind: analog}, {id: gpu, name: GPU, kind: digital}]
      tasks:
        - {task: T, size: 8765, scores: {chip: "1234.5", gpu: "1111.5"}}
        - {task: U, size: 8766, scores: {chip: "2234.5", gpu: "2111.5"}}
"""
# Four digits or more in a row that no point is before: `1234.5`, not `0.8057`.
UNGROUPED = re.compile(r"(?<![\d.,\w-])[1-9]\d{3,}\b(?!-)")


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_thousands_are_apart_wherever_a_page_shows_a_figure(
    make_sheet: Callable[[str], SheetFields], view: ViewName
) -> None:
    text = PageSet(make_sheet(SHEET)).render(view, "md")
    assert isinstance(text, str)
    # Not in the command that works a figure out, and not in years.
    lines = [line for line in text.splitlines() if "factsheet derive" not in line]
    found = {number for line in lines for number in UNGROUPED.findall(line)}
    assert {number for number in found if not 1900 <= int(number) < 2100} == set()
