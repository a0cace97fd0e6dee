"""Time over sequence length and batch, and the score over time after programming."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.sheet.quantity import format_value
from factsheet.views.drift_points import curve_of
from factsheet.views.figures.data import DriftChart, LatencyChart
from factsheet.views.page import FigureBlock

if TYPE_CHECKING:
    from factsheet.views.estimates import DriftCurve, DriftPoint
    from factsheet.views.grid import GridPoint, OperatingGrid
    from factsheet.views.material import Material

_DIGITS = 3


def latency_figure(material: Material) -> FigureBlock:
    """Time of a run over sequence length, one line a batch; the reason where only the sheet's own time is known."""
    grid = material.estimates.grid
    title = "Time of a run over sequence length and batch"
    if grid is None or not grid.has_latency:
        reason = (
            "No data: the sheet gives times only at its own operating points, and none was estimated between them, "
            "which takes a hardware profile."
        )
        return FigureBlock("latency", title, reason, None)
    return FigureBlock("latency", title, _latency_text(grid), LatencyChart(grid), grid.standing)


def _latency_text(grid: OperatingGrid) -> str:
    lines = []
    for batch in grid.batches:
        ends = [p for p in grid.points if p.batch == batch and p.latency_s is not None]
        if ends:
            lines.append(f"with a batch of {batch} from {_at(ends[0])} to {_at(ends[-1])}")
    published = ""
    if grid.published is not None and grid.published.latency_s is not None:
        published = f" The sheet gives {_at(grid.published)} and a batch of {grid.published.batch}."
    return f"Time of a run: {'; '.join(lines)}.{published}"


def _at(point: GridPoint) -> str:
    return f"{format_value(point.latency_s or 0.0, 'time', _DIGITS)} at sequence length {point.seq_len:,}"


def drift_figure(material: Material) -> FigureBlock:
    """Score over time after programming, the sheet's own or an estimated one; the reason where there is none."""
    curve = material.estimates.drift or curve_of(material)
    title = "Score over time after programming"
    if curve is None or not curve.points:
        reason = (
            "No data: the sheet gives no scores over time after programming, and none were simulated from it."
        )
        return FigureBlock("drift", title, reason, None)
    return FigureBlock("drift", title, _drift_text(curve), DriftChart(curve), curve.standing)


def _drift_text(curve: DriftCurve) -> str:
    told = "; ".join(f"{score_words(point)} after {point.after}" for point in curve.points)
    band = "" if curve.band is None else f" The band is {curve.band}."
    accepted = "" if curve.accepted is None else f" Accepted down to {curve.accepted * 100:.4g} %."
    refresh = "" if curve.refresh is None else f" Weights are programmed again after {curve.refresh[0]}."
    return f"Score: {told}.{band}{accepted}{refresh}"


def score_words(point: DriftPoint) -> str:
    """A score with its band: `80.1 % (79.8 to 80.4 %)`."""
    words = f"{point.score * 100:.4g} %"
    if point.low is None or point.high is None:
        return words
    return f"{words} ({point.low * 100:.4g} to {point.high * 100:.4g} %)"
