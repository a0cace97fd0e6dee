"""A kind of answer: how a value is read, written back, refused and described, and how it meets pydantic.

A kind is part of a field's annotation. In `Annotated[Fact, Measure("power")]` the value comes with provenance, and
`Fact` reads what is around it; in `Annotated[str, Calendar()]` the value is all there is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Protocol

from factsheet.errors import AnswerRefusedError
from factsheet.quantities.quantity import Quantity
from factsheet.source.scalars import WrittenFloat, WrittenInt, resolve_number, written

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema, PydanticCustomError
    from pydantic_core.core_schema import SerializationInfo

    Value = Quantity | str | int | bool | tuple[str, ...]

_MOST_DIGITS = 300


class AnswerClass(Protocol):
    """A class that keeps answers, such as `Fact`: it reads the value by its kind, and what is around it."""

    @classmethod
    def core_schema(cls, kind: Kind, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return pydantic's schema of an answer of this kind."""


def name_of(raw: object) -> str:
    """Name a wrong value in the words of somebody writing YAML."""
    if raw is None:
        return "nothing"
    if isinstance(raw, bool):
        return "true or false"
    if isinstance(raw, int | float):
        return f"the number {written(raw)}"
    if isinstance(raw, dict):
        return "a mapping"
    if isinstance(raw, list | tuple):
        return "a list"
    return "text"


def entries_of(raw: object) -> list[Any]:
    """Return the entries of a list; any other value is a list of one."""
    return list(raw) if isinstance(raw, list | tuple) else [raw]


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
        """Return the JSON Schema (2020-12) of a bare value of this kind."""

    def plain(self, value: Value) -> Any:
        """Return the plain data that `parse` reads as this value; a number keeps its digits."""
        if isinstance(value, Quantity):
            return _number(value.text)
        return list(value) if isinstance(value, tuple) else value

    def __get_pydantic_core_schema__(
        self, source: type[AnswerClass], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Leave the form to the class that keeps the answer."""
        return source.core_schema(self, handler)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return a marker that `factsheet.sheet.json_schema` turns into a reference to this kind's definition."""
        return {"x-kind": f"fact-{self.key}"}


class Plain(Kind):
    """A kind whose values carry no provenance of their own: keys of a table, ids, operating points."""

    __slots__ = ()

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate by `parse` alone."""
        from pydantic_core import core_schema  # loaded once models are built

        return core_schema.no_info_plain_validator_function(
            self.check, serialization=core_schema.plain_serializer_function_ser_schema(self.plain)
        )

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return a marker, as for facts."""
        return {"x-kind": self.key}

    def check(self, raw: object) -> Value | tuple[int, int]:
        """Read a value, and word a refusal in pydantic's terms."""
        try:
            return self.parse(raw)
        except AnswerRefusedError as refusal:
            raise refused(refusal.message, refusal.why, refusal.help) from None


def refused(message: str, why: str, help_: str, below: str = "") -> PydanticCustomError:
    """Return a refusal in pydantic's terms, which `factsheet.facts.misfits` reads.

    Args:
        message: what is wrong.
        why: why it matters.
        help_: what to do.
        below: the key under the refused place that it concerns; empty for the place itself.
    """
    from pydantic_core import PydanticCustomError  # only where pydantic runs already

    return PydanticCustomError(
        "answer", "{message}", {"message": message, "why": why, "help": help_, "below": below}
    )


def as_dumped(value: Any, info: SerializationInfo) -> Any:
    """Return plain data for the mode of a dump: JSON has no number that keeps its digits, so there it is text."""
    if isinstance(value, WrittenFloat | WrittenInt) and info.mode_is_json():
        return value.text
    return value


def _number(text: str) -> object:
    """Return a bare number as YAML reads it, and any other text as it is."""
    number = resolve_number(text, _MOST_DIGITS)
    return number if isinstance(number, int | float) else text
