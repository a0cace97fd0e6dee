"""`factsheet simulate`: a model, or the matrices of a sheet, as they run on noisy and drifting crossbars."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.cli import exits
from factsheet.cli.exits import located
from factsheet.cli.network import policy_of, tile_shape
from factsheet.cli.options import Analog, Digital, TileSize
from factsheet.cli.sheets import deliver
from factsheet.cli.simulate.hub_source import with_task
from factsheet.cli.simulate.sensitivity_setup import USUAL_TIME, check_sensitivity
from factsheet.cli.simulate.simulate_placement import check_placement
from factsheet.cli.simulate.simulate_run import journal_of
from factsheet.cli.simulate.simulate_setup import (
    SimulateRequest,
    accepted_loss,
    check_options,
    tell_differences,
)
from factsheet.cli.terminal import say
from factsheet.errors import AnalogError, JobError, UsageError, WorkloadError
from factsheet.recompute.network_source import source_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.recompute.network_source import SourceKind


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
    from factsheet.cli.simulate.noise_series import check_noise, forget_journals
    from factsheet.cli.simulate.simulate_record import record
    from factsheet.cli.simulate.simulate_results import draw, to_text  # these load torch
    from factsheet.cli.simulate.simulations import errors_of_module, errors_of_sheet, scores_over_time
    from factsheet.crossbar.functional.studies.drift_study import checked
    from factsheet.crossbar.functional.studies.durations import times_of
    from factsheet.crossbar.functional.studies.study_results import to_json

    try:
        times = checked(times_of(request.times), request.repeats)
    except ValueError as error:
        if hasattr(error, "help"):
            raise
        raise UsageError(str(error), place="--times") from None
    loss = accepted_loss(request)
    check_noise(request)
    request = with_task(request)
    check_options(request)
    check_sensitivity(request, times)
    here = str(Path.cwd())
    if here not in sys.path:  # as `python -m` does: the user names their own code, here and in every worker
        sys.path.insert(0, here)
    tell_differences(request.hardware)
    kind = "module" if request.evaluation is not None else _kind(request.source)
    check_placement(request, is_sheet=kind == "sheet")
    if request.sensitivity:
        return _sensitivity(request, times, loss, is_sheet=kind == "sheet")
    if kind == "sheet":
        outcome, about = errors_of_sheet(request, times)
    elif request.data is None:
        outcome, about = errors_of_module(request, times)
    else:
        outcome, about = scores_over_time(request, times, loss)
    if request.output is not None:
        deliver(to_json(outcome, about), request.output)
        journal_of(request.output).unlink(missing_ok=True)
        forget_journals(request)
    if request.chart is not None and outcome.study is not None:
        draw(request.chart, outcome, about)
    if request.write is not None:
        record(
            request.write,
            outcome,
            about,
            request.output,
            replace=request.replace,
            task=request.evaluation,
        )
    say(to_text(outcome, about))
    return exits.CLEAN


def _kind(source: str) -> SourceKind:
    """Return what kind of source is to be simulated.

    Raises:
        UsageError: one that has no weights that can be run.
    """
    kind = source_kind(source)
    if kind not in {"sheet", "module"} or source.endswith(".pt2"):
        raise UsageError(
            "it cannot be simulated",
            "a simulation takes weights that can be run",
            "give `package.module:callable`, `hf:FOLDER --task TASK`, or a sheet for the error of its matrices alone",
            place=source,
        )
    return kind


def _sensitivity(
    request: SimulateRequest, times: Sequence[float], loss: float | None, *, is_sheet: bool
) -> int:
    from factsheet.cli.simulate.sensitivity_record import record_sensitivity
    from factsheet.cli.simulate.sensitivity_report import (
        draw_sensitivity,
        to_json,
        to_text,
    )  # these load torch
    from factsheet.cli.simulate.sensitivity_run import sensitivity_of_model

    if is_sheet:
        raise UsageError(
            "a sheet has no weights that an evaluation could run",
            "what a layer costs is a loss of score",
            "give `package.module:callable`",
            place=request.source,
        )
    outcome, about = sensitivity_of_model(request, times[0], loss)
    if request.output is not None:
        deliver(to_json(outcome, about), request.output)
        journal_of(request.output).unlink(missing_ok=True)
    if request.chart is not None:
        draw_sensitivity(request.chart, outcome, about)
    if request.write is not None:
        record_sensitivity(request.write, outcome, about, request.output, replace=request.replace)
    say(to_text(outcome, about))
    return exits.CLEAN


def command(
    *,
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="package.module:callable that returns a torch module, which is run; hf:NAME for a checkpoint of the "
            "Hub, or its folder; or a sheet, for its matrices.",
        ),
    ],
    times: Annotated[
        list[str] | None,
        typer.Option(
            "--times",
            help="Times after programming; commas or repeated. [default: 1h,1d,1w,4w,1y; with --sensitivity, 1 day]",
            show_default=False,
        ),
    ] = None,
    repeats: Annotated[int, typer.Option(help="How often everything is programmed anew.")] = 20,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="module:callable",
            help="Returns a function from a model to its score. Left out: the error of products, layer by layer. "
            "With --task, the folder that holds the data set.",
            show_default=False,
        ),
    ] = None,
    task: Annotated[
        str | None,
        typer.Option(
            metavar="TASK",
            help="With hf:NAME: what it is scored on, such as glue/rte, or a data set of the Hub, "
            "owner/name/configuration.",
            show_default=False,
        ),
    ] = None,
    download: Annotated[
        bool, typer.Option("--download", help="Fetch the checkpoint and the data set from huggingface.co.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, max=2**62, help="Every draw follows from it.")] = 0,
    hardware: Annotated[
        str,
        typer.Option(
            help="pcm, reram, ideal, a preset of aihwkit, a file of hardware values or of a toolkit's rpu_config, "
            "or module:callable that returns one."
        ),
    ] = "pcm",
    calibrate: Annotated[
        str | None,
        typer.Option(
            metavar="module:callable",
            help="Returns a function that runs data through the model it is given: bounds of inputs that are learnt.",
            show_default=False,
        ),
    ] = None,
    device: Annotated[
        str, typer.Option(help="Where the model is run, as torch names it: cpu, cuda, cuda:1.")
    ] = "cpu",
    precision: Annotated[
        Literal["float32", "bfloat16", "float16"],
        typer.Option(help="Of digital layers, by torch's autocast; products on tiles stay in float32."),
    ] = "float32",
    tile: TileSize = None,
    compensation: Annotated[
        Literal["none", "global", "column"] | None,
        typer.Option(help="Correction for drift, instead of the hardware's.", show_default=False),
    ] = None,
    digital: Digital = None,
    analog: Analog = None,
    noise: Annotated[
        list[str] | None,
        typer.Option(
            metavar="N,N",
            help="Also score with so many times the hardware's noise, at the first time: 0.5,1,2,4.",
            show_default=False,
        ),
    ] = None,
    sensitivity: Annotated[
        bool,
        typer.Option(
            "--sensitivity",
            help="Find out what each layer on tiles and each source of error costs, alone and taken out of the whole.",
        ),
    ] = False,
    accepted_loss: Annotated[
        str | None,
        typer.Option(
            "--accepted-loss",
            "--accept-loss",
            metavar="SCORE",
            help="Also say when this much is lost: `1 %`, or 0.01. With --sensitivity: which layers to keep digital so "
            "that no more is, and what that costs.",
            show_default=False,
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Chip whose cost model gives the energy and time of that mapping. [default: that of --write's sheet]",
            show_default=False,
        ),
    ] = None,
    seq_len: Annotated[
        int | None, typer.Option(min=1, help="Tokens in a sequence, for that cost.", show_default=False)
    ] = None,
    batch: Annotated[
        int | None, typer.Option(min=1, help="Sequences together, for that cost.", show_default=False)
    ] = None,
    metric: Annotated[
        str | None,
        typer.Option(
            help="What the scores are: `perplexity`, `word error rate`. It decides which direction is a loss, and how "
            "scores are written. [default: as --write's sheet says, else a score of which more is better]",
            show_default=False,
        ),
    ] = None,
    better: Annotated[
        Literal["higher", "lower"] | None,
        typer.Option(help="Which direction is better, for a metric that is not known.", show_default=False),
    ] = None,
    reference: Annotated[
        Literal["first", "digital"],
        typer.Option(
            help="What the loss of the refresh interval is counted from: the first time, or the model in floating "
            "point. Both are shown; this one goes first, and into a sheet."
        ),
    ] = "first",
    chips: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE",
            help="Say when this share of chips is left that lost no more: `95 %`. [default: mean, over all chips]",
            show_default=False,
        ),
    ] = None,
    test_examples: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="How many test examples the scores are shares of: adds the test set's own sampling error.",
            show_default=False,
        ),
    ] = None,
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
    replace: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH",
            help="With --write: replace what the sheet states here itself, performance.refresh_interval.",
            show_default=False,
        ),
    ] = None,
    chart: Annotated[
        Path | None,
        typer.Option("--chart", help="Draw scores over time, or losses, into this .svg or .png file."),
    ] = None,
) -> None:
    """Simulate a model on noisy, drifting crossbars: scores over time, with their spread, and when to program again.

    With --sensitivity: which layers and which sources of error cost most, and which layers to keep digital.

    Example:
      factsheet simulate package.module:model --data package.module:accuracy
      factsheet simulate sheets/bert.yaml --times 1h,1d,1w,4w,1y
      factsheet simulate hf:textattack/bert-base-uncased-RTE --task glue/rte
      factsheet simulate pkg:model --data pkg:accuracy --sensitivity
    """
    request = SimulateRequest(
        source=source,
        times=times or ((USUAL_TIME,) if sensitivity else ("1h,1d,1w,4w,1y",)),
        repeats=repeats,
        data=data,
        task=task,
        download=download,
        seed=seed,
        hardware=hardware,
        device=device,
        precision=precision,
        calibrate=calibrate,
        tile=tile_shape(tile),
        compensation=compensation,
        policy=policy_of(digital, analog),
        accepted_loss=accepted_loss,
        metric=metric,
        better=better,
        reference=reference,
        chips=chips,
        test_examples=test_examples,
        confidence=confidence,
        workers=workers,
        scheduler=scheduler,
        output=output,
        write=write,
        replace=tuple(replace or ()),
        chart=chart,
        sensitivity=sensitivity,
        profile=profile,
        seq_len=seq_len,
        batch=batch,
        noise=tuple(noise or ()),
    )
    raise typer.Exit(simulate(request))
