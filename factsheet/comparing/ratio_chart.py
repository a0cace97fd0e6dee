"""Show the figures of a comparison as multiples of the first column's: a row a figure, a mark a column."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from factsheet.pages.figures.canvas import ACCENT, GREY, Axis, Canvas, FigureData, cut, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.comparing.comparison import ComparedRow, SheetComparison

_MARKERS = ("circle", "square", "diamond", "triangle")
_COLOURS = (ACCENT, "#c2571a", "#3d8b4f", "#8a5bb5", GREY)
"""Each is told apart from the others, on white and on black, with a contrast of 3 to 1; marks differ in shape too."""
_TICK, _APART = 12, 7
_ROW, _TOP, _LINE = 34, 58, 18
_MOST_TICKS, _MOST_DECADES = 8, 9


class Multiple(NamedTuple):
    """A figure over that of the first column.

    Attributes:
        ratio: it; above 0.
        differs: whether the two differ, as far as digits, ranges and tolerances go.
        low: the least that it can be, by the ranges of both; the ratio itself where none is known.
        high: the most.
    """

    ratio: float
    differs: bool
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RatioChart(FigureData):
    """Figures as multiples of those of the first column, on a scale where each decade is as long."""

    first: str
    """The first column."""
    columns: tuple[str, ...]
    """The others."""
    rows: tuple[tuple[str, bool | None, tuple[Multiple | None, ...]], ...]
    """Label, whether more is better, and the multiple of each further column."""

    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""
        known = [found for _, _, multiples in self.rows for found in multiples if found is not None]
        decades = [math.log10(end) for found in known for end in (found.low, found.high)]
        first = max(math.floor(min((*decades, 0))), -_MOST_DECADES)
        last = min(max(math.ceil(max((*decades, 0))), first + 1), _MOST_DECADES)
        edge = width_of(_times(first), _TICK) / 2 + 4
        left = max(36, edge) if canvas.narrow else 330
        right = canvas.width - max(30, width_of(_times(last), _TICK) / 2 + 4)
        x = Axis(10.0**first, 10.0**last, left, right, log=True)
        canvas.text(4, 14, cut(f"multiples of {self.first}", canvas.width - 8))
        top = _TOP + _LINE * (len(self.columns) + (not all(found.differs for found in known)))
        spread = _APART * (len(self.columns) - 1)
        step = max(_ROW, spread + 20) + (16 if canvas.narrow else 0)
        bottom = top + step * len(self.rows)
        self._key(canvas, known)
        apart = -(-(last - first) // (_MOST_TICKS // 2 if canvas.narrow else _MOST_TICKS))
        for decade in range(first, last + 1):
            if decade % apart == 0:
                at = x(10.0**decade)
                canvas.line(at, top - 8, at, bottom, faint=True)
                canvas.text(at, top - 14, _times(decade), anchor="middle", faint=True, size=_TICK)
        canvas.line(x(1), top - 8, x(1), bottom)
        for number, (label, higher, multiples) in enumerate(self.rows):
            y = top + step * number + (22 if canvas.narrow else 14) + (spread / 2 if canvas.narrow else 0)
            words = label if higher is None else f"{label} ({'more' if higher else 'less'} is better)"
            place = (4, y - spread / 2 - 12) if canvas.narrow else (4, y + 4)
            canvas.text(*place, cut(words, (canvas.width if canvas.narrow else left) - 14))
            for index, found in enumerate(multiples):
                if found is not None:
                    at = y + (index - (len(multiples) - 1) / 2) * _APART
                    canvas.line(x(1), at, x(found.ratio), at, faint=True)
                    if found.low < found.high:
                        canvas.line(x(found.low), at, x(found.high), at, width=2)
                        for end in (x(found.low), x(found.high)):
                            canvas.line(end, at - 4, end, at + 4)
                    canvas.marker(
                        _marker(index), x(found.ratio), at, _colour(index), size=4, hollow=not found.differs
                    )
        return bottom + 8

    def _key(self, canvas: Canvas, known: Sequence[Multiple]) -> None:
        for index, name in enumerate(self.columns):
            y = _LINE * (index + 1)
            canvas.marker(_marker(index), 10, 10 + y, _colour(index), size=5)
            canvas.text(22, 14 + y, cut(name, canvas.width - 30))
        if not all(found.differs for found in known):
            y = _LINE * (len(self.columns) + 1)
            canvas.marker("circle", 10, 10 + y, GREY, size=5, hollow=True)
            canvas.text(22, 14 + y, cut("hollow: the same, as far as both go", canvas.width - 30))


def _marker(index: int) -> str:
    return _MARKERS[index % len(_MARKERS)]


def _colour(index: int) -> str:
    return _COLOURS[index % len(_COLOURS)]


def _times(decade: int) -> str:
    return f"{10**decade:,}" if decade >= 0 else f"1/{10**-decade:,}"


def ratio_chart(compared: SheetComparison) -> RatioChart | None:
    """Return the chart of a comparison; `None` where no figure is there to compare."""
    rows = tuple(
        (row.label, row.higher, tuple(_multiple(row, index) for index in range(1, len(row.cells))))
        for row in compared.of("figure")
        if row.higher is not None and not row.why_not
    )
    rows = tuple(row for row in rows if any(found is not None for found in row[2]))
    names = [column.name for column in compared.columns]
    return RatioChart(names[0], tuple(names[1:]), rows) if rows else None


def _multiple(row: ComparedRow, index: int) -> Multiple | None:
    found = row.compared[index]
    if (
        found is None
        or found.unjudged
        or row.cells[0].value is None
        or found.ratio is None
        or found.ratio <= 0
    ):
        return None
    ends = found.ratio_reach
    low, high = (found.ratio, found.ratio) if ends is None else (ends.low, ends.high)
    return Multiple(found.ratio, found.verdict == "differs", low, high)


def _ends(found: Multiple) -> str:
    return "" if found.low == found.high else f" ({found.low:.2g} to {found.high:.2g})"


def chart_words(chart: RatioChart) -> str:
    """Return the chart in words, for those who do not see it."""
    told = []
    for label, _, multiples in chart.rows:
        known = (
            f"{name} {found.ratio:.3g}{_ends(found)}{'' if found.differs else ', the same as far as both go'}"
            for name, found in zip(chart.columns, multiples, strict=True)
            if found is not None
        )
        told.append(f"{label}: {', '.join(known)}")
    return f"Multiples of {chart.first}. {'; '.join(told)}."
