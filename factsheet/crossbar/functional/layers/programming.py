"""A converted network through time: programmed, left to drift, compensated, calibrated."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from factsheet.crossbar.functional.tiles.analog_matrix import AnalogMatrix
from factsheet.crossbar.functional.tiles.observation import Calibration
from factsheet.errors import AnalogError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import nn

    from factsheet.crossbar.functional.tiles.observation import CalibrationMethod


def program_analog_weights(analog: nn.Module, seed: int = 0, *, keep: bool = True) -> None:
    """Program every device of the network from its digital weights; the network is at time 0 afterwards.

    Args:
        analog: what `convert_to_analog` returned, or a part of it.
        seed: of all noise, 0 or more; the same seed gives the same network to the bit.
        keep: hold on to the programmed devices, in 6 bytes a weight with PCM; otherwise each point in time programs
            the same devices once more, which takes twice as long and gives the same result.

    Raises:
        AnalogError: there is nothing to program, the seed is not a whole number from 0 on, or a weight is NaN or
            infinite.
    """
    if not _is_seed(seed):
        raise AnalogError(f"the seed {seed!r}", "noise is keyed by it", "give a whole number, 0 or more")
    for matrix in matrices(analog):
        matrix.program(seed, keep=keep)


def drift_analog_weights(analog: nn.Module, t_s: float) -> None:
    """Move the network to a point in time, read its devices there, and compensate as the hardware says.

    Read noise is drawn for that point, once: two moves to the same point find the same conductances.

    Args:
        analog: a network that has been programmed.
        t_s: seconds after programming; going back is possible.

    Raises:
        AnalogError: the time is negative, infinite or NaN.
        NotProgrammedError: `program` was not called.
    """
    for matrix in matrices(analog):
        matrix.at(float(t_s))


def compensate_drift(analog: nn.Module, kind: Literal["global", "column"] = "global") -> None:
    """Correct for the drift up to now: each output is scaled by its read-out at programming over the one of now.

    Holds until the next move in time. Hardware whose `compensation` is set does this by itself at every move.

    Args:
        analog: a network that has been programmed.
        kind: one factor for each tile, or for each column of a tile.

    Raises:
        AnalogError: there is no such kind.
        NotProgrammedError: `program` was not called.
    """
    if kind not in {"global", "column"}:
        raise AnalogError(f"compensation `{kind}`", "nothing is known of it", "choose `global` or `column`")
    for matrix in matrices(analog):
        matrix.compensate(kind)


def pass_gradients(analog: nn.Module, on: bool = True) -> None:
    """Let gradients pass back through a programmed network, or refuse them again; the usual way is to refuse them.

    They are those of the conductances at the time of the forward pass, and pass converters straight through. Weights on
    tiles get none: what is trained are digital parts, such as adapters beside them, biases and norms.

    Args:
        analog: what `convert_to_analog` returned, or a part of it.
        on: whether they pass.

    Raises:
        AnalogError: there is no layer on crossbars.
    """
    for matrix in matrices(analog):
        matrix.passes_gradients = on


@contextmanager
def calibrating(
    analog: nn.Module,
    method: CalibrationMethod = "max",
    *,
    sigmas: float = 3.0,
    share: float = 0.9999,
) -> Iterator[None]:
    """Find the learnt bounds: within this context the network runs without converters and noise, and takes note.

    Each row of tiles gets a bound of its inputs, each layer one of its outputs, the largest that was seen.

    Args:
        analog: what `convert_to_analog` returned, or a part of it.
        method: bounds of inputs: the largest one; `std`, so many standard deviations, a mean over batches; `quantile`,
            what a share of them does not exceed, a mean over batches.
        sigmas: of `std`.
        share: of `quantile`.

    Raises:
        AnalogError: there is nothing to calibrate, or no such method.
    """
    found = matrices(analog)
    calibration = Calibration(method, sigmas, share)
    for matrix in found:
        matrix.observe(True, calibration)
    try:
        yield
    finally:
        for matrix in found:
            matrix.observe(False)


def _is_seed(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def matrices(analog: nn.Module) -> list[AnalogMatrix]:
    """Return the matrices on crossbars, each once.

    Raises:
        AnalogError: there is none.
    """
    found = [one for one in analog.modules() if isinstance(one, AnalogMatrix)]
    if not found:
        raise AnalogError(
            "the module has no layer on crossbars", "there is nothing to do", "see `convert_to_analog`"
        )
    return found
