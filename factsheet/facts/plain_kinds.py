"""Kinds of what carries no provenance of its own: ids, keys of tables, operating points, the version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from factsheet.errors import AnswerRefusedError
from factsheet.facts.kind import Plain, entries_of, name_of
from factsheet.facts.kinds import Day, Link, Whole
from factsheet.source.scalars import written

if TYPE_CHECKING:
    from factsheet.facts.kind import Value

NOT_STATED: Literal["not stated"] = "not stated"


class Ids(Plain):
    """One id or a list of ids: lower case, digits, `.`, `_` and `-`."""

    __slots__ = ()
    key = "ids"
    pattern = "^[a-z0-9][a-z0-9._-]{0,79}$"

    def parse(self, raw: object) -> tuple[str, ...]:
        entries = entries_of(raw)
        for entry in entries:
            if not isinstance(entry, str) or not re.fullmatch(self.pattern, entry):
                found = f"`{entry[:60]}`" if isinstance(entry, str) else name_of(entry)
                raise AnswerRefusedError(
                    f"expected an id, found {found}",
                    "ids tie facts to references, figures and systems",
                    "use lower-case letters, digits, `.`, `_` and `-`, for example `devlin-2019`",
                )
        return tuple(entries)

    def plain(self, value: Value) -> Any:
        return value[0] if isinstance(value, tuple) and len(value) == 1 else super().plain(value)

    def json_schema(self) -> dict[str, Any]:
        one = {"type": "string", "pattern": self.pattern}
        return {"anyOf": [one, {"type": "array", "items": one}]}


class Address(Plain):
    """A web address in a table, where facts carry no provenance."""

    __slots__ = ()
    key = "address"

    def parse(self, raw: object) -> str:
        return _LINK.parse(raw)

    def json_schema(self) -> dict[str, Any]:
        return _LINK.json_schema()


class Calendar(Plain):
    """A date in a table."""

    __slots__ = ()
    key = "calendar-date"

    def parse(self, raw: object) -> str:
        return _DAY.parse(raw)

    def json_schema(self) -> dict[str, Any]:
        return _DAY.json_schema()


class SchemaVersion(Plain):
    """The version of the schema that a sheet is written for."""

    __slots__ = ()
    key = "schema-version"
    known = 1

    def parse(self, raw: object) -> int:
        if raw is True or raw != self.known:
            shown = f"`{written(raw)}`" if isinstance(raw, str | int | float) else name_of(raw)
            raise AnswerRefusedError(
                f"{shown} is not a version of the schema that this factsheet knows",
                "the version says how all the rest is to be read",
                f"write `factsheet: {self.known}`; if the sheet is of a later version, update factsheet",
            )
        return self.known

    def json_schema(self) -> dict[str, Any]:
        return {"const": self.known}


class Sides(Plain):
    """Height and width, or one number for both."""

    __slots__ = ("least",)
    most = 10**6

    def __init__(self, least: int = 1) -> None:
        self.least = least

    @property
    def key(self) -> str:
        return f"height-and-width-from-{self.least}"

    def check(self, raw: object) -> tuple[int, int]:
        pair = super().check(raw)
        assert isinstance(pair, tuple)  # noqa: S101  what `parse` returns
        return int(pair[0]), int(pair[1])

    def parse(self, raw: object) -> tuple[str, ...]:
        entries = list(raw) if isinstance(raw, list | tuple) else [raw, raw]
        whole = [entry for entry in entries if isinstance(entry, int) and not isinstance(entry, bool)]
        if len(entries) != 2 or len(whole) != 2 or not all(self.least <= n <= self.most for n in whole):  # noqa: PLR2004  a pair
            raise AnswerRefusedError(
                f"expected a whole number from {self.least}, or two of them, found {name_of(raw)}",
                "a window has a height and a width",
                "write one number for both, for example `3`, or height and width: `[3, 1]`",
            )
        return str(int(whole[0])), str(int(whole[1]))

    def plain(self, value: Value | tuple[int, int]) -> Any:
        assert isinstance(value, tuple)  # noqa: S101  what `check` returns
        height, width = (int(side) for side in value)
        return height if height == width else [height, width]

    def json_schema(self) -> dict[str, Any]:
        one = {"type": "integer", "minimum": self.least, "maximum": self.most}
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 2, "maxItems": 2}]}


class Batch(Plain):
    """A batch size, or the words `not stated`."""

    __slots__ = ()
    key = "batch"

    def parse(self, raw: object) -> int | str:
        return NOT_STATED if raw == NOT_STATED else _WHOLE.parse(raw)

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [{"const": NOT_STATED}, _WHOLE.json_schema()]}


_WHOLE = Whole()
_DAY = Day()
_LINK = Link()
