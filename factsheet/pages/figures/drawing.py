"""Draw a figure of the page model, the same for every format: as SVG, or as text that Mermaid draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.pages.figures.canvas import NARROW, Canvas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.pages.figures.canvas import Drawing
    from factsheet.pages.model import FigureBlock


def draw(figure: FigureBlock, *, standalone: bool = False) -> str:
    """Return a figure as an `<svg>` element; empty where it has no data.

    Args:
        figure: what to draw; its id begins every id in the drawing.
        standalone: as a file of its own, which has to know dark backgrounds itself.
    """
    if figure.data is None:
        return ""
    canvas = Canvas(figure.id)
    height = figure.data.draw(canvas)
    return canvas.svg(height, figure.title, figure.text, standalone=standalone)


def draw_for_screens(figure: FigureBlock) -> Mapping[str, Drawing]:
    """Return the shapes of a figure for a wide and a narrow screen, by these words; empty where it has no data.

    A drawing made for a laptop and scaled down to a phone has letters of five pixels.
    """
    if figure.data is None:
        return {}
    canvases = {"wide": Canvas(figure.id), "narrow": Canvas(figure.id, NARROW)}
    return {kind: canvas.drawing(figure.data.draw(canvas)) for kind, canvas in canvases.items()}


def mermaid(figure: FigureBlock) -> tuple[str, ...]:
    """Return the Mermaid diagrams of a figure, most often one.

    Empty where it has no data, and where Mermaid would draw it so that nobody could read it.
    """
    return () if figure.data is None else tuple(figure.data.diagrams(figure.title))
