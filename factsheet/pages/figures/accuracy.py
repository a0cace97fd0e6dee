"""Show accuracy by task: the score of the analog system beside the digital one, and the gap between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.pages.content.results import RESULTS, column_provenance
from factsheet.pages.errata import errata_on
from factsheet.pages.figures.canvas import (
    ACCENT,
    GREY,
    Axis,
    Canvas,
    FigureData,
    cut,
    ticks,
    width_of,
)
from factsheet.pages.model import FigureBlock
from factsheet.pages.score_tables import score_label
from factsheet.recompute.comparisons.score_gaps import average_gap, pair, task_gap
from factsheet.recompute.comparisons.score_scales import table_scale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.comparisons.score_scales import ScoreScale
    from factsheet.sheet.performance import ResultTable, System

FLAG = "*"
"""Behind the name of a task with an erratum, in drawings that are shown without their page."""
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
    flagged: bool = False
    """Whether an erratum concerns one of its scores."""


@dataclass(frozen=True, slots=True)
class AccuracyChart(FigureData):
    """Scores by task, the analog system beside the digital one.

    Attributes:
        left_out: tasks that are in the table and not in the figure.
        unit: what the axis shows: `score in %`.
        points: what gaps are counted in; empty for plain numbers.
        higher_is_better: whether a higher score is a better one; `None` where that is not known.
    """

    analog: str
    digital: str
    rows: tuple[AccuracyRow, ...]
    left_out: int = 0
    unit: str = "score in %"
    points: str = "points"
    higher_is_better: bool | None = True

    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""
        scores = [score for row in self.rows for score in (row.analog, row.digital) if score is not None]
        plot = _Plot.of(canvas, ticks(min(scores), max(scores), 4 if canvas.narrow else 6))
        bottom = _TOP + plot.pitch * len(self.rows)
        for mark in plot.marks:
            canvas.line(plot.x(mark), _TOP - 4, plot.x(mark), bottom, faint=True)
            canvas.text(plot.x(mark), bottom + 16, f"{mark:g}", anchor="middle", faint=True)
        canvas.text(plot.x.start, bottom + 34, f"{self.unit}{self._direction}")
        gap = f"gap ({self.points})" if self.points else "gap"
        canvas.text(canvas.width - 4, 14, gap, anchor="end", faint=True)
        _name_marks(canvas, self, plot)
        for place, row in enumerate(self.rows):
            _draw_row(canvas, row, plot, _TOP + plot.pitch * place)
        y = bottom + 54
        if any(row.flagged for row in self.rows):
            y = canvas.note(4, y, f"{FLAG} has an erratum, in words with the scores.")
        if self.left_out:
            y = canvas.note(4, y, f"{self.left_out} tasks with smaller gaps are left out.")
        return y - 10

    @property
    def _direction(self) -> str:
        if self.higher_is_better is None:
            return ""
        return "; better to the right →" if self.higher_is_better else "; ← better to the left"


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
    places = [f"{RESULTS}{index}].tasks[{row}].scores" for row in range(len(table.tasks))]
    concerned = [
        any(True for _ in errata_on(inputs, *(f"{place}.{system.id}" for system in systems)))
        for place in places
    ]
    rows = [_row(table, row, scale, flagged=flagged) for row, flagged in enumerate(concerned)]
    drawn = [row for row in rows if row.analog is not None or row.digital is not None]
    if not drawn:
        return None
    shown = sorted(_widest(drawn), key=lambda row: _loss(row, scale), reverse=True)
    analog, digital = systems
    stated = [column_provenance(inputs, system).text for system in systems]
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
            unit=unit,
            points=scale.points,
            higher_is_better=scale.higher_is_better,
        ),
        provenance=f"{analog.name}: {stated[0]}; {digital.name}: {stated[1]}; gaps derived from the scores.",
    )


def _row(table: ResultTable, row: int, scale: ScoreScale, *, flagged: bool) -> AccuracyRow:
    systems = pair(table) or ()
    task, scores = table.tasks[row].task, table.tasks[row].scores
    values, texts = [], []
    for system in systems:
        score = scores.get(system.id)
        quantity = None if score is None else score.quantity
        known = quantity is not None and quantity.kind != "bound"
        values.append(quantity.value * scale.factor if quantity is not None and known else None)
        texts.append("none" if score is None else score.shown())
    between = task_gap(table, row)
    return AccuracyRow(
        task,
        values[0],
        values[1],
        texts[0],
        texts[1],
        None if between is None else between.text,
        flagged=flagged,
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


def _loss(row: AccuracyRow, scale: ScoreScale) -> float:
    """Return how much worse the analog score is; rows with one score alone come last."""
    if row.analog is None or row.digital is None:
        return float("-inf")
    gap = row.digital - row.analog
    return -gap if scale.higher_is_better is False else gap


def _text(table: ResultTable, systems: tuple[System, System], rows: list[AccuracyRow], left_out: int) -> str:
    analog, digital = systems
    few = rows if len(rows) <= MOST_TASKS else _widest(rows)
    scale = table_scale(table)
    points = "" if scale is None else scale.points
    stated = "; ".join(
        f"{row.task} {row.analog_text} against {row.digital_text}"
        + ("" if row.gap is None else f", {row.gap} {points}".rstrip())
        + (" (has an erratum)" if row.flagged else "")
        for row in few
    )
    mean = average_gap(table)
    average = "" if mean is None else f" The mean gap is {mean.words}."
    beside = (
        "" if not left_out else f" {left_out} tasks with smaller gaps are in the table and not in the figure."
    )
    return f"{analog.name} against {digital.name}, by task: {stated}.{average}{beside}"


_TOP = 50
_ROOM = 6
"""Between a marker's middle and the line that leads to it."""
_VALUE = 46
"""Room for a score beside its marker, in px."""


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where scores go: the axis, its marks, and the height of a row."""

    x: Axis
    marks: tuple[float, ...]
    pitch: float

    @classmethod
    def of(cls, canvas: Canvas, marks: tuple[float, ...]) -> _Plot:
        left, right, pitch = (_VALUE, 56, 44) if canvas.narrow else (170 + _VALUE, 90 + _VALUE, 28)
        return cls(Axis(marks[0], marks[-1], left, canvas.width - right), marks, pitch)


def _name_marks(canvas: Canvas, data: AccuracyChart, plot: _Plot) -> None:
    """Write the systems' names above the first row where it has both, each on its own marker's side."""
    first, names = data.rows[0], (_named(data.analog, "analog"), _named(data.digital, "digital"))
    if first.analog is None or first.digital is None or canvas.narrow:
        half = (canvas.width - 100) / 2
        words = cut(names[0], half - 44)
        # Bold letters are wider than the average that a text is measured with.
        start = 36 + width_of(words) * 1.12
        canvas.marker("circle", 10, 10, ACCENT)
        canvas.text(20, 14, words, bold=True)
        canvas.marker("circle", start, 10, GREY, size=4.5, hollow=True)
        canvas.text(start + 10, 14, cut(names[1], canvas.width - 95 - start))
        return
    places = plot.x(first.analog), plot.x(first.digital)
    for at, other, name in zip(places, reversed(places), names, strict=True):
        before = at < other or (at == other and name == names[0])
        words = cut(name, (at if before else canvas.width - at) - 12)
        bold = name == names[0]
        canvas.text(at + (4 if before else -4), 32, words, anchor="end" if before else "start", bold=bold)
        canvas.line(at, 36, at, _TOP + plot.pitch / 2 - 7, faint=True)


def _named(name: str, kind: str) -> str:
    """Return a system's name with its kind, where the name does not say it."""
    return name if kind in name.casefold() else f"{name} ({kind})"


