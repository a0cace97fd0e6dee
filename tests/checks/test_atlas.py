"""Published systems as sheets: each is complete for a publication, and says nothing that recomputing contradicts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factsheet.checks.engine import check_document
from factsheet.checks.settings import Settings
from factsheet.recompute.engine import recompute
from factsheet.recompute.operating_grid import operating_grid
from factsheet.recompute.request import request_with
from factsheet.sheet.load import read_factsheet
from factsheet.source.loader import read_sheet

if TYPE_CHECKING:
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields

ATLAS = sorted((Path(__file__).parents[2] / "sheets" / "atlas").glob("*.yaml"))
NAMES = {path.stem for path in ATLAS}
FOUND = {
    # The model adds what it knows of the chip's parts, 12 % and 5 % more than was measured of whole networks:
    # docs/validation.md has both.
    "princeton-a": {"chip.energy_per_inference", "chip.energy_efficiency"},
    "princeton-b": {"chip.energy_per_inference", "chip.energy_efficiency"},
    # Fitted to this figure, which is printed with one digit more than the fit reaches.
    "analognas-resnet32": {"chip.energy_efficiency"},
}
"""Facts that a sheet states and recomputing does not confirm."""
COUNTED: dict[str, dict[str, int]] = {
    # Le Gallo et al. 2023: section V and methods (weights, parameters), figures 3b and 4b (cores).
    "hermes-resnet9": {"parameters": 1_869_122, "analog_weights": 1_866_536, "tiles": 40},
    "hermes-ptb": {"analog_weights": 1_299_312, "tiles": 26},
    "hermes-captions": {"analog_weights": 4_080_384, "tiles": 64},
    # Ambrogio et al. 2023: p. 6 and figure 3.
    "ambrogio-rnnt": {"parameters": 45_321_309, "analog_weights": 45_261_568},
    "ambrogio-keywords": {"parameters": 792_576, "tiles": 4},
    # Joshi et al. 2020: sections II A and III.
    "joshi-resnet32": {"analog_weights": 361_722, "devices": 723_444},
    # Benmeziane et al. 2023: table IV.
    "analognas-resnet32": {"analog_weights": 464_432, "tiles": 43},
    # Rasch et al. 2023: table 1.
    "rasch-bert": {"tiles": 486},
}
"""What the papers print, and what follows from the layers that the sheets declare."""


def test_there_are_at_least_twelve_and_each_names_its_paper() -> None:
    assert len(ATLAS) >= 12
    for path in ATLAS:
        references = _sheet(path).references or ()
        assert references, path.stem
        assert references[0].doi or references[0].arxiv, path.stem
        assert "read" in (references[0].note or ""), f"{path.stem}: what was read of the paper is not said"


@pytest.mark.parametrize("path", ATLAS, ids=lambda path: path.stem)
def test_a_sheet_is_complete_for_a_publication_and_nothing_is_found(path: Path) -> None:
    checked = check_document(read_sheet(path), path.name, Settings(stage="published"))
    assert [item.message for item in checked.diagnostics] == []


@pytest.mark.parametrize("path", ATLAS, ids=lambda path: path.stem)
def test_what_is_recomputed_does_not_contradict_what_the_paper_has(path: Path) -> None:
    differing = {fact.name for fact in _facts(path) if fact.verdict.fits is False}
    assert differing == FOUND.get(path.stem, set())


@pytest.mark.parametrize("stem", COUNTED)
def test_layers_give_the_numbers_that_the_paper_prints(stem: str) -> None:
    assert stem in NAMES
    derived = {fact.name: fact.derived for fact in _facts(ATLAS[0].with_stem(stem))}
    assert {name: derived[name] for name in COUNTED[stem]} == COUNTED[stem]


@cache
def _sheet(path: Path) -> SheetFields:
    document = read_sheet(path).document
    assert document is not None
    sheet, misfits = read_factsheet(document.data)
    assert sheet is not None, misfits
    return sheet


@cache
def _facts(path: Path) -> tuple[DerivedFact, ...]:
    known = recompute(_sheet(path))
    return (*known.facts, *known.chip_facts)


def test_the_page_lists_every_system_as_find_prints_it() -> None:
    page = (ATLAS[0].parents[2] / "docs" / "atlas.md").read_text(encoding="utf-8")
    for path in ATLAS:
        assert page.count(f"](../sheets/atlas/{path.name})") == 1, (
            f"run `factsheet find` anew for {path.name}"
        )
    row = page.partition("princeton-a.yaml)")[2].partition("\n")[0]
    assert "92.4 %" in row  # Jia et al. 2020, figure 11
    assert "105.2 µJ" in row


def test_layers_held_several_times_make_a_chip_quicker_than_each_layer_once() -> None:
    facts = [fact for fact in _facts(ATLAS[0].with_stem("bruschi-resnet18")) if fact.name.startswith("chip.")]
    rate, time = (next(f for f in facts if f.name == f"chip.{name}") for name in ("throughput", "latency"))
    # Bruschi et al. 2023, section VI: 3,303 images a second in batches of 16, on 322 clusters.
    assert rate.text.startswith("at most ")
    assert (rate.derived or 0) > 3303
    assert rate.verdict.fits
    assert time.text.startswith("at least ")
    assert 0 < (time.derived or 0) < 16 / 3303


def test_operations_are_not_known_where_the_use_of_layers_was_not_read() -> None:
    # Le Gallo et al. 2023 print no positions of the convolutions, so that operations of the last layer alone are known.
    sheet = _sheet(ATLAS[0].with_stem("hermes-resnet9"))
    known = recompute(sheet)
    facts = {fact.name: fact for fact in known.facts}
    for name in ("analog_ops", "digital_ops", "total_ops", "digital_share"):
        assert facts[name].derived is None, name
        assert "conv.0 and 7 more is not stated" in facts[name].note
    assert (known.totals.analog_ops, known.totals.digital_ops, known.totals.total_ops) == (None, None, None)
    assert [(layer.calls, layer.ops) for layer in known.layers] == [*[(None, None)] * 8, (1, 2 * 224 * 10)]
    assert operating_grid(sheet, known) is None
    device = recompute(sheet, request_with(None, hardware="v100-fp16-tensorrt"))
    assert {fact.derived for fact in device.chip_facts} == {None}
