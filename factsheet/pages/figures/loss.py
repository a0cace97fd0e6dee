"""Show in one figure what the analog hardware costs of the score: by task, over time, over the strength of noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.pages.content.results import OVER_NOISE
from factsheet.pages.errata import errata_on
from factsheet.pages.figures.accuracy import FLAG
from factsheet.pages.figures.canvas import (
    ACCENT,
    GREY,
    Axis,
    Canvas,
    FigureData,
    cut,
    polyline,
    ticks,
    width_of,
)
from factsheet.pages.figures.drift import curve_of, digital_baseline
from factsheet.pages.model import FigureBlock
from factsheet.pages.rows import row_for
from factsheet.pages.score_tables import main_table
from factsheet.recompute.comparisons.score_gaps import pair, task_gap
from factsheet.recompute.comparisons.score_scales import drift_scale, table_scale

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from factsheet.pages.estimates import DriftCurve, DriftScore
    from factsheet.pages.inputs import PageInputs

TITLE = "How much of the score the hardware costs"
MOST_TASKS = 30
"""With more tasks the figure shows those with the widest gaps."""
_PITCH, _NAMES, _PLOT = 24, 150, 210
_ROOM = 8
_LINE = 13
"""Between the names of two curves, in px."""


@dataclass(frozen=True, slots=True)
class TaskLoss:
    """What is lost on one task, below zero where the analog model is ahead.

    Attributes:
        flagged: whether an erratum concerns one of its scores.
    """

    task: str
    loss: float
    text: str
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class LossCurve:
    """What is lost at times after programming, in s; the name is empty where there is one curve."""

    name: str
    points: tuple[tuple[float, str, float], ...]


@dataclass(frozen=True, slots=True)
class LossChart(FigureData):
    """Losses against the digital model.

    Attributes:
        digital: the model that is compared with.
        unit: what losses are counted in.
        tasks: from the largest loss to the largest gain.
        curves: the first is the main one.
        refresh: when weights are programmed again, in words and in s.
        left_out: tasks with smaller gaps that are not drawn.
        first: what curves are compared with where it is another than the digital model.
        noises: losses over the strength of noise, as a multiple of the hardware's own.
        weakest: what these are compared with where it is another than the digital model.
    """

    digital: str
    unit: str
    tasks: tuple[TaskLoss, ...] = ()
    curves: tuple[LossCurve, ...] = ()
    refresh: tuple[str, float] | None = None
    left_out: int = 0
    first: str = ""
    noises: tuple[LossCurve, ...] = ()
    weakest: str = ""

    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""
        y = 14.0
        if self.tasks:
            y = self._draw_tasks(canvas, y)
        if self.curves:
            y = self._draw_curves(canvas, y + (24 if self.tasks else 0))
        if self.noises:
            y = self._draw_noises(canvas, y + (24 if self.tasks or self.curves else 0))
        return y

    def _draw_tasks(self, canvas: Canvas, top: float) -> float:
        losses = [task.loss for task in self.tasks]
        marks = ticks(min(0.0, *losses), max(0.0, *losses), 4 if canvas.narrow else 6)
        names = 84 if canvas.narrow else _NAMES
        room = max(width_of(task.text) for task in self.tasks) + 2 * _ROOM
        x = Axis(marks[0], marks[-1], names + room, canvas.width - room)
        y = (
            canvas.note(
                4,
                top,
                f"By task: {self.unit} lost, or gained to the left, against {self.digital}",
                faint=False,
            )
            + 4
        )
        bottom = y + _PITCH * len(self.tasks)
        for mark in marks:
            canvas.line(x(mark), y, x(mark), bottom, faint=mark != 0)
            canvas.text(x(mark), bottom + 16, f"{mark:g}", anchor="middle", faint=True)
        for place, task in enumerate(self.tasks):
            middle = y + _PITCH * (place + 0.5)
            name = f"{task.task} {FLAG}" if task.flagged else task.task
            canvas.text(names - _ROOM, middle + 4, cut(name, names - _ROOM - 4), anchor="end")
            start, end = sorted((x(0), x(task.loss)))
            lost = task.loss > 0
            canvas.box(
                start, middle - 7, max(end - start, 1), 14, colour=ACCENT if lost else GREY, outlined=False
            )
            side, anchor = (end + _ROOM, "start") if lost else (start - _ROOM, "end")
            canvas.text(side, middle + 4, task.text.lstrip("−+"), anchor=anchor, bold=lost)
        y = bottom + 36
        if any(task.flagged for task in self.tasks):
            y = canvas.note(4, y, f"{FLAG} has an erratum, in words with the scores.")
        if self.left_out:
            y = canvas.note(4, y, f"{self.left_out} tasks with smaller differences are left out.")
        return y

    def _draw_curves(self, canvas: Canvas, top: float) -> float:
        words = "Over time" if len(self.curves) == 1 else "Over time, for each condition"
        top = (
            canvas.note(
                4, top, f"{words}: {self.unit} lost against {self.first or self.digital}", faint=False
            )
            + 14
        )
        bottom = top + _PLOT
        losses = [loss for curve in self.curves for _, _, loss in curve.points]
        marks = ticks(min(0.0, *losses), max(0.0, *losses))
        later = [at for curve in self.curves for at, _, _ in curve.points if at > 0]
        first = min(later) / 10 if later else 1.0
        ends = [*(at or first for curve in self.curves for at, _, _ in curve.points)]
        ends += [] if self.refresh is None else [self.refresh[1]]
        named = (90 if canvas.narrow else 130) if len(self.curves) > 1 else 20
        x = Axis(min(ends), max(ends), 60, canvas.width - named - 20, log=True)
        y = Axis(marks[0], marks[-1], bottom, top)
        for mark in marks:
            canvas.line(46, y(mark), canvas.width - named, y(mark), faint=mark != 0)
            canvas.text(38, y(mark) + 4, f"{mark:g}", anchor="end", faint=True)
        self._draw_times(canvas, x, first, bottom)
        if self.refresh is not None:
            at = x(self.refresh[1])
            canvas.line(at, top, at, bottom, dash="2 4")
            canvas.text(
                at - 4, top - 2, cut(f"refreshed after {self.refresh[0]}", at, 12), anchor="end", size=12
            )
        _draw_lines(canvas, self.curves, lambda at: x(at or first), y, end=x.end)
        return bottom + 44

    def _draw_noises(self, canvas: Canvas, top: float) -> float:
        """Draw losses over the strength of noise, on an axis that begins at none."""
        against = self.weakest or self.digital
        words = f"Over the strength of noise: {self.unit} lost against {against}"
        top = canvas.note(4, top, words, faint=False) + 14
        bottom = top + _PLOT
        losses = [loss for curve in self.noises for _, _, loss in curve.points]
        marks = ticks(min(0.0, *losses), max(0.0, *losses))
        named = (90 if canvas.narrow else 130) if len(self.noises) > 1 else 20
        strengths = sorted(
            {strength: text for curve in self.noises for strength, text, _ in curve.points}.items()
        )
        x = Axis(0.0, strengths[-1][0] or 1.0, 60, canvas.width - named - 20)
        y = Axis(marks[0], marks[-1], bottom, top)
        for mark in marks:
            canvas.line(46, y(mark), canvas.width - named, y(mark), faint=mark != 0)
            canvas.text(38, y(mark) + 4, f"{mark:g}", anchor="end", faint=True)
        canvas.line(46, bottom, x.end, bottom)
        last = float("-inf")
        for strength, text in strengths:
            place, half = x(strength), width_of(text) / 2
            canvas.line(place, bottom, place, bottom + 5)
            if place - half - last >= _ROOM:
                canvas.text(place, bottom + 19, text, anchor="middle", faint=True)
                last = place + half
        canvas.text(46, bottom + 38, "times the noise of the hardware")
        _draw_lines(canvas, self.noises, x, y, end=x.end)
        return bottom + 44

    def _draw_times(self, canvas: Canvas, x: Axis, first: float, bottom: float) -> None:
        canvas.line(46, bottom, x.end, bottom)
        last = float("-inf")
        for at, after, _ in self.curves[0].points:
            words, place = cut(after, 90), x(at or first)
            half = width_of(words) / 2
            canvas.line(place, bottom, place, bottom + 5)
            if place - half - last >= _ROOM and place + half <= canvas.width:
                canvas.text(place, bottom + 19, words, anchor="middle", faint=True)
                last = place + half
        canvas.text(46, bottom + 38, "time after programming (log scale)")


def _draw_lines(
    canvas: Canvas,
    curves: Sequence[LossCurve],
    x: Callable[[float], float],
    y: Callable[[float], float],
    *,
    end: float,
) -> None:
    """Draw curves, the first one as the main one, with their names at their ends where there are several."""
    used: list[float] = []
    for place, curve in enumerate(curves):
        main = place == 0
        colour = ACCENT if main else GREY
        points = [(x(at), y(loss)) for at, _, loss in curve.points]
        canvas.path(polyline(points), stroke=colour, width=2.5 if main else 1.5)
        for point in points:
            canvas.marker("circle", *point, colour, size=4 if main else 2.5)
        if main:
            _name_losses(canvas, points, curve)
        if len(curves) > 1:
            height = points[-1][1] + 4
            while any(abs(height - other) < _LINE for other in used):
                height += _LINE
            used.append(height)
            canvas.text(end + 10, height, cut(curve.name, canvas.width - end - 22, 12), size=12, bold=main)


def _name_losses(canvas: Canvas, points: Sequence[tuple[float, float]], curve: LossCurve) -> None:
    last = float("-inf")
    for (at, height), (_, _, loss) in zip(points, curve.points, strict=True):
        words = f"{loss:.3g}"
        half = width_of(words) / 2
        if at - half - last >= _ROOM:
            canvas.text(at, height - 9, words, anchor="middle", bold=True)
            last = at + half


def loss_figure(inputs: PageInputs) -> FigureBlock:
    """Return losses by task and over time in one figure; the reason where the sheet gives neither."""
    tasks, unit, digital = _tasks(inputs)
    curve = inputs.estimates.drift or curve_of(inputs)
    curves = () if curve is None or not curve.points else _curves(curve)
    first = "the first score" if curve is not None and curve.digital is None else ""
    noises, weakest, of_noise = _noises(inputs)
    if not tasks and not curves and not noises:
        reason = (
            "No data: the sheet gives no scores of the same tasks in floating point, by task, over time or over the "
            "strength of noise."
        )
        return FigureBlock("loss", TITLE, reason, None)
    shown = sorted(sorted(tasks, key=lambda task: -abs(task.loss))[:MOST_TASKS], key=lambda task: -task.loss)
    chart = LossChart(
        digital or "the digital model",
        unit or ("points" if curve is None or curve.percent else "score"),
        tuple(shown),
        curves,
        None if curve is None or not curves else curve.refresh,
        len(tasks) - len(shown),
        first,
        noises,
        weakest,
    )
    stated = "Losses by task: derived from both scores." if tasks else ""
    over_time = (
        ""
        if curve is None or not curves
        else f"{curve.provenance} Losses are against {first or 'the digital model'}."
    )
    return FigureBlock(
        "loss", TITLE, _text(chart), chart, " ".join(part for part in (stated, over_time, of_noise) if part)
    )


def _tasks(inputs: PageInputs) -> tuple[list[TaskLoss], str, str]:
    """Return what is lost on each task, what it is counted in, and the system that is compared with."""
    table = main_table(inputs)
    systems, scale = (None, None) if table is None else (pair(table), table_scale(table))
    if table is None or systems is None or scale is None:
        return [], "", ""
    performance = inputs.sheet.performance
    index = 0 if performance is None else tuple(performance.results or ()).index(table)
    found, units = [], set()
    for row, task in enumerate(table.tasks):
        gap = task_gap(table, row)
        if gap is None:
            continue
        loss = gap.amount if scale.higher_is_better is False else -gap.amount
        paths = (f"performance.results[{index}].tasks[{row}].scores.{system.id}" for system in systems)
        flagged = any(True for _ in errata_on(inputs, *paths))
        found.append(TaskLoss(task.task, loss, gap.text, flagged))
        units.add(gap.unit)
    return (found, units.pop(), systems[1].name) if len(units) == 1 else ([], "", "")


def _curves(curve: DriftCurve) -> tuple[LossCurve, ...]:
    """Return the curves as losses against the digital model, or against the first score where that is not known."""
    reference = curve.points[0].score if curve.digital is None else curve.digital
    factor = (100.0 if curve.percent else 1.0) * (1 if curve.higher_is_better else -1)

    def losses(points: Sequence[DriftScore]) -> tuple[tuple[float, str, float], ...]:
        return tuple((point.after_s, point.after, (reference - point.score) * factor) for point in points)

    return (
        LossCurve(curve.name or "", losses(curve.points)),
        *(LossCurve(other.name, losses(other.points)) for other in curve.others),
    )


def _noises(inputs: PageInputs) -> tuple[tuple[LossCurve, ...], str, str]:
    """Return losses over the strength of noise, what they are against if not the digital model, and where from."""
    robustness = inputs.sheet.robustness
    scale = drift_scale(inputs.sheet)
    found: dict[str, list[tuple[float, str, float]]] = {}
    stated: dict[str, None] = {}
    for index, point in enumerate(() if robustness is None else robustness.over_noise or ()):
        strength, score = point.strength.quantity, point.score.quantity
        if strength is None or score is None or strength.kind != "point":
            continue
        found.setdefault(point.series or "", []).append((strength.value, point.strength.shown(), score.value))
        path = f"{OVER_NOISE}{index}].score"
        stated[row_for(inputs, path, inputs.placed[path], "full").provenance.text] = None
    curves = {name: sorted(points) for name, points in found.items()}
    if not curves:
        return (), "", ""
    digital = digital_baseline(inputs) if scale.share else None
    _, text, score_ = next(iter(curves.values()))[0]
    weakest = "" if digital is not None else f"the score at {text} times the noise"
    reference = score_ if digital is None else digital
    factor = (100.0 if scale.share else 1.0) * (-1 if scale.higher_is_better is False else 1)
    lost = tuple(
        LossCurve(name, tuple((at, words, (reference - score) * factor) for at, words, score in points))
        for name, points in curves.items()
    )
    return lost, weakest, f"Scores over noise: {'; '.join(stated)}."


def _text(chart: LossChart) -> str:
    parts = []
    if chart.tasks:
        by_task = "; ".join(
            f"{task.task} {task.text}{' (has an erratum)' if task.flagged else ''}" for task in chart.tasks
        )
        parts.append(f"Difference to {chart.digital} by task, in {chart.unit}: {by_task}.")
        if chart.left_out:
            parts.append(
                f"{chart.left_out} tasks with smaller differences are in the table and not in the figure."
            )
    for curve in chart.curves:
        losses = "; ".join(f"{loss:.3g} after {after}" for _, after, loss in curve.points)
        name = f", {curve.name}" if curve.name else ""
        against = f"against {chart.first or chart.digital}"
        gained = " (below zero: gained)" if any(loss < 0 for _, _, loss in curve.points) else ""
        parts.append(
            f"{chart.unit[:1].upper()}{chart.unit[1:]} lost over time {against}{name}: {losses}{gained}."
        )
    for curve in chart.noises:
        losses = "; ".join(f"{loss:.3g} at {strength} times" for _, strength, loss in curve.points)
        name = f", {curve.name}" if curve.name else ""
        against = f"against {chart.weakest or chart.digital}"
        parts.append(
            f"{chart.unit[:1].upper()}{chart.unit[1:]} lost over the strength of noise {against}{name}: {losses}."
        )
    if chart.refresh is not None:
        parts.append(f"Weights are programmed again after {chart.refresh[0]}.")
    return " ".join(parts)
