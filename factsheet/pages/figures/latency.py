"""Show the time of a run over sequence length: a line a batch, each with a dash and a marker of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.pages.figures.canvas import (
    ANALOG,
    DIGITAL,
    WIDTH,
    Axis,
    Canvas,
    FigureData,
    cut,
    decades,
    polyline,
)
from factsheet.pages.figures.diagrams import chart, series
from factsheet.pages.model import FigureBlock
from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.operating_grid import GridPoint, OperatingGrid

_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 90, 38, 318
_DASHES = ("", "7 3", "2 3", "9 3 2 3", "12 4", "4 2 1 2 1 2")
_SHAPES = ("circle", "square", "triangle", "cross")
_MOST_TICKS = 8
_LABEL = 13
"""Least distance between the labels of two lines, in px."""
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class LatencyChart(FigureData):
    """Time over sequence length, one line a batch, with the point that the sheet gives."""

    grid: OperatingGrid

    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""
        grid = self.grid
        known = [point for point in grid.points if point.latency_s is not None and point.latency_s > 0]
        published = grid.published if grid.published is not None and grid.published.latency_s else None
        every = [*known, *([published] if published is not None else [])]
        lengths, times = [point.seq_len for point in every], [point.latency_s or 1 for point in every]
        marks = decades(min(times), max(times))
        x = Axis(min(lengths), max(lengths), _LEFT, WIDTH - _RIGHT, log=True)
        y = Axis(marks[0], marks[-1], _BOTTOM, _TOP, log=True)
        _axes(canvas, sorted({point.seq_len for point in known}), marks, x=x, y=y)
        ends = []
        for place, batch in enumerate(_few(grid.batches)):
            line = [point for point in known if point.batch == batch]
            if line:
                _line(canvas, line, place, x=x, y=y)
                ends.append((y(line[-1].latency_s or 1), f"batch {batch}"))
        _labels(canvas, ends)
        if published is not None:
            at = x(published.seq_len), y(published.latency_s or 1)
            canvas.marker("diamond", *at, DIGITAL, size=6)
            words = f"given by the sheet: {format_value(published.latency_s or 0.0, 'time', 3)}"
            # Above the plot, since a name beside its marker would cover the lines of other batches.
            canvas.marker("diamond", _LEFT + 6, 14, DIGITAL, size=6)
            canvas.text(_LEFT + 18, 18, words, bold=True)
        return _BOTTOM + 44

    def diagrams(self, title: str) -> Iterator[str]:
        """Yield the figure as diagrams for Mermaid."""
        yield "\n".join(self._lines(title))

    def _lines(self, title: str) -> Iterator[str]:
        grid = self.grid
        known = {(p.seq_len, p.batch): p.latency_s * 1e3 for p in grid.points if p.latency_s is not None}
        batches = [b for b in grid.batches if all((length, b) in known for length in grid.seq_lens)]
        named = ", ".join(str(batch) for batch in batches)
        names = [str(length) for length in grid.seq_lens]
        yield from chart(title, names, f"ms, lines for batches {named}", (0, max(known.values())))
        for batch in batches:
            yield series("line", (known[length, batch] for length in grid.seq_lens))


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
    return FigureBlock("latency", title, _latency_text(grid), LatencyChart(grid), grid.provenance)


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


def _axes(canvas: Canvas, lengths: list[int], marks: tuple[float, ...], *, x: Axis, y: Axis) -> None:
    for mark in marks:
        canvas.line(_LEFT, y(mark), WIDTH - _RIGHT, y(mark), faint=True)
        canvas.text(_LEFT - 8, y(mark) + 4, format_value(mark, "time", 3), anchor="end")
    step = -(-len(lengths) // _MOST_TICKS)
    for length in lengths[::step]:
        canvas.line(x(length), _BOTTOM, x(length), _BOTTOM + 5)
        canvas.text(x(length), _BOTTOM + 18, f"{length:,}", anchor="middle")
    canvas.line(_LEFT, _BOTTOM, WIDTH - _RIGHT, _BOTTOM)
    canvas.text((_LEFT + WIDTH - _RIGHT) / 2, _BOTTOM + 36, "sequence length", anchor="middle")


def _line(canvas: Canvas, line: list[GridPoint], place: int, *, x: Axis, y: Axis) -> None:
    points = [(x(point.seq_len), y(point.latency_s or 1)) for point in line]
    canvas.path(polyline(points), stroke=ANALOG, width=2, dash=_DASHES[place % len(_DASHES)])
    for at in points:
        canvas.marker(_SHAPES[place % len(_SHAPES)], *at, ANALOG, size=4)


def _labels(canvas: Canvas, ends: list[tuple[float, str]]) -> None:
    """Write the names of the lines at their ends, moved apart where lines end close to each other."""
    places: list[float] = []
    for at, _ in sorted(ends):
        places.append(max(at, places[-1] + _LABEL) if places else at)
    over = max(0.0, places[-1] - _BOTTOM) if places else 0.0
    for at, (_, words) in zip(places, sorted(ends), strict=True):
        canvas.text(WIDTH - _RIGHT + 10, at - over + 4, cut(words, _RIGHT - 14))


def _few(batches: tuple[int, ...]) -> tuple[int, ...]:
    """Return as many batches as there are dashes, spread over all, the largest among them."""
    step = -(-len(batches) // len(_DASHES))
    return tuple(reversed(batches[::-1][::step]))
