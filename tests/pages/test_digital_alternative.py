"""The business page's table of digital hardware: both batches, ranges, extrapolations; none where nobody timed any."""

from __future__ import annotations

from pathlib import Path

from factsheet.api import load
from factsheet.pages.content.business.digital_alternative import digital_table
from factsheet.pages.content.chip import estimates_of
from factsheet.pages.inputs import gather
from factsheet.readers.plans import VIEWS

SHEETS = Path(__file__).parents[2] / "sheets"


def test_devices_are_shown_at_the_sheets_batch_and_at_their_best() -> None:
    sheet = load(SHEETS / "bert.yaml")
    derivation = sheet.derive()
    inputs = gather(sheet, VIEWS["business-expert"], derivation, estimates=estimates_of(sheet, derivation))
    table = digital_table(inputs)
    assert table is not None
    own, *devices = table.rows
    assert own[:2] == ("This sheet's hardware", "4")
    assert [row[1] for row in devices] == ["4", "32", "4", "32", "4", "128", "4", "1"]
    assert all(row[0] for row in table.rows)  # a row without a name is none that a screen reader can tell
    known = [row for row in devices if "†" not in row[3]]
    assert all("(" in row[3] for row in known)
    # TensorRT's tables begin at 128 tokens, those of the processor have batch 1 alone.
    assert [row[3][-1] == "†" for row in devices] == [False] * 4 + [True, True, True, False]
    about = {note.about for note in table.notes}
    assert {"How far off", "†", "Left out", "CO2e"} <= about


def test_nothing_is_shown_where_nobody_timed_such_a_network() -> None:
    sheet = load(SHEETS / "digits.yaml")
    derivation = sheet.derive()
    inputs = gather(sheet, VIEWS["business-expert"], derivation, estimates=estimates_of(sheet, derivation))
    assert digital_table(inputs) is None