def _task(row: AccuracyRow) -> str:
    return f"{row.task} {FLAG}" if row.flagged else row.task


def _draw_row(canvas: Canvas, row: AccuracyRow, plot: _Plot, top: float) -> None:
    gap = "–" if row.gap is None else row.gap
    if canvas.narrow:
        y = top + 30
        canvas.text(4, top + 13, cut(_task(row), canvas.width - width_of(gap) - 20))
        canvas.text(canvas.width - 4, top + 13, gap, anchor="end", bold=True)
    else:
        y = top + plot.pitch / 2
        canvas.text(158, y + 4, cut(_task(row), 150), anchor="end")
        canvas.text(canvas.width - 4, y + 4, gap, anchor="end", bold=True)
    canvas.line(plot.x.start, y, plot.x.end, y, dash="1 4", faint=True)
    marks = sorted(
        (plot.x(score), colour, score)
        for score, colour in ((row.analog, ACCENT), (row.digital, GREY))
        if score is not None
    )
    if len(marks) == 2 and marks[1][0] - marks[0][0] > 2 * _ROOM:  # noqa: PLR2004  both scores
        canvas.line(marks[0][0] + _ROOM, y, marks[1][0] - _ROOM, y, width=2)
    for place, (at, colour, score) in enumerate(marks):
        side = -1 if place == 0 else 1
        anchor = "end" if side < 0 else "start"
        canvas.text(at + side * 9, y + 4, f"{score:.4g}", size=11, anchor=anchor, bold=colour == ACCENT)
    for value, colour in ((row.digital, GREY), (row.analog, ACCENT)):
        if value is not None:
            analog = colour == ACCENT
            canvas.marker("circle", plot.x(value), y, colour, size=5 if analog else 4.5, hollow=not analog)
