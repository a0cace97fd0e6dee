"""`factsheet simulate`: a model, or the matrices of a sheet, as they run on noisy and drifting crossbars."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from factsheet.cli import exits
from factsheet.cli.exits import Stop
from factsheet.cli.network import message
from factsheet.cli.sheets import deliver
from factsheet.cli.simulate.simulate_setup import (
    SimulateRequest,
    SimulationConfiguration,
    hardware_of,
    policy_of,
    sheet_matrices,
    versions,
    weights_digest,
)
from factsheet.cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import nn

    from factsheet.cli.simulate.simulate_results import SimulationContext, SimulationOutcome
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.studies.drift_study import DriftStudy
    from factsheet.crossbar.functional.studies.mvm_error import MatrixError, MvmTrial, StoredMatrix
    from factsheet.crossbar.functional.studies.named_sources import NamedModel
    from factsheet.crossbar.functional.studies.trial import Trial


def simulate(asked: SimulateRequest) -> int:
    """Simulate, and write what was found: a table, and JSON, a chart and a sheet's facts where asked for.

    Raises:
        Stop: the source, an option or the evaluation is off, or Ctrl-C; what was finished is kept beside the output.
    """
    from factsheet.errors import WorkloadError

    try:
        from factsheet.errors import (
            AnalogError,  # loads torch
            JobError,
        )
    except WorkloadError as error:  # torch is missing
        raise Stop(message("simulate", error)) from None
    try:
        return _simulate(asked)
    except (AnalogError, JobError, WorkloadError) as error:
        kept = ""
        if asked.output is not None:
            from factsheet.cli.simulate.simulate_run import journal_of

            journal = journal_of(asked.output)
            kept = f"\n  Results up to here are kept in {journal}." if journal.exists() else ""
        raise Stop(message(asked.source, error) + kept) from None


def _simulate(asked: SimulateRequest) -> int:
    from factsheet.cli.simulate.simulate_results import to_json, to_text
    from factsheet.crossbar.functional.studies.drift_study import checked
    from factsheet.crossbar.functional.studies.durations import times_of
    from factsheet.recompute.network_source import source_kind

    try:
        times = checked(times_of(asked.times), asked.repeats)
    except ValueError as error:
        if hasattr(error, "help"):
            raise
        raise Stop(f"factsheet: --times: {error}") from None
    loss = _loss(asked)
    _fit(asked)
    here = str(Path.cwd())
    if here not in sys.path:  # as `python -m` does: the user names their own code, here and in every worker
        sys.path.insert(0, here)
    kind = source_kind(asked.source)
    if kind not in {"sheet", "module"} or asked.source.endswith(".pt2"):
        raise Stop(
            f"factsheet: {asked.source}: can not be simulated\n"
            "  A simulation takes weights that can be run: give `package.module:callable`, or a sheet for the error of"
            " its matrices alone."
        )
    if kind == "sheet":
        outcome, about = _sheet(asked, times)
    elif asked.data is None:
        outcome, about = _module_errors(asked, times)
    else:
        outcome, about = _scores(asked, times, loss)
    if asked.output is not None:
        deliver(to_json(outcome, about), asked.output)
        from factsheet.cli.simulate.simulate_run import journal_of

        journal_of(asked.output).unlink(missing_ok=True)
    if asked.chart is not None and outcome.study is not None:
        from factsheet.cli.simulate.simulate_results import draw

        draw(asked.chart, outcome, about)
    if asked.write is not None:
        from factsheet.cli.simulate.simulate_record import record

        record(asked.write, outcome, about, asked.output)
    say(to_text(outcome, about))
    return exits.CLEAN


def _fit(asked: SimulateRequest) -> None:
    """Stop where options do not go together, before anything is worked out."""
    for option, given in (
        ("--write", asked.write),
        ("--chart", asked.chart),
        ("--accepted-loss", asked.accepted_loss),
    ):
        if given is not None and asked.data is None:
            raise Stop(
                f"factsheet: {option} goes with --data\n"
                "  It is about scores over time; without data there is only the error of products."
            )
    if not 0 < asked.confidence < 1:
        raise Stop(f"factsheet: --confidence {asked.confidence}: give a share between 0 and 1, such as 0.9")
    for option, file in (("--output", asked.output), ("--chart", asked.chart)):
        if file is not None and not (file.is_dir() or os.access(file.parent, os.W_OK)):
            raise Stop(f"factsheet: {option} {file}: the folder can not be written to; nothing was simulated")
        if file is not None and file.is_dir():
            raise Stop(f"factsheet: {option} {file}: is a folder; give a file")
    if asked.chart is not None and asked.chart.suffix.lower() not in {".svg", ".png"}:
        raise Stop(f"factsheet: --chart {asked.chart}: give a file that ends in .svg or .png")
    if asked.chart is not None and asked.chart.suffix.lower() == ".png" and not _has("matplotlib"):
        raise Stop(
            "factsheet: PNG charts are drawn by matplotlib, which is not installed; "
            'pip install "factsheet[plot]", or name an .svg file\n'
            "  Nothing was simulated."
        )
    if asked.write is not None:
        from factsheet.cli.sheets import open_sheet

        open_sheet(str(asked.write))  # a sheet that can not be written to is better found out now


def _has(module: str) -> bool:
    from importlib.util import find_spec

    try:
        return find_spec(module) is not None
    except ValueError:  # something else stands in its place
        return False


def _loss(asked: SimulateRequest) -> float | None:
    if asked.accepted_loss is None:
        return None
    from factsheet.errors import QuantityError
    from factsheet.quantities.quantity import parse_quantity

    try:
        read = parse_quantity(asked.accepted_loss, "score")
    except QuantityError as error:
        raise Stop(f"factsheet: --accepted-loss: {error.message}: {error.help}") from None
    if read.kind != "point" or read.value < 0:
        raise Stop(
            f"factsheet: --accepted-loss {asked.accepted_loss}: give one loss, 0 or more, such as `1 %`"
        )
    return read.value


def _about_model(asked: SimulateRequest, module: nn.Module) -> SimulationContext:
    from factsheet.crossbar.functional.layers.conversion import left_digital

    about = _about(asked, hardware_of(asked, None), weights_digest(module))
    return about._replace(left=left_digital(module, policy_of(asked)))


def _about(asked: SimulateRequest, hardware: AnalogHardware, weights: str) -> SimulationContext:
    from factsheet.cli.simulate.simulate_results import SimulationContext

    policy = policy_of(asked).words
    found = versions()
    configuration = SimulationConfiguration(
        asked.source,
        asked.data or "",
        weights,
        hardware.digest,
        policy,
        asked.seed,
        f"factsheet {found['factsheet']}, torch {found['torch']}",
    )
    return SimulationContext(configuration, found, hardware, policy, asked.repeats, asked.confidence)


def _scores(
    asked: SimulateRequest, times: tuple[float, ...], loss: float | None
) -> tuple[SimulationOutcome, SimulationContext]:
    from factsheet.cli.simulate.simulate_results import SimulationOutcome, earlier
    from factsheet.cli.simulate.simulate_run import TrialPlan, run
    from factsheet.crossbar.functional.studies.drift_study import drift_study, trials
    from factsheet.crossbar.functional.studies.named_sources import NamedEvaluation, NamedModel
    from factsheet.crossbar.functional.studies.trial import DIGITAL, Trial

    assert asked.data is not None  # noqa: S101  the caller has seen it
    model, evaluate = NamedModel(asked.source), NamedEvaluation(asked.data)
    about = _about_model(asked, model())
    evaluate.function()  # what is wrong with it is better said now than by every worker

    def study(finished: Mapping[Trial, float], keep: Callable[[Trial, float], None]) -> DriftStudy:
        return drift_study(
            model,
            evaluate,
            times,
            asked.repeats,
            hardware=about.hardware,
            policy=policy_of(asked),
            seed=asked.seed,
            workers=asked.workers,
            scheduler=asked.scheduler,
            finished=finished,
            on_result=keep,
        )

    known: dict[Trial, float] = {}
    before = earlier(asked.output) if asked.output is not None else {}
    if before.get("configuration") == about.configuration.digest and "over_time" in before:
        known[DIGITAL] = cast("float", before["digital"])
        for point in cast("list[dict[str, list[float]]]", before["over_time"]):
            seconds = cast("float", point["seconds"])
            known |= {Trial(repeat, seconds): one for repeat, one in enumerate(point["scores"])}
    work = TrialPlan(tuple(trials(times, asked.repeats)), ("repeat", "seconds"), Trial, study)
    found = run(work, about.configuration, asked.output, known)
    refresh = None
    if loss is not None:
        reference = found.digital if asked.reference == "digital" else None
        refresh = found.refresh(loss, reference=reference, confidence=asked.confidence)
    return SimulationOutcome(found, refresh), about


def _sheet(asked: SimulateRequest, times: tuple[float, ...]) -> tuple[SimulationOutcome, SimulationContext]:
    from factsheet.cli.simulate.simulate_results import SimulationOutcome
    from factsheet.crossbar.functional.studies.mvm_error import random_matrices

    if asked.data is not None:
        raise Stop(
            "factsheet: --data goes with `package.module:callable`\n"
            "  A sheet has no weights that an evaluation could run; without --data, the error of its products is told."
        )
    _, sizes, stated = sheet_matrices(asked.source, policy_of(asked))
    shapes = [(size.name, size.rows, size.cols) for size in sizes]
    about = _about(asked, hardware_of(asked, stated), f"normal, {shapes}"[:2000])
    errors = _errors(asked, times, about, partial(random_matrices, shapes, asked.seed))
    return SimulationOutcome(matrices=tuple(zip(errors, (size.many for size in sizes), strict=True))), about


def _module_errors(
    asked: SimulateRequest, times: tuple[float, ...]
) -> tuple[SimulationOutcome, SimulationContext]:
    from factsheet.cli.simulate.simulate_results import SimulationOutcome
    from factsheet.crossbar.functional.studies.named_sources import NamedModel

    model = NamedModel(asked.source)
    about = _about_model(asked, model())
    make = partial(_stored, model, about.hardware, asked)
    return SimulationOutcome(
        matrices=tuple((error, 1) for error in _errors(asked, times, about, make))
    ), about


def _stored(model: NamedModel, hardware: AnalogHardware, asked: SimulateRequest) -> list[StoredMatrix]:
    """The matrices of a named model; by itself so that other processes can make them."""
    from factsheet.crossbar.functional.studies.mvm_error import matrices_of

    return matrices_of(model(), hardware, policy_of(asked))


def _errors(
    asked: SimulateRequest,
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
            asked.repeats,
            hardware=about.hardware,
            seed=asked.seed,
            workers=asked.workers,
            scheduler=asked.scheduler,
            finished=finished,
            on_result=keep,
        )

    names = ("matrix", "repeat", "seconds")
    work = TrialPlan(tuple(mvm_trials(len(make()), times, asked.repeats)), names, MvmTrial, study)
    return run(work, about.configuration, asked.output, {})
