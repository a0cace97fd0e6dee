"""Draw a figure as PNG, for what shows no SVG: the same shapes in the same places, painted by matplotlib."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from factsheet.errors import ChartError
from factsheet.installation import install_command
from factsheet.pages.figures.canvas import FONT_SIZE, Canvas

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

_DPI = 96
"""A px of the canvas is a px of the web, 1/96 of an inch."""
_SCALE = 2
"""Dots of the picture for each px, so that it stays sharp on paper."""
_POINTS = 72 / _DPI
_FAINT_LINE, _FAINT_TEXT = 0.35, 0.75
_CORNER = re.compile(r"([ML])(-?[\d.]+) (-?[\d.]+)")
_ANCHORS = {"start": "left", "middle": "center", "end": "right"}
_SHAPES = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D", "cross": "P"}


class PngCanvas(Canvas):
    """Collects lines, areas, markers and texts; `png` paints them. Boxes are for SVG alone."""

    def __init__(self, name: str) -> None:
        """Begin an empty figure."""
        super().__init__(name)
        self._painters: list[Callable[[Axes], object]] = []

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: str = "start",
        size: float = FONT_SIZE,
        bold: bool = False,
        turned: float = 0,
        faint: bool = False,
    ) -> None:
        """Place a line of text; `y` is its base line."""
        self._painters.append(
            lambda axes: axes.text(
                x,
                y,
                words,
                ha=_ANCHORS[anchor],
                va="baseline",
                rotation=-turned,
                fontsize=size * _POINTS,
                fontweight="bold" if bold else "normal",
                alpha=_FAINT_TEXT if faint else 1,
                parse_math=False,
            )
        )

    def path(
        self,
        data: str,
        *,
        stroke: str = "currentColor",
        width: float = 1,
        dash: str = "",
        faint: bool = False,
    ) -> None:
        """Draw an outline of straight lines."""
        xs, ys = _corners(data)
        style = (0, tuple(float(part) / width for part in dash.split())) if dash else "-"
        self._painters.append(
            lambda axes: axes.plot(
                xs,
                ys,
                color="black" if stroke == "currentColor" else stroke,
                linewidth=width * _POINTS,
                linestyle=style,
                alpha=_FAINT_LINE if faint else 1,
            )
        )

    def area(self, data: str, *, colour: str, opacity: float = 1) -> None:
        """Fill a shape, without an outline."""
        xs, ys = _corners(data)
        self._painters.append(lambda axes: axes.fill(xs, ys, color=colour, alpha=opacity, linewidth=0))

    def marker(
        self, shape: str, x: float, y: float, colour: str, *, size: float = 5, hollow: bool = False
    ) -> None:
        """Mark a point."""
        self._painters.append(
            lambda axes: axes.plot(
                [x],
                [y],
                _SHAPES[shape],
                markersize=2 * size * _POINTS,
                markeredgecolor=colour,
                markerfacecolor="none" if hollow else colour,
                markeredgewidth=2 * _POINTS if hollow else 0,
            )
        )

    def png(self, height: float, text: str) -> bytes:
        """Return the picture, with what it shows in words as its description.

        Raises:
            ChartError: matplotlib is not installed.
        """
        try:
            from matplotlib import rc_context  # an extra, and half a second
            from matplotlib.backends.backend_agg import FigureCanvasAgg
            from matplotlib.figure import Figure
        except ImportError:
            raise ChartError(
                "PNG charts are drawn by matplotlib, which is not installed",
                help=f"install it with {install_command('plot')}, or name an .svg file",
            ) from None
        with rc_context({"font.family": "sans-serif", "path.simplify": False}):
            figure = Figure(figsize=(self.width / _DPI, height / _DPI))
            FigureCanvasAgg(figure)
            axes = figure.add_axes((0, 0, 1, 1))
            axes.set(xlim=(0, self.width), ylim=(height, 0))
            axes.axis("off")
            for paint in self._painters:
                paint(axes)
            buffer = io.BytesIO()
            # Neither a time nor a version: the same figure gives the same file.
            metadata = {"Description": text, "Software": "factsheet"}
            figure.savefig(buffer, format="png", dpi=_DPI * _SCALE, metadata=metadata)
        return buffer.getvalue()


def _corners(data: str) -> tuple[list[float], list[float]]:
    """Return the corners of a path, one not-a-number before each new line so that no line joins two of them."""
    xs: list[float] = []
    ys: list[float] = []
    for command, x, y in _CORNER.findall(data):
        if command == "M" and xs:
            xs.append(float("nan"))
            ys.append(float("nan"))
        xs.append(float(x))
        ys.append(float(y))
    return xs, ys
