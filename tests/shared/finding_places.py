"""What holds of every finding of every rule: it points at what is in the sheet, and quotes what is written there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.source.document import KeyPath

NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")
NOT_QUOTED = re.compile(
    r"\d+ (?:tasks|of them) here|its (?:arXiv number|DOI) is of|of `|(?:analog|digital): "
)
"""What counts, dates by an identifier, names a reference, or is a mean of what is there."""
NOTHING = object()


def at(data: Any, path: KeyPath) -> Any:
    """What the sheet has at a path; `NOTHING` where there is no such place."""
    for part in path:
        keyed = isinstance(data, dict) and part in data
        if keyed or (isinstance(data, list) and isinstance(part, int) and part < len(data)):
            data = data[part]
        else:
            return NOTHING
    return data


def hold_places(text: str, found: Iterable[Diagnostic]) -> None:
    """Fail unless the findings of a sheet point at places of it, at none twice, and quote what is there."""
    data = yaml.load(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506 - makes texts and nothing else
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
