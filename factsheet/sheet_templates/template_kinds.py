"""The kind of answer that a fact of a template takes."""

from __future__ import annotations

import math
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from factsheet.errors import AnswerRefusedError, QuantityError
from factsheet.facts.kinds import Choice, Day, Flag, Items, Line, Link, Measure, Prose, Whole
from factsheet.facts.ranges import Range, Usual
from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.quantities.quantity import parse_quantity

if TYPE_CHECKING:
    from factsheet.facts.kind import Kind
    from factsheet.sheet_templates.form import CellForm

_TEXTS: dict[str, type[Line | Prose | Items | Link | Day | Flag]] = {
    "text": Prose,
    "line": Line,
    "lines": Items,
    "link": Link,
    "date": Day,
    "flag": Flag,
}
_APART = ("score", "score_difference", "time_difference", "length_difference")
"""Dimensions whose units others have too; a unit alone does not mean them."""


class WordChoice(Choice):
    """One of the words that a template names."""

    __slots__ = ()

    @property
    def key(self) -> str:
        """The name of this list of words among the JSON Schema's definitions."""
        # Words of a stranger could make two lists look alike: `a-b`, and `a` with `b`.
        return f"one-of-{len(self.options)}-{sha256(repr(self.options).encode()).hexdigest()[:12]}"


@cache
def dimension_of(unit: str) -> str | None:
    """Return the dimension that a unit is of; `None` where no quantity of a sheet has it."""
    for name in DIMENSIONS:
        if name not in _APART:
            try:
                parse_quantity(f"1 {unit}", name)
            except QuantityError:
                continue
            return name
    return None


def dimension_named(form: CellForm) -> str:
    """Return the dimension of a figure; empty for a whole number, and for what is no figure."""
    if form.type == "quantity":
        return (dimension_of(form.unit) if form.unit is not None else None) or "number"
    return form.type if form.type in ("count", "number", "score") else ""


def kind_of(form: CellForm) -> Kind:
    """Return the kind of answer that a fact takes.

    Raises:
        AnswerRefusedError: its limits cannot be read, or are the wrong way round.
    """
    if form.type in _TEXTS:
        return _TEXTS[form.type]()
    if form.type == "choice":
        return WordChoice(*(form.choices or ()))
    within = range_of(form)
    if form.type == "whole":
        return Whole(0 if form.least is None else 1, within)
    return Measure(dimension_named(form), within=within)


def range_of(form: CellForm) -> Range | None:
    """Return the limits of a figure; `None` where the template gives none.

    Raises:
        AnswerRefusedError: a limit is no value of the fact's type, or the smaller one is the larger.
    """
    if form.least is None and form.most is None and form.usual is None:
        return None
    lowest = -math.inf if form.least is None else number_in(form, form.least)
    highest = math.inf if form.most is None else number_in(form, form.most)
    usual: tuple[Usual, ...] = ()
    if form.usual is not None:
        low, high = number_in(form, form.usual.least), number_in(form, form.usual.most)
        usual = (Usual(low, high, form.usual.source),)
    found = Range(form.because or "", lowest, highest, usual=usual)
    if found.lowest > found.highest or any(entry.low > entry.high for entry in usual):
        raise AnswerRefusedError(
            "the smallest value is larger than the largest",
            "no answer would fit",
            "give `least` the smaller one, and `most` the larger",
        )
    return found


def number_in(form: CellForm, limit: object) -> float:
    """Return a limit as a number in the base unit.

    Raises:
        AnswerRefusedError: it is no value of the fact's type.
    """
    if form.type == "whole":
        return float(Whole(0).parse(limit))
    value = Measure(dimension_named(form)).parse(limit)
    return value.value
