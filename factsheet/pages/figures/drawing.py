"""Draw a figure of the page model, the same for every format: as SVG, or as text that Mermaid draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.pages.figures.canvas import Canvas

if TYPE_CHECKING:
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


def mermaid(figure: FigureBlock) -> tuple[str, ...]:
    """Return the Mermaid diagrams of a figure, most often one; empty where it has no data."""
    return () if figure.data is None else tuple(figure.data.diagrams(figure.title))
