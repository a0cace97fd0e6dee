"""Show accuracy by task: the score of the analog system beside the digital one, and the gap between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.pages.content.headlines import score_label
from factsheet.pages.content.results import column_provenance
from factsheet.pages.figures.canvas import (
    ANALOG,
    DIGITAL,
    WIDTH,
    Axis,
    Canvas,
    FigureData,
    cut,
    ticks,
    width_of,
)
from factsheet.pages.figures.diagrams import MOST_BARS, chart, label, series
from factsheet.pages.model import FigureBlock
from factsheet.recompute.comparisons.score_gaps import average_gap, pair, task_gap
from factsheet.recompute.comparisons.score_scales import table_scale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.comparisons.score_scales import ScoreScale
    from factsheet.sheet.performance import ResultTable, System

MOST_TASKS = 40
"""With more tasks the figure shows those with the widest gaps: a taller one does not fit a page."""


@dataclass(frozen=True, slots=True)
class AccuracyRow:
    """One task: both scores, shares in per cent, `None` where there is none, and the gap between them in words."""

    task: str
    analog: float | None
    digital: float | None
    analog_text: str
    digital_text: str
    gap: str | None


@dataclass(frozen=True, slots=True)
class AccuracyChart(FigureData):
    """Scores by task, the analog system beside the digital one.

    Attributes:
        left_out: tasks that are in the table and not in the figure.
        unit: what the axis shows: `score in %`.
        points: what gaps are counted in; empty for plain numbers.
        percent: whether scores are shares of a whole.
    """

    analog: str
    digital: str
    rows: tuple[AccuracyRow, ...]
    left_out: int = 0
    unit: str = "score in %"
    points: str = "points"
    percent: bool = True

    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""
        scores = [score for row in self.rows for score in (row.analog, row.digital) if score is not None]
        marks = ticks(min(scores), max(scores))
        scale = Axis(marks[0], marks[-1], _LEFT, WIDTH - _RIGHT)
        bottom = _TOP + _ROW * len(self.rows)
        _draw_legend(canvas, self)
        for mark in marks:
            canvas.line(scale(mark), _TOP - 6, scale(mark), bottom, faint=True)
            canvas.text(scale(mark), bottom + 16, f"{mark:g}", anchor="middle")
        canvas.text((_LEFT + WIDTH - _RIGHT) / 2, bottom + 32, self.unit, anchor="middle")
        gap = f"gap ({self.points})" if self.points else "gap"
        canvas.text(WIDTH - 4, _TOP - 12, gap, anchor="end")
        for place, row in enumerate(self.rows):
            _draw_row(canvas, row, scale, _TOP + _ROW * (place + 0.5))
        if not self.left_out:
            return bottom + 42
        canvas.text(4, bottom + 50, f"{self.left_out} tasks with smaller gaps are left out.", faint=True)
        return bottom + 60

    def diagrams(self, title: str) -> Iterator[str]:
        """Yield bars for the analog scores, with a line for the digital ones."""
        yield "\n".join(self._lines(title))

    def _lines(self, title: str) -> Iterator[str]:
        rows = [row for row in self.rows if row.analog is not None and row.digital is not None][:MOST_BARS]
        scores = [score for row in rows for score in (row.analog or 0.0, row.digital or 0.0)] or [0.0]
        low = min(0.0, *scores)
        unit = f"{self.unit}, bars {label(self.analog)}, line {label(self.digital)}"
        yield from chart(
            title,
            (row.task for row in rows),
            unit,
            (low, max(*((100.0,) if self.percent else ()), *scores, low + 1)),
        )
        yield series("bar", (row.analog or 0.0 for row in rows))
        yield series("line", (row.digital or 0.0 for row in rows))


def accuracy_figures(inputs: PageInputs) -> Iterator[FigureBlock]:
    """Yield one figure for each result table that compares an analog with a digital system."""
    performance = inputs.sheet.performance
    for index, table in enumerate(() if performance is None else performance.results or ()):
        made = _figure(inputs, index, table)
        if made is not None:
            yield made


def _figure(inputs: PageInputs, index: int, table: ResultTable) -> FigureBlock | None:
    systems = pair(table)
    if systems is None:
        return None
    scale = table_scale(table)
    if scale is None or scale.dimension != "score":
        return None  # unlike scores have no common axis, and times are no bars beside a hundred percent
    rows = [_row(table, systems, row, scale) for row in range(len(table.tasks))]
    drawn = [row for row in rows if row.analog is not None or row.digital is not None]
    if not drawn:
        return None
    shown = _widest(drawn)
    analog, digital = systems
    stated = [column_provenance(inputs, system).text for system in systems]
    lower = ", lower is better" if scale.higher_is_better is False else ""
    named = scale.metric or "score"
    unit = "score in %" if scale.share else f"{named} in {scale.unit}" if scale.unit else named
    return FigureBlock(
        id=f"accuracy-{index}",
        title=f"{score_label(table)} by task: {table.name}",
        text=_text(table, systems, drawn, len(drawn) - len(shown)),
        data=AccuracyChart(
            analog.name,
            digital.name,
            tuple(shown),
            len(drawn) - len(shown),
            unit=f"{unit}{lower}",
            points=scale.points,
            percent=scale.share,
        ),
        provenance=f"{analog.name}: {stated[0]}; {digital.name}: {stated[1]}; gaps derived from the scores.",
    )


def _row(table: ResultTable, systems: tuple[System, System], row: int, scale: ScoreScale) -> AccuracyRow:
    task, scores = table.tasks[row].task, table.tasks[row].scores
    values, texts = [], []
    for system in systems:
        score = scores.get(system.id)
        quantity = None if score is None else score.quantity
        known = quantity is not None and quantity.kind != "bound"
        values.append(quantity.value * scale.factor if quantity is not None and known else None)
        texts.append("none" if score is None else score.words())
    between = task_gap(table, row)
    return AccuracyRow(
        task, values[0], values[1], texts[0], texts[1], None if between is None else between.text
    )


def _widest(rows: list[AccuracyRow]) -> list[AccuracyRow]:
    """Return the rows that fit, in the table's order."""
    if len(rows) <= MOST_TASKS:
        return rows
    by_gap = sorted(rows, key=lambda row: -_distance(row))[:MOST_TASKS]
    kept = {id(row) for row in by_gap}
    return [row for row in rows if id(row) in kept]


