"""Figures of a sheet by their path: what rules on pairs and sums of figures are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.facts.fact import Fact
from factsheet.quantities.interval import Interval

if TYPE_CHECKING:
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath


class StatedFigure(NamedTuple):
    """A figure with its place: what it means, and its words."""

    path: KeyPath
    meant: Interval
    words: str


def stated(sheet: SheetFields, dotted: str) -> StatedFigure | None:
    """Return the figure at a path; `None` where there is none, or one without a number."""
    path = tuple(dotted.split("."))
    node: object = sheet
    for key in path:
        node = getattr(node, key, None)
        if node is None:
            return None
    return figure_of(path, node)


def figure_of(path: KeyPath, answer: object) -> StatedFigure | None:
    """Return an answer as a figure; `None` where it is none."""
    if not isinstance(answer, Fact):
        return None
    if answer.quantity is not None:
        return StatedFigure(path, answer.quantity.meant, answer.quantity.text)
    whole = answer.whole
    return None if whole is None else StatedFigure(path, Interval(whole, whole), f"{whole:,}")
