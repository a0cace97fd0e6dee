"""`fill`, `validate --fix` and `simulate --write` on 200 sheets laid out by hand: only what they say changes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from hand_formatted import hand_formatted

from factsheet.api.fact_sheet import load
from factsheet.authoring.computed import computed_with_verdicts
from factsheet.authoring.filling import fill
from factsheet.authoring.recording import recorded, referenced
from factsheet.cli.run import run
from factsheet.source.editing import value_at
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from pathlib import Path

SHEET = """\
# A comment at the top.
factsheet: 1
overview: {name: Example, licence: MIT, model: "a network\\twith a tab"}   # a flow mapping
model_architecture:
  mlp: {sizes: [64, 32, 10]}
  # A comment in between.
parameters:
  tile: {rows: 64, cols: 64, devices_per_weight: 2}   # an array
  power: {value: 3.13 W, source: measured, evidence: one}
  parameters: 3000     # counted otherwise
  operating_points: [{batch: 4, note: "A note: with a colon"}]
performance:
  summary: >-
    A folded text
    of two lines.
  refresh_interval: {value: 4 weeks, source: simulated, evidence: simulation}
  size_on_disk: "10 kB"
  results:
    - name: GLUE
      systems: [{id: a, name: A}, {id: d, name: D}]
      tasks:
        - {task: RTE, scores: {a: 64 %, d: 66 %}}   # a row
        - task: CoLA
          scores:
            a: 55 %
            d: 52 %
robustness: {drift: It drifts.}
references:
  - {id: one, title: "A title: with a colon", url: https://example.org/}
  - {id: simulation, title: Old}
"""


def data_of(text: str) -> Any:
    loaded = load_bytes(text.encode(), "sheet")
    assert loaded.document is not None
    assert not loaded.problems
    return loaded.document.data


def without(data: Any, paths: list[tuple[Any, ...]]) -> Any:
    """The data without what is at these paths, and without mappings that held nothing else."""
    if isinstance(data, dict):
        below = {
            key: without(value, [path[1:] for path in paths if path[0] == key and len(path) > 1])
            for key, value in data.items()
            if (key,) not in paths
        }
        return {key: value for key, value in below.items() if value != {}}
    if isinstance(data, list):
        return [
            without(value, [path[1:] for path in paths if path[0] == index and len(path) > 1])
            for index, value in enumerate(data)
            if (index,) not in paths
        ]
    return data


def formatted(seed: int) -> str:
    return hand_formatted(SHEET, random.Random(seed))  # noqa: S311  the layout of a test


def keeps_every_line(before: str, after: str, changed: int = 0) -> bool:
    """Whether all lines but so many are still there, in their order."""
    from difflib import SequenceMatcher

    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matched = sum(
        block.size for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    )
    return matched >= len(old) - changed


@pytest.mark.parametrize("seed", range(200))
def test_fill_adds_lines_and_changes_none(tmp_path: Path, seed: int) -> None:
    text, sheet = formatted(seed), tmp_path / "sheet.yaml"
    sheet.write_bytes(text.encode())
    computed = computed_with_verdicts(load(sheet))
    filled = fill(
        text,
        "sheet.yaml",
        [one.found for one in computed],
        verdicts={one.found.path: one.verdict for one in computed},
    )
    assert len(filled.added) >= 8
    assert not filled.refused
    assert not filled.replaced
    assert {one.path for one in filled.kept if one.agrees is False} == {("parameters", "parameters")}
    after = data_of(filled.text)
    paths = [found.path for found in filled.added]
    assert without(after, paths) == without(data_of(text), [])
    for found in filled.added:
        assert value_at(after, found.path) == found.answer()
    # A mapping in braces gets its keys within its line, and a last line without an end gets one.
    braces = sum(line.lstrip().startswith(("operating_points: [", "- {batch")) for line in text.splitlines())
    assert keeps_every_line(text, filled.text, changed=braces + 1)
    assert all(comment in filled.text for comment in ("# A comment at the top.", "# A comment in between."))
    assert ("\r\n" in filled.text) == ("\r\n" in text)
    assert "\n" not in filled.text.replace("\r\n", "") or "\r\n" not in text


@pytest.mark.parametrize("seed", range(200))
def test_a_fix_changes_the_line_of_its_finding(tmp_path: Path, seed: int) -> None:
    text = formatted(seed).replace("licence", "license", 1)
    sheet = tmp_path / "sheet.yaml"
    sheet.write_bytes(text.encode())
    run(["validate", str(sheet), "--fix"])
    after = sheet.read_bytes().decode()
    assert data_of(after)["overview"]["licence"] == "MIT"
    assert after == text.replace("license", "licence", 1)


@pytest.mark.parametrize("seed", range(200))
def test_what_a_simulation_writes_takes_the_place_of_what_one_wrote(seed: int) -> None:
    text = formatted(seed)
    answer: dict[str, Any] = {"value": "2 weeks", "source": "simulated", "evidence": "simulation"}
    rows = [{"after": "1 h", "score": {"value": "64 %", "source": "simulated"}}]
    edited = recorded(text, "performance", "refresh_interval", answer)
    edited = recorded(edited, "robustness", "over_time", rows)
    edited = referenced(edited, "simulation", {"title": "New"})
    before, after = data_of(text), data_of(edited)
    assert after["performance"].pop("refresh_interval") == answer
    assert after["robustness"].pop("over_time") == rows
    assert after["references"].pop() == {"id": "simulation", "title": "New"}
    before["performance"].pop("refresh_interval")
    before["references"].pop()
    assert after == before
    assert keeps_every_line(text, edited, changed=12)


def test_fill_writes_nothing_over_an_edit_of_somebody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(SHEET)

    def also_edited(*arguments: Any, **named: Any) -> Any:
        sheet.write_text(SHEET + "# somebody else\n")
        return fill(*arguments, **named)

    monkeypatch.setattr("factsheet.authoring.filling.fill", also_edited)
    assert run(["fill", str(sheet), "--yes"]) == 2
    assert "changed after it was read" in capsys.readouterr().err
    assert sheet.read_text() == SHEET + "# somebody else\n"
