"""Show where operations and energy go: on tiles or digital, by kind of layer, by part of the chip."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from factsheet.pages.content.network import short_name
from factsheet.pages.figures.canvas import ACCENT, GREY, Canvas, FigureData, cut, width_of
from factsheet.pages.figures.diagrams import label, quoted
from factsheet.pages.model import FigureBlock, Note
from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from factsheet.pages.inputs import PageInputs

_MOST_PARTS = 6
_ON_TILES = "on analog tiles"
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class SplitPart:
    """A part of a whole, with its figure in words."""

    label: str
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class SplitBar:
    """A whole that is split, with its figure in words.

    Attributes:
        first: the part that the figure is about; `None` where all are alike.
    """

    label: str
    total: str
    parts: tuple[SplitPart, ...]
    first: str | None = None


@dataclass(frozen=True, slots=True)
class SplitChart(FigureData):
    """Wholes and their parts: a bar for each part, as long as its share of the whole."""

    bars: tuple[SplitBar, ...]

    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""
        y: float = 4
        for bar in self.bars:
            y = _draw_bar(canvas, bar, y)
        return y

    def diagrams(self, title: str) -> Iterator[str]:  # noqa: ARG002  each whole has its own
        """Yield the figure as diagrams for Mermaid."""
        for bar in self.bars:
            lines = ["pie showData", f"    title {label(bar.label)}, {label(bar.total)}"]
            total = sum(part.value for part in bar.parts) or 1.0
            # Mermaid takes no part of nothing.
            shares = [(part.label, part.value / total * 100) for part in bar.parts if part.value > 0]
            lines += [f"    {quoted(f'{name} (%)')} : {max(share, 0.01):.2f}" for name, share in shares]
            if shares:
                yield "\n".join(lines)


def ops_figure(inputs: PageInputs) -> FigureBlock | None:
    """Return the operations by side and by kind of layer; `None` where they cannot be counted."""
    analog, digital = inputs.totals.analog_ops, inputs.totals.digital_ops
    if not analog and not digital:
        return None
    sides = bar("By side", {_ON_TILES: analog or 0, "digital": digital or 0}, "ops")
    bars = [replace(sides, first=_ON_TILES)]
    by_kind: dict[str, float] = {}
    for layer in inputs.layers:
        if layer.on == "analog" and layer.ops:
            by_kind[short_name(layer)] = by_kind.get(short_name(layer), 0) + layer.ops
    if len(by_kind) > 1:
        bars.append(bar("On tiles, by kind of layer", by_kind, "ops"))
    at = "" if inputs.totals.point is None else f" at {inputs.totals.point}"
    return FigureBlock(
        id="ops-split",
        title="Where the operations are",
        text=split_text(bars),
        data=SplitChart(tuple(bars)),
        provenance=f"Derived from the declared architecture, for one run of the batch{at}.",
    )


def energy_figure(inputs: PageInputs) -> FigureBlock:
    """Return the energy by part of the chip and by kind of layer; the reason where nothing is known of it."""
    split = inputs.estimates.energy
    title = "Where the energy goes"
    if split is None or not (split.parts or split.layers):
        reason = (
            "No data: the sheet gives no energy by layer or by part of the chip, and none was estimated, which needs "
            "a hardware profile."
        )
        return FigureBlock("energy-split", title, reason, None)
    bars = []
    if split.parts:
        bars.append(bar("By part of the chip", {part.name: part.energy_j for part in split.parts}, "energy"))
    names = {layer.name: short_name(layer) for layer in inputs.layers}
    by_kind: dict[str, float] = {}
    for share in split.layers:
        kind = names.get(share.name, share.name)
        by_kind[kind] = by_kind.get(kind, 0) + share.energy_j
    if by_kind:
        bars.append(bar("By kind of layer", by_kind, "energy"))
    return FigureBlock(
        id="energy-split",
        title=title,
        text=split_text(bars),
        data=SplitChart(tuple(bars)),
        provenance=f"{split.provenance} One run, {split.holds_at}.",
        notes=() if inputs.estimates.run_energy is None else (Note(title, inputs.estimates.run_energy),),
    )


def bar(label: str, parts: Mapping[str, float], dimension: str) -> SplitBar:
    """Return a whole of these parts, the largest first; beyond the largest few as one."""
    ordered = sorted(parts.items(), key=lambda part: -part[1])
    if len(ordered) > _MOST_PARTS:
        rest = ordered[_MOST_PARTS - 1 :]
        ordered = [*ordered[: _MOST_PARTS - 1], (f"{len(rest)} others", sum(value for _, value in rest))]
    total = sum(value for _, value in ordered)
    return SplitBar(
        label,
        format_value(total, dimension, _DIGITS),
        tuple(
            SplitPart(name, value, f"{format_value(value, dimension, _DIGITS)}, {_share(value, total)}")
            for name, value in ordered
        ),
    )


def _share(value: float, total: float) -> str:
    return f"{value / total * 100:.3g} %" if total else "0 %"


def split_text(bars: Sequence[SplitBar]) -> str:
    """Return the same in sentences."""
    return " ".join(
        f"{found.label}, of {found.total}: {'; '.join(f'{part.label} {part.text}' for part in found.parts)}."
        for found in bars
    )


_LEFT, _NAMES, _FIGURES = 4, 230, 160
_BAR, _LINE, _NARROW_LINE = 14, 24, 40


def _draw_bar(canvas: Canvas, bar: SplitBar, top: float) -> float:
    """Draw one whole; return where the next begins."""
    room = canvas.width - 2 * _LEFT
    canvas.text(_LEFT, top + 14, cut(f"{bar.label}, of {bar.total}", room), bold=True)
    total = sum(part.value for part in bar.parts) or 1.0
    y = top + 24
    for part in bar.parts:
        colour = ACCENT if bar.first in {None, part.label} else GREY
        words = cut(part.text, _FIGURES)
        share = part.value / total
        if canvas.narrow:
            canvas.text(_LEFT, y + 13, cut(part.label, room - width_of(words) - 12))
            canvas.text(_LEFT + room, y + 13, words, anchor="end")
            _draw_share(canvas, _LEFT, y + 19, room, share=share, colour=colour)
            y += _NARROW_LINE
            continue
        canvas.text(_NAMES, y + 13, cut(part.label, _NAMES - 12), anchor="end")
        length = canvas.width - _NAMES - 10 - _FIGURES
        _draw_share(canvas, _NAMES + 10, y + 2, length, share=share, colour=colour)
        canvas.text(_NAMES + 16 + length * share, y + 13, words)
        y += _LINE
    return y + 12


def _draw_share(canvas: Canvas, x: float, y: float, length: float, *, share: float, colour: str) -> None:
    """Draw a bar; one too short to be seen is drawn as a hair line."""
    if share > 0:
        canvas.box(x, y, max(length * share, 1), _BAR, colour=colour, outlined=False)
    canvas.line(x, y - 3, x, y + _BAR + 3)
