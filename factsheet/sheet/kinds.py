"""The kinds of answer that a field of the sheet takes: how one is read, refused and described.

A kind stands in a field's annotation, `Annotated[Fact, Measure("power")]`, and gives pydantic three
things: how to read the value, what to say when it does not fit, and its JSON Schema.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from factsheet.sheet.fact import ABSENCES, NOT_STATED, Absence, At, Fact
from factsheet.sheet.quantity import DIMENSIONS, Quantity, QuantityError, parse_quantity
from factsheet.source import written

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema

    from factsheet.sheet.entry import Entry

    Value = Quantity | str | int | bool | tuple[str, ...]

MAX_LINE = 300
MAX_ITEMS = 200
_DATE = r"(\d{4})-(\d{2})-(\d{2})"
_LINK = r"https?://[^\s<>\"'`\\{}|^\[\]]+"


class Refusal(Exception):  # noqa: N818  it refuses an answer; the program is in no error
    """A value that does not fit its kind, with why it matters and how to mend it."""

    def __init__(self, message: str, why: str, help_: str) -> None:
        super().__init__(message)
        self.message, self.why, self.help = message, why, help_


def _name(raw: object) -> str:
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


class Kind:
    """A kind of answer. Subclasses read one value in `parse` and describe it in `json_schema`."""

    __slots__ = ()

    @property
    def key(self) -> str:
        """The name of this kind among the JSON Schema's definitions."""
        raise NotImplementedError  # pragma: no cover - an interface

    def parse(self, raw: object) -> Value:
        """Read a value; raises `Refusal` when it does not fit."""
        raise NotImplementedError  # pragma: no cover - an interface

    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of a bare value of this kind."""
        raise NotImplementedError  # pragma: no cover - an interface

    def read(self, raw: object, handler: Callable[[object], Entry]) -> Fact:
        """A bare value, or a mapping with `value` and its provenance, to a `Fact`."""
        from pydantic_core import PydanticCustomError  # only where pydantic runs already

        entry: Entry | None = None
        below = {}
        try:
            if type(raw) is dict:
                entry = handler(raw)
                absence = _absence(entry)
                if absence is not None:
                    return _absent(entry, absence)
                raw = entry.value
                below = {"below": "value"}
            value = self.parse(raw)
        except Refusal as refusal:
            context = {"message": refusal.message, "why": refusal.why, "help": refusal.help, **below}
            raise PydanticCustomError("answer", "{message}", context) from None
        return Fact(value) if entry is None else _fact(entry, value)

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validation by `read`, with the mapping form checked by pydantic first."""
        from pydantic_core import core_schema  # see above

        from factsheet.sheet.entry import Entry  # the mapping form is a model, built once

        return core_schema.no_info_wrap_validator_function(self.read, _handler.generate_schema(Entry))

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """A marker that `factsheet.sheet.schema` turns into a reference to this kind's definition."""
        return {"x-kind": f"fact-{self.key}"}


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
        on=entry.on,
        note=entry.note,
    )


