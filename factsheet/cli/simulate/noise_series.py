"""Run `factsheet simulate --noise`: scores with the hardware's noise weaker and stronger, at the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict, cast

from factsheet.cli.simulate.simulate_run import TrialPlan, journal_of, run
from factsheet.crossbar.functional.studies.drift_study import drift_study, trials
from factsheet.crossbar.functional.studies.noise_strength import MOST, with_noise
from factsheet.crossbar.functional.studies.trial import DIGITAL, Trial
from factsheet.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from torch import nn

    from factsheet.cli.simulate.simulate_setup import SimulateRequest
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.studies.drift_study import DriftStudy
    from factsheet.crossbar.functional.studies.repeated_scores import ScoresAtTime
    from factsheet.crossbar.functional.studies.study_results import SimulationContext


class _StrengthResult(TypedDict):
    """What is looked at of a strength in the results of an earlier run."""

    strength: float
    seconds: float
    scores: list[float]


class JudgedModel(NamedTuple):
    """A model, what scores it, and which direction is better."""

    make: Callable[[], nn.Module]
    evaluate: Callable[[nn.Module], float]
    higher_is_better: bool


def strengths_of(texts: Sequence[str]) -> tuple[float, ...]:
    """Read multiples of the noise separated by commas, each once and in order.

    Raises:
        UsageError: one of them is none.
    """
    found: set[float] = set()
    for part in (part.strip() for text in texts for part in text.split(",")):
        try:
            strength = float(part.removesuffix("x").removesuffix("×"))
        except ValueError:
            strength = -1.0
        if not 0 <= strength <= MOST:
            raise UsageError(
                f"`{part[:40]}` is no strength of noise",
                "it is a multiple of the noise that the hardware has",
                f"give numbers from 0 to {MOST:g}, such as `--noise 0.5,1,2`",
                place="--noise",
            )
        found.add(strength)
    return tuple(sorted(found))


def check_noise(request: SimulateRequest) -> None:
    """Refuse strengths that are none, and what does not go with them, before anything is worked out.

    Raises:
        UsageError: naming the option, and what to give instead.
    """
    if strengths_of(request.noise) and request.sensitivity:
        raise UsageError(
            "--noise and --sensitivity are studies of their own",
            "one looks at all noise stronger or weaker, the other at each source of error by itself",
            "run the command twice",
        )


def scores_over_noise(
    request: SimulateRequest,
    model: JudgedModel,
    main: DriftStudy,
    *,
    about: SimulationContext,
    before: Mapping[str, object],
) -> tuple[tuple[float, ScoresAtTime], ...]:
    """Return scores at the first time for each strength of noise; results that are kept are not worked out again.

    Args:
        request: the options.
        model: what is scored.
        main: the scores with the hardware as it is, whose first time it is.
        about: what these follow from.
        before: results of an earlier output that follow from the same.

    Raises:
        FactsheetError: the hardware has no noise that could be scaled, or the evaluation fails.
    """
    first = main.series.points[0]
    earlier = before.get("over_noise")
    kept = {
        one["strength"]: one["scores"]
        for one in cast("list[_StrengthResult]", earlier if isinstance(earlier, list) else [])
        if one["seconds"] == first.seconds
    }
    found = []
    for strength in strengths_of(request.noise):
        if strength == 1:
            found.append((strength, first))
            continue
        hardware = with_noise(about.hardware, strength)

        study = _study(request, model, hardware, first.seconds)
        known = {DIGITAL: main.digital}
        known |= {Trial(repeat, first.seconds): one for repeat, one in enumerate(kept.get(strength, ()))}
        work = TrialPlan(
            tuple(trials((first.seconds,), request.repeats)), ("repeat", "seconds"), Trial, study
        )
        output = None if request.output is None else _beside(request.output, strength)
        configuration = about.configuration._replace(hardware=hardware.digest)
        made = run(work, configuration, output, known)
        found.append((strength, made.series.points[0]))
    return tuple(found)


def _study(
    request: SimulateRequest, model: JudgedModel, hardware: AnalogHardware, seconds: float
) -> Callable[[Mapping[Trial, float], Callable[[Trial, float], None]], DriftStudy]:
    def study(finished: Mapping[Trial, float], keep: Callable[[Trial, float], None]) -> DriftStudy:
        return drift_study(
            model.make,
            model.evaluate,
            (seconds,),
            request.repeats,
            hardware=hardware,
            policy=request.policy,
            seed=request.seed,
            workers=request.workers,
            scheduler=request.scheduler,
            finished=finished,
            on_result=keep,
            higher_is_better=model.higher_is_better,
        )

    return study


def _beside(output: Path, strength: float) -> Path:
    """Return what the journal of one strength is named after: it is hardware of its own, and no other's journal."""
    return output.with_name(f"{output.name}.noise-{strength:g}")


def forget_journals(request: SimulateRequest) -> None:
    """Remove what was kept beside the output: it is all in there now."""
    if request.output is None:
        return
    for strength in strengths_of(request.noise):
        journal_of(_beside(request.output, strength)).unlink(missing_ok=True)
