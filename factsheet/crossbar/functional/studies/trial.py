"""One trial of a study: a model programmed with errors of its own, as it is some time later."""

from __future__ import annotations

import copy
import math
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn

from factsheet.crossbar.functional.draws import seed_of
from factsheet.crossbar.functional.studies.durations import written
from factsheet.errors import AnalogError, StudyError
from factsheet.quantities.units import LARGEST_SCORE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.networks.policy import Policy


class Trial(NamedTuple):
    """Which repeat, and how long after programming."""

    repeat: int
    seconds: float

    @property
    def name(self) -> str:
        """What to call it in a message."""
        if self == DIGITAL:
            return "the model in floating point"
        return f"repeat {self.repeat + 1}, {written(self.seconds)} after programming"


DIGITAL = Trial(-1, 0.0)
"""The model as it is, without any array: what everything else is compared with."""


@dataclass(slots=True)
class Experiment:
    """The work of each trial. It can be sent to another process; what it has programmed stays behind."""

    model: nn.Module | Callable[[], nn.Module]
    evaluate: Callable[[nn.Module], float]
    hardware: AnalogHardware
    policy: Policy | None = None
    seed: int = 0
    _digital: nn.Module | None = field(default=None, repr=False)
    _programmed: tuple[int, nn.Module] | None = field(default=None, repr=False)
    _at: Trial | None = field(default=None, repr=False)

    def __getstate__(self) -> tuple[object, ...]:
        return (self.model, self.evaluate, self.hardware, self.policy, self.seed)

    def __setstate__(self, state: tuple[object, ...]) -> None:
        names = ("model", "evaluate", "hardware", "policy", "seed")
        for name, value in zip(names, state, strict=True):
            setattr(self, name, value)
        self._digital = self._programmed = self._at = None

    def __call__(self, trial: Trial) -> float:
        """Score one trial.

        Raises:
            StudyError: the model cannot be made, or the evaluation raises or gives no score.
        """
        with _computing():
            module = self._digital_model() if trial == DIGITAL else self._at_time(trial)
            return self._scored(module, trial)

    def with_digital(self, trial: Trial, names: Collection[str]) -> float | None:
        """Score one trial with some of the layers in floating point; `None` where they cannot be put back alone.

        The others are those of the same chip: nothing is programmed again for it.

        Args:
            trial: which chip, and when.
            names: of the layers.

        Raises:
            StudyError: the model cannot be made, or the evaluation raises or gives no score.
        """
        from factsheet.crossbar.functional.studies.swapped_layers import digital_places, swapped

        with _computing():
            module = self._at_time(trial)
            places = digital_places(module, self._digital_model(), names)
            if places is None:
                return None
            with swapped(module, places):
                return self._scored(module, trial)

    def _at_time(self, trial: Trial) -> nn.Module:
        """Return a chip at a point in time, its noise of products from the start."""
        from factsheet.crossbar.functional.layers.programming import drift_analog_weights, matrices

        module = self._on_tiles(trial.repeat)
        if self._at == trial:
            for matrix in matrices(module):
                matrix.vectors = 0  # as after a move to this time, which would read the same devices
        else:
            drift_analog_weights(module, trial.seconds)
            self._at = trial
        return module

    def _scored(self, module: nn.Module, trial: Trial) -> float:
        # Only now: whether the model had to be made for this trial must not show in the evaluation.
        torch.manual_seed(seed_of(self.seed, "evaluation", *trial))
        return self._score(module, trial)

    def _on_tiles(self, repeat: int) -> nn.Module:
        """Program the model for a repeat, and keep it: the next trial is often of the same one."""
        from factsheet.crossbar.functional.layers.conversion import convert_to_analog
        from factsheet.crossbar.functional.layers.programming import program_analog_weights

        if self._programmed is None or self._programmed[0] != repeat:
            self._programmed = self._at = None  # its memory is needed for the next
            module = convert_to_analog(self._digital_model(), self.hardware, self.policy)
            program_analog_weights(module, seed=seed_of(self.seed, "programming", repeat))
            self._programmed = repeat, module
        return self._programmed[1]

    def _digital_model(self) -> nn.Module:
        if self._digital is None:
            self._digital = copy.deepcopy(module_of(self.model)).eval()
        return self._digital

    def _score(self, module: nn.Module, trial: Trial) -> float:
        try:
            given: object = self.evaluate(module)
        except AnalogError:
            raise
        except Exception as error:
            raise StudyError(
                f"{trial.name}: the evaluation raised {type(error).__name__}: {str(error)[:300]}",
                "without a score there is nothing to compare",
                "correct what it says; the function is called with the model and returns a number",
            ) from error
        return number(given, trial.name)


def module_of(model: nn.Module | Callable[[], nn.Module]) -> nn.Module:
    """Return the module that is given, or that is made.

    Raises:
        StudyError: there is none.
    """
    made = model if isinstance(model, nn.Module) else model()
    if not isinstance(made, nn.Module):
        raise StudyError(
            f"what should make the model gave {type(made).__name__}, not a torch.nn.Module",
            "its layers are what is put on tiles",
            "let it return the module",
        )
    return made


def number(given: object, name: str) -> float:
    """Return a score as a float.

    Raises:
        StudyError: it is no finite number.
    """
    try:
        # Numbers of other packages and tensors of one element too, unless they are true or false or complex.
        kind = str(getattr(given, "dtype", type(given).__name__))
        countable = hasattr(given, "__float__") and "bool" not in kind and "complex" not in kind
        score = float(given) if countable else math.nan  # type: ignore[arg-type]  # it has the method
    except (TypeError, ValueError, RuntimeError, OverflowError):
        score = math.nan
    if not math.isfinite(score) or abs(score) > LARGEST_SCORE:
        shown = (
            repr(given)[:60] if isinstance(given, int | float | str | bool | None) else type(given).__name__
        )
        raise StudyError(
            f"{name}: the evaluation gave {shown}, which is no score",
            "a mean over scores that are no numbers says nothing",
            f"let it return one number of at most {LARGEST_SCORE:.0e}, such as the share of right answers",
        )
    return score


@contextmanager
def _computing() -> Iterator[None]:
    with single_thread(), torch.random.fork_rng(devices=[]), torch.no_grad():
        yield


@contextmanager
def single_thread() -> Iterator[None]:
    """Sums are taken in one order, whatever the machine: with more threads the last bits would differ."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
