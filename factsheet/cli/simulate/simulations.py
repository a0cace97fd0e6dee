"""Run the three kinds of simulation: scores over time, and the errors of a module's or a sheet's matrices."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from factsheet.cli.exits import located
from factsheet.cli.simulate.hub_source import scored_model
from factsheet.cli.simulate.noise_series import JudgedModel, scores_over_noise
from factsheet.cli.simulate.simulate_placement import placed_evaluation, placed_model, placement_words
from factsheet.cli.simulate.simulate_results import check_scores
from factsheet.cli.simulate.simulate_run import TrialPlan, earlier_results, run
from factsheet.cli.simulate.simulate_setup import (
    check_test_set,
    hardware_of,
    scored_by,
    share_of_chips,
    sheet_matrices,
)
from factsheet.crossbar.functional.layers.conversion import check_patterns, left_digital
from factsheet.crossbar.functional.studies.drift_study import drift_study, trials
from factsheet.crossbar.functional.studies.mvm_error import (
    MvmTrial,
    matrices_of,
    mvm_errors,
    mvm_trials,
    random_matrices,
)
from factsheet.crossbar.functional.studies.named_sources import NamedModel
from factsheet.crossbar.functional.studies.study_results import (
    REFERENCES,
    SCHEMA,
    SimulationConfiguration,
    SimulationContext,
    SimulationOutcome,
    versions,
    weights_digest,
)
from factsheet.crossbar.functional.studies.trial import DIGITAL, Trial
from factsheet.errors import AnalogError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import nn

    from factsheet.cli.simulate.simulate_setup import SimulateRequest
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.studies.drift_study import DriftStudy
    from factsheet.crossbar.functional.studies.mvm_error import MatrixError, StoredMatrix


def about_model(request: SimulateRequest, module: nn.Module) -> SimulationContext:
    """Return what the results of a model follow from, and what of it stays digital.

    Raises:
        FactsheetError: the hardware cannot be used, or the policy names what is not there.
    """
    about = _about(request, hardware_of(request, None), weights_digest(module))
    return about._replace(left=left_digital(module, request.policy))


def _about(request: SimulateRequest, hardware: AnalogHardware, weights: str) -> SimulationContext:
    policy = request.policy.words
    found = versions()
    configuration = SimulationConfiguration(
        source=request.source,
        data=(request.data or "") + placement_words(request),
        weights=weights,
        hardware=hardware.digest,
        policy=policy,
        seed=request.seed,
        versions=f"factsheet {found['factsheet']}, torch {found['torch']}",
    )
    return SimulationContext(
        configuration=configuration,
        versions=found,
        hardware=hardware,
        policy=policy,
        repeats=request.repeats,
        confidence=request.confidence,
        examples=request.test_examples,
        digital=request.policy.digital,
    )


def scores_over_time(
    request: SimulateRequest, times: tuple[float, ...], loss: float | None
) -> tuple[SimulationOutcome, SimulationContext]:
    """Return a model's scores over time; results that are kept are not worked out again.

    Raises:
        FactsheetError: the model, its data or the hardware cannot be used, or the evaluation fails.
    """
    model, evaluate = scored_model(request)
    made, score = placed_model(request, model), placed_evaluation(request, evaluate)
    about = about_model(request, made())
    metric, higher = scored_by(request)

    def study(finished: Mapping[Trial, float], keep: Callable[[Trial, float], None]) -> DriftStudy:
        return drift_study(
            made,
            score,
            times,
            request.repeats,
            hardware=about.hardware,
            policy=request.policy,
            seed=request.seed,
            workers=request.workers,
            scheduler=request.scheduler,
            finished=finished,
            on_result=keep,
            higher_is_better=higher,
        )

    known: dict[Trial, float] = {}
    before = earlier_results(request.output, SCHEMA) if request.output is not None else {}
    if before.get("configuration") == about.configuration.digest and "over_time" in before:
        known[DIGITAL] = cast("float", before["digital"])
        for point in cast("list[dict[str, list[float]]]", before["over_time"]):
            seconds = cast("float", point["seconds"])
            known |= {Trial(repeat, seconds): one for repeat, one in enumerate(point["scores"])}
    work = TrialPlan(tuple(trials(times, request.repeats)), ("repeat", "seconds"), Trial, study)
    found = replace(run(work, about.configuration, request.output, known), metric=metric)
    scored = [found.digital, *(one for point in found.series.points for one in point.scores)]
    check_scores(metric, found.digital, scored)
    check_test_set(request, metric, scored)
    same = before.get("configuration") == about.configuration.digest
    scored_by_noise = scores_over_noise(
        request,
        JudgedModel(made, score, higher),
        found,
        about=about,
        before=before if same else {},
    )
    if loss is None:
        return SimulationOutcome(found, noise=scored_by_noise), about
    refreshes = {
        name: found.refresh(
            loss,
            reference=found.digital if name == "digital" else None,
            confidence=request.confidence,
            chips=share_of_chips(request),
            examples=request.test_examples,
        )
        for name in REFERENCES
    }
    return SimulationOutcome(found, refreshes[request.reference], refreshes, noise=scored_by_noise), about


def errors_of_sheet(
    request: SimulateRequest, times: tuple[float, ...]
) -> tuple[SimulationOutcome, SimulationContext]:
    """Return the error of products with random matrices of the sizes that a sheet declares.

    Raises:
        FactsheetError: the sheet or the hardware cannot be used, or data are given that no sheet can be scored on.
    """
    if request.data is not None:
        raise UsageError(
            "--data goes with `package.module:callable`",
            "a sheet has no weights that an evaluation could run",
            "leave --data out for the error of its products",
        )
    layered = hardware_of(request, None)
    name, sizes, stated = sheet_matrices(request.source, request.policy, alike=layered.of)
    shapes = [(size.name, size.rows, size.cols) for size in sizes]
    with located(name, AnalogError):
        check_patterns(layered, [each for size in sizes for each in size.names])
    about = _about(request, hardware_of(request, stated), f"normal, {shapes}"[:2000])
    errors = _errors(request, times, about, partial(random_matrices, shapes, request.seed))
    return SimulationOutcome(matrices=tuple(zip(errors, (size.many for size in sizes), strict=True))), about


def errors_of_module(
    request: SimulateRequest, times: tuple[float, ...]
) -> tuple[SimulationOutcome, SimulationContext]:
    """Return the error of products with each matrix of a module.

    Raises:
        FactsheetError: the module or the hardware cannot be used.
    """
    model = placed_model(request, NamedModel(request.source))
    about = about_model(request, model())
    make = partial(_stored, model, about.hardware, request)
    return SimulationOutcome(
        matrices=tuple((error, 1) for error in _errors(request, times, about, make))
    ), about


def _stored(
    model: Callable[[], nn.Module], hardware: AnalogHardware, request: SimulateRequest
) -> list[StoredMatrix]:
    """Return the matrices of a named model; by itself so that other processes can make them."""
    return matrices_of(model(), hardware, request.policy)


def _errors(
    request: SimulateRequest,
    times: tuple[float, ...],
    about: SimulationContext,
    make: Callable[[], list[StoredMatrix]],
) -> tuple[MatrixError, ...]:
    def study(
        finished: Mapping[MvmTrial, float], keep: Callable[[MvmTrial, float], None]
    ) -> tuple[MatrixError, ...]:
        return mvm_errors(
            make,
            times,
            request.repeats,
            hardware=about.hardware,
            seed=request.seed,
            workers=request.workers,
            scheduler=request.scheduler,
            finished=finished,
            on_result=keep,
        )

    names = ("matrix", "repeat", "seconds")
    work = TrialPlan(tuple(mvm_trials(len(make()), times, request.repeats)), names, MvmTrial, study)
    return run(work, about.configuration, request.output, {})
