"""What holds of every finding of every rule: it points at what is there, and quotes what is written there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from factsheet.checks.engine import check_document
from factsheet.checks.settings import Settings
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.source.document import KeyPath

EXAMPLES = Path(__file__).parents[2] / "examples"
FAILING = sorted(EXAMPLES.glob("FS[2-6]*/fail/*.yaml"))
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")
NOTHING = object()


NOT_QUOTED = re.compile(r"\d+ (?:tasks|of them) here|its arXiv number is of|of `|(?:analog|digital): ")
"""What counts, dates by an identifier, names a reference, or is a mean of what is there."""


@cache
def found_in(path: Path) -> tuple[Any, list[Diagnostic]]:
    text = path.read_text(encoding="utf-8")
    data = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - makes nothing but texts, as they are written
    return data, list(check_document(load_bytes(text.encode(), "x"), "x", Settings()).diagnostics)


def at(data: Any, path: KeyPath) -> Any:
    """What the sheet has at a path; `NOTHING` where there is no such place."""
    for part in path:
        keyed = isinstance(data, dict) and part in data
        if keyed or (isinstance(data, list) and isinstance(part, int) and part < len(data)):
            data = data[part]
        else:
            return NOTHING
    return data


@pytest.mark.parametrize("path", FAILING, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_finding_points_at_places_of_the_sheet_and_quotes_what_is_there(path: Path) -> None:
    data, found = found_in(path)
    for item in found:
        assert item.message.strip()
        # What is missing has the place that it would be at.
        assert at(data, item.path) is not NOTHING or at(data, item.path[:-1]) is not NOTHING, item.rule_id
        said = [(related.path, related.message) for related in item.related]
        assert len(set(said)) == len(said), item
        for place, words in said:
            there = at(data, place)
            assert there is not NOTHING, (item.rule_id, place)
            numbers = NUMBER.findall(words)
            # FS607 also quotes what follows from a field: heads times layers.
            if numbers and NOT_QUOTED.match(words) is None and item.rule_id != "FS607":
                assert any(number in str(there) for number in numbers), (
                    item.rule_id,
                    words,
                    str(there)[:300],
                )
