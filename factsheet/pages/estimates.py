"""Hold what models of the chip and its devices give, as plain data; a page does without what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.recompute.baselines.beside import BesideGroup
    from factsheet.recompute.comparisons.field_claims import ClaimInField
    from factsheet.recompute.operating_grid import OperatingGrid


@dataclass(frozen=True, slots=True)
class EnergyShare:
    """Energy of one layer, or of one part of the chip, in one run of the batch.

    Attributes:
        name: of the layer, as `derive` names it, or of the part.
        energy_j: in J.
    """

    name: str
    energy_j: float


@dataclass(frozen=True, slots=True)
class EnergySplit:
    """Where the energy of one run goes.

    Attributes:
        layers: by layer, in order of execution.
        parts: by part of the chip: tiles, transport, digital units.
        provenance: how the figures came about, one sentence.
        holds_at: operating point, in words.
    """

    layers: tuple[EnergyShare, ...]
    parts: tuple[EnergyShare, ...]
    provenance: str
    holds_at: str


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One figure of a hardware profile, as text with its unit.

    Attributes:
        standing: `published`, `secondary`, `inferred` or `fitted`, with to what.
        source: where it is from.
    """

    name: str
    value: str
    standing: str
    source: str


@dataclass(frozen=True, slots=True)
class ChipProfile:
    """The hardware profile that figures of the chip were computed with."""

    name: str
    figures: tuple[ProfileRow, ...]


@dataclass(frozen=True, slots=True)
class DriftScore:
    """Score at one time after programming.

    Attributes:
        after: the time as people say it.
        after_s: in s.
        score: in the score's own unit, hundredths for per cent.
        low: lower end of the band; `None` without one.
        high: upper end.
    """

    after: str
    after_s: float
    score: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class OtherCurve:
    """Scores over time under other conditions, such as stronger noise, beside those of the main curve."""

    name: str
    points: tuple[DriftScore, ...]


@dataclass(frozen=True, slots=True)
class DriftCurve:
    """Scores over time after programming.

    Attributes:
        band: what the band is, e.g. `90 % of 20 runs`; `None` without one.
        provenance: how the figures came about, one sentence.
        accepted: the worst score that is accepted.
        digital: the score of the digital model.
        refresh: the time until weights are programmed again, as the sheet says it, and in s.
        percent: whether scores are shares of one, shown in per cent.
        higher_is_better: whether a higher score is a better one.
        name: what the sheet calls this curve, where it has several.
        others: the sheet's other curves.
    """

    points: tuple[DriftScore, ...]
    provenance: str
    band: str | None = None
    accepted: float | None = None
    refresh: tuple[str, float] | None = None
    digital: float | None = None
    percent: bool = True
    higher_is_better: bool = True
    name: str | None = None
    others: tuple[OtherCurve, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelledFigure:
    """One figure of the chip by its model, beside the sheet's; texts with their units.

    Attributes:
        name: the model's own, e.g. `latency`.
        claimed: as the sheet has it; `None` where it says nothing at this point.
        recomputed: as it follows from other figures of the sheet; `None` where it does not.
        difference: of the model from the sheet, relative, in words.
        change: the same as a number; 0 where there is nothing to compare with.
        standing: of the weakest figure of the chip that it follows from.
        fitted_to: what fitted figures among them were chosen to bring out right.
        agrees: whether the sheet's figure allows the model's, by its digits or its words; `None` without one.
        own: whether the sheet has its figure from the model.
        unlike: why a difference between the two says nothing; empty where it does.
    """

    name: str
    label: str
    claimed: str | None
    value: str
    difference: str | None
    change: float
    standing: str
    fitted_to: tuple[str, ...] = ()
    recomputed: str | None = None
    agrees: bool | None = None
    own: bool = False
    unlike: str = ""


@dataclass(frozen=True, slots=True)
class Estimates:
    """All of it; `None` where nothing was computed."""

    grid: OperatingGrid | None = None
    energy: EnergySplit | None = None
    profile: ChipProfile | None = None
    chip: tuple[ModelledFigure, ...] = ()
    drift: DriftCurve | None = None
    in_field: tuple[ClaimInField, ...] = ()
    """Efficiency and density among published designs."""
    run_energy: str | None = None
    """What one run takes by each way that the sheet and the model give it, in a sentence or two."""
    spreads: Mapping[str, str] = field(default_factory=dict)
    """The range of each figure of the model that hangs on how far the stages of a run overlap, by the model's name."""
    beside: tuple[BesideGroup, ...] = ()
    """Digital devices beside the sheet's own hardware, at the sheet's batch and at each device's own best."""


NO_ESTIMATES = Estimates()
