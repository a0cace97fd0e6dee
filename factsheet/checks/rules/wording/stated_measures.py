"""Find measures that sentences state of the chip or the network: `takes 0.19 ms`, `draws 3.13 W`, `from 1998`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from factsheet.checks.prose import matches_near
from factsheet.errors import QuantityError
from factsheet.quantities.quantity import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.prose import SheetProse
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_NUMBER: Final = r"((?:about |approx\. )?\d[\d,]*(?:\.\d+)?"
_STATED: Final = (
    (
        "power",
        (" W", " mW"),
        rf"(?i:draws|consumes|dissipates|needs|power of|power is) {_NUMBER} (?:mW|W|kW))(?![\w/])",
    ),
    (
        "time",
        ("takes", "within", "latency of"),
        r"(?i:(?:inference|classification|image|sequence|run|batch|sample|utterance|token|it) takes"
        r"|latency of|latency is) " + _NUMBER + r" (?:ns|µs|us|ms|s))(?![\w/])",
    ),
    (
        "energy",
        (" J", " mJ", " µJ", " nJ"),
        rf"(?i:takes|needs|costs|consumes|energy of) {_NUMBER} (?:J|mJ|µJ|nJ))(?![\w/])",
    ),
    ("area", ("mm²",), rf"(?i:area of|occupies|takes|measures|has) {_NUMBER} mm²)"),
    (
        "temperature",
        ("°C",),
        rf"(?i:measured|evaluated|simulated|operated|taken|kept|scored) at {_NUMBER} ?°C)",
    ),
)
"""Dimension, the characters that such a statement has in it, and how it goes; the first group is the figure."""
_REACH: Final = (60, 40)
_YEAR: Final = (
    r"(?i:images|data|digits|recordings|texts|sentences|samples|measurements)\b[^.;\0]{0,60}?"
    r"\b(from (?:19|20)\d\d)\b(?! (?:to|until|on))"
)


class StatedMeasure(NamedTuple):
    """A measure that a sentence states.

    Attributes:
        start: where it begins in the text.
        written: its words.
        quantity: what it says.
    """

    start: int
    written: str
    quantity: Quantity


def measures(prose: SheetProse, known: frozenset[str]) -> Iterator[StatedMeasure]:
    """Yield the measures in the text, of those dimensions that the sheet has figures of."""
    for dimension, signs, pattern in _STATED:
        if dimension not in known:
            continue
        for match in matches_near(prose.text, signs, pattern, _REACH):
            try:
                yield StatedMeasure(match.start(1), match[1], parse_quantity(match[1], dimension))
            except QuantityError:
                continue


def years(prose: SheetProse) -> Iterator[tuple[int, str, int]]:
    """Yield the years that data are said to be from: the place, the words, and the year."""
    for match in matches_near(prose.text, ("from 19", "from 20"), _YEAR, (90, 10)):
        yield match.start(1), match[1], int(match[1][-4:])


def years_of_data(sheet: SheetFields) -> dict[int, KeyPath]:
    """Return the years of the references of the data."""
    cited = {
        name
        for data in (sheet.training_data, sheet.test_data)
        if data is not None
        for name in data.references or ()
    }
    return {
        reference.year: ("references", index, "year")
        for index, reference in enumerate(sheet.references or ())
        if reference.id in cited and reference.year is not None
    }
