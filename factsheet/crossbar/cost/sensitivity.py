"""How much each constant of a chip moves each figure of an estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.crossbar.cost.figures import CONSTANTS, FIGURES, evaluate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.crossbar.cost.estimate import Estimate
    from factsheet.crossbar.cost.figures import FigureName


def sensitivity_of(estimate: Estimate, change: float) -> Mapping[str, Mapping[FigureName, float]]:
    """Relative change of each figure, by the name of the constant that is changed and of the figure."""
    moved: dict[str, Mapping[FigureName, float]] = {}
    for name in CONSTANTS:
        constant = getattr(estimate.constants, name)
        if constant is None:
            continue
        changed = constant._replace(value=constant.value * (1.0 + change))
        figures = evaluate(
            estimate.demand,
            estimate.constants._replace(**{name: changed}),
            estimate.batch,
            estimate.structure,
            estimate.chips,
        )
        moved[name] = {
            figure: getattr(figures, figure) / before - 1.0
            for figure in FIGURES
            if (before := getattr(estimate.figures, figure))
        }
    return moved
