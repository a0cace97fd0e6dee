"""A kind of answer: how a value is read, refused and described, and how it meets pydantic.

A kind stands in a field's annotation, `Annotated[Fact, Measure("power")]`, and gives pydantic three
things: how to read the value, what to say when it does not fit, and its JSON Schema.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from factsheet.facts.fact import ABSENCES, Absence, At, Fact
from factsheet.source.scalars import written

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema, PydanticCustomError

    from factsheet.facts.entry import Entry
    from factsheet.quantities.quantity import Quantity

    Value = Quantity | str | int | bool | tuple[str, ...]


class Refusal(Exception):  # noqa: N818  it refuses an answer; the program is in no error
    """A value that does not fit its kind, with why it matters and how to mend it."""

    def __init__(self, message: str, why: str, help_: str) -> None:
        super().__init__(message)
        self.message, self.why, self.help = message, why, help_


def name_of(raw: object) -> str:
    """What a wrong value is, in the words of somebody writing YAML."""
    if raw is None:
        return "nothing"
    if isinstance(raw, bool):
        return "true or false"
    if isinstance(raw, int | float):
        return f"the number {written(raw)}"
    if isinstance(raw, dict):
        return "a mapping"
    if isinstance(raw, list):
        return "a list"
    return "text"


class Kind(ABC):
    """A kind of answer. Subclasses read one value in `parse` and describe it in `json_schema`."""

    __slots__ = ()

    @property
    @abstractmethod
    def key(self) -> str:
        """The name of this kind among the JSON Schema's definitions."""

    @abstractmethod
    def parse(self, raw: object) -> Value:
        """Read a value; raises `Refusal` when it does not fit."""

    @abstractmethod
    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of a bare value of this kind."""

    def read(self, raw: object, handler: Callable[[object], Entry]) -> Fact:
        """A bare value, or a mapping with `value` and its provenance, to a `Fact`."""
        if type(raw) is not dict:
            try:
                return Fact(self.parse(raw))
            except Refusal as refusal:
                raise _refused(refusal) from None
        entry = handler(raw)
        try:
            absence = _absence(entry)
            if absence is not None:
                return _absent(entry, absence)
        except Refusal as refusal:
            raise _refused(refusal) from None
        try:
            return _fact(entry, self.parse(entry.value))
        except Refusal as refusal:
            raise _refused(refusal, below="value") from None

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validation by `read`, with the mapping form checked by pydantic first."""
        from pydantic_core import core_schema  # see above

        from factsheet.facts.entry import Entry  # the mapping form is a model, built once

        return core_schema.no_info_wrap_validator_function(self.read, _handler.generate_schema(Entry))

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """A marker that `factsheet.sheet.json_schema` turns into a reference to this kind's definition."""
        return {"x-kind": f"fact-{self.key}"}


def _refused(refusal: Refusal, **below: str) -> PydanticCustomError:
    """A refusal in pydantic's terms; `below` names the key under the fact that it concerns."""
    from pydantic_core import PydanticCustomError  # only where pydantic runs already

    context = {"message": refusal.message, "why": refusal.why, "help": refusal.help, **below}
    return PydanticCustomError("answer", "{message}", context)


def _absence(entry: Entry) -> Absence | None:
    """The reason why an entry has no value; `None` where it has one; `Refusal` for neither or for both."""
    given = [(kind, reason) for kind in ABSENCES if (reason := getattr(entry, kind)) is not None]
    if len(given) + (entry.value is not None) == 1:
        return Absence(*given[0]) if given else None
    names = [*(["value"] if entry.value is not None else []), *(kind for kind, _ in given)]
    found = " and ".join(f"`{name}`" for name in names) or "neither"
    raise Refusal(
        f"expected `value`, or one reason for its absence; found {found}",
        "a fact has one answer: a value, or the reason why there is none",
        "write `value: …`, or one of `not_applicable`, `not_disclosed`, `not_evaluated` with why",
    )


def _absent(entry: Entry, absence: Absence) -> Fact:
    return Fact(
        absence=absence,
        source=entry.source,
        evidence=entry.evidence or (),
        by=entry.by,
        date=entry.date,
        note=entry.note,
    )


def _fact(entry: Entry, value: Value) -> Fact:
    at = entry.at
    return Fact(
        value=value,
        source=entry.source,
        evidence=entry.evidence or (),
        by=entry.by,
        date=entry.date,
        note=entry.note,
        at=None if at is None else At(at.seq_len, at.batch),
        relative_to=entry.relative_to,
        tolerance=_tolerance(entry),
        tolerance_reason=None if entry.tolerance is None else entry.tolerance.reason,
    )


def _tolerance(entry: Entry) -> float | None:
    within = entry.tolerance.within.quantity if entry.tolerance is not None else None
    return within.value if within is not None else None


class Plain(Kind):
    """A kind whose values carry no provenance of their own: keys of a table, ids, operating points."""

    __slots__ = ()

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validation by `parse` alone."""
        from pydantic_core import core_schema  # see above

        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """A marker, as for facts."""
        return {"x-kind": self.key}

    def check(self, raw: object) -> Value | tuple[int, int]:
        """`parse`, with a refusal told in pydantic's terms."""
        try:
            return self.parse(raw)
        except Refusal as refusal:
            raise _refused(refusal) from None