def _distance(row: AccuracyRow) -> float:
    return 0.0 if row.analog is None or row.digital is None else abs(row.analog - row.digital)


def _text(table: ResultTable, systems: tuple[System, System], rows: list[AccuracyRow], left_out: int) -> str:
    analog, digital = systems
    few = rows if len(rows) <= MOST_TASKS else _widest(rows)
    scale = table_scale(table)
    points = "" if scale is None else scale.points
    stated = "; ".join(
        f"{row.task} {row.analog_text} against {row.digital_text}"
        + ("" if row.gap is None else f", {row.gap} {points}".rstrip())
        for row in few
    )
    mean = average_gap(table)
    average = "" if mean is None else f" The mean gap is {mean.words}."
    beside = (
        "" if not left_out else f" {left_out} tasks with smaller gaps are in the table and not in the figure."
    )
    return f"{analog.name} against {digital.name}, by task: {stated}.{average}{beside}"


_LEFT, _RIGHT = 150, 90
_TOP, _ROW = 52, 24
_ROOM = 6
"""Between a marker's middle and the line that leads to it."""


def _draw_legend(canvas: Canvas, data: AccuracyChart) -> None:
    canvas.marker("circle", 12, 14, ANALOG)
    name = cut(_named(data.analog, "analog"), 270)
    canvas.text(24, 18, name)
    start = max(24 + width_of(name) + 24, 220)
    canvas.marker("square", start, 14, DIGITAL, size=4.5, hollow=True)
    canvas.text(start + 12, 18, cut(_named(data.digital, "digital"), WIDTH - start - 20))


def _named(name: str, kind: str) -> str:
    """Return a system's name with its kind, where the name does not say it."""
    return name if kind in name.casefold() else f"{name} ({kind})"


def _draw_row(canvas: Canvas, row: AccuracyRow, scale: Axis, y: float) -> None:
    canvas.text(_LEFT - 12, y + 4, cut(row.task, _LEFT - 20), anchor="end")
    canvas.line(_LEFT, y, WIDTH - _RIGHT, y, dash="1 4", faint=True)
    if row.analog is not None and row.digital is not None:
        ends = sorted((scale(row.analog), scale(row.digital)))
        if ends[1] - ends[0] > 2 * _ROOM:
            canvas.line(ends[0] + _ROOM, y, ends[1] - _ROOM, y, width=2)
    if row.digital is not None:
        canvas.marker("square", scale(row.digital), y, DIGITAL, size=4.5, hollow=True)
    if row.analog is not None:
        canvas.marker("circle", scale(row.analog), y, ANALOG)
    canvas.text(WIDTH - 4, y + 4, "–" if row.gap is None else row.gap, anchor="end")
