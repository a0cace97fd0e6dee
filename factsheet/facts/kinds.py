"""The kinds of answer that a fact can have: quantities, text, choices, numbers, dates, addresses."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, ClassVar

from factsheet.errors import AnswerRefusedError, QuantityError
from factsheet.facts.kind import Kind, entries_of, name_of
from factsheet.facts.ranges import check_range, out_of_range
from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.quantities.quantity import Quantity, parse_quantity
from factsheet.source.scalars import written

if TYPE_CHECKING:
    from factsheet.facts.kind import Value
    from factsheet.facts.ranges import Range

MAX_LINE = 300
MAX_PROSE = 20_000
MAX_ITEMS = 200
_MOST_WHOLE = 10**15
_DATE = r"(\d{4})-(\d{2})-(\d{2})"
_LINK = r"https?://[^\s<>\"'`\\{}|^\[\]]+"
_ABSENT_HELP = "answer it, remove the key, or say why not: `{not_disclosed: the reason}`"


class Measure(Kind):
    """A quantity of one of the named dimensions, as written, within what is possible."""

    __slots__ = ("dimensions", "within")

    def __init__(self, *dimensions: str, within: Range | None = None) -> None:
        self.dimensions = dimensions
        self.within = within

    @property
    def key(self) -> str:
        key = "quantity-" + "-or-".join(self.dimensions).replace("_", "-")
        return "-".join(filter(None, (key, self.within.key if self.within is not None else "")))

    def parse(self, raw: object) -> Quantity:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            example = DIMENSIONS[self.dimensions[0]].example
            raise AnswerRefusedError(
                f"expected a quantity such as `{example}`, found {name_of(raw)}",
                "a figure can only be compared when it has a number and a unit",
                f"write the number and its unit, for example `{example}`",
            )
        first: QuantityError | None = None
        for dimension in self.dimensions:
            try:
                quantity = parse_quantity(raw, dimension)
            except QuantityError as error:
                first = first or error
                continue
            if self.within is not None:
                check_range(quantity, self.within, quantity.text)
            return quantity
        assert first is not None  # noqa: S101  a Measure has at least one dimension
        raise AnswerRefusedError(first.message, first.why, first.help)

    def json_schema(self) -> dict[str, Any]:
        forms = [
            {
                "type": "string",
                "title": DIMENSIONS[name].title,
                "pattern": DIMENSIONS[name].pattern,
                # Editors show this instead of the pattern; the YAML language server and VS Code know the keyword.
                "patternErrorMessage": f"expected {DIMENSIONS[name].title}, such as `{DIMENSIONS[name].example}`",
                "examples": [DIMENSIONS[name].example],
                "x-unit": DIMENSIONS[name].base,
            }
            for name in self.dimensions
        ]
        if any(DIMENSIONS[name].bare for name in self.dimensions):
            forms.append({"type": "number", **_bounds(self.within)})
        return forms[0] if len(forms) == 1 else {"anyOf": forms}


class Line(Kind):
    """A single line of text."""

    __slots__ = ()
    key = "line"

    def parse(self, raw: object) -> str:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise AnswerRefusedError(
                f"expected a line of text, found {name_of(raw)}",
                "this field is printed as one line",
                "write plain text; quote it if YAML reads it as something else",
            )
        text = written(raw).strip()
        if not text:
            raise AnswerRefusedError("empty text", "an empty answer looks answered but is not", _ABSENT_HELP)
        if "\n" in text or len(text) > MAX_LINE:
            raise AnswerRefusedError(
                f"expected a single line of at most {MAX_LINE} characters, found {len(text)}",
                "this field is printed in tables and headings",
                "shorten it, and put the rest into a `note` or a description",
            )
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "number"], "maxLength": MAX_LINE, "minLength": 1}


class Prose(Kind):
    """Text of any length, in plain Markdown."""

    __slots__ = ("number",)

    def __init__(self, *, number: bool = False) -> None:
        """Take a whole number as well, where that can be the whole answer."""
        self.number = number

    @property
    def key(self) -> str:
        return "prose-or-number" if self.number else "prose"

    def parse(self, raw: object) -> str:
        if self.number and isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw <= _MOST_WHOLE:
            return str(int(raw))
        if not isinstance(raw, str):
            raise AnswerRefusedError(
                f"expected text, found {name_of(raw)}",
                "this field is read by people, as a paragraph",
                "write a sentence; quote it if YAML reads it as something else",
            )
        text = raw.strip()
        if not text:
            raise AnswerRefusedError("empty text", "an empty answer looks answered but is not", _ABSENT_HELP)
        if len(text) > MAX_PROSE:
            raise AnswerRefusedError(
                f"expected at most {MAX_PROSE:,} characters, found {len(text):,}",
                "people read this field as a paragraph",
                "shorten it, and cite what has the rest",
            )
        return text

    def json_schema(self) -> dict[str, Any]:
        text: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": MAX_PROSE}
        return {"anyOf": [text, {"type": "integer", "minimum": 1}]} if self.number else text


class Items(Kind):
    """A list of lines; one line alone is a list of one."""

    __slots__ = ()
    key = "lines"

    def parse(self, raw: object) -> tuple[str, ...]:
        entries = entries_of(raw)
        if not entries or len(entries) > MAX_ITEMS:
            raise AnswerRefusedError(
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

        found = f"`{raw}`" if isinstance(raw, str) else name_of(raw)
        close = get_close_matches(str(raw), self.options, 1)
        known = ", ".join(f"`{option}`" for option in self.options)
        raise AnswerRefusedError(
            f"{found} is not one of the words that this field knows",
            "readers and checks compare sheets by these words",
            f"did you mean `{close[0]}`? The words are {known}" if close else f"the words are {known}",
        )

    def json_schema(self) -> dict[str, Any]:
        return {"enum": list(self.options)}


class Whole(Kind):
    """A whole number of at least `least`, within what is possible."""

    __slots__ = ("least", "most", "within")

    def __init__(self, least: int = 1, within: Range | None = None) -> None:
        self.within = within
        bounded = within is not None and within.lowest > -math.inf
        self.least = int(within.lowest) if within is not None and bounded else least
        limited = within is not None and within.highest < math.inf
        self.most = int(within.highest) if within is not None and limited else _MOST_WHOLE

    @property
    def key(self) -> str:
        limit = f"-to-{self.most}" if self.most != _MOST_WHOLE else ""
        return f"whole-number-from-{self.least}{limit}"

    def parse(self, raw: object) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise AnswerRefusedError(
                f"expected a whole number, found {name_of(raw)}",
                "this number enters the arithmetic of layers and tiles",
                "write the number alone, without a unit, for example `12`",
            )
        if not self.least <= raw <= self.most:
            if self.within is not None:
                raise out_of_range(written(raw), self.within, "")
            raise AnswerRefusedError(
                f"{written(raw)} is out of range",
                f"a value below {self.least} or above 10^15 has no meaning here",
                f"write a whole number of at least {self.least}",
            )
        return int(raw)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Wholes(Kind):
    """A list of whole numbers from 1; one number alone is a list of one."""

    __slots__ = ("longest", "within")

    def __init__(self, longest: int, within: Range | None = None) -> None:
        self.longest = longest
        self.within = within

    @property
    def key(self) -> str:
        return f"up-to-{self.longest}-whole-numbers"

    def parse(self, raw: object) -> tuple[str, ...]:
        entries = entries_of(raw)
        if not 1 <= len(entries) <= self.longest:
            raise AnswerRefusedError(
                f"expected between 1 and {self.longest} whole numbers, found {len(entries)}",
                "these numbers enter the arithmetic of layers and tiles",
                "write them as a list, for example `[224, 224]`",
            )
        # Kept as lines, so that a list is one kind of value everywhere; `Fact.wholes` gives the numbers.
        return tuple(str(_WHOLE.parse(entry)) for entry in entries)

    def plain(self, value: Value) -> Any:
        return [int(entry) for entry in value] if isinstance(value, tuple) else value

    def json_schema(self) -> dict[str, Any]:
        one = _WHOLE.json_schema()
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": self.longest}]}


class Flag(Kind):
    """True or false."""

    __slots__ = ()
    key = "true-or-false"

    def parse(self, raw: object) -> bool:
        if isinstance(raw, bool):
            return raw
        raise AnswerRefusedError(
            f"expected true or false, found {name_of(raw)}",
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
            raise AnswerRefusedError(
                f"expected a date, found {f'`{text}`' if text else name_of(raw)}",
                "dates are compared: a review cannot precede what it reviews",
                "write year-month-day, for example `2022-11-14`, or just the year",
            )
        full = re.fullmatch(_DATE, text)
        if full is not None:
            from datetime import date  # only for a full date

            try:
                date(*map(int, full.groups()))
            except ValueError:
                raise AnswerRefusedError(
                    f"`{text}` is not in the calendar",
                    "dates are compared: a review cannot precede what it reviews",
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
        raise AnswerRefusedError(
            f"expected a web address, found {name_of(raw) if not isinstance(raw, str) else f'`{raw[:60]}`'}",
            "readers follow it, so it has to be one that a browser may open safely",
            "write an address that starts with `https://` and holds no spaces",
        )

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://", "maxLength": MAX_LINE}


class Digest(Kind):
    """A cryptographic digest of a file, after the name of its algorithm: `sha256:…`."""

    __slots__ = ()
    key = "digest"
    lengths: ClassVar[dict[str, int]] = {"sha256": 64, "sha384": 96, "sha512": 128}

    def parse(self, raw: object) -> str:
        name, _, digits = raw.strip().partition(":") if isinstance(raw, str) else ("", "", "")
        length = self.lengths.get(name.lower().replace("-", ""))
        if length is None or not re.fullmatch(rf"[0-9a-fA-F]{{{length}}}", digits):
            found = f"`{raw[:60]}`" if isinstance(raw, str) else name_of(raw)
            known = f" of {length} hexadecimal digits, not {len(digits)}" if length is not None else ""
            raise AnswerRefusedError(
                f"expected a digest{known}, found {found}",
                "whoever downloads the file compares it with this, digit by digit",
                "write `sha256:` and the 64 digits that `sha256sum FILE` prints; sha384 and sha512 are read too",
            )
        return f"{name.lower().replace('-', '')}:{digits.lower()}"

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": r"^\s*[Ss][Hh][Aa]-?(256:[0-9a-fA-F]{64}|384:[0-9a-fA-F]{96}|512:[0-9a-fA-F]{128})\s*$",
        }


def _bounds(within: Range | None) -> dict[str, Any]:
    """Return the limits of a bare number in JSON Schema's words."""
    if within is None:
        return {}
    lowest = "exclusiveMinimum" if within.above else "minimum"
    limits = {lowest: within.lowest, "maximum": within.highest}
    return {word: limit for word, limit in limits.items() if abs(limit) < math.inf}


_LINE = Line()
_WHOLE = Whole()
