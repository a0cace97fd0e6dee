"""Show the figures of a comparison as multiples of the first column's: a row a figure, a mark a column."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.pages.figures.canvas import ACCENT, GREY, Axis, Canvas, FigureData, cut

if TYPE_CHECKING:
    from factsheet.comparing.comparison import ComparedRow, SheetComparison

_MARKERS = ("circle", "square", "diamond", "triangle")
_ROW, _TOP = 34, 58
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class RatioChart(FigureData):
    """Figures as multiples of those of the first column, on a scale where each decade is as long."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, bool | None, tuple[float | None, ...]], ...]
    """Label, whether more is better, and the multiple of each further column."""

    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""
        known = [ratio for _, _, ratios in self.rows for ratio in ratios if ratio is not None]
        first, last = math.floor(math.log10(min((*known, 1)))), math.ceil(math.log10(max((*known, 1))))
        low, high = 10.0**first, 10.0 ** max(last, first + 1)
        left = 12 if canvas.narrow else 310
        x = Axis(low, high, left, canvas.width - 24, log=True)
        top, step = _TOP + 18 * len(self.columns), _ROW + (16 if canvas.narrow else 0)
        bottom = top + step * len(self.rows)
        for index, name in enumerate(self.columns):
            canvas.marker(_marker(index), 10, 10 + 18 * index, _colour(index), size=5)
            canvas.text(22, 14 + 18 * index, cut(name, canvas.width - 30))
        decades = range(first, max(last, first + 1) + 1)
        for decade in list(decades)[:: -(-len(decades) // _MOST_TICKS)]:
            at = x(10.0**decade)
            canvas.line(at, top - 8, at, bottom, faint=True)
            canvas.text(at, top - 14, _times(decade), anchor="middle", faint=True, size=12)
        canvas.line(x(1), top - 8, x(1), bottom)
        for number, (label, higher, ratios) in enumerate(self.rows):
            y = top + step * number + (22 if canvas.narrow else 14)
            words = label if higher is None else f"{label} ({'more' if higher else 'less'} is better)"
            place = (left, y - 12) if canvas.narrow else (4, y + 4)
            canvas.text(*place, cut(words, (canvas.width if canvas.narrow else left) - 14))
            for index, ratio in enumerate(ratios):
                if ratio is not None:
                    canvas.line(x(1), y, x(ratio), y, faint=True)
                    canvas.marker(_marker(index), x(ratio), y, _colour(index), size=5)
        return bottom + 8


def _marker(index: int) -> str:
    return _MARKERS[index % len(_MARKERS)]


def _colour(index: int) -> str:
    return ACCENT if index % 2 == 0 else GREY


def _times(decade: int) -> str:
    return f"{10**decade:,}" if decade >= 0 else f"1/{10**-decade:,}"


def ratio_chart(compared: SheetComparison) -> RatioChart | None:
    """Return the chart of a comparison; `None` where no figure is there to compare."""
    rows = tuple(
        (row.label, row.higher, tuple(_ratio(row, index) for index in range(1, len(row.cells))))
        for row in compared.of("figure")
        if row.higher is not None and not row.why_not
    )
    rows = tuple(row for row in rows if any(ratio is not None for ratio in row[2]))
    return RatioChart(tuple(column.name for column in compared.columns[1:]), rows) if rows else None


def _ratio(row: ComparedRow, index: int) -> float | None:
    found = row.compared[index]
    ratio = None if found is None or row.cells[0].value is None else found.ratio
    return ratio if ratio is not None and ratio > 0 else None


def chart_words(chart: RatioChart, first: str) -> str:
    """Return the chart in words, for those who do not see it."""
    told = []
    for label, _, ratios in chart.rows:
        known = (f"{name} {ratio:.3g}" for name, ratio in zip(chart.columns, ratios, strict=True) if ratio)
        told.append(f"{label}: {', '.join(known)}")
    return f"Multiples of {first}. {'; '.join(told)}."
