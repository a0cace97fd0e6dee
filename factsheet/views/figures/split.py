"""Where operations and energy go: on tiles or digital, by kind of layer, by part of the chip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.sheet.quantity import format_value
from factsheet.views.figures.data import SplitBar, SplitChart, SplitPart
from factsheet.views.layers import short_name
from factsheet.views.page import FigureBlock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.views.material import Material

_MOST_PARTS = 6
_DIGITS = 4


def ops_figure(material: Material) -> FigureBlock | None:
    """Operations by side and by kind of layer; `None` where they can not be counted."""
    analog, digital = material.totals.analog_ops, material.totals.digital_ops
    if not analog and not digital:
        return None
    bars = [bar("By side", {"on analog tiles": analog or 0, "digital": digital or 0}, "ops")]
    by_kind: dict[str, float] = {}
    for layer in material.layers:
        if layer.on == "analog" and layer.ops:
            by_kind[short_name(layer)] = by_kind.get(short_name(layer), 0) + layer.ops
    if len(by_kind) > 1:
        bars.append(bar("On tiles, by kind of layer", by_kind, "ops"))
    at = "" if material.totals.point is None else f" at {material.totals.point}"
    return FigureBlock(
        id="ops-split",
        title="Where the operations are",
        text=split_text(bars),
        data=SplitChart(tuple(bars)),
        standing=f"Derived from the declared architecture, for one run of the batch{at}.",
    )


def energy_figure(material: Material) -> FigureBlock:
    """Energy by part of the chip and by kind of layer; the reason where nothing is known of it."""
    split = material.estimates.energy
    title = "Where the energy goes"
    if split is None or not (split.parts or split.layers):
        reason = (
            "No data: the sheet gives no energy by layer or by part of the chip, and none was estimated, which takes "
            "a hardware profile."
        )
        return FigureBlock("energy-split", title, reason, None)
    bars = []
    if split.parts:
        bars.append(bar("By part of the chip", {part.name: part.energy_j for part in split.parts}, "energy"))
    names = {layer.name: short_name(layer) for layer in material.layers}
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
        standing=f"{split.standing} One run, {split.holds_at}.",
    )


def bar(label: str, parts: Mapping[str, float], dimension: str) -> SplitBar:
    """A whole of these parts, the largest first; beyond the largest few as one."""
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
    """The same in sentences."""
    return " ".join(
        f"{found.label}, of {found.total}: {'; '.join(f'{part.label} {part.text}' for part in found.parts)}."
        for found in bars
    )
