"""Figures as Mermaid diagrams, which GitHub and GitLab draw from text.

A sheet's texts only get into quoted labels, and there only letters, digits and a few signs: Mermaid has directives,
links and HTML of its own, and no way to quote them that all its versions keep to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.pages.figures.data import (
    AccuracyChart,
    CrossbarDrawing,
    DriftChart,
    FloorPlan,
    LatencyChart,
    Lifecycle,
    SplitChart,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.pages.model import FigureBlock

_KEPT = frozenset(" .,%+-−–×/()")
_PER_CENTS = re.compile(r"%[% ]*%")
_LONGEST = 60
_MOST_BARS = 30


def label(text: str) -> str:
    """A text that is safe in a quoted label: what is no letter, digit or plain sign becomes a space."""
    kept = "".join(sign if sign.isalnum() or sign in _KEPT else " " for sign in text)
    # Two per cent signs begin a comment or a directive, even in quotes.
    line = _PER_CENTS.sub("%", " ".join(kept.split()))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def mermaid(figure: FigureBlock) -> tuple[str, ...]:
    """The diagrams of a figure, most often one; empty where it has no data."""
    match figure.data:
        case AccuracyChart():
            return ("\n".join(_accuracy(figure.title, figure.data)),)
        case CrossbarDrawing():
            return ("\n".join(_crossbar(figure.data)),)
        case FloorPlan():
            return ("\n".join(_floor(figure.title, figure.data)),)
        case SplitChart():
            return tuple(_pies(figure.data))
        case LatencyChart():
            return ("\n".join(_latency(figure.title, figure.data)),)
        case DriftChart():
            return ("\n".join(_drift(figure.title, figure.data)),)
        case Lifecycle():
            return ("\n".join(_lifecycle(figure.data)),)
        case None:
            return ()


def _chart(title: str, names: Iterable[str], unit: str, reach: tuple[float, float]) -> Iterator[str]:
    yield "xychart-beta"
    yield f'    title "{label(title)}"'
    yield f"    x-axis [{', '.join(_quoted(name) for name in names)}]"
    yield f'    y-axis "{label(unit)}" {reach[0]:g} --> {reach[1]:g}'


def _quoted(text: str) -> str:
    return f'"{label(text) or "–"}"'


def _series(kind: str, values: Iterable[float]) -> str:
    return f"    {kind} [{', '.join(f'{value:.6g}' for value in values)}]"


def _accuracy(title: str, data: AccuracyChart) -> Iterator[str]:
    """Bars for the analog scores, a line for the digital ones."""
    rows = [row for row in data.rows if row.analog is not None and row.digital is not None][:_MOST_BARS]
    scores = [score for row in rows for score in (row.analog or 0.0, row.digital or 0.0)] or [0.0]
    low = min(0.0, *scores)
    unit = f"score in %, bars {label(data.analog)}, line {label(data.digital)}"
    yield from _chart(title, (row.task for row in rows), unit, (low, max(100.0, *scores)))
    yield _series("bar", (row.analog or 0.0 for row in rows))
    yield _series("line", (row.digital or 0.0 for row in rows))


def _crossbar(data: CrossbarDrawing) -> Iterator[str]:
    count = data.down * data.across
    pairs = "pairs of conductances" if data.devices == 2 else "conductances"  # noqa: PLR2004  a pair
    yield "flowchart LR"
    yield f'    inputs["{data.inputs} inputs on rows"] --> tiles'
    yield f'    tiles["{label(data.layer)}, {count} tiles of {data.tile_rows} × {data.tile_cols} {pairs}"]'
    if data.down > 1:
        yield f'    tiles --> sums["partial sums of {data.down} tiles are added"]'
        yield f'    sums --> outputs["{data.outputs} outputs from columns"]'
    else:
        yield f'    tiles --> outputs["{data.outputs} outputs from columns"]'


def _floor(title: str, data: FloorPlan) -> Iterator[str]:
    strips = data.strips[:_MOST_BARS]
    tiles = [len(strip.tiles) * data.each for strip in strips]
    yield from _chart(title, (strip.label for strip in strips), "tiles of a block", (0, max(tiles)))
    yield _series("bar", tiles)


def _pies(data: SplitChart) -> Iterator[str]:
    for bar in data.bars:
        lines = ["pie showData", f"    title {label(bar.label)}, {label(bar.total)}"]
        total = sum(part.value for part in bar.parts) or 1.0
        # Mermaid takes no part of nothing.
        shares = [(part.label, part.value / total * 100) for part in bar.parts if part.value > 0]
        lines += [f"    {_quoted(f'{name} (%)')} : {max(share, 0.01):.2f}" for name, share in shares]
        if shares:
            yield "\n".join(lines)


def _latency(title: str, data: LatencyChart) -> Iterator[str]:
    grid = data.grid
    known = {(p.seq_len, p.batch): p.latency_s * 1e3 for p in grid.points if p.latency_s is not None}
    batches = [b for b in grid.batches if all((length, b) in known for length in grid.seq_lens)]
    named = ", ".join(str(batch) for batch in batches)
    names = [str(length) for length in grid.seq_lens]
    yield from _chart(title, names, f"ms, lines for batches {named}", (0, max(known.values())))
    for batch in batches:
        yield _series("line", (known[length, batch] for length in grid.seq_lens))


def _drift(title: str, data: DriftChart) -> Iterator[str]:
    points = data.curve.points
    every = [v * 100 for p in points for v in (p.score, p.low, p.high) if v is not None]
    banded = all(point.low is not None and point.high is not None for point in points)
    unit = "score in %, mean and band" if banded else "score in %"
    reach = (min(every), max(every)) if min(every) < max(every) else (min(every) - 1, max(every) + 1)
    yield from _chart(title, (point.after for point in points), unit, reach)
    yield _series("line", (point.score * 100 for point in points))
    if banded:
        yield _series("line", ((point.low or 0.0) * 100 for point in points))
        yield _series("line", ((point.high or 0.0) * 100 for point in points))


def _lifecycle(data: Lifecycle) -> Iterator[str]:
    yield "flowchart LR"
    for place, stage in enumerate(data.stages):
        facts = "<br>".join(f"{label(row.fact)} ({label(row.producer)})" for row in stage.rows)
        yield f'    stage{place}["{label(stage.title)}<br>{facts}"]'
    names = [f"stage{place}" for place in range(len(data.stages))]
    yield f"    {' --> '.join(names)}"
    for place, reader in enumerate(data.readers):
        wanted = [
            f"stage{at}"
            for at, stage in enumerate(data.stages)
            if any(place in row.consumers for row in stage.rows)
        ]
        if wanted:
            yield f'    {" & ".join(wanted)} -.-> reader{place}(["{label(reader)}"])'
