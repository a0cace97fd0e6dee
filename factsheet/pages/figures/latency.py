"""Show the time of a run over sequence length: a line a batch, each with a dash and a marker of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.pages.figures.canvas import (
    ACCENT,
    GREY,
    Axis,
    Canvas,
    FigureData,
    cut,
    decades,
    polyline,
    width_of,
)
from factsheet.pages.model import FigureBlock
from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.operating_grid import GridPoint, OperatingGrid

_TOP, _BOTTOM = 50, 330
_MOST_LINES, _MOST_TICKS = 6, 8
_LABEL = 15
"""Least distance between the labels of two lines, in px."""
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class LatencyChart(FigureData):
    """Time over sequence length, one line a batch, with the point that the sheet gives and its design range."""

    grid: OperatingGrid

    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""
        grid = self.grid
        known = [point for point in grid.points if point.latency_s is not None and point.latency_s > 0]
        published = grid.published if grid.published is not None and grid.published.latency_s else None
        every = [*known, *([published] if published is not None else [])]
        lengths, times = [point.seq_len for point in every], [point.latency_s or 1 for point in every]
        marks = decades(min(times), max(times))
        left, right = (56, 62) if canvas.narrow else (72, 90)
        x = Axis(min(lengths), max(lengths), left, canvas.width - right, log=True)
        y = Axis(marks[0], marks[-1], _BOTTOM, _TOP, log=True)
        canvas.text(4, 14, "time of a run")
        _draw_design(canvas, grid, x)
        _axes(canvas, sorted({point.seq_len for point in known}), marks, x=x, y=y)
        ends = []
        own = None if published is None else published.batch
        for batch in _few(grid.batches, own):
            line = [point for point in known if point.batch == batch]
            if line:
                _line(canvas, line, own=batch == own, x=x, y=y)
                ends.append((y(line[-1].latency_s or 1), f"batch {batch:,}", batch == own))
        _labels(canvas, ends, x.end)
        if published is not None:
            _draw_published(canvas, grid, published, x=x, y=y)
        return _BOTTOM + 46


def latency_figure(inputs: PageInputs) -> FigureBlock:
    """Return the time of a run over sequence length, or the reason where only the sheet's own time is known."""
    grid = inputs.estimates.grid
    title = "Time of a run over sequence length and batch"
    if grid is None or not grid.has_latency:
        reason = (
            "No data: the sheet gives times only at its own operating points, and none was estimated between them, "
            "which needs a hardware profile."
        )
        return FigureBlock("latency", title, reason, None)
    if inputs.without_length:  # the same time at every length: nothing to draw
        times = "; ".join(
            f"{format_value(point.latency_s, 'time', _DIGITS)} with a batch of {point.batch:,}"
            for point in grid.points
            if point.latency_s is not None and point.seq_len == grid.seq_lens[0]
        )
        return FigureBlock(
            "latency", "Time of a run over batch", f"Time of a run: {times}.", None, grid.provenance
        )
    return FigureBlock("latency", title, _latency_text(grid), LatencyChart(grid), grid.provenance)


def _latency_text(grid: OperatingGrid) -> str:
    lines = []
    for batch in grid.batches:
        ends = [p for p in grid.points if p.batch == batch and p.latency_s is not None]
        if ends:
            lines.append(f"with a batch of {batch:,} from {_at(ends[0])} to {_at(ends[-1])}")
    published = ""
    if grid.design is not None and grid.design.seq_len is not None:
        published = f" The chip is designed for sequences of up to {grid.design.seq_len:,}."
    if grid.published is not None and grid.published.latency_s is not None:
        own = grid.at(grid.published.seq_len, grid.published.batch)
        model = (
            ""
            if own is None or own.latency_s is None
            else f", where the model gives {format_value(own.latency_s, 'time', _DIGITS)}"
        )
        published += f" The sheet gives {_at(grid.published)} and a batch of {grid.published.batch:,}{model}."
    return f"Time of a run: {'; '.join(lines)}.{published}"


