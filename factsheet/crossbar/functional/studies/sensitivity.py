"""What each layer on tiles and each source of error costs: alone, and taken out of the whole.

Two questions are asked of each. Alone: all else is digital, or without error, and what is lost is its own. Taken out:
all else is on tiles, with every error, and what is won back is what it adds to that. Where a network is linear and
errors are small the two agree and losses add up; how far they do is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from factsheet.crossbar.functional.layers.conversion import conversion_of, convert_to_analog
from factsheet.crossbar.functional.studies.drift_study import checked, run
from factsheet.crossbar.functional.studies.error_sources import sources
from factsheet.crossbar.functional.studies.losses import Loss, beyond_noise
from factsheet.crossbar.functional.studies.repeated_scores import CONFIDENCE
from factsheet.crossbar.functional.studies.sensitivity_study import (
    LayerOnTiles,
    Sensitivity,
    SensitivityStudy,
)
from factsheet.crossbar.functional.studies.variants import (
    ALL_ON_TILES,
    FLOATING_POINT,
    NetworkVariant,
    VariantExperiment,
    VariantTrial,
    trials_of,
    with_alone,
    with_digital,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import nn

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.networks.policy import Policy


class Runner(Protocol):
    """Works trials out, or knows their scores already."""

    def __call__(self, trials: Sequence[VariantTrial]) -> Mapping[VariantTrial, float]:
        """Return the score of each of the trials.

        Raises:
            StudyError: an evaluation gives no score.
        """
        ...


class Design(NamedTuple):
    """What a study of sensitivity looks at."""

    layers: tuple[LayerOnTiles, ...]
    sources: tuple[str, ...]
    seconds: float
    chips: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the layers on tiles."""
        return tuple(layer.name for layer in self.layers)

    @property
    def variants(self) -> tuple[NetworkVariant, ...]:
        """Every variant that is run, each once."""
        names = self.names
        found = [FLOATING_POINT, ALL_ON_TILES]
        for name in names:
            found += [with_alone(name, names), with_digital((name,), names)]
        for name in self.sources:
            found += [NetworkVariant("source", (name,)), NetworkVariant("without source", (name,))]
        return tuple(dict.fromkeys(found))

    def trials(self, lanes: int = 1) -> tuple[VariantTrial, ...]:
        """List every trial, in an order in which each of so many workers keeps what it has programmed.

        A chip serves for all variants of its layers; sources of error take chips of their own.
        """
        found = [*trials_of(FLOATING_POINT, (), self.seconds)]
        of_layers = [one for one in self.variants if one.kind in {"digital", "on tiles"}]
        for start in range(0, self.chips, lanes):
            block = range(start, min(start + lanes, self.chips))
            found += [trial for one in of_layers for trial in trials_of(one, block, self.seconds)]
        for one in self.variants:
            if one.kind in {"source", "without source"}:
                found += trials_of(one, range(self.chips), self.seconds)
        return tuple(found)


class Scores(NamedTuple):
    """Scores of trials, and what they are compared with."""

    by_trial: Mapping[VariantTrial, float]
    seconds: float
    higher_is_better: bool = True
    examples: int | None = None

    @property
    def digital(self) -> float:
        """Score in floating point."""
        return self.by_trial[trials_of(FLOATING_POINT, (), self.seconds)[0]]

    def of(self, variant: NetworkVariant, chips: Sequence[int]) -> tuple[float, ...]:
        """Return the scores of a variant, one a chip; in floating point all have the same.

        Raises:
            KeyError: one is missing.
        """
        if variant == FLOATING_POINT:
            return (self.digital,) * len(chips)
        return tuple(self.by_trial[trial] for trial in trials_of(variant, chips, self.seconds))

    def loss(
        self, variant: NetworkVariant, chips: Sequence[int], against: NetworkVariant = FLOATING_POINT
    ) -> Loss:
        """Return what a variant loses against another one, chip by chip."""
        sign = 1.0 if self.higher_is_better else -1.0
        pairs = zip(self.of(against, chips), self.of(variant, chips), strict=True)
        return Loss(tuple(sign * (better - score) for better, score in pairs), self.examples)


def layers_on_tiles(
    module: nn.Module, hardware: AnalogHardware, policy: Policy | None = None
) -> tuple[LayerOnTiles, ...]:
    """Return the stored matrices of a module that the policy puts on tiles, in order, each once.

    Raises:
        AnalogError: there is none, or the policy names what is not there.
    """
    converted = conversion_of(convert_to_analog(module, hardware, policy)).analog
    return tuple(
        LayerOnTiles(
            own.name,
            own.rows,
            own.cols,
            own.tiles,
            tuple(other.name for other in converted if other.shares_with == own.name),
        )
        for own in converted
        if not own.shares_with
    )


def design_of(
    module: nn.Module, hardware: AnalogHardware, policy: Policy, *, seconds: float, chips: int
) -> Design:
    """Return what a study of this module on this hardware looks at.

    Raises:
        AnalogError: no layer is on tiles, or the policy names what is not there.
        StudyError: there is no chip, or the time is none.
    """
    (time,) = checked((seconds,), chips)
    return Design(layers_on_tiles(module, hardware, policy), sources(hardware), time, chips)


def sensitivity_of(
    design: Design, scores: Scores, *, confidence: float = CONFIDENCE, metric: str = ""
) -> SensitivityStudy:
    """Put the scores of a study's trials together.

    Args:
        design: what was looked at.
        scores: of all its trials.
        confidence: of the intervals, and that no loss is called more than noise by chance among the rows of a table.
        metric: what the scores are.

    Raises:
        KeyError: a score is missing.
    """
    chips, names = range(design.chips), design.names

    def rows(pairs: Mapping[str, tuple[NetworkVariant, NetworkVariant]]) -> tuple[Sensitivity, ...]:
        own = [scores.loss(alone, chips) for alone, _ in pairs.values()]
        back = [scores.loss(ALL_ON_TILES, chips, against=rest) for _, rest in pairs.values()]
        flags = beyond_noise(own, confidence), beyond_noise(back, confidence)
        found = [Sensitivity(*row) for row in zip(pairs, own, back, *flags, strict=True)]
        return tuple(sorted(found, key=lambda one: -one.alone.mean))

    return SensitivityStudy(
        design.seconds,
        scores.digital,
        scores.loss(ALL_ON_TILES, chips),
        rows({name: (with_alone(name, names), with_digital((name,), names)) for name in names}),
        rows(
            {
                name: (NetworkVariant("source", (name,)), NetworkVariant("without source", (name,)))
                for name in design.sources
            }
        ),
        design.layers,
        confidence,
        scores.higher_is_better,
        metric,
        scores.by_trial,
    )


def runner(
    experiment: VariantExperiment,
    *,
    workers: int | None = 1,
    scheduler: str | None = None,
    on_result: Callable[[VariantTrial, float], None] | None = None,
    finished: Mapping[VariantTrial, float] | None = None,
) -> Runner:
    """Return what works trials out in this process, in others or on a cluster, each once.

    Args:
        experiment: the work of a trial.
        workers: processes; 1 is this one, `None` one for each processor.
        scheduler: address of a Dask scheduler to run on instead.
        on_result: called with each new result as soon as it is there.
        finished: results that are there already.
    """
    known = dict(finished or {})

    def worked_out(trials: Sequence[VariantTrial]) -> Mapping[VariantTrial, float]:
        todo = [trial for trial in trials if trial not in known]
        for trial, score in run(experiment, todo, workers=workers, scheduler=scheduler):
            known[trial] = score
            if on_result is not None:
                on_result(trial, score)
        return known

    return worked_out