def _fact(entry: Entry, value: Value) -> Fact:
    at = entry.at
    return Fact(
        value=value,
        source=entry.source,
        evidence=entry.evidence or (),
        by=entry.by,
        on=entry.on,
        note=entry.note,
        at=None if at is None else At(at.seq_len, at.batch),
        relative_to=entry.relative_to,
        tolerance=_tolerance(entry),
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

    def check(self, raw: object) -> Value:
        """`parse`, with a refusal told in pydantic's terms."""
        from pydantic_core import PydanticCustomError  # see above

        try:
            return self.parse(raw)
        except Refusal as refusal:
            context = {"message": refusal.message, "why": refusal.why, "help": refusal.help}
            raise PydanticCustomError("answer", "{message}", context) from None


class Measure(Kind):
    """A quantity of one of the named dimensions, as written."""

    __slots__ = ("dimensions",)

    def __init__(self, *dimensions: str) -> None:
        self.dimensions = dimensions

    @property
    def key(self) -> str:
        return "quantity-" + "-or-".join(self.dimensions).replace("_", "-")

    def parse(self, raw: object) -> Quantity:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            example = DIMENSIONS[self.dimensions[0]].example
            raise Refusal(
                f"expected a quantity such as `{example}`, found {_name(raw)}",
                "a figure can only be compared when it has a number and a unit",
                f"write the number and its unit, for example `{example}`",
            )
        first: QuantityError | None = None
        for dimension in self.dimensions:
            try:
                return parse_quantity(raw, dimension)
            except QuantityError as error:
                first = first or error
        assert first is not None  # noqa: S101  a Measure has at least one dimension
        raise Refusal(first.message, first.why, first.help)

    def json_schema(self) -> dict[str, Any]:
        forms = [
            {
                "type": "string",
                "title": DIMENSIONS[name].title,
                "pattern": DIMENSIONS[name].pattern,
                "examples": [DIMENSIONS[name].example],
                "x-unit": DIMENSIONS[name].base,
            }
            for name in self.dimensions
        ]
        if any(DIMENSIONS[name].bare for name in self.dimensions):
            forms.append({"type": "number"})
        return forms[0] if len(forms) == 1 else {"anyOf": forms}


class Line(Kind):
    """A single line of text."""

    __slots__ = ()
    key = "line"

    def parse(self, raw: object) -> str:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise Refusal(
                f"expected a line of text, found {_name(raw)}",
                "this field is printed as one line",
                "write plain text; quote it if YAML reads it as something else",
            )
        text = written(raw).strip()
        if not text:
            raise Refusal("empty text", "an empty answer looks answered but is not", _ABSENT_HELP)
        if "\n" in text or len(text) > MAX_LINE:
            raise Refusal(
                f"expected a single line of at most {MAX_LINE} characters, found {len(text)}",
                "this field is printed in tables and headings",
                "shorten it, and put the rest into a `note` or a description",
            )
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "number"], "maxLength": MAX_LINE, "minLength": 1}


class Prose(Kind):
    """Text of any length, in plain Markdown."""

    __slots__ = ()
    key = "prose"

    def parse(self, raw: object) -> str:
        if not isinstance(raw, str):
            raise Refusal(
                f"expected text, found {_name(raw)}",
                "this field is read by people, as a paragraph",
                "write a sentence; quote it if YAML reads it as something else",
            )
        text = raw.strip()
        if not text:
            raise Refusal("empty text", "an empty answer looks answered but is not", _ABSENT_HELP)
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": 20000}


class Items(Kind):
    """A list of lines; one line alone stands for a list of one."""

    __slots__ = ()
    key = "lines"

    def parse(self, raw: object) -> tuple[str, ...]:
        entries = raw if isinstance(raw, list) else [raw]
        if not entries or len(entries) > MAX_ITEMS:
            raise Refusal(
                f"expected between 1 and {MAX_ITEMS} entries, found {len(entries)}",
                "an empty list looks answered but is not",
                _ABSENT_HELP if not entries else "keep the entries that readers need",
            )
        return tuple(_LINE.parse(entry) for entry in entries)

    def json_schema(self) -> dict[str, Any]:
        line = _LINE.json_schema()
        return {"anyOf": [line, {"type": "array", "items": line, "minItems": 1, "maxItems": MAX_ITEMS}]}


class Choice(Kind):
    """One of a closed set of words."""

    __slots__ = ("options",)

    def __init__(self, *options: str) -> None:
        self.options = options

    @property
    def key(self) -> str:
        return "one-of-" + "-".join(option.replace(" ", "-").replace("_", "-") for option in self.options)

    def parse(self, raw: object) -> str:
        if isinstance(raw, str) and raw in self.options:
            return raw
        from difflib import get_close_matches  # only for a refused value

        found = f"`{raw}`" if isinstance(raw, str) else _name(raw)
        close = get_close_matches(str(raw), self.options, 1)
        known = ", ".join(f"`{option}`" for option in self.options)
        raise Refusal(
            f"{found} is not one of the words that this field knows",
            "readers and checks compare sheets by these words",
            f"did you mean `{close[0]}`? The words are {known}" if close else f"the words are {known}",
        )

    def json_schema(self) -> dict[str, Any]:
        return {"enum": list(self.options)}


