"""Every rule against its examples on disk, and the rules against the published sheet.

A line of a failing example that ends in `# FS204` expects a finding of that rule there; nothing else may be found.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from factsheet.checks.engine import check_document
from factsheet.checks.registry import RULES, SCHEMA_IDS
from factsheet.checks.settings import Settings
from factsheet.readers.roles import ROLE_NAMES
from factsheet.readers.stages import STAGES
from factsheet.source.loader import load_bytes, read_sheet
from factsheet.source.problems import CODES

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "tests" / "examples"
IDS = [rule.id for rule in RULES]
FILES = sorted(EXAMPLES.glob("*/*/*.yaml"))


def found(path: Path) -> list[tuple[int, str]]:
    loaded = read_sheet(path)
    checked = check_document(loaded, path.name, settings_of(path))
    return [(item.line, item.rule_id) for item in checked.diagnostics]


def settings_of(path: Path) -> Settings:
    """The settings that an example asks for in its first line: `# settings: roles=data-scientist stage=review`.

    A rule about sheets of a stage says `ignore=FS4`, as its sheet would else have to be a complete one.
    """
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    asked = dict(word.split("=") for word in first.split()[2:]) if first.startswith("# settings: ") else {}
    roles = tuple(role for role in ROLE_NAMES if role in asked.get("roles", "").split(","))
    stage = next((stage for stage in STAGES if stage == asked.get("stage")), None)
    ignore = tuple(asked["ignore"].split(",")) if "ignore" in asked else ()
    return Settings(
        roles=roles, stage=stage, ignore=ignore, online=asked.get("online") == "yes", today=date(2026, 11, 30)
    )


def expected(path: Path) -> list[tuple[int, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    marks = [(number, re.search(r"# (FS\d{3})$", line)) for number, line in enumerate(lines, 1)]
    return [(number, mark[1]) for number, mark in marks if mark]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.parts[-2]}-{path.stem}")
def test_example(path: Path) -> None:
    if path.parts[-2] == "fail":
        assert expected(path), "a failing example marks at least one line"
    assert found(path) == expected(path)


@pytest.mark.parametrize("rule", IDS)
@pytest.mark.parametrize("kind", ["pass", "fail"])
def test_every_rule_has_examples_of_both_kinds(rule: str, kind: str) -> None:
    assert list((EXAMPLES / rule / kind).glob("*.yaml"))


def test_ids_are_unique_and_in_order() -> None:
    assert sorted(set(IDS)) == IDS
    assert not set(IDS) & set(SCHEMA_IDS.values())
    assert len(set(SCHEMA_IDS.values())) == len(SCHEMA_IDS)


def test_every_code_of_the_loader_has_an_id() -> None:
    assert set(CODES) <= set(SCHEMA_IDS)


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_every_rule_documents_itself(rule: object) -> None:
    import sys

    module = sys.modules[rule.check.__module__]  # type: ignore[attr-defined]
    text = module.__doc__ or ""
    for part in ("What it does:", "Why it matters:", "Fails:", "Passes:", "How to fix:"):
        assert part in text, part


@pytest.mark.parametrize("name", ["albert.yaml", "bert.yaml"])
def test_the_published_sheets_raise_no_alarm(name: str) -> None:
    assert found(ROOT / "sheets" / name) == []


def test_power_time_and_efficiency_name_the_batch_that_fits() -> None:
    # 6589 inferences/s/W × 0.19 ms × 3.13 W = 3.92 inferences; by their digits 3.81 to 4.03: a batch of 4 and no other.
    path = EXAMPLES / "FS207" / "fail" / "example.yaml"
    (finding,) = check_document(read_sheet(path), path.name).diagnostics
    assert "at a batch of 4, not at 1" in finding.message
    assert [item.message for item in finding.related[:3]] == ["6589 inferences/s/W", "0.19 ms", "3.13 W"]
    assert {item.path[-1] for item in finding.related[3:]} == {"seq_len", "batch"}


TEN_MISTAKES = """\
factsheet: 1
overview:
  name: Ten mistakes
  model: BERT-base
  status: finished
  homepage: www.example.org
purpose:
  sumary: text
parameters:
  power: 3.13 Volt
  area: 780,4 mm²
  tile: {rows: 512}
  operating_points:
    - {seq_len: 32, batch: 4, total_ops: 21.74 G ops, analog_ops: 21.84 G ops}
hwa_training:
  adc_bits: NO
  adc_bits: 8
performance:
  classification_time: 0.19 ms
"""


def test_ten_mistakes_give_ten_diagnostics_each_on_its_line() -> None:
    loaded = load_bytes(TEN_MISTAKES.encode(), "ten.yaml")
    diagnostics = check_document(loaded, "ten.yaml").diagnostics
    assert [item.line for item in diagnostics] == [5, 6, 8, 10, 11, 12, 14, 16, 17, 19]
    assert [item.slug for item in diagnostics] == [
        "wrong-answer",
        "wrong-answer",
        "unknown-key",
        "wrong-answer",
        "wrong-answer",
        "missing-key",
        "analog-above-total",
        "yaml-1.1-boolean",
        "duplicate-key",
        "batch-unstated",
    ]