def _at(point: GridPoint) -> str:
    return f"{format_value(point.latency_s or 0.0, 'time', _DIGITS)} at sequence length {point.seq_len:,}"


def _draw_design(canvas: Canvas, grid: OperatingGrid, x: Axis) -> None:
    """Shade the sequence lengths that the chip is designed for."""
    design = None if grid.design is None else grid.design.seq_len
    if design is None or design < x.low:
        return
    end = x(design)
    canvas.box(x.start, _TOP, end - x.start, _BOTTOM - _TOP, colour=GREY, opacity=0.14, outlined=False)
    words = cut(f"designed for up to {design:,}", canvas.width - x.start)
    canvas.text(x.start, _TOP - 8, words, size=12, faint=True)


def _axes(canvas: Canvas, lengths: list[int], marks: tuple[float, ...], *, x: Axis, y: Axis) -> None:
    for mark in marks:
        canvas.line(x.start, y(mark), x.end, y(mark), faint=True)
        canvas.text(x.start - 8, y(mark) + 4, format_value(mark, "time", 3), anchor="end", faint=True)
    step = -(-len(lengths) // (_MOST_TICKS if not canvas.narrow else _MOST_TICKS // 2))
    for length in lengths[::-1][::step]:
        canvas.line(x(length), _BOTTOM, x(length), _BOTTOM + 5)
        canvas.text(x(length), _BOTTOM + 19, f"{length:,}", anchor="middle", faint=True)
    canvas.line(x.start, _BOTTOM, x.end, _BOTTOM)
    canvas.text(x.start, _BOTTOM + 38, "sequence length")


def _line(canvas: Canvas, line: list[GridPoint], *, own: bool, x: Axis, y: Axis) -> None:
    points = [(x(point.seq_len), y(point.latency_s or 1)) for point in line]
    canvas.path(polyline(points), stroke=ACCENT if own else GREY, width=2.5 if own else 1.5)
    for at in points:
        canvas.marker("circle", *at, ACCENT if own else GREY, size=3.5 if own else 2.5)


def _draw_published(canvas: Canvas, grid: OperatingGrid, published: GridPoint, *, x: Axis, y: Axis) -> None:
    """Mark the published time; write it and the model's below the ends of the lines, where there is room."""
    time = published.latency_s or 0.0
    at = x(published.seq_len), y(time)
    own = grid.at(published.seq_len, published.batch)
    lines = [f"published: {format_value(time, 'time', _DIGITS)}"]
    if own is not None and own.latency_s is not None:
        lines.append(f"model: {format_value(own.latency_s, 'time', _DIGITS)}")
    top = _BOTTOM - 8 - 16 * (len(lines) - 1)
    start = x.end - 6 - max(map(width_of, lines))
    if start - 8 > at[0]:
        canvas.path(polyline((at, (start - 6, top - 4))), faint=True)
    canvas.marker("circle", *at, "currentColor", size=6.5, hollow=True)
    for place, words in enumerate(lines):
        canvas.text(start, top + 16 * place, words, bold=not place)


def _labels(canvas: Canvas, ends: list[tuple[float, str, bool]], right: float) -> None:
    """Write the names of the lines at their ends, moved apart where lines end close to each other."""
    places: list[float] = []
    for at, _, _ in sorted(ends):
        places.append(max(at, places[-1] + _LABEL) if places else at)
    over = max(0.0, places[-1] - _BOTTOM) if places else 0.0
    for at, (_, words, own) in zip(places, sorted(ends), strict=True):
        canvas.text(
            right + 8,
            at - over + 4,
            cut(words, canvas.width - right - 10),
            bold=own,
        )


def _few(batches: tuple[int, ...], own: int | None) -> tuple[int, ...]:
    """Return as many batches as can be told apart, spread over all: the largest, and the sheet's own."""
    step = -(-len(batches) // _MOST_LINES)
    kept = {*batches[::-1][::step], *(() if own is None else (own,))}
    return tuple(batch for batch in batches if batch in kept)
