"""Draw figures of the page model as SVG, the same for every format."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from factsheet.pages.figures.accuracy import draw_accuracy
from factsheet.pages.figures.canvas import Canvas
from factsheet.pages.figures.crossbar import draw_crossbar, draw_floor
from factsheet.pages.figures.data import (
    AccuracyChart,
    CrossbarDrawing,
    DriftChart,
    FloorPlan,
    LatencyChart,
    Lifecycle,
    SplitChart,
)
from factsheet.pages.figures.drift import draw_drift
from factsheet.pages.figures.latency import draw_latency
from factsheet.pages.figures.lifecycle import draw_lifecycle
from factsheet.pages.figures.split import draw_split

if TYPE_CHECKING:
    from factsheet.pages.figures.data import FigureData
    from factsheet.pages.model import FigureBlock

__all__ = ["draw"]


def draw(figure: FigureBlock, *, standalone: bool = False) -> str:
    """A figure as an `<svg>` element; empty where it has no data.

    Args:
        figure: what to draw; its id begins every id in the drawing.
        standalone: as a file of its own, which has to know dark backgrounds itself.
    """
    if figure.data is None:
        return ""
    canvas = Canvas(figure.id)
    height = _drawn(canvas, figure.data)
    return canvas.svg(height, figure.title, figure.text, standalone=standalone)


def _drawn(canvas: Canvas, data: FigureData) -> float:
    match data:
        case AccuracyChart():
            return draw_accuracy(canvas, data)
        case CrossbarDrawing():
            return draw_crossbar(canvas, data)
        case FloorPlan():
            return draw_floor(canvas, data)
        case SplitChart():
            return draw_split(canvas, data)
        case LatencyChart():
            return draw_latency(canvas, data)
        case DriftChart():
            return draw_drift(canvas, data)
        case Lifecycle():
            return draw_lifecycle(canvas, data)
    assert_never(data)
