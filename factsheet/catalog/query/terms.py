"""What a query is made of, once it has been read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from factsheet.catalog.entry import Facet
    from factsheet.catalog.figures import FigureKind
    from factsheet.quantities.metrics import Metric
    from factsheet.quantities.quantity import Quantity

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "~"]
EntryText = Literal[
    "name", "model", "summary", "version", "date", "organisation", "licence", "path", "valid", "recomputed"
]
Step: TypeAlias = "str | int"


class FacetField(NamedTuple):
    """What sheets are told apart by, such as `task`."""

    name: Facet


class FigureField(NamedTuple):
    """One of the catalogue's figures, such as `efficiency`."""

    kind: FigureKind


class TextField(NamedTuple):
    """A text of the entry, such as `organisation`."""

    name: EntryText


class PathField(NamedTuple):
    """A field of the sheet by its path; of a list each row counts, unless its number is given.

    Attributes:
        steps: keys and numbers of rows.
        dimensions: what its values can be measured in; empty for what is no quantity.
        dated: whether it holds a date.
    """

    steps: tuple[Step, ...]
    dimensions: tuple[str, ...]
    dated: bool = False


class ScoreField(NamedTuple):
    """The scores of a metric, such as `F1`, that systems reach that are not digital."""

    metric: Metric


QueryField: TypeAlias = "FacetField | FigureField | TextField | PathField | ScoreField"


class QueryValue(NamedTuple):
    """What a field is compared with.

    Attributes:
        text: as it was written, without quotes.
        quantities: what it means in each dimension that the field can have.
        number: what it means as a plain number, if it is one.
    """

    text: str
    quantities: tuple[Quantity, ...] = ()
    number: float | None = None


@dataclass(frozen=True, slots=True)
class QueryComparison:
    """A field beside a value: `power < 3 W`."""

    name: str
    """The field as it was written."""
    field: QueryField
    operator: Operator
    value: QueryValue


@dataclass(frozen=True, slots=True)
class HasField:
    """Whether a sheet has a field: `has power`."""

    name: str
    field: QueryField


@dataclass(frozen=True, slots=True)
class Words:
    """Words that are to be found anywhere in an entry."""

    text: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    term: Query


@dataclass(frozen=True, slots=True)
class All:
    """Each of some terms: `a and b`."""

    terms: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of some terms: `a or b`."""

    terms: tuple[Query, ...]


Query: TypeAlias = "QueryComparison | HasField | Words | Not | All | AnyOf"


def comparisons_in(query: Query) -> tuple[QueryComparison, ...]:
    """Return the comparisons of a query, those of which the opposite is asked for among them."""
    if isinstance(query, QueryComparison):
        return (query,)
    if isinstance(query, HasField | Words):
        return ()
    terms = (query.term,) if isinstance(query, Not) else query.terms
    return tuple(one for term in terms for one in comparisons_in(term))


def fields_in(query: Query) -> dict[str, QueryField]:
    """Return the fields that a query names, each once, by the name that they were written with."""
    if isinstance(query, QueryComparison | HasField):
        return {query.name: query.field}
    if isinstance(query, Words):
        return {}
    terms = (query.term,) if isinstance(query, Not) else query.terms
    found: dict[str, QueryField] = {}
    for term in terms:
        for name, field in fields_in(term).items():
            if field not in found.values():
                found.setdefault(name, field)
    return found
