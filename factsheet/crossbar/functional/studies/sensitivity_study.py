"""The outcome of a study of sensitivity: losses by layer and by source of error, and a mapping that holds a loss."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.functional.studies.repeated_scores import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.crossbar.functional.studies.losses import Loss
    from factsheet.crossbar.functional.studies.variants import VariantTrial


class TriedMapping(NamedTuple):
    """A set of digital layers that was run."""

    digital: tuple[str, ...]
    loss: Loss
    holds: bool
    """Whether the mean over all chips loses no more than is accepted, at the confidence of the search."""


class CheckedMapping(NamedTuple):
    """A set of digital layers that was run on chips that had no part in choosing it."""

    digital: tuple[str, ...]
    loss: Loss
    at_most: float
    """What the mean over all chips does not exceed, at `confidence`."""
    confidence: float
    holds: bool


class MappingProposal(NamedTuple):
    """Which layers to keep digital."""

    accepted_loss: float
    digital: tuple[str, ...]
    """In the order of the network."""
    on_tiles: tuple[str, ...]
    tried: tuple[TriedMapping, ...]
    """Every set that the search ran, in its order."""
    checks: tuple[CheckedMapping, ...]
    """The last is that of the proposal, unless nothing is on tiles."""
    confidence: float
    """Of all checks together."""

    @property
    def check(self) -> CheckedMapping | None:
        """The check of the proposal; `None` where nothing is on tiles, so that nothing is lost."""
        return self.checks[-1] if self.on_tiles else None

    @property
    def proves(self) -> str:
        """What was shown, in a sentence."""
        check = self.check
        if check is None:
            close = bool(self.checks) and self.checks[-1].loss.mean <= self.accepted_loss
            hint = (
                " The last one that was checked lost no more in the mean, but not surely: with more chips it may hold."
                if close
                else ""
            )
            return f"No set of layers on tiles was found that holds: all are digital, where nothing is lost.{hint}"
        own = f"{100 * check.confidence:.4g} %"
        held = "this check alone" if len(self.checks) == 1 else f"the last of {len(self.checks)} checks alone"
        single = (
            " On the chips of the search, no single one of the digital layers could go back onto tiles."
            if len(self.checks) == 1 and self.digital
            else ""
        )
        return (
            f"Run as a whole on {check.loss.chips} chips that had no part in the choice, the mapping loses no more than"
            f" is accepted, in the mean over all chips, at {100 * self.confidence:.4g} % confidence ({own}"
            f" for {held}).{single}"
        )

    @property
    def leaves_open(self) -> str:
        """What was not shown, in a sentence."""
        return (
            "Not shown: that no smaller set of other layers would do, as the search is greedy; that every chip loses so"
            " little, as it is the mean; other times after programming, other data, and what the model of the hardware"
            " leaves out."
        )


class LayerOnTiles(NamedTuple):
    """A stored matrix that the policy puts on tiles."""

    name: str
    rows: int
    """Inputs."""
    cols: int
    """Outputs."""
    tiles: int
    shared_by: tuple[str, ...] = ()
    """Other layers that use the same conductances: they are on the same side."""


class Sensitivity(NamedTuple):
    """What one layer or one source of error costs."""

    name: str
    alone: Loss
    """Lost against the model in floating point with this one alone on tiles, or with this source alone."""
    won_back: Loss
    """Lost less, chip by chip, when this one alone is digital, or this source alone is left out."""
    alone_beyond_noise: bool | None
    """Whether the loss is more than the noise of the chips, all rows taken together; `None` of a single chip."""
    won_back_beyond_noise: bool | None


@dataclass(frozen=True, slots=True)
class SensitivityStudy:
    """The losses of a network by layer and by source of error, each from the one that costs most alone downwards."""

    seconds: float
    """Time after programming."""
    digital: float
    """Score in floating point."""
    loss: Loss
    """Of all layers on tiles with all sources of error."""
    layers: tuple[Sensitivity, ...]
    sources: tuple[Sensitivity, ...]
    on_tiles: tuple[LayerOnTiles, ...]
    """The layers, in the order of the network."""
    confidence: float = CONFIDENCE
    higher_is_better: bool = True
    metric: str = ""
    scores: Mapping[VariantTrial, float] = field(default_factory=dict)
    """The score of every trial."""
    mapping: MappingProposal | None = None
    """Which layers to keep digital, where a loss is accepted."""

    @property
    def added_up(self) -> float:
        """The sum of what the layers lose alone; what all lose together, where losses add up."""
        return sum(one.alone.mean for one in self.layers)
