"""The business page's table of digital hardware: both batches, ranges, extrapolations; none where nobody timed any."""

from __future__ import annotations

import re
from pathlib import Path

from factsheet.api.fact_sheet import load
from factsheet.pages.content.business.digital_alternative import digital_table, gpu_energy_words
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
    assert [row[1] for row in devices] == ["4", "32", "4", "32", "4", "128", "4", "128"]
    assert len({row[0] for row in table.rows}) == len(table.rows)  # a reader may sort the rows
    known = [row for row in devices if "†" not in row[3]]
    assert all("(" in row[3] for row in known)
    # TensorRT's tables begin at 128 tokens, those of the processor have batch 1 alone.
    assert [row[3][-1] == "†" for row in devices] == [False] * 4 + [True] * 4
    # The headline names the class of device and the length, is rough, and leaves out what is extrapolated.
    low, high = (
        end(bound for row in devices if "†" not in row[3] for bound in _bounds(row[3])) for end in (min, max)
    )
    words = gpu_energy_words(inputs)
    assert words is not None
    found = re.fullmatch(
        r"a data-centre GPU uses about ([\d,]+) to ([\d,]+) times the energy for the same text of 32 pieces of words",
        words,
    )
    assert found is not None
    least, most = (int(end.replace(",", "")) for end in found.groups())
    assert least <= low <= high <= most
    assert low - least < low / 2
    about = {note.about for note in table.notes}
    assert {"How far off", "†", "Left out", "CO2e"} <= about


def _bounds(cell: str) -> list[int]:
    return [int(end.replace(",", "")) for end in re.findall(r"[\d,]+", cell.partition("(")[2])]


def test_nothing_is_shown_where_nobody_timed_such_a_network() -> None:
    # Of digits nobody timed the kind, of the others none of a size near.
    for name in ("digits.yaml", "language.yaml", "atlas/hermes-resnet9.yaml"):
        sheet = load(SHEETS / name)
        derivation = sheet.derive()
        inputs = gather(
            sheet, VIEWS["business-expert"], derivation, estimates=estimates_of(sheet, derivation)
        )
        assert digital_table(inputs) is None, name
