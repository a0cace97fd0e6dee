"""Show where operations and energy go: on tiles or digital, by kind of layer, by part of the chip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.pages.content.network import short_name
from factsheet.pages.figures.canvas import ANALOG, DIGITAL, PATTERNS, WIDTH, Canvas, FigureData, cut
from factsheet.pages.figures.diagrams import label, quoted
from factsheet.pages.model import FigureBlock
from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from factsheet.pages.inputs import PageInputs

_MOST_PARTS = 6
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class SplitPart:
    """A part of a whole, with its figure in words."""

    label: str
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class SplitBar:
    """A whole that is split, with its figure in words."""

    label: str
    total: str
    parts: tuple[SplitPart, ...]


@dataclass(frozen=True, slots=True)
class SplitChart(FigureData):
    """Wholes and their parts, each whole drawn at full length."""

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
    bars = [bar("By side", {"on analog tiles": analog or 0, "digital": digital or 0}, "ops")]
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


_LEFT, _BAR = 4, 22
_LENGTH = WIDTH - 2 * _LEFT
_LINE = 18


def _draw_bar(canvas: Canvas, bar: SplitBar, top: float) -> float:
    """Draw one whole; return where the next begins."""
    canvas.text(_LEFT, top + 14, cut(f"{bar.label}: {bar.total}", _LENGTH), bold=True)
    total = sum(part.value for part in bar.parts) or 1.0
    x: float = _LEFT
    for place, part in enumerate(bar.parts):
        length = part.value / total * _LENGTH
        if length > 0:
            canvas.box(x, top + 22, length, _BAR, colour=_colour(place), pattern=_pattern(place))
        x += length
    y = top + 22 + _BAR + 8
    for place, part in enumerate(bar.parts):
        canvas.box(_LEFT, y, 12, 12, colour=_colour(place), pattern=_pattern(place))
        canvas.text(_LEFT + 20, y + 10, cut(f"{part.label}: {part.text}", _LENGTH - 24))
        y += _LINE
    return y + 10


def _colour(place: int) -> str:
    return DIGITAL if place % 2 else ANALOG


def _pattern(place: int) -> str:
    return PATTERNS[place % len(PATTERNS)]
