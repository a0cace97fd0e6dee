"""A chart of scores over time after programming: means, the band that they lie in, and what they are compared with."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape  # writes XML, reads none

from factsheet.errors import ChartError, SourceError
from factsheet.source.writing import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

_BAND, _LINE, _DIGITAL, _LIMIT = "#9ecae1", "#08519c", "#444444", "#a63603"
"""Told apart without colour too: by a band, a solid, a dashed and a dotted line."""


class Band(NamedTuple):
    """One time."""

    seconds: float
    label: str
    mean: float
    low: float
    high: float


class ScoreDriftChart(NamedTuple):
    """What is drawn."""

    title: str
    description: str
    """For readers who do not see it."""
    bands: tuple[Band, ...]
    digital: float
    limit: float | None
    """The score at which the accepted loss is reached."""
    confidence: float
    shares: bool
    """Whether scores are shared out of one, and shown as percentages."""


def write_chart(chart: ScoreDriftChart, file: Path) -> None:
    """Draw a chart into an SVG or PNG file.

    Raises:
        ChartError: matplotlib is not installed, or the file can not be written.
    """
    try:
        content = _drawn(chart, file.suffix.lower().lstrip("."))
    except ImportError:
        raise ChartError(
            'charts are drawn by matplotlib, which is not installed; pip install "factsheet[plot]"'
        ) from None
    try:
        if isinstance(content, str):
            write_atomic(file, content)
        else:
            file.write_bytes(content)
    except SourceError as error:
        raise ChartError(error.diagnostics()) from None
    except OSError as error:
        raise ChartError(f"{file}: cannot be written: {error.strerror or error}") from None


def _drawn(chart: ScoreDriftChart, kind: str) -> str | bytes:
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    scale = 100.0 if chart.shares else 1.0
    # The moment of programming has no place on a logarithmic axis; it stands a little left of the next time.
    seconds = [band.seconds or 1.0 for band in chart.bands]
    # A fixed salt and no date: the same results give the same file.
    with rc_context({"svg.hashsalt": "factsheet", "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure = Figure(figsize=(7, 4), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.set_xscale("log")
        sure = f"{100 * chart.confidence:.4g} % interval of the mean"
        lows, highs = ([scale * getattr(band, end) for band in chart.bands] for end in ("low", "high"))
        axes.fill_between(seconds, lows, highs, color=_BAND, label=sure)
        axes.plot(seconds, [scale * band.mean for band in chart.bands], "o-", color=_LINE, label="mean")
        axes.axhline(scale * chart.digital, color=_DIGITAL, linestyle="--", label="digital model")
        if chart.limit is not None:
            axes.axhline(scale * chart.limit, color=_LIMIT, linestyle=":", label="accepted loss")
        axes.set_xticks(seconds, [band.label for band in chart.bands])
        axes.minorticks_off()
        axes.set_xlabel("time after programming")
        axes.set_ylabel("score in %" if chart.shares else "score")
        axes.set_title(chart.title, fontsize="medium")
        axes.grid(visible=True, axis="y", alpha=0.3)
        axes.legend(loc="lower left", fontsize="small")
        buffer = io.BytesIO()
        metadata = {"Date": None} if kind == "svg" else {"Description": chart.description, "Software": None}
        figure.savefig(buffer, format=kind, dpi=150, metadata=metadata)
    if kind != "svg":
        return buffer.getvalue()
    return _described(buffer.getvalue().decode(), chart)


def _described(svg: str, chart: ScoreDriftChart) -> str:
    """The picture with a title and a description, which screen readers and PDF writers take from these elements."""
    texts = f"<title>{escape(chart.title)}</title>\n <desc>{escape(chart.description)}</desc>"
    # The title has to come first of all.
    return re.sub(r"(<svg\b[^>]*)>", lambda tag: f'{tag[1]} role="img">\n {texts}', svg, count=1)
