"""The answers of a sheet one by one, each fact with its value in SI units and its provenance, inherited or its own."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias

from factsheet.exchange.ledger import answers_of
from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.quantities.quantity import Quantity
from factsheet.sheet import walk
from factsheet.sheet.digest import plain_data
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.facts.fact import Fact
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.walk import Placed

AnswerEntry: TypeAlias = "dict[str, Any]"
"""An answer as JSON has it; keys without a value are left out."""


def entries_of_sheet(sheet: SheetFields) -> Iterator[AnswerEntry]:
    """Yield every answer of a sheet, in the order of the schema."""
    placed = {dotted(one.path): one for one in walk.facts(sheet)}
    done: set[str] = set()
    for path, answer in answers_of(plain_data(sheet)):
        # The keys of a fact's mapping are one answer here.
        within = next(
            (found for end in range(1, len(path) + 1) if (found := dotted(path[:end])) in placed), None
        )
        if within is None:
            yield {"path": dotted(path), "value": plain_value(answer)}
        elif within not in done:
            done.add(within)
            yield _fact_entry(placed[within])


def plain_value(answer: Any) -> Any:
    """Return a plain answer as JSON has it: numbers without the class that keeps their digits."""
    if isinstance(answer, bool) or answer is None:
        return answer
    if isinstance(answer, int):
        return int(answer)
    if isinstance(answer, float):
        return float(answer)
    if isinstance(answer, list | tuple):
        return [plain_value(entry) for entry in answer]
    if isinstance(answer, dict):
        return {str(key): plain_value(entry) for key, entry in answer.items()}
    return str(answer)


def _fact_entry(placed: Placed) -> AnswerEntry:
    fact = placed.fact
    entry: AnswerEntry = {
        "path": dotted(placed.path),
        **_value(fact),
        "source": placed.source,
        "evidence": list(placed.evidence) or None,
        "inherited": _inherited(placed) or None,
        "by": fact.by,
        "date": fact.date,
        "note": fact.note,
        "at": None if fact.at is None else _stated(fact.at._asdict()),
        "relative_to": fact.relative_to,
        "per": fact.per,
        "applied_in": fact.applied_in,
        "tolerance": None if fact.allowance is None else plain_value(fact.allowance.model_dump()),
        "evaluation": None
        if fact.evaluation is None
        else plain_value(fact.evaluation.model_dump(exclude_none=True)),
    }
    return _stated(entry)


def _inherited(placed: Placed) -> list[str]:
    """Return which of the two, source and evidence, the fact takes over from what it is in."""
    return [
        name
        for name, whole, own in (
            ("source", placed.source, placed.fact.source),
            ("evidence", placed.evidence, placed.fact.evidence),
        )
        if whole and not own
    ]


def _stated(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value is not None}


def _value(fact: Fact) -> dict[str, Any]:
    if fact.absence is not None:
        return {"absent": fact.absence.kind, "reason": fact.absence.reason}
    value = fact.value
    if not isinstance(value, Quantity):
        return {"value": plain_value(value)}
    return {
        "value": _finite(value.value),
        "unit": DIMENSIONS[value.dimension].base,
        "low": _finite(value.low),
        "high": _finite(value.high),
        "approximate": value.approximate or None,
        "text": value.text,
    }


def _finite(number: float) -> float | None:
    """Return a number; JSON has no infinity."""
    return float(number) if math.isfinite(number) else None
