"""Why a text is no quantity, for the person who wrote it. Imported only when there is a fault to explain."""

from __future__ import annotations

import re
from typing import NamedTuple

from factsheet.quantities.dimensions import DIMENSIONS, dimension
from factsheet.quantities.reading import MAX_LENGTH, split_units
from factsheet.quantities.units import SCALES, SMALLEST, Dimension

_LISTED = 8
_SHOWN_LENGTH = 60
_NO_NUMBER = re.compile(r"[-+]?\.?(?:nan|inf(?:inity)?)\b", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"([0-9]),([0-9])")
_POWER_OF_TEN = re.compile(r" *(?:[x×*·]|\\times) *10.*")
_MACS = re.compile(r"(?:.* |[kKMGBT])?(?:macs?|multiply[- ]accumulates?)", re.IGNORECASE)
_GROUPED = re.compile(r"[_' ][0-9]{3}\b")


class Fault(NamedTuple):
    """What is wrong, why it matters, how to fix it."""

    message: str
    why: str
    help: str


def explain(text: str, name: str, cause: str) -> Fault:
    """Put a refusal into words.

    Args:
        text: what was written.
        name: the dimension asked for.
        cause: as `QuantityError.cause` gives it.

    Raises:
        UnitsError: there is no such dimension.
    """
    kind, shown = dimension(name), _shortened(text)
    if cause == "unit":
        return _unit(text, shown, kind)
    if cause == "unreadable":
        return _unreadable(text, shown, kind)
    example = f"for example `{kind.example}`"
    return {
        "too long": Fault(
            f"`{shown}` is too long for a quantity",
            f"a quantity has at most {MAX_LENGTH} characters: a number, a unit, perhaps a range",
            f"write the figure alone, {example}, and explain it in a note",
        ),
        "not a number": Fault(
            f"{_a(kind.title)} is a number with its unit, and this is of type {text}",
            "a figure can only be compared when it has a number and a unit",
            f"write a number and its unit, {example}",
        ),
        "negative": Fault(
            f"`{shown}` is below zero",
            f"{_a(kind.title)} cannot be negative",
            f"remove the sign, or give the figure where a difference is asked for; {example}",
        ),
        "bare number": Fault(
            f"`{shown}` has no unit and is above {kind.bare_limit:g}",
            f"a bare {kind.title} is a fraction of 1, so this would be {shown} times the whole",
            f"write `{shown} %` if per cent is meant",
        ),
        "out of range": Fault(
            f"`{shown}` is beyond any {kind.title}",
            f"it is up to {kind.largest:.0e} of its base unit, and zero or {SMALLEST:.0e} at least",
            "check the exponent",
        ),
        "unit on the first number only": Fault(
            f"the second number of `{shown}` has no unit",
            "a unit after the first number does not say what the second is in",
            f"write the unit after the second number, or after both; {example}",
        ),
        "bound of a range": Fault(
            f"`{shown}` is a bound and a range at once",
            "a range states both of its ends, and a bound one",
            f"write either, {example}",
        ),
        "downwards": Fault(
            f"the range `{shown}` runs downwards",
            "a range starts at its lower end, so one of the two numbers may be mistyped",
            "write the smaller number first",
        ),
        "parts of a time": Fault(
            f"the parts of `{shown}` do not add up to a time as a clock shows it",
            "a part that is as long as the unit before it may be mistyped",
            "write ever smaller units, each below one of the unit before: `1 h 30 min`",
        ),
        "spread": Fault(
            f"what follows ± in `{shown}` is not above zero",
            "± gives the distance to both ends of an interval",
            "write a number above zero after ±, or the figure alone",
        ),
    }[cause]


def _unreadable(text: str, shown: str, kind: Dimension) -> Fault:
    example = f"for example `{kind.example}`"
    if not text:
        return Fault(
            f"an empty text instead of {_a(kind.title)}",
            "an empty text says neither the figure nor why there is none",
            f"write a number and its unit, {example}, or leave the entry out",
        )
    if _NO_NUMBER.match(text):
        return Fault(
            f"`{shown}` is not a finite number",
            "nothing can be computed from it or compared with it",
            "state a bound instead, such as `at least` or `up to` and a number, or leave the entry out",
        )
    if not any(character.isdigit() for character in text):
        return Fault(
            f"no number in `{shown}`",
            f"{_a(kind.title)} can only be compared when it has a number",
            f"write a number and its unit, {example}, and put words into a note",
        )
    return Fault(
        f"`{shown}` does not start with a number",
        "words before the number could change what it means, so only a few are known",
        f"start with the number, or with approx., about, ~, up to, at most, at least, < or >; {example}",
    )


