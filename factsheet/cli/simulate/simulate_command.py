"""`factsheet simulate`: a model, or the matrices of a sheet, as they run on noisy and drifting crossbars."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from factsheet.cli import exits
from factsheet.cli.exits import located
from factsheet.cli.network import policy_of, tile_shape
from factsheet.cli.options import Analog, Digital, TileSize
from factsheet.cli.sheets import deliver
from factsheet.cli.simulate.simulate_run import journal_of
from factsheet.cli.simulate.simulate_setup import (
    SimulateRequest,
    SimulationConfiguration,
    accepted_loss,
    check_options,
    hardware_of,
    sheet_matrices,
    versions,
    weights_digest,
)
from factsheet.cli.terminal import say
from factsheet.errors import AnalogError, JobError, UsageError, WorkloadError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import nn

    from factsheet.cli.simulate.simulate_results import SimulationContext, SimulationOutcome
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.studies.drift_study import DriftStudy
    from factsheet.crossbar.functional.studies.mvm_error import MatrixError, MvmTrial, StoredMatrix
    from factsheet.crossbar.functional.studies.named_sources import NamedModel
    from factsheet.crossbar.functional.studies.trial import Trial


def simulate(request: SimulateRequest) -> int:
    """Simulate and write the results: a table, and JSON, a chart and a sheet's facts where asked for.

    Raises:
        FactsheetError: the source, an option or the evaluation cannot be used; results so far are kept beside the
            output, as they are on Ctrl-C.
    """
    with located(request.source, AnalogError, JobError, WorkloadError):
        try:
            return _simulate(request)
        except (AnalogError, JobError, WorkloadError) as error:
            journal = None if request.output is None else journal_of(request.output)
            if journal is not None and journal.exists():
                error.add_note(f"Results up to here are kept in {journal}.")
            raise


def _simulate(request: SimulateRequest) -> int:
    from factsheet.cli.simulate.simulate_results import to_json, to_text
    from factsheet.crossbar.functional.studies.drift_study import checked
    from factsheet.crossbar.functional.studies.durations import times_of
    from factsheet.recompute.network_source import source_kind

    try:
        times = checked(times_of(request.times), request.repeats)
    except ValueError as error:
        if hasattr(error, "help"):
            raise
        raise UsageError(str(error), place="--times") from None
    loss = accepted_loss(request)
    check_options(request)
    here = str(Path.cwd())
    if here not in sys.path:  # as `python -m` does: the user names their own code, here and in every worker
        sys.path.insert(0, here)
    kind = source_kind(request.source)
    if kind not in {"sheet", "module"} or request.source.endswith(".pt2"):
        raise UsageError(
            "it cannot be simulated",
            "a simulation takes weights that can be run",
            "give `package.module:callable`, or a sheet for the error of its matrices alone",
            place=request.source,
        )
    if kind == "sheet":
        outcome, about = _sheet(request, times)
    elif request.data is None:
        outcome, about = _module_errors(request, times)
    else:
        outcome, about = _scores(request, times, loss)
    if request.output is not None:
        deliver(to_json(outcome, about), request.output)
        journal_of(request.output).unlink(missing_ok=True)
    if request.chart is not None and outcome.study is not None:
        from factsheet.cli.simulate.simulate_results import draw

        draw(request.chart, outcome, about)
    if request.write is not None:
        from factsheet.cli.simulate.simulate_record import record

        record(request.write, outcome, about, request.output)
    say(to_text(outcome, about))
    return exits.CLEAN


def _about_model(request: SimulateRequest, module: nn.Module) -> SimulationContext:
    from factsheet.crossbar.functional.layers.conversion import left_digital

    about = _about(request, hardware_of(request, None), weights_digest(module))
    return about._replace(left=left_digital(module, request.policy))


def _about(request: SimulateRequest, hardware: AnalogHardware, weights: str) -> SimulationContext:
    from factsheet.cli.simulate.simulate_results import SimulationContext

    policy = request.policy.words
    found = versions()
    configuration = SimulationConfiguration(
        request.source,
        request.data or "",
        weights,
        hardware.digest,
        policy,
        request.seed,
        f"factsheet {found['factsheet']}, torch {found['torch']}",
    )
    return SimulationContext(configuration, found, hardware, policy, request.repeats, request.confidence)


def _scores(
    request: SimulateRequest, times: tuple[float, ...], loss: float | None
) -> tuple[SimulationOutcome, SimulationContext]:
    from factsheet.cli.simulate.simulate_results import SimulationOutcome, earlier
    from factsheet.cli.simulate.simulate_run import TrialPlan, run
    from factsheet.crossbar.functional.studies.drift_study import drift_study, trials
    from factsheet.crossbar.functional.studies.named_sources import NamedEvaluation, NamedModel
    from factsheet.crossbar.functional.studies.trial import DIGITAL, Trial

    assert request.data is not None  # noqa: S101  the caller has checked it
    model, evaluate = NamedModel(request.source), NamedEvaluation(request.data)
    about = _about_model(request, model())
    evaluate.function()  # what is wrong with it is better said now than by every worker

    def study(finished: Mapping[Trial, float], keep: Callable[[Trial, float], None]) -> DriftStudy:
        return drift_study(
            model,
            evaluate,
            times,
            request.repeats,
            hardware=about.hardware,
            policy=request.policy,
            seed=request.seed,
            workers=request.workers,
            scheduler=request.scheduler,
            finished=finished,
            on_result=keep,
        )

    known: dict[Trial, float] = {}
    before = earlier(request.output) if request.output is not None else {}
    if before.get("configuration") == about.configuration.digest and "over_time" in before:
        known[DIGITAL] = cast("float", before["digital"])
        for point in cast("list[dict[str, list[float]]]", before["over_time"]):
            seconds = cast("float", point["seconds"])
            known |= {Trial(repeat, seconds): one for repeat, one in enumerate(point["scores"])}
    work = TrialPlan(tuple(trials(times, request.repeats)), ("repeat", "seconds"), Trial, study)
    found = run(work, about.configuration, request.output, known)
    refresh = None
    if loss is not None:
        reference = found.digital if request.reference == "digital" else None
        refresh = found.refresh(loss, reference=reference, confidence=request.confidence)
    return SimulationOutcome(found, refresh), about


def _sheet(request: SimulateRequest, times: tuple[float, ...]) -> tuple[SimulationOutcome, SimulationContext]:
    from factsheet.cli.simulate.simulate_results import SimulationOutcome
    from factsheet.crossbar.functional.studies.mvm_error import random_matrices

    if request.data is not None:
        raise UsageError(
            "--data goes with `package.module:callable`",
            "a sheet has no weights that an evaluation could run",
            "leave --data out for the error of its products",
        )
    _, sizes, stated = sheet_matrices(request.source, request.policy)
    shapes = [(size.name, size.rows, size.cols) for size in sizes]
    about = _about(request, hardware_of(request, stated), f"normal, {shapes}"[:2000])
    errors = _errors(request, times, about, partial(random_matrices, shapes, request.seed))
    return SimulationOutcome(matrices=tuple(zip(errors, (size.many for size in sizes), strict=True))), about


def _module_errors(
    request: SimulateRequest, times: tuple[float, ...]
) -> tuple[SimulationOutcome, SimulationContext]:
    from factsheet.cli.simulate.simulate_results import SimulationOutcome
    from factsheet.crossbar.functional.studies.named_sources import NamedModel

    model = NamedModel(request.source)
    about = _about_model(request, model())
    make = partial(_stored, model, about.hardware, request)
    return SimulationOutcome(
        matrices=tuple((error, 1) for error in _errors(request, times, about, make))
    ), about


def _stored(model: NamedModel, hardware: AnalogHardware, request: SimulateRequest) -> list[StoredMatrix]:
    """The matrices of a named model; by itself so that other processes can make them."""
    from factsheet.crossbar.functional.studies.mvm_error import matrices_of

    return matrices_of(model(), hardware, request.policy)


def _errors(
    request: SimulateRequest,
    times: tuple[float, ...],
    about: SimulationContext,
    make: Callable[[], list[StoredMatrix]],
) -> tuple[MatrixError, ...]:
    from factsheet.cli.simulate.simulate_run import TrialPlan, run
    from factsheet.crossbar.functional.studies.mvm_error import MvmTrial, mvm_errors, mvm_trials

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


def command(
    *,
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="package.module:callable that returns a torch module, which is run; or a sheet, for its matrices.",
        ),
    ],
    times: Annotated[
        list[str] | None,
        typer.Option(
            "--times",
            help="Times after programming; commas or repeated. [default: 1h,1d,1w,4w,1y]",
            show_default=False,
        ),
    ] = None,
    repeats: Annotated[int, typer.Option(help="How often everything is programmed anew.")] = 20,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="module:callable",
            help="Returns a function from a model to its score. Left out: the error of products, layer by layer.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**62, help="Every draw follows from it.")] = 0,
    hardware: Annotated[
        str, typer.Option(help="pcm, reram, ideal, or a .yaml or .json file of hardware values.")
    ] = "pcm",
    tile: TileSize = None,
    compensation: Annotated[
        Literal["none", "global", "column"] | None,
        typer.Option(help="Correction for drift, instead of the hardware's.", show_default=False),
    ] = None,
    digital: Digital = None,
    analog: Analog = None,
    accepted_loss: Annotated[
        str | None,
        typer.Option(
            metavar="SCORE", help="Also say when this much is lost: `1 %`, or 0.01.", show_default=False
        ),
    ] = None,
    reference: Annotated[
        Literal["first", "digital"],
        typer.Option(help="What a loss is counted from: the first time, or the model in floating point."),
    ] = "first",
    confidence: Annotated[float, typer.Option(help="Of the intervals.")] = 0.9,
    workers: Annotated[
        int, typer.Option(min=1, max=1000, help="Processes that repeats are shared among.")
    ] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Run on a Dask cluster: tcp://192.0.2.7:8786.", show_default=False
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write the results to this file as JSON; beside it, a run that was stopped goes on.",
        ),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="SHEET", help="Write them into this sheet as simulated facts."),
    ] = None,
    chart: Annotated[
        Path | None, typer.Option("--chart", help="Draw scores over time into this .svg or .png file.")
    ] = None,
) -> None:
    """Simulate a model on noisy, drifting crossbars: scores over time, with their spread, and when to program again."""
    request = SimulateRequest(
        source=source,
        times=times or ("1h,1d,1w,4w,1y",),
        repeats=repeats,
        data=data,
        seed=seed,
        hardware=hardware,
        tile=tile_shape(tile),
        compensation=compensation,
        policy=policy_of(digital, analog),
        accepted_loss=accepted_loss,
        reference=reference,
        confidence=confidence,
        workers=workers,
        scheduler=scheduler,
        output=output,
        write=write,
        chart=chart,
    )
    raise typer.Exit(simulate(request))
