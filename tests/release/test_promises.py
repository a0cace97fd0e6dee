"""Nothing that an earlier version promised is gone; docs/stability.md says which version may take something away."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import promises
import pytest

import factsheet

ROOT = Path(__file__).parents[2]
RECORD: dict[str, list[str]] = json.loads(promises.RECORD.read_text(encoding="utf-8"))


@cache
def now() -> dict[str, list[str]]:
    return promises.promises()


@pytest.mark.parametrize("kind", RECORD)
def test_what_was_promised_is_there(kind: str) -> None:
    assert RECORD[kind]
    assert [line for line in RECORD[kind] if line not in set(now()[kind])] == []


def test_the_record_is_of_all_that_the_page_names() -> None:
    assert {f"factsheet.{name}" for name in factsheet.__all__} <= set(now()["names"])
    assert {"names", "commands", "exit statuses", "rules", "fields", "factsheet.check/1"} <= set(RECORD)
    assert "CLEAN 0" in RECORD["exit statuses"]
    page = (ROOT / "docs" / "stability.md").read_text(encoding="utf-8")
    assert "tests/release/promised.json" in page


def test_what_is_taken_away_or_moved_is_noticed() -> None:
    def before(path: str, *, batch: int = 1) -> None: ...

    def after(batch: int = 1, path: str = "") -> None: ...

    gone = set(promises.parameters("f", before)) - set(promises.parameters("f", after))
    assert gone == {"f(0: path)"}
    old, new = {"rows": [{"value": 1.5}]}, {"rows": [{"value": "1.5"}], "more": 1}
    assert set(promises.keys(old)) - set(promises.keys(new)) == {"rows[].value: number"}
