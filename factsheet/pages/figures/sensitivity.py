"""Show what each layer on tiles and each source of error costs: alone, and taken out of the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from factsheet.pages.content.sensitivity import MOST_ROWS, most_costly
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
from factsheet.pages.figures.png import PngCanvas
from factsheet.pages.model import FigureBlock
from factsheet.pages.rows import row_for
from factsheet.pages.text import clean
from factsheet.recompute.comparisons.score_scales import drift_scale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.facts.fact import Fact
    from factsheet.pages.inputs import PageInputs
    from factsheet.sheet.robustness import PartLoss

TITLE = "Loss of score by layer and by source of error"


@dataclass(frozen=True, slots=True)
class DrawnLoss:
    """A loss with its ends; both are the loss itself where there is no interval."""

    low: float
    value: float
    high: float


@dataclass(frozen=True, slots=True)
class LossRow:
    """One layer or source; `None` where a loss is not given.

    Attributes:
        digital: whether the proposed mapping keeps the layer digital.
    """

    name: str
    alone: DrawnLoss | None
    won_back: DrawnLoss | None
    digital: bool = False


@dataclass(frozen=True, slots=True)
class SensitivityChart(FigureData):
    """Losses by layer and by source of error.

    Attributes:
        layers: from the one that costs most alone downwards.
        sources: likewise.
        left_out: rows with smaller losses that are not drawn.
        percent: whether scores are shares of one, shown in per cent.
        sure: what the lines at a mark are, such as `90 % interval of the mean`; empty without them.
    """

    layers: tuple[LossRow, ...]
    sources: tuple[LossRow, ...]
    left_out: int = 0
    percent: bool = True
    sure: str = ""

    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""
        rows = (*self.layers, *self.sources)
        found = [loss for row in rows for loss in (row.alone, row.won_back) if loss is not None]
        factor = 100.0 if self.percent else 1.0
        ends = [factor * end for loss in found for end in (loss.low, loss.high)]
        marks = ticks(min(0.0, *ends), max(0.0, *ends), 4 if canvas.narrow else 6)
        left, pitch = (16, 46) if canvas.narrow else (_NAMES, 28)
        x = Axis(marks[0], marks[-1], left, canvas.width - 20)
        y = self._explain(canvas)
        for title, group in (("By layer", self.layers), ("By source of error", self.sources)):
            if not group:
                continue
            shared = _shared([row.name for row in group])
            within = f": {cut(shared, canvas.width - 120)}*" if shared else ""
            canvas.text(4, y + 16, f"{title}{within}", bold=True)
            top, bottom = y + 26, y + 26 + pitch * len(group)
            for mark in marks:
                for start, end in _spans(canvas, top, bottom, pitch):
                    canvas.line(x(mark), start, x(mark), end, faint=mark != 0)
                canvas.text(x(mark), bottom + 16, f"{mark:g}", anchor="middle", faint=True)
            for place, row in enumerate(group):
                own = replace(row, name=row.name.removeprefix(shared))
                _draw_row(canvas, own, x, factor, middle=top + pitch * place + (31 if canvas.narrow else 14))
            y = bottom + 30
        unit = "loss of score in percentage points" if self.percent else "loss of score"
        canvas.text(x.start, y + 4, unit)
        y += 22
        if self.left_out:
            canvas.text(4, y, f"{self.left_out} rows with smaller losses are left out.", faint=True)
            y += 18
        return y

    def _explain(self, canvas: Canvas) -> float:
        canvas.marker("circle", 10, 10, ACCENT)
        y = canvas.note(22, 14, "alone: lost with this layer alone on tiles, or this source alone")
        canvas.marker("circle", 10, y - 4, GREY, size=4.5, hollow=True)
        y = canvas.note(22, y, "won back: with this layer alone digital, or this source alone left out")
        if self.sure:
            y = canvas.note(4, y, f"Lines: {self.sure}.")
        if any(row.digital for row in self.layers):
            y = canvas.note(4, y, "Bold: kept digital in the proposed mapping.")
        return y


_NAMES = 262
"""Room for the names of layers, in px."""


def _spans(canvas: Canvas, top: float, bottom: float, pitch: float) -> list[tuple[float, float]]:
    """Return where lines of an axis go: all the way, or below each name where names are above their marks."""
    if not canvas.narrow:
        return [(top, bottom)]
    return [
        (end - 27, end - 4) for end in (top + pitch * n for n in range(1, round((bottom - top) / pitch) + 1))
    ]


def _shared(names: Sequence[str]) -> str:
    """Return the dotted parts that all names begin with: written once, they leave room for what differs."""
    parts = [name.split(".")[:-1] for name in names]
    common = 0
    while all(len(own) > common and own[common] == parts[0][common] for own in parts):
        common += 1
    return "".join(f"{part}." for part in parts[0][:common]) if len(names) > 1 else ""


def _short(name: str, width: float) -> str:
    """Return a name that fits, its end kept: layers of one network differ there more than at the start."""
    line = clean(name)
    if width_of(line) <= width:
        return line
    head = line[:6]
    tail = line[len(head) :]
    while tail and width_of(f"{head}…{tail}") > width:
        tail = tail[1:]
    return cut(f"{head}…{tail}", width)


def _draw_row(canvas: Canvas, row: LossRow, x: Axis, factor: float, *, middle: float) -> None:
    if canvas.narrow:
        canvas.text(4, middle - 13, _short(row.name, canvas.width - 12), bold=row.digital)
    else:
        name = _short(row.name, (_NAMES - 16) / (1.1 if row.digital else 1.0))  # bold letters are wider
        canvas.text(_NAMES - 12, middle + 4, name, anchor="end", bold=row.digital)
    for loss, colour, shift in ((row.won_back, GREY, 5), (row.alone, ACCENT, -4)):
        if loss is None:
            continue
        y = middle + shift
        ends = x(factor * loss.low), x(factor * loss.high)
        if ends[1] - ends[0] > 1:
            canvas.path(polyline(((ends[0], y), (ends[1], y))), stroke=colour, width=2)
        alone = colour == ACCENT
        canvas.marker("circle", x(factor * loss.value), y, colour, size=4.5 if alone else 4, hollow=not alone)


def draw_losses(chart: SensitivityChart, suffix: str, *, title: str, text: str) -> str | bytes:
    """Return losses as a file of its own.

    Args:
        chart: what to draw.
        suffix: `.svg`, or `.png` for what shows no SVG.
        title: what the figure shows.
        text: the same in sentences, for those who do not see it.

    Raises:
        ChartError: PNG is asked for, and matplotlib is not installed.
    """
    canvas = PngCanvas("sensitivity") if suffix == ".png" else Canvas("sensitivity")
    height = chart.draw(canvas)
    if isinstance(canvas, PngCanvas):
        return canvas.png(height, f"{title}. {text}")
    return canvas.svg(height, title, text, standalone=True) + "\n"


def sensitivity_figure(inputs: PageInputs) -> FigureBlock | None:
    """Return the losses that the sheet gives by layer and by source; `None` where it gives none."""
    robustness = inputs.sheet.robustness
    given = None if robustness is None else robustness.sensitivity
    if given is None:
        return None
    mapping = given.mapping
    digital = () if mapping is None or mapping.digital is None else mapping.digital.items
    layers, sources = (_rows(parts or (), digital) for parts in (given.layers, given.noise_sources))
    drawn = [row for row in (*layers, *sources) if row.alone is not None or row.won_back is not None]
    if not drawn:
        return None
    shown = tuple(most_costly(layers, lambda row: 0.0 if row.alone is None else row.alone.value))
    confidence = None if given.confidence is None else given.confidence.shown()
    chart = SensitivityChart(
        shown,
        tuple(sources),
        left_out=len(layers) - len(shown),
        percent=drift_scale(inputs.sheet).share,
        sure="" if confidence is None else f"interval of the mean over chips, at {confidence}",
    )
    return FigureBlock(
        "sensitivity", TITLE, _text(given.layers or (), given.noise_sources or ()), chart, _origin(inputs)
    )


def _rows(parts: Sequence[PartLoss], digital: Sequence[str]) -> list[LossRow]:
    names = {name.removeprefix("=") for name in digital}
    rows = [
        LossRow(part.name, _drawn(part.alone), _drawn(part.won_back), part.name in names) for part in parts
    ]
    return [row for row in rows if row.alone is not None or row.won_back is not None]


def _drawn(fact: Fact | None) -> DrawnLoss | None:
    quantity = None if fact is None else fact.quantity
    if quantity is None or quantity.kind == "bound":
        return None
    if quantity.kind == "point":
        return DrawnLoss(quantity.value, quantity.value, quantity.value)
    return DrawnLoss(quantity.low, (quantity.low + quantity.high) / 2, quantity.high)


def _text(layers: Sequence[PartLoss], sources: Sequence[PartLoss]) -> str:
    parts = []
    for title, group in (("By layer", layers), ("By source of error", sources)):
        listed = "; ".join(
            f"{part.name} {'no figure' if part.alone is None else part.alone.shown()} alone"
            + ("" if part.won_back is None else f", {part.won_back.shown()} won back without it")
            for part in group[:MOST_ROWS]
        )
        if listed:
            more = f"; {len(group) - MOST_ROWS} more are in the table" if len(group) > MOST_ROWS else ""
            parts.append(f"{title}: {listed}{more}.")
    return " ".join(parts)


def _origin(inputs: PageInputs) -> str:
    stated = [
        row_for(inputs, path, placed, "full").provenance.text
        for path, placed in inputs.placed.items()
        if path.startswith("robustness.sensitivity.") and path.endswith((".alone", ".won_back"))
    ]
    return f"Losses: {'; '.join(dict.fromkeys(stated))}."
