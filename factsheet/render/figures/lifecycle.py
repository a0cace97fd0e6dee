"""Draws the stages of a model's life: kinds of facts with who produces each, and a mark for each reader who needs it.

The idea is that of Figure 2 of the FactSheet study, in which roles drop in and out of the process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.render.figures.canvas import ANALOG, WIDTH, Canvas, cut

if TYPE_CHECKING:
    from factsheet.views.figures.data import Lifecycle, LifecycleRow

_TOP, _ROW, _GAP = 170, 22, 10
_FACT, _PRODUCER, _READERS = 112, 280, 474
_TURNED = 50


def draw_lifecycle(canvas: Canvas, data: Lifecycle) -> float:
    """Draw it; returns the height."""
    pitch = (WIDTH - _READERS - 20) / max(len(data.readers) - 1, 1)
    canvas.text(4, _TOP - 10, "Stage", bold=True)
    canvas.text(_FACT, _TOP - 10, "Facts", bold=True)
    canvas.text(_PRODUCER, _TOP - 10, "Produced by", bold=True)
    for place, reader in enumerate(data.readers):
        x = _READERS + place * pitch
        canvas.text(x, _TOP - 12, cut(reader, 200), turned=_TURNED, anchor="end")
    y: float = _TOP
    for place, stage in enumerate(data.stages):
        high = _ROW * len(stage.rows)
        canvas.box(4, y, 98, high)
        _lines(canvas, stage.title, y + high / 2)
        if place:
            canvas.arrow(53, y - _GAP, 53, y)
        for row in stage.rows:
            _row(canvas, row, y + _ROW / 2, len(data.readers), pitch)
            y += _ROW
        y += _GAP
    canvas.marker("circle", 12, y + 8, ANALOG)
    canvas.text(24, y + 12, "needs these facts; a small ring: did not ask for them", faint=True)
    return y + 24


def _lines(canvas: Canvas, title: str, middle: float) -> None:
    """A title in a box, on two lines where it is long."""
    words = title.split()
    half = (len(words) + 1) // 2
    lines = [title] if len(title) <= 14 else [" ".join(words[:half]), " ".join(words[half:])]  # noqa: PLR2004  the box's width
    for place, line in enumerate(lines):
        at = middle + 4 + (place - (len(lines) - 1) / 2) * 13
        canvas.text(53, at, cut(line, 94, 11), anchor="middle", size=11)


def _row(canvas: Canvas, row: LifecycleRow, y: float, readers: int, pitch: float) -> None:
    canvas.line(_FACT, y + _ROW / 2, WIDTH - 8, y + _ROW / 2, faint=True)
    canvas.text(_FACT, y + 4, cut(row.fact, _PRODUCER - _FACT - 8, 11), size=11)
    canvas.text(
        _PRODUCER, y + 4, cut(row.producer.removeprefix("the "), _READERS - _PRODUCER - 14, 11), size=11
    )
    for place in range(readers):
        x = _READERS + place * pitch
        if place in row.consumers:
            canvas.marker("circle", x, y, ANALOG)
        else:
            canvas.marker("circle", x, y, "currentColor", size=1.5, hollow=True)
