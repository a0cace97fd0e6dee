"""One chart of a sweep, as SVG or PNG: lines that can be distinguished without colour, axes with their units.

Loads matplotlib, which is an extra.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from html import escape
from math import isfinite
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

from factsheet.errors import SweepError
from factsheet.installation import install_command

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from factsheet.sweeps.columns import Chunk, Column, Value

PlotFormat = Literal["svg", "png"]
MOST_LINES = 12
"""More cannot be distinguished, nor named beside the chart."""
MOST_POINTS = 50_000
# Okabe and Ito's palette, made for all common kinds of colour vision; without its yellow, which
# is too light on white.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
_DASHES = ("-", "--", "-.", ":")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">", "h", "d")
_PREFIXED = {"s", "J", "W", "1/s"}
"""Units whose values are written with a prefix, such as 50 µs."""
_WIDTH, _HEIGHT, _LEGEND_ROW = 8.0, 4.8, 0.2
"""In inches."""
_LINE_CHARACTERS = 120
"""Of the legend, in its size of type."""
_DOTS_PER_INCH = 160
_FACTOR = 30.0
"""Values that are further apart than this are shown on a logarithmic axis."""


@dataclass(slots=True)
class Plot:
    """Gathers what a chart shows while rows come in.

    Raises:
        SweepError: there are more lines than can be distinguished, or more points than can be shown.
    """

    x: Column
    y: Column
    axes: tuple[Column, ...]
    """Columns that distinguish points; points that agree in all of them but `x` are on one line."""
    title: str
    """What it shows; the network is named with it, where there is one."""
    networks: set[Value] = field(default_factory=set)
    lines: dict[tuple[Value, ...], list[tuple[float, float]]] = field(default_factory=dict)
    points: int = 0

    def add(self, chunk: Chunk) -> None:
        """Take note of some rows; those without one of the two figures have no place."""
        names = [axis.name for axis in self._distinguishing]
        self.networks.update(chunk.columns["network"])
        for row in range(chunk.rows):
            x, y = chunk.columns[self.x.name][row], chunk.columns[self.y.name][row]
            if isinstance(x, int | float) and isinstance(y, int | float) and isfinite(x) and isfinite(y):
                key = tuple(chunk.columns[name][row] for name in names)
                self.lines.setdefault(key, []).append((x, y))
                self.points += 1
        self._bounded()

    def drawn(self, plot_format: PlotFormat) -> bytes:
        """Return the chart as a file's content.

        Raises:
            SweepError: there is nothing to show, or matplotlib is not installed.
        """
        if not self.points:
            raise SweepError(
                f"nothing to plot: no point has both {self.x.name} and {self.y.name}",
                "a chart shows the points that have them",
                "choose figures that the hardware profiles give",
            )
        return _draw(self, plot_format)

    @property
    def heading(self) -> str:
        """The title."""
        return f"{next(iter(self.networks))}: {self.title}" if len(self.networks) == 1 else self.title

    def labels(self) -> dict[tuple[Value, ...], str]:
        """Name each line: by as little as distinguishes it from the others."""
        needed = list(range(len(self._distinguishing)))
        for place in reversed(range(len(self._distinguishing))):
            fewer = [one for one in needed if one != place]
            if len({tuple(key[one] for one in fewer) for key in self.lines}) == len(self.lines):
                needed = fewer
        return {
            key: ", ".join(_worded(self._distinguishing[place], key[place]) for place in needed)
            for key in self.lines
        }

    def description(self) -> str:
        """Return the chart in words, for those who do not see it."""
        lines = self.labels()
        described = []
        for key, points in self.lines.items():
            first, last = min(points), max(points)
            described.append(
                f"{lines[key] or 'All points'}: from {first[1]:.4g} {self.y.unit} at {first[0]:.6g} {self.x.unit}"
                f" to {last[1]:.4g} {self.y.unit} at {last[0]:.6g} {self.x.unit}."
            )
        return f"{_axis(self.y)} over {_axis(self.x)}, {self.points} points. {' '.join(described)}"

    @property
    def _distinguishing(self) -> tuple[Column, ...]:
        """What distinguishes lines; of figures over figures, where there are no lines, only what has a name."""
        if self.x.name not in {axis.name for axis in self.axes}:
            return tuple(axis for axis in self.axes if axis.kind == "text")
        sides = {"tile_rows", "tile_cols"}  # of a square, they go together
        beside = sides if self.x.name in sides else {self.x.name}
        return tuple(axis for axis in self.axes if axis.name not in beside)

    def _bounded(self) -> None:
        if len(self.lines) > MOST_LINES:
            varying = [
                axis.title
                for place, axis in enumerate(self._distinguishing)
                if len({key[place] for key in self.lines}) > 1
            ]
            raise SweepError(
                f"the chart would have more than {MOST_LINES} lines",
                f"they could not be distinguished; points differ in {', '.join(varying)}",
                "give fewer values for one of these, or choose it as --x",
            )
        if self.points > MOST_POINTS:
            raise SweepError(
                f"the chart would have more than {MOST_POINTS:,} points",
                "nobody could distinguish them",
                "take larger steps, or ask for a --pareto front",
            )


def plot_format(name: str) -> PlotFormat:
    """Return the format that a file's name asks for.

    Raises:
        SweepError: it is none.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix == ".svg":
        return "svg"
    if suffix == ".png":
        return "png"
    raise SweepError(
        f"--plot {name[-80:]}: the name does not end in .svg or .png",
        "it determines which kind of picture is written",
        "give a name such as sweep.svg",
    )


