"""Short ways of writing an answer: a tile as on the command line, a batch size as its number."""

from __future__ import annotations

import pytest

from factsheet.api.fact_sheet import loads
from factsheet.checks.engine import check_document
from factsheet.source.loader import load_bytes

HEAD = "factsheet: 1\noverview: {name: Example, model: BERT-base}\n"


@pytest.mark.parametrize(
    ("text", "sides"), [("512x256", (512, 256)), ("64 x 64", (64, 64)), ("128×32", (128, 32))]
)
def test_a_tile_is_written_as_on_the_command_line(text: str, sides: tuple[int, int]) -> None:
    sheet = loads(f"{HEAD}parameters: {{tile: {text}}}\n")
    assert sheet.parameters is not None
    tile = sheet.parameters.tile
    assert tile is not None
    assert (tile.rows.whole, tile.cols.whole) == sides
    assert loads(sheet.to_yaml()).parameters == sheet.parameters


@pytest.mark.parametrize("text", ["512", "512x", "512x512x2", "large"])
def test_what_is_no_pair_is_refused_in_its_place(text: str) -> None:
    loaded = load_bytes(f"{HEAD}parameters: {{tile: {text}}}\n".encode(), "sheet.yaml")
    (found,) = check_document(loaded, "sheet.yaml").diagnostics
    assert found.rule_id == "FS151"
    assert found.line == 3


@pytest.mark.parametrize("section", ["hwa_training", "hardware.training"])
def test_a_batch_size_may_be_a_number_or_words(section: str) -> None:
    for value in ("128", "As large as fits."):
        keys = section.split(".")
        text = "".join(f"{'  ' * depth}{key}:\n" for depth, key in enumerate(keys))
        text += f"{'  ' * len(keys)}batch_size: {value}\n"
        loaded = load_bytes((HEAD + text).encode(), "sheet.yaml")
        assert not [
            one for one in check_document(loaded, "sheet.yaml").diagnostics if one.severity == "error"
        ]
