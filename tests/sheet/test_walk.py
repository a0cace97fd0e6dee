"""Provenance that figures inherit: a score from its system, all else from its section, else from the sheet."""

from __future__ import annotations

from typing import Any

import pytest

from factsheet.sheet.load import read_factsheet
from factsheet.sheet.walk import facts

SYSTEMS: list[dict[str, Any]] = [
    {"id": "digital", "name": "Digital", "source": "cited", "evidence": "paper"},
    {"id": "lab", "name": "Laboratory", "evidence": "report"},
    {"id": "analog", "name": "Analog"},
]


def standing(*, sheet: dict[str, Any] | None, section: dict[str, Any] | None) -> dict[str, object]:
    """Source and evidence of the scores, the size and the average of a result table, by name."""
    score = {"value": "64.00 %", "source": "measured"}
    table = {
        "name": "GLUE",
        "systems": SYSTEMS,
        "tasks": [{"task": "RTE", "size": "2.5k", "scores": {"digital": 0.6, "lab": 0.6, "analog": score}}],
        "averages": {"digital": "66.40 %", "analog": "64.00 %"},
    }
    data: dict[str, Any] = {"factsheet": 1, "overview": {"name": "Example", "model": "BERT-base"}}
    data["performance"] = {"results": [table]}
    if sheet:
        data["provenance"] = sheet
    if section:
        data["performance"]["provenance"] = section
    read, misfits = read_factsheet(data)
    assert read is not None
    assert not misfits
    return {
        " ".join(str(part) for part in found.path[3:]): (found.source, found.evidence)
        for found in facts(read)
        if found.path[0] == "performance"
    }


@pytest.mark.parametrize("at_the_top", [False, True])
def test_a_score_takes_the_provenance_of_its_system(at_the_top: bool) -> None:
    declared = {"source": "declared", "evidence": "factsheet-2022"}
    found = standing(sheet=declared if at_the_top else None, section=None if at_the_top else declared)
    assert found["tasks 0 scores digital"] == ("cited", ("paper",))
    assert found["averages digital"] == ("cited", ("paper",))
    # A system that names no source leaves that of the section in force, with evidence of its own.
    assert found["tasks 0 scores lab"] == ("declared", ("report",))
    assert found["averages analog"] == ("declared", ("factsheet-2022",))
    # What a score says of itself comes first, and evidence never goes with somebody else's source.
    assert found["tasks 0 scores analog"] == ("measured", ())
    assert found["tasks 0 size"] == ("declared", ("factsheet-2022",))


def test_without_any_provenance_only_what_is_said_holds() -> None:
    found = standing(sheet=None, section=None)
    assert found["tasks 0 scores digital"] == ("cited", ("paper",))
    assert found["tasks 0 scores lab"] == (None, ("report",))
    assert found["averages analog"] == (None, ())


def test_a_section_comes_before_the_sheet() -> None:
    found = standing(sheet={"source": "declared", "evidence": "sheet"}, section={"source": "simulated"})
    assert found["tasks 0 size"] == ("simulated", ())
    found = standing(sheet={"source": "declared", "evidence": "sheet"}, section={"note": "See there."})
    assert found["tasks 0 size"] == ("declared", ("sheet",))
