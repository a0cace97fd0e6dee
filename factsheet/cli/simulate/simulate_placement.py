"""Put the model and the evaluation of a simulation on the device and into the precision that were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.cli.exits import located
from factsheet.cli.simulate.simulate_setup import hardware_of
from factsheet.errors import AnalogError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

    from factsheet.cli.simulate.simulate_setup import SimulateRequest
    from factsheet.crossbar.functional.studies.placed_models import StudyPlacement

    Model = Callable[[], nn.Module]
    Score = Callable[[nn.Module], float]


def placed_model(request: SimulateRequest, model: Model) -> Model:
    """Return the model on its device, with bounds of converters from data where these are asked for.

    Raises:
        FactsheetError: there is no such device, or the data cannot be run.
    """
    with located(f"--device {request.device}", AnalogError):
        return _placement(request).of_model(model, hardware_of(request, None), request.policy)


def placed_evaluation(request: SimulateRequest, evaluate: Score) -> Score:
    """Return the evaluation, on the device and in the precision that were asked for."""
    return _placement(request).of_evaluation(evaluate)


def _placement(request: SimulateRequest) -> StudyPlacement:
    from factsheet.crossbar.functional.studies.placed_models import StudyPlacement  # loads torch

    return StudyPlacement(request.device, request.precision, request.calibrate)


def placement_words(request: SimulateRequest) -> str:
    """Return what results follow from beside the data: precision, device, calibration; empty for the usual ones."""
    words = [f"in {request.precision}"] if request.precision != "float32" else []
    words += [f"on {request.device}"] if request.device != "cpu" else []
    words += [f"bounds from {request.calibrate}"] if request.calibrate is not None else []
    return "".join(f", {one}" for one in words)


def check_placement(request: SimulateRequest, *, is_sheet: bool) -> None:
    """Refuse options that do not go with a sheet, or without data.

    Raises:
        UsageError: naming the option, and what to give instead.
    """
    if is_sheet and (request.calibrate is not None or request.device != "cpu"):
        option = "--calibrate" if request.calibrate is not None else "--device"
        raise UsageError(
            f"{option} goes with `package.module:callable`",
            "a sheet has no weights that data could be run through",
            "leave it out for the error of its products",
        )
    if request.precision != "float32" and request.data is None:
        raise UsageError(
            "--precision goes with --data",
            "it is that of digital layers; products on tiles are in single precision",
            "leave it out for the error of products",
        )
