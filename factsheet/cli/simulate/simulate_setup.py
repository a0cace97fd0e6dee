"""Read what `factsheet simulate` is to run, and make it ready."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.cli.exits import located
from factsheet.cli.terminal import complain
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import AnalogError, UsageError
from factsheet.installation import install_command
from factsheet.networks.policy import Policy
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from factsheet.authoring.importing.analog.hardware_source import NamedHardware
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.hub_tasks.hub_evaluation import HubEvaluation
    from factsheet.networks.operators import StaticMatmul

_DEVICES = ("pcm", "hermes-pcm", "hermes-pcm-single", "reram", "reram-cmo", "ideal")
_HARDWARE_FILES = {".yaml", ".yml", ".json", ".py"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulateRequest:
    """What is to be simulated, and how.

    Attributes:
        source: `package.module:callable`, a sheet, or `hf:` and a checkpoint of the Hub.
        times: durations after programming; commas part several in one text.
        repeats: how often everything is programmed anew.
        data: `module:callable` that returns an evaluation; without it, the error of products is worked out. Of a task
            of the Hub, the folder with its data, and once that is read, the words that name it.
        seed: every draw follows from it.
        hardware: a kind of device, a preset of aihwkit, a file of values or of an `rpu_config`, or a callable.
        tile: geometry of an array, instead of the hardware's.
        compensation: correction for drift, instead of the hardware's.
        policy: which layers are on tiles.
        accepted_loss: the loss of score that a refresh interval is worked out for.
        metric: what the scores are.
        better: which direction is better, where that does not follow from the metric.
        reference: what a loss is counted from.
        chips: the share of chips that has to hold until a refresh, instead of the mean.
        test_examples: how many examples scores are shares of.
        confidence: of the intervals.
        workers: processes that repeats are shared among.
        scheduler: address of a Dask scheduler.
        output: a file for the results as JSON.
        write: a sheet that takes the results as facts.
        replace: paths of that sheet whose facts are replaced although somebody stated them.
        chart: a file for a chart.
        sensitivity: whether losses by layer and by source of error are worked out, in place of scores over time.
        profile: the chip that the proposed mapping's energy and time are estimated for.
        device: where the model is run, as torch names it.
        precision: of digital layers, by autocast.
        calibrate: `module:callable` that returns a function which runs data through the model it is given.
        seq_len: tokens in one sequence of that estimate.
        batch: sequences processed together in that estimate.
        task: what a checkpoint of the Hub is scored on.
        download: whether the checkpoint and the data may be fetched.
        evaluation: the task, once its data are read.
        noise: multiples of the hardware's noise that are looked at too; commas part several in one text.
    """

    source: str
    times: Sequence[str] = ("1h,1d,1w,4w,1y",)
    repeats: int = 20
    data: str | None = None
    seed: int = 0
    hardware: str = "pcm"
    tile: TileShape | None = None
    compensation: Literal["none", "global", "column"] | None = None
    policy: Policy = Policy()  # noqa: RUF009  a named tuple, which cannot be changed
    accepted_loss: str | None = None
    metric: str | None = None
    better: Literal["higher", "lower"] | None = None
    reference: Literal["first", "digital"] = "first"
    chips: str | None = None
    test_examples: int | None = None
    confidence: float = 0.9
    workers: int = 1
    scheduler: str | None = None
    output: Path | None = None
    write: Path | None = None
    replace: Sequence[str] = ()
    chart: Path | None = None
    device: str = "cpu"
    precision: Literal["float32", "bfloat16", "float16"] = "float32"
    calibrate: str | None = None
    sensitivity: bool = False
    profile: str | None = None
    seq_len: int | None = None
    batch: int | None = None
    task: str | None = None
    download: bool = False
    evaluation: HubEvaluation | None = None
    noise: Sequence[str] = ()


def hardware_of(request: SimulateRequest, stated: tuple[int, int] | None) -> AnalogHardware:
    """Return the hardware: a file of its values, or a kind of device with everything else as usual.

    Args:
        request: the options.
        stated: rows and columns of the tile that a sheet states; a file of values has its own.

    Raises:
        FactsheetError: it cannot be read, or is none that could exist.
    """
    name = request.hardware
    kind = name in _DEVICES
    hardware = named_hardware(name).hardware
    with located(f"--hardware {name}", AnalogError):
        tile = request.tile or (TileShape(*stated) if kind and stated is not None else None)
        if tile is not None:
            hardware = replace(hardware, tile=tile)
        if request.compensation is not None:
            hardware = replace(hardware, compensation=request.compensation)
    return hardware


def named_hardware(name: str) -> NamedHardware:
    """Return the hardware of a name, and what its source asks for that is simulated otherwise.

    Raises:
        FactsheetError: nothing of that name is known, or it is none that could exist.
    """
    from factsheet.authoring.importing.analog.hardware_source import PRESETS, hardware_from  # loads torch

    names = (*_DEVICES, *PRESETS)
    if name not in names and ":" not in name and Path(name).suffix.lower() not in _HARDWARE_FILES:
        preset = name.endswith("Preset")
        raise UsageError(
            f"`{name[:80]}` is neither a device, a preset nor a file of values",
            "presets that train on the chip, by updates of its devices, are not simulated"
            if preset
            else "nothing of that name is known",
            f"give {', '.join(names)}, a .yaml, .json or .py file, or `module:callable`; docs/simulate.md says more",
            place="--hardware",
            candidates=names,
        )
    with located(f"--hardware {name}", AnalogError):
        return hardware_from(name)


def tell_differences(name: str) -> None:
    """Say on standard error what a configuration of another toolkit asks for that is simulated otherwise.

    Raises:
        FactsheetError: as `named_hardware`.
    """
    for one in named_hardware(name).left:
        what, where, why = (one_line(str(part)) for part in (one.what, one.where, one.why))
        complain(f"factsheet: simulated otherwise: {what} ({where}): {why}")


def check_options(request: SimulateRequest) -> None:
    """Refuse options that do not go together, before anything is worked out.

    Raises:
        UsageError: naming the option, and what to give instead.
    """
    for option, given in (
        ("--write", request.write),
        ("--chart", request.chart),
        ("--accepted-loss", request.accepted_loss),
        ("--metric", request.metric),
        ("--better", request.better),
        ("--chips", request.chips),
        ("--test-examples", request.test_examples),
        ("--noise", request.noise or None),
    ):
        if given is not None and request.data is None:
            raise UsageError(
                f"{option} goes with --data",
                "it is about scores over time; without data there is only the error of products",
            )
    _check_numbers(request)
    for option, file in (("--output", request.output), ("--chart", request.chart)):
        if file is not None and not (file.is_dir() or os.access(file.parent, os.W_OK)):
            raise UsageError(
                "the folder cannot be written to; nothing was simulated", place=f"{option} {file}"
            )
        if file is not None and file.is_dir():
            raise UsageError("this is a folder", help="give a file", place=f"{option} {file}")
    if request.chart is not None and request.chart.suffix.lower() not in {".svg", ".png"}:
        raise UsageError(
            "no format has this ending",
            help="give a file that ends in .svg or .png",
            place=f"--chart {request.chart}",
        )
    if request.chart is not None and request.chart.suffix.lower() == ".png" and not _has("matplotlib"):
        raise UsageError(
            "PNG charts are drawn by matplotlib, which is not installed; nothing was simulated",
            help=f"install it with {install_command('plot')}, or name an .svg file",
        )
    if request.write is not None:
        from factsheet.cli.sheets import open_analog_sheet

        open_analog_sheet(str(request.write))  # a sheet that cannot be written to is better noticed now


def _check_numbers(request: SimulateRequest) -> None:
    if not 0 < request.confidence < 1:
        raise UsageError(
            "no share between 0 and 1",
            help="give one such as 0.9",
            place=f"--confidence {request.confidence}",
        )
    if request.chips is not None and request.accepted_loss is None:
        raise UsageError(
            "--chips goes with --accepted-loss",
            "it is the share of chips that loses no more than that until the refresh",
            'add for example `--accepted-loss "1 %"`',
        )
    share_of_chips(request)


def _has(module: str) -> bool:
    from importlib.util import find_spec

    try:
        return find_spec(module) is not None
    except ValueError:  # something else is in its place
        return False


def accepted_loss(request: SimulateRequest) -> float | None:
    """Return the loss of score that is accepted, or `None`.

    Raises:
        UsageError: it is no score.
    """
    if request.accepted_loss is None:
        return None
    from factsheet.errors import QuantityError
    from factsheet.quantities.quantity import parse_quantity

    try:
        read = parse_quantity(request.accepted_loss, "score_difference")
    except QuantityError as error:
        raise UsageError(error.message, error.why, error.help, place="--accepted-loss") from None
    if read.kind != "point" or read.value < 0:
        raise UsageError(
            "no loss of 0 or more",
            help="give one such as `1 %`",
            place=f"--accepted-loss {request.accepted_loss}",
        )
    return read.value


def share_of_chips(request: SimulateRequest) -> float | None:
    """Return the share of chips that has to hold until a refresh; `None` for the mean over chips.

    Raises:
        UsageError: it is no share.
    """
    if request.chips is None or request.chips.strip().lower() == "mean":
        return None
    from factsheet.errors import QuantityError
    from factsheet.quantities.quantity import parse_quantity

    place = f"--chips {request.chips[:80]}"
    try:
        read = parse_quantity(request.chips, "ratio")
    except QuantityError as error:
        raise UsageError(error.message, error.why, error.help, place=place) from None
    if read.kind != "point" or not 0 < read.value < 1:
        raise UsageError(
            "no share of chips",
            "all chips, or none, is nothing that a number of them could show",
            "give one such as `95 %`, or `mean`",
            place=place,
        )
    return read.value


def check_test_set(request: SimulateRequest, metric: str, scores: Sequence[float]) -> None:
    """Refuse a number of examples for scores that are no shares of them.

    Args:
        request: the options.
        metric: what the scores are; empty where nobody says.
        scores: all of them.

    Raises:
        UsageError: a score is not between 0 and 1, its metric is no share, or the accepted loss is more than all.
    """
    if request.test_examples is None:
        return
    from factsheet.quantities.metrics import metric_named

    known = metric_named(metric)
    loss = accepted_loss(request)
    if (
        (known is not None and known.share is False)
        or not all(0 <= one <= 1 for one in scores)
        or (loss or 0) > 1
    ):
        raise UsageError(
            "the scores are no shares of examples",
            "the sampling error that is worked out is that of a share of right answers, such as an accuracy",
            "leave it out; for other scores, evaluate on several test sets",
            place=f"--test-examples {request.test_examples}",
        )


def scored_by(request: SimulateRequest) -> tuple[str, bool]:
    """Return the metric of the scores, empty for none, and whether a higher score is a better one.

    Raises:
        UsageError: nothing says which direction is better of the metric, or `--better` contradicts it.
    """
    from factsheet.quantities.metrics import metric_named
    from factsheet.recompute.comparisons.score_scales import drift_scale

    metric, higher = request.metric or "", None if request.better is None else request.better == "higher"
    if request.metric is None and request.write is not None:
        from factsheet.cli.sheets import open_sheet

        scale = drift_scale(open_sheet(str(request.write))[1])
        metric, higher = scale.metric, scale.higher_is_better if higher is None else higher
    known = metric_named(metric)
    if known is not None and higher is not None and request.metric and higher != known.higher_is_better:
        raise UsageError(
            f"of {known.name}, {known.better} is better",
            help="leave --better out, or name another --metric",
            place=f"--better {request.better}",
        )
    if higher is None:
        higher = known.higher_is_better if known is not None else None if metric else True
    if higher is None:
        raise UsageError(
            f"nothing says whether more or less is better of `{metric[:80]}`",
            "a loss is a fall of an accuracy and a rise of an error",
            "add `--better higher` or `--better lower`",
            place="--metric",
        )
    return metric, higher


class SheetMatrix(NamedTuple):
    """Matrices of one size that a sheet declares."""

    name: str
    rows: int
    cols: int
    many: int
    """How many there are."""
    names: tuple[str, ...] = ()
    """Of all of them, or of the layers that have them."""


def sheet_matrices(
    source: str, policy: Policy, alike: Callable[[str], object] | None = None
) -> tuple[str, list[SheetMatrix], tuple[int, int] | None]:
    """Return the sheet's name, the sizes of its matrices on tiles, and the tile that it states.

    Args:
        source: the sheet.
        policy: which matrices are on tiles.
        alike: gives for a name what matrices of one size have to have in common to be taken as one, such as hardware.

    Raises:
        FactsheetError: the sheet cannot be read, or declares no matrix.
    """
    from factsheet.cli.sheets import open_sheet
    from factsheet.errors import WorkloadError
    from factsheet.networks.declared import declared_network
    from factsheet.networks.family import Run
    from factsheet.networks.policy import apply

    name, sheet = open_sheet(source)
    with located(name, WorkloadError):
        network = apply(policy, declared_network(sheet.model_architecture, Run()))
    found: dict[tuple[int, int, object], list[StaticMatmul]] = {}
    for matrix in network.analog_stored:
        found.setdefault(
            (matrix.rows, matrix.cols, alike(matrix.name) if alike is not None else None), []
        ).append(matrix)
    sizes = [
        SheetMatrix(own[0].name, rows, cols, sum(one.matrices for one in own), tuple(one.name for one in own))
        for (rows, cols, _), own in found.items()
    ]
    if not sizes:
        raise UsageError("no matrix is on tiles, so there is nothing to simulate", place=name)
    tile = None if sheet.parameters is None else sheet.parameters.tile
    sides = None if tile is None else (tile.rows.whole, tile.cols.whole)
    stated = (sides[0], sides[1]) if sides and sides[0] and sides[1] else None
    return name, sizes, stated
