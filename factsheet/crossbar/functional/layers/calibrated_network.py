"""A digital network whose layers carry the bounds of their converters, for every conversion of it to take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from factsheet.crossbar.functional.layers.composite_layers import is_composite
from factsheet.crossbar.functional.layers.conversion import analog_layers, convert_to_analog
from factsheet.crossbar.functional.layers.equivalence import plain_copy
from factsheet.crossbar.functional.layers.programming import calibrating
from factsheet.crossbar.functional.tiles.observation import Calibration
from factsheet.errors import AnalogError, StudyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.networks.policy import Policy


def with_bounds(
    module: nn.Module,
    run: Callable[[nn.Module], object],
    hardware: AnalogHardware,
    policy: Policy | None = None,
    *,
    calibration: Calibration | None = None,
) -> nn.Module:
    """Return a copy of a network whose layers carry bounds of inputs and outputs, found from data.

    Args:
        module: in floating point; it is left as it is.
        run: runs data through the network that it is given; what it returns is not looked at.
        hardware: tiles, each row of which gets a bound of its own.
        policy: which layers are on tiles.
        calibration: how bounds of inputs follow; the largest one if left out.

    Raises:
        AnalogError: no layer is on tiles, or the calibration is none.
        StudyError: the data cannot be run, or no layer on tiles is among what it runs.
    """
    analog = convert_to_analog(module, hardware, policy)
    how = calibration or Calibration()
    with calibrating(analog, how.method, sigmas=how.sigmas, share=how.share), torch.no_grad():
        try:
            run(analog)
        except AnalogError:
            raise
        except Exception as error:
            raise StudyError(
                f"running the data of the calibration raised {type(error).__name__}: {str(error)[:300]}",
                "without inputs no bound is known",
                "correct what it says; the function is called with the model",
            ) from error
    bounded = plain_copy(module)
    found = 0
    for name, layer in analog_layers(analog).items():
        matrix = layer.matrix
        if not bool(torch.isfinite(matrix.input_bound).all()):
            continue  # not run; whoever runs it is told that its bound is not known
        found += 1
        bounds = (matrix.input_bound.tolist(), float(matrix.output_bound))
        parent, _, own = name.rpartition(".")
        if is_composite(bounded.get_submodule(parent)):
            holder = bounded.get_submodule(parent)
            holder.matrix_bounds = {**getattr(holder, "matrix_bounds", {}), own: bounds}
        else:
            digital = bounded.get_submodule(name)
            digital.input_bound, digital.output_bound = bounds
    if not found:
        raise StudyError(
            "the calibration ran no layer that is on tiles",
            "without inputs no bound is known",
            "let the function run data through the model that it is given",
        )
    return bounded
