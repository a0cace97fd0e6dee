"""List what a file in JSON states and neither a fact nor the list of what was not taken has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from factsheet.authoring.importing.collected import Collected

_MOST = 200
_DEEPEST = 30


def leave_untouched(collected: Collected, data: object, skipped: Collection[str]) -> None:
    """List the values that appear nowhere in what was collected, each with its path.

    Args:
        collected: what was taken and listed so far.
        data: a value of JSON.
        skipped: keys that say how a file is made, and nothing of a model.
    """
    told = "\n".join(
        [
            *(f"{fact.value} {fact.note}" for fact in collected.facts),
            *(f"{left.where} {left.what}" for left in collected.left_out),
            *(f"{asked.what} {asked.readings}" for asked in collected.unclear),
        ]
    )
    alone = {*_alone(collected)}
    count = 0
    for path, value in _leaves(data, skipped, 0):
        text = " ".join(str(value).split())
        if not text or text in alone or re.search(rf"(?<!\w){re.escape(text)}(?!\w)", told):
            continue
        count += 1
        if count > _MOST:
            collected.leave(collected.name, "further values", f"only {_MOST} that were not taken are listed")
            return
        collected.leave(f"{collected.name} {path}", text, "no field of a sheet is known to be meant")


def _alone(collected: Collected) -> Iterator[str]:
    """Yield what was collected as values on their own, as nearly all are: searches for thousands would take long."""
    for fact in collected.facts:
        yield from (str(value) for _, value in _leaves(fact.value, (), 0))
    for left in collected.left_out:
        yield from (left.what, left.where.rpartition(", ")[2])
    for asked in collected.unclear:
        yield asked.what


def _leaves(
    data: object, skipped: Collection[str], depth: int, path: str = ""
) -> Iterator[tuple[str, object]]:
    if depth > _DEEPEST:
        return
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in skipped:
                yield from _leaves(value, skipped, depth + 1, f"{path}.{key}" if path else str(key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _leaves(value, skipped, depth + 1, f"{path}[{index}]")
    elif data is not None and not isinstance(data, bool):
        yield path, data
