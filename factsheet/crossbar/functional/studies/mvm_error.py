"""Error of matrix-vector products, matrix by matrix, without any data: what the arrays do to random inputs.

The error of a product is the length of its deviation over the length of the exact result, ‖y - Wx‖ / ‖Wx‖, taken
together over many random vectors. In bits it is the effective number of bits of IEEE Std 1241, (SNR - 1.76 dB) /
6.02 dB: the resolution of an ideal converter with the same ratio of signal to noise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn

from factsheet.crossbar.functional.draws import seed_of
from factsheet.crossbar.functional.layers.conversion import analog_layers, convert_to_analog
from factsheet.crossbar.functional.layers.programming import calibrating
from factsheet.crossbar.functional.studies.drift_study import checked, run
from factsheet.crossbar.functional.studies.durations import written
from factsheet.crossbar.functional.studies.repeated_scores import ScoreSeries, series_of
from factsheet.crossbar.functional.studies.trial import single_thread
from factsheet.crossbar.functional.tiles.analog_matrix import AnalogMatrix

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.networks.policy import Policy

VECTORS = 128
"""Inputs that the error of one product is taken over."""
_CLIPPED_AT = 3.0
"""Where a fixed bound clips normal inputs, in standard deviations: 0.3 % of them."""


class StoredMatrix(NamedTuple):
    """A matrix that is on tiles."""

    name: str
    weight: nn.Parameter
    """Outputs first."""
    groups: int = 1
    transposed: bool = False
    input_bound: tuple[float, ...] = (math.nan,)
    """One for all, or one for each row of tiles."""
    output_bound: float = math.nan


class MvmTrial(NamedTuple):
    """Which matrix, which repeat, and how long after programming."""

    matrix: int
    repeat: int
    seconds: float

    @property
    def name(self) -> str:
        """What to call it in a message."""
        return (
            f"matrix {self.matrix + 1}, repeat {self.repeat + 1}, {written(self.seconds)} after programming"
        )


class MatrixError(NamedTuple):
    """The error of one matrix over time."""

    name: str
    rows: int
    """Inputs."""
    cols: int
    """Outputs."""
    tiles: int
    errors: ScoreSeries
    """Relative errors, one a repeat."""


def bits(relative_error: float) -> float:
    """Return the effective number of bits of a relative error; infinite for none.

    Args:
        relative_error: length of the deviation over that of the result.
    """
    if relative_error == 0:
        return math.inf
    return (-20 * math.log10(relative_error) - 1.76) / 6.02


def matrices_of(
    module: nn.Module, hardware: AnalogHardware, policy: Policy | None = None
) -> list[StoredMatrix]:
    """Return the matrices of a module that are on tiles, each once.

    Raises:
        AnalogError: there is none, or the policy is off.
    """
    found: dict[int, StoredMatrix] = {}
    for layer in analog_layers(convert_to_analog(module, hardware, policy)).values():
        one = layer.matrix
        bounds = tuple(map(float, one.input_bound)), float(one.output_bound)
        found.setdefault(id(one), StoredMatrix(one.name, one.target, one.groups, one.transposed, *bounds))
    return list(found.values())


def random_matrices(shapes: Sequence[tuple[str, int, int]], seed: int = 0) -> list[StoredMatrix]:
    """Matrices of normal weights, for a network of which only the sizes are known.

    Args:
        shapes: name, inputs and outputs of each.
        seed: of the weights.
    """
    made = []
    for name, rows, cols in shapes:
        generator = torch.Generator().manual_seed(seed_of(seed, "weights", name))
        weight = torch.randn(cols, rows, generator=generator).div_(math.sqrt(rows))
        made.append(StoredMatrix(name, nn.Parameter(weight, requires_grad=False)))
    return made


@dataclass(slots=True)
class MvmExperiment:
    """The work of each trial. It can be sent to another process; what it has programmed stays behind."""

    matrices: Callable[[], list[StoredMatrix]]
    hardware: AnalogHardware
    seed: int = 0
    _made: list[StoredMatrix] | None = field(default=None, repr=False)
    _programmed: tuple[tuple[int, int], AnalogMatrix] | None = field(default=None, repr=False)

    def __getstate__(self) -> tuple[object, ...]:
        return (self.matrices, self.hardware, self.seed)

    def __setstate__(self, state: tuple[object, ...]) -> None:
        for name, value in zip(("matrices", "hardware", "seed"), state, strict=True):
            setattr(self, name, value)
        self._made = self._programmed = None

    def __call__(self, trial: MvmTrial) -> float:
        """Compute the relative error of one trial."""
        with single_thread(), torch.no_grad():
            matrix = self._on_tiles(trial.matrix, trial.repeat)
            matrix.at(trial.seconds)
            inputs = _inputs(matrix, seed_of(self.seed, "inputs", trial.matrix))
            exact = _exact(matrix, inputs)
            # Sums in double precision: of large matrices the last digits of the error would be rounding.
            deviation = (matrix(inputs).double() - exact).norm()
            return float(deviation / exact.norm()) if exact.any() else 0.0

    def stored(self) -> list[StoredMatrix]:
        """Return the matrices."""
        if self._made is None:
            self._made = self.matrices()
        return self._made

    def _on_tiles(self, which: int, repeat: int) -> AnalogMatrix:
        if self._programmed is None or self._programmed[0] != (which, repeat):
            self._programmed = None  # its memory is needed for the next
            matrix = placed(self.stored()[which], self.hardware)
            if "learnt" in {matrix.hardware.dac.bound, matrix.hardware.adc.bound}:
                with calibrating(matrix):
                    matrix(_inputs(matrix, seed_of(self.seed, "calibration", which)))
            matrix.program(seed_of(self.seed, "programming", repeat))
            self._programmed = (which, repeat), matrix
        return self._programmed[1]


def placed(stored: StoredMatrix, hardware: AnalogHardware) -> AnalogMatrix:
    """Put a matrix on tiles of its own, still to be programmed."""
    matrix = AnalogMatrix(
        stored.weight,
        hardware.of(stored.name),
        stored.name,
        groups=stored.groups,
        transposed=stored.transposed,
    )
    matrix.take_input_bounds(torch.tensor(stored.input_bound))
    matrix.output_bound.fill_(stored.output_bound)
    return matrix


def mvm_errors(
    matrices: Callable[[], list[StoredMatrix]],
    times: Sequence[float],
    repeats: int,
    *,
    hardware: AnalogHardware,
    seed: int = 0,
    workers: int | None = 1,
    scheduler: str | None = None,
    finished: Mapping[MvmTrial, float] | None = None,
    on_result: Callable[[MvmTrial, float], None] | None = None,
) -> tuple[MatrixError, ...]:
    """Compute the error of each matrix at each time after programming.

    Args:
        matrices: gives the matrices; one at a time is programmed, so that memory is no matter of the network's size.
        times: seconds after programming.
        repeats: how often each is programmed.
        hardware: the hardware that they are on.
        seed: every draw follows from it.
        workers: processes; 1 is this one, `None` one for each processor.
        scheduler: address of a Dask scheduler to run on instead.
        finished: results that are there already.
        on_result: called with each new result as soon as it is there.

    Raises:
        StudyError, JobError: as `drift_study`.
    """
    times = checked(times, repeats)
    experiment = MvmExperiment(matrices, hardware, seed)
    stored = experiment.stored()
    errors = dict(finished or {})
    todo = [trial for trial in mvm_trials(len(stored), times, repeats) if trial not in errors]
    for trial, error in run(experiment, todo, workers=workers, scheduler=scheduler):
        errors[trial] = error
        if on_result is not None:
            on_result(trial, error)
    found = []
    for index, one in enumerate(stored):
        mapped = placed(one, hardware).mapped
        own = {
            (repeat, seconds): error for (which, repeat, seconds), error in errors.items() if which == index
        }
        series = series_of(own, times, repeats)
        found.append(MatrixError(one.name, mapped.matrix.rows, mapped.matrix.cols, mapped.tiles, series))
    return tuple(found)


def mvm_trials(count: int, times: Sequence[float], repeats: int) -> list[MvmTrial]:
    """List the trials of a study of so many matrices."""
    return [
        MvmTrial(matrix, repeat, seconds)
        for matrix in range(count)
        for repeat in range(repeats)
        for seconds in sorted(times)
    ]


def _inputs(matrix: AnalogMatrix, seed: int) -> torch.Tensor:
    """Normal inputs; where a bound is given, it is three standard deviations."""
    width = matrix.mapped.matrix.rows * matrix.groups
    bound = matrix.hardware.dac.bound
    learnt = float(matrix.input_bound.min())
    limit = learnt if bound == "learnt" and learnt > 0 else bound
    scale = limit / _CLIPPED_AT if isinstance(limit, int | float) else 1.0
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(VECTORS, width, generator=generator).mul_(scale)


def _exact(matrix: AnalogMatrix, inputs: torch.Tensor) -> torch.Tensor:
    """Multiply in double precision."""
    weights = matrix.weights
    columns = len(weights) // matrix.groups
    parts = zip(inputs.double().chunk(matrix.groups, dim=1), weights.split(columns), strict=True)
    return torch.cat([part @ own.double().t() for part, own in parts], dim=1)
