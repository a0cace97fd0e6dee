"""What a value of a query means, and how an answer of a sheet compares with it: yes, no, or that it leaves it open."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from factsheet.catalog.query.terms import (
    FacetField,
    FigureField,
    PathField,
    QueryValue,
    ScoreField,
    TextField,
)
from factsheet.errors import QuantityError
from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.quantities.metrics import plain
from factsheet.quantities.quantity import parse_quantity

if TYPE_CHECKING:
    from factsheet.catalog.entry import QuantityKind
    from factsheet.catalog.query.faults import QueryPart
    from factsheet.catalog.query.terms import Operator, QueryField
    from factsheet.quantities.interval import Interval
    from factsheet.quantities.quantity import Quantity


class Amount(NamedTuple):
    """A quantity of a sheet: its value, every value that it means, and whether it is one figure, a range or a bound."""

    value: float
    meant: Interval
    kind: QuantityKind


_NUMBER = re.compile(r"[-+−]?(?:\d[\d,]*)?\.?\d+(?:[eE][-+]?\d{1,3})?")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
USUAL_UNITS = {
    "efficiency": "inferences/s/W",
    "tops_per_watt": "TOPS/W",
    "throughput": "inferences/s",
    "loss": "points",
}
"""Units that a bare number has where only one is in use; elsewhere a unit has to be written."""
_ORDERING = frozenset({"<", "<=", ">", ">="})


class AskedField(NamedTuple):
    """A field as it was written, and what it is to be compared by."""

    name: str
    field: QueryField
    operator: Operator


def read_query_value(part: QueryPart, text: str, asked: AskedField) -> QueryValue:
    """Return what a value means for its field.

    Args:
        part: where the value is, for messages.
        text: the value, without quotes.
        asked: what it is compared with.

    Raises:
        UsageError: it is no value that the field can be compared with.
    """
    text = text.strip()
    if not text:
        raise part.fault("the value is empty", f"to ask whether there is one, write `has {asked.name}`")
    dimensions = _dimensions(asked.field)
    if dimensions:
        return QueryValue(text, _quantities(part, text, asked), _number(text))
    if asked.operator in _ORDERING:
        _check_order(part, text, asked)
    return QueryValue(text, (), _number(text))


def _check_order(part: QueryPart, text: str, asked: AskedField) -> None:
    """Refuse a value that is in no order with those of its field."""
    name, operator = asked.name, asked.operator
    if _is_dated(asked.field):
        if not _DATE.fullmatch(text):
            raise part.fault(
                f"`{text[:60]}` is no date, and `{name}` is one", f"write `{name} {operator} 2022-11-14`"
            )
    elif _is_words(asked.field):
        raise part.fault(
            f"`{name}` is a text, which `{operator}` puts in no order", f"write `{name} = {text[:60]}`"
        )
    elif _number(text) is None:
        raise part.fault(f"`{text[:60]}` is no number", f"write `{name} {operator} 8`, or compare with `=`")


def _dimensions(field: QueryField) -> tuple[str, ...]:
    if isinstance(field, FigureField):
        return (field.kind.dimension,)
    if isinstance(field, ScoreField):
        return ("score",)
    return field.dimensions if isinstance(field, PathField) else ()


def _is_dated(field: QueryField) -> bool:
    return field == TextField("date") or (isinstance(field, PathField) and field.dated)


def _is_words(field: QueryField) -> bool:
    """Return whether a field is never a number."""
    return isinstance(field, FacetField | TextField)


def _quantities(part: QueryPart, text: str, asked: AskedField) -> tuple[Quantity, ...]:
    field, name = asked.field, asked.name
    example = DIMENSIONS[_dimensions(field)[0]].example
    if asked.operator == "~":
        raise part.fault(
            f"`~` looks for a part of a text, and `{name}` is a quantity",
            f"compare it with `=`, `<` or `>`: `{name} < {example}`",
        )
    usual = USUAL_UNITS.get(field.kind.name, "") if isinstance(field, FigureField) else ""
    number = _number(text)
    if number is not None and usual:
        text = f"{text} {usual}"
    elif number is not None and abs(number) > 1 and _is_share(field):
        raise part.fault(
            f"`{text}` is no share of one",
            f"write `{text} %`",
            why="it may be meant in per cent, or as it is",
        )
    found: list[Quantity] = []
    first: QuantityError | None = None
    for dimension in _dimensions(field):
        try:
            found.append(parse_quantity(text, dimension))
        except QuantityError as error:
            first = first or error
    if not found and first is not None:
        raise part.fault(f"`{name}`: {first.message}", first.help, why=first.why)
    if asked.operator in _ORDERING and found[0].kind != "point":
        raise part.fault(
            f"`{text[:60]}` is a {found[0].kind}, and no figure to compare with",
            f"write one number with its unit: `{name} {asked.operator} {example}`",
        )
    return tuple(found)


def _is_share(field: QueryField) -> bool:
    """Return whether a field's scores are shares of one, so that a number above it lacks its sign."""
    if isinstance(field, FigureField):
        return field.kind.name == "accuracy"
    return isinstance(field, ScoreField) and field.metric.share is True and not field.metric.hundred


def _number(text: str) -> float | None:
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return float(text.replace(",", "").replace("−", "-"))
    except ValueError:
        return None


def compare_amount(amount: Amount, operator: Operator, wanted: Quantity) -> bool | None:
    """Return whether an amount compares as asked; `None` where what the sheet says leaves it open.

    A single figure counts by its value. A range or a bound counts where all of it, or nothing, is on the side that is
    asked for. Two are equal where the digits of one allow the other:
    110 million are anything from 105 to 115 million.
    """
    if operator in ("=", "!="):
        if amount.kind != "point":
            return None if amount.meant.overlaps(wanted.meant) else operator == "!="
        equal = wanted.meant.contains(amount.value) or amount.meant.contains(wanted.value)
        return equal is (operator == "=")
    if amount.kind == "point":
        return _on_side(amount.value, operator, wanted.value)
    ends = [_on_side(end, operator, wanted.value) for end in (amount.meant.low, amount.meant.high)]
    return ends[0] if ends[0] == ends[1] else None


def _on_side(value: float, operator: Operator, bound: float) -> bool:
    if operator == "<":
        return value < bound
    if operator == "<=":
        return value <= bound
    return value > bound if operator == ">" else value >= bound


def compare_number(value: float, operator: Operator, wanted: float) -> bool:
    """Return whether a plain number compares as asked."""
    if operator in ("=", "!="):
        return (value == wanted) is (operator == "=")
    return _on_side(value, operator, wanted)


def compare_text(text: str, operator: Operator, wanted: str) -> bool:
    """Return whether a text compares as asked; capitals, accents and signs between words make no difference.

    `=` holds where the text is these words, or has them in it one after the other; `~` where it has these characters.
    A date that is not given to the day stands for all days of its month or year.
    """
    if operator == "~":
        return _folded(wanted) in _folded(text)
    if operator in ("=", "!="):
        words = search_words(wanted)
        has = f" {words} " in f" {search_words(text)} " if words else wanted.strip() == text.strip()
        return has is (operator == "=")
    start = text[: len(wanted)]
    return _in_order(start, operator, wanted)


def search_words(text: str) -> str:
    """Return the words of a text, small and without accents, with one space between them."""
    return plain(_folded(text))


def _folded(text: str) -> str:
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFKC", "".join(char for char in parts if not unicodedata.combining(char)))


def _in_order(text: str, operator: Operator, wanted: str) -> bool:
    if operator == "<":
        return text < wanted
    if operator == "<=":
        return text <= wanted
    return text > wanted if operator == ">" else text >= wanted
