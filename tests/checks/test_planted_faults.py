"""Faults planted into the published sheet, one at a time: each is found where it is, and nothing else is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from finding_places import hold_places
from planted_faults import FAULTS, Fault, plant

from factsheet.checks.engine import check_document
from factsheet.source.loader import load_bytes

SHEET = (Path(__file__).parents[2] / "sheets" / "bert.yaml").read_text(encoding="utf-8")


def findings(text: str) -> set[tuple[int, str]]:
    diagnostics = check_document(load_bytes(text.encode(), "bert.yaml"), "bert.yaml").diagnostics
    if not any(item.rule_id.startswith("FS1") for item in diagnostics):
        hold_places(text, diagnostics)
    return {(item.line, item.rule_id) for item in diagnostics}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.rule}-{fault.name.replace(' ', '-')}")
def test_a_planted_fault_is_found_and_nothing_else(fault: Fault) -> None:
    text, line = plant(fault, SHEET)
    found = findings(text)
    assert (line, fault.rule) in found
    others = {rule for _, rule in found - {(line, fault.rule)}}
    assert others == set(fault.also)


def test_there_are_forty_and_they_are_spread_over_the_families() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 40
    by_family = {
        family: [f for f in FAULTS if f.rule[:3] == family] for family in ("FS1", "FS2", "FS3", "FS5", "FS6")
    }
    assert all(len(faults) >= 5 for faults in by_family.values())