def _unit(text: str, shown: str, kind: Dimension) -> Fault:
    """Explain the first of the tails (one, or two in a range) that is no unit of this dimension."""
    tail = next((tail for tail in split_units(text) if kind.scale(tail) is None), "")
    found = _shortened(tail)
    accepted = _accepted(kind)
    if not tail:
        return Fault(f"`{shown}` has no unit", f"{_a(kind.title)} means nothing without its unit", accepted)
    if spelling := _misspelt_number(text, shown, tail):
        return spelling
    if kind.name == "ops" and _MACS.fullmatch(tail):
        return Fault(
            f"`{found}` counts multiply-accumulates, not operations",
            "whether one of them is 1 operation or 2 is a convention, and most published figures take 2",
            "write the number of operations, and the convention in a note",
        )
    if others := _measured_in(tail):
        return Fault(
            f"`{found}` is a unit of {_either(others)}, and {_a(kind.title)} is asked for",
            "quantities of different kinds cannot be compared",
            accepted,
        )
    meant = _closest(tail, kind)
    return Fault(
        f"unknown unit `{found}`",
        "a figure in an unknown unit can be compared with nothing",
        f"did you mean `{meant}`? {accepted}" if meant else accepted,
    )


def _misspelt_number(text: str, shown: str, tail: str) -> Fault | None:
    """Explain what follows the digits when it is really a part of the number."""
    if re.match(r",[0-9]", tail):
        corrected = _shortened(_DECIMAL_COMMA.sub(r"\1.\2", text, count=1))
        return Fault(
            f"decimal comma in `{shown}`",
            "a comma groups thousands, as in 43,956.7; read as one, it would change the number",
            f"write {corrected}",
        )
    if _POWER_OF_TEN.fullmatch(tail):
        return Fault(
            f"a power of ten written out in `{shown}`",
            "its digits and its exponent cannot be told apart reliably",
            "write it with an e: 5e-5, 1.5e9",
        )
    if _GROUPED.match(tail) or (" " + tail)[:2].strip().isdigit():
        return Fault(
            f"the digits of `{shown}` cannot be read as one number",
            "only commas group thousands, a number has no leading zeros and an exponent at most 3 digits",
            "write the digits in one piece or in groups of three: 84934656 or 84,934,656",
        )
    if tail[0] == ".":
        return Fault(
            f"`{shown}` has a point without a digit after it",
            "the digits after the point say how good a figure is",
            "write 5 or 5.0, not `5.`",
        )
    return None


def _accepted(kind: Dimension) -> str:
    if not kind.units:
        return f"write the number alone, for example `{kind.example}`"
    shown = [unit for unit, _, _ in kind.shown if unit in kind.units]
    others = [unit for unit in kind.spellings() if unit + "s" not in kind.units and "\u03bc" not in unit]
    units = list(dict.fromkeys([*shown, *others]))
    listed = ", ".join(units[:_LISTED]) + (", …" if len(units) > _LISTED else "")
    scales = ", perhaps after k, M, G, million or billion" if kind.scale_words else ""
    return f"{_a(kind.title)} is written in {listed}{scales}; for example `{kind.example}`"


def _closest(tail: str, kind: Dimension) -> str | None:
    import difflib

    scales: tuple[str, ...] = tuple(SCALES) if kind.scale_words else ()
    known = [*kind.spellings(), *scales]
    for unit in known:
        if unit.casefold() == tail.casefold():
            return unit
    close = difflib.get_close_matches(tail, known, n=1)
    return close[0] if close else None


def _measured_in(tail: str) -> list[str]:
    """Return what the tail is a unit of; what is counted by a scale word alone only if there is nothing else."""
    scales = [
        (other.title, scale)
        for other in DIMENSIONS.values()
        if not other.name.endswith("_difference") and (scale := other.scale(tail))
    ]
    return [title for title, scale in scales if scale.unit] or [title for title, _ in scales]


def _a(title: str) -> str:
    return f"{'an' if title[0] in 'aeio' else 'a'} {title}"


def _either(titles: list[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} or {titles[-1]}"


def _shortened(text: str) -> str:
    printable = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return printable if len(printable) <= _SHOWN_LENGTH else printable[: _SHOWN_LENGTH - 1] + "…"
