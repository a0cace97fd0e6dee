"""What followed from a sheet when it was signed, beside what follows from it now."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from factsheet.errors import in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DUST: Final = 1e-9
"""Relative difference that another machine's arithmetic can make."""
_LONGEST: Final = 200
"""Characters of a result, or of its name: a signer may have put anything in its place."""


@dataclass(frozen=True, slots=True)
class DerivedChange:
    """A derived result that comes out otherwise now."""

    name: str
    then: str
    now: str


def compare_results(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[DerivedChange]:
    """Yield the results that are otherwise than they were, or are there on one side alone."""
    before, after = _results(then), _results(now)
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None or not _same(old, new):
            yield DerivedChange(name, _words(old), _words(new))


def _results(derived: Mapping[str, Any]) -> dict[str, Any]:
    """Return the results by name; of a declaration that holds something else in their place, that as it is."""
    chip = derived.get("chip")
    parts = [("", derived.get("facts")), ("chip ", chip.get("facts") if isinstance(chip, dict) else None)]
    found: dict[str, Any] = {
        name: derived.get(name)
        for name in ("operating_point", "convention", "tile", "totals", "problem")
        if derived.get(name)
    }
    for start, facts in parts:
        for fact in facts if isinstance(facts, list) else ():
            if isinstance(fact, dict):
                found[f"{start}{str(fact.get('name'))[:_LONGEST]}"] = {
                    key: fact.get(key) for key in ("derived", "unit", "verdict", "claimed")
                }
    return found


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    if isinstance(old, int | float) and isinstance(new, int | float):
        return math.isclose(old, new, rel_tol=_DUST)
    return bool(old == new)


def _words(result: Any) -> str:
    if result is None:
        return "nothing"
    if isinstance(result, dict) and result.get("verdict"):
        words = f"{result.get('derived')} {result.get('unit') or ''}".strip() + f" ({result['verdict']})"
    else:
        words = str(result)
    return in_one_line(words[:_LONGEST])