def _worded(axis: Column, value: Value) -> str:
    return str(value) if axis.kind == "text" else f"{axis.title} {value}"


def _axis(column: Column) -> str:
    title = column.title[:1].upper() + column.title[1:]
    unit = column.unit.replace("mm2", "mm²").replace("1/(s W)", "1/(s·W)")
    return f"{title} ({unit})" if unit else title


def _draw(plot: Plot, plot_format: PlotFormat) -> bytes:
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure  # without pyplot: no window system, no state
        from matplotlib.ticker import EngFormatter, StrMethodFormatter
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        raise SweepError(
            "the package `matplotlib` is not installed",
            "it is what draws charts",
            f"install it with {install_command('plot')}, or leave out --plot",
        ) from None
    # Text as text: it can be read aloud, searched and copied. A salt: equal charts are equal files.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "factsheet", "font.size": 10}):
        labels = plot.labels()
        columns = max(1, _LINE_CHARACTERS // (max(map(len, labels.values())) + 8))
        legend_rows = -(-len(labels) // columns) if len(labels) > 1 else 0
        figure = Figure(figsize=(_WIDTH, _HEIGHT + _LEGEND_ROW * legend_rows), layout="constrained")
        area = figure.subplots()
        for place, (key, points) in enumerate(plot.lines.items()):
            xs, ys = zip(*sorted(points), strict=True)
            area.plot(
                xs,
                ys,
                # Each line has a marker of its own; colour and dashes only help.
                linestyle=_DASHES[place % len(_DASHES)] if plot.x.kind == "whole" else "none",
                marker=_MARKERS[place],
                color=_COLOURS[place % len(_COLOURS)],
                markersize=4.5,
                linewidth=1.3,
                markevery=max(1, len(xs) // 16),
                label=labels[key],
            )
        area.set_title(plot.heading, fontsize=11)
        area.set_xlabel(_axis(plot.x))
        area.set_ylabel(_axis(plot.y))
        for column, scale in ((plot.x, area.set_xscale), (plot.y, area.set_yscale)):
            values = [pair[column is plot.y] for points in plot.lines.values() for pair in points]
            if min(values) > 0 and max(values) / min(values) > _FACTOR:
                scale("log", base=2 if column.kind == "whole" else 10)
        for column, axis in ((plot.x, area.xaxis), (plot.y, area.yaxis)):
            if column.kind == "whole":
                axis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
            elif column.unit in _PREFIXED:
                axis.set_major_formatter(EngFormatter(unit=column.unit))
        area.grid(visible=True, alpha=0.3)
        if len(plot.lines) > 1:
            figure.legend(loc="outside lower center", fontsize=8.5, ncols=columns)
        return _saved(figure, plot, plot_format)


def _saved(figure: Figure, plot: Plot, plot_format: PlotFormat) -> bytes:
    buffer = io.BytesIO()
    if plot_format == "png":
        described = {"Title": plot.heading, "Description": plot.description(), "Software": "factsheet"}
        figure.savefig(buffer, format="png", dpi=_DOTS_PER_INCH, metadata=described)
        return buffer.getvalue()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Title": plot.heading})
    before, opening, after = buffer.getvalue().decode().partition("<svg ")
    inside = after.index(">") + 1
    # Where a reader's software looks for them; matplotlib writes its title as metadata only.
    elements = (
        f'\n <title id="factsheet-title">{escape(plot.heading)}</title>'
        f'\n <desc id="factsheet-desc">{escape(plot.description())}</desc>'
    )
    attributes = 'role="img" aria-labelledby="factsheet-title factsheet-desc" '
    return f"{before}{opening}{attributes}{after[:inside]}{elements}{after[inside:]}".encode()