class Whole(Kind):
    """A whole number of at least `least`."""

    __slots__ = ("least",)
    most = 10**15

    def __init__(self, least: int = 1) -> None:
        self.least = least

    @property
    def key(self) -> str:
        return f"whole-number-from-{self.least}"

    def parse(self, raw: object) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise Refusal(
                f"expected a whole number, found {_name(raw)}",
                "this number enters the arithmetic of layers and tiles",
                "write the number alone, without a unit, for example `12`",
            )
        if not self.least <= raw <= self.most:
            raise Refusal(
                f"{written(raw)} is out of range",
                f"a value below {self.least} or above 10^15 has no meaning here",
                f"write a whole number of at least {self.least}",
            )
        return int(raw)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Flag(Kind):
    """True or false."""

    __slots__ = ()
    key = "true-or-false"

    def parse(self, raw: object) -> bool:
        if isinstance(raw, bool):
            return raw
        raise Refusal(
            f"expected true or false, found {_name(raw)}",
            "this field is a yes-or-no question",
            "write `true` or `false`",
        )

    def json_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Day(Kind):
    """A calendar date, `2022-11-14`; the month or the day may be left out."""

    __slots__ = ()
    key = "date"
    pattern = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"

    def parse(self, raw: object) -> str:
        text = written(raw) if isinstance(raw, str | int) and not isinstance(raw, bool) else ""
        if not re.fullmatch(self.pattern, text):
            raise Refusal(
                f"expected a date, found {f'`{text}`' if text else _name(raw)}",
                "dates are compared: a review can not precede what it reviews",
                "write year-month-day, for example `2022-11-14`, or just the year",
            )
        full = re.fullmatch(_DATE, text)
        if full is not None:
            from datetime import date  # only for a full date

            try:
                date(*map(int, full.groups()))
            except ValueError:
                raise Refusal(
                    f"`{text}` is not in the calendar",
                    "dates are compared: a review can not precede what it reviews",
                    "check the day against the length of the month",
                ) from None
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "pattern": self.pattern}, {"type": "integer", "minimum": 1900}]}


class Link(Kind):
    """A web address, http or https. It is printed, and never opened unless the user asks."""

    __slots__ = ()
    key = "link"

    def parse(self, raw: object) -> str:
        if isinstance(raw, str) and len(raw) <= MAX_LINE and re.fullmatch(_LINK, raw.strip(), re.IGNORECASE):
            return raw.strip()
        raise Refusal(
            f"expected a web address, found {_name(raw) if not isinstance(raw, str) else f'`{raw[:60]}`'}",
            "readers follow it, so it has to be one that a browser may open safely",
            "write an address that starts with `https://` and holds no spaces",
        )

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://", "maxLength": MAX_LINE}


class Ids(Plain):
    """One id or a list of ids: lower case, digits, `.`, `_` and `-`."""

    __slots__ = ()
    key = "ids"
    pattern = "^[a-z0-9][a-z0-9._-]{0,79}$"

    def parse(self, raw: object) -> tuple[str, ...]:
        entries = raw if isinstance(raw, list) else [raw]
        for entry in entries:
            if not isinstance(entry, str) or not re.fullmatch(self.pattern, entry):
                found = f"`{entry[:60]}`" if isinstance(entry, str) else _name(entry)
                raise Refusal(
                    f"expected an id, found {found}",
                    "ids tie facts to references, figures and systems",
                    "use lower-case letters, digits, `.`, `_` and `-`, for example `devlin-2019`",
                )
        return tuple(entries)

    def json_schema(self) -> dict[str, Any]:
        one = {"type": "string", "pattern": self.pattern}
        return {"anyOf": [one, {"type": "array", "items": one}]}


class Address(Plain):
    """A web address in a table, where facts carry no provenance."""

    __slots__ = ()
    key = "address"

    def parse(self, raw: object) -> str:
        return _LINK_KIND.parse(raw)

    def json_schema(self) -> dict[str, Any]:
        return _LINK_KIND.json_schema()


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
            shown = f"`{written(raw)}`" if isinstance(raw, str | int | float) else _name(raw)
            raise Refusal(
                f"{shown} is not a version of the schema that this factsheet knows",
                "the version says how all the rest is to be read",
                f"write `factsheet: {self.known}`; if the sheet is of a later version, update factsheet",
            )
        return self.known

    def json_schema(self) -> dict[str, Any]:
        return {"const": self.known}


class Batch(Plain):
    """A batch size, or the words `not stated`."""

    __slots__ = ()
    key = "batch"

    def parse(self, raw: object) -> int | str:
        return NOT_STATED if raw == NOT_STATED else _WHOLE.parse(raw)

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [{"const": NOT_STATED}, _WHOLE.json_schema()]}


_LINE = Line()
_WHOLE = Whole()
_DAY = Day()
_LINK_KIND = Link()
_ABSENT_HELP = "answer it, remove the key, or say why not: `{not_disclosed: the reason}`"
