"""Models and evaluations of a study on another device, in mixed precision, or with bounds of inputs found from data.

Each stands in for the model or the evaluation that it is made of, and can be sent to another process as they can.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import torch
from torch import nn

from factsheet.crossbar.functional.layers.calibrated_network import with_bounds
from factsheet.crossbar.functional.studies.named_sources import NamedEvaluation, NamedModel
from factsheet.crossbar.functional.studies.trial import module_of
from factsheet.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.tiles.observation import Calibration
    from factsheet.networks.policy import Policy

Precision = Literal["float32", "bfloat16", "float16"]
PRECISIONS: tuple[Precision, ...] = ("float32", "bfloat16", "float16")


def checked_device(device: str) -> str:
    """Return the name of a device that is there.

    Raises:
        StudyError: torch knows no such device, or the machine has none.
    """
    try:
        torch.zeros(1, device=device).item()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise StudyError(
            f"the device `{device[:40]}` cannot be used",
            str(error).partition("\n")[0][:200],
            "give cpu, or cuda where torch finds a GPU; `factsheet doctor` says what is installed",
        ) from None
    return device


@dataclass(frozen=True, slots=True)
class PlacedModel:
    """A model on a device."""

    make: nn.Module | Callable[[], nn.Module]
    device: str = "cpu"

    def __call__(self) -> nn.Module:
        """Make the model there.

        Raises:
            StudyError: there is no such device, or no module.
        """
        return module_of(self.make).to(checked_device(self.device))


@dataclass(frozen=True, slots=True)
class CalibratedModel:
    """A model whose layers carry bounds of inputs and outputs, found from data that is run through it once."""

    make: nn.Module | Callable[[], nn.Module]
    run: Callable[[nn.Module], object]
    """Runs data through the model that it is given; what it returns is not looked at."""
    hardware: AnalogHardware
    policy: Policy | None = None
    calibration: Calibration | None = None

    def __call__(self) -> nn.Module:
        """Make the model, and calibrate it.

        Raises:
            StudyError: there is no module, or the data cannot be run.
            AnalogError: no layer can be put on tiles.
        """
        return with_bounds(
            module_of(self.make), self.run, self.hardware, self.policy, calibration=self.calibration
        )


@dataclass(frozen=True, slots=True)
class PlacedEvaluation:
    """An evaluation of a model on a device, and in mixed precision.

    Inputs of the model are moved to the device and outputs back to where the inputs were, so that the evaluation itself
    does not need to know. In mixed precision digital layers run under torch's autocast; products on tiles stay in
    single precision, in which conductances are.
    """

    evaluate: Callable[[nn.Module], float]
    device: str = "cpu"
    precision: Precision = "float32"

    def __call__(self, module: nn.Module) -> float:
        """Score the model.

        Raises:
            StudyError: there is no such precision.
        """
        if self.precision not in PRECISIONS:
            raise StudyError(
                f"a precision of {self.precision!r}",
                "nothing is known of it",
                f"choose one of {', '.join(PRECISIONS)}",
            )
        came_from: list[torch.device] = []

        def enter(_: nn.Module, given: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, Any]:
            came_from.append(_first_device((given, named)) or torch.device(self.device))
            return _moved(given, self.device), _moved(named, self.device)

        def leave(_: nn.Module, __: object, ___: object, result: object) -> object:
            return _moved(result, came_from.pop())

        hooks = []
        if self.device != "cpu":
            hooks.append(module.register_forward_pre_hook(enter, with_kwargs=True))
            hooks.append(module.register_forward_hook(leave, with_kwargs=True))
        mixed = self.precision != "float32"
        place = torch.device(self.device).type
        try:
            with torch.autocast(place, dtype=getattr(torch, self.precision)) if mixed else nullcontext():
                return self.evaluate(module)
        finally:
            for hook in hooks:
                hook.remove()


@dataclass(frozen=True, slots=True)
class StudyPlacement:
    """Where and in which precision a study runs, and what finds the bounds of its converters.

    Attributes:
        device: as torch names it.
        precision: of digital layers.
        calibrate: runs data through the model that it is given, or the name of what makes such a function; `None` for
            bounds as they are.
    """

    device: str = "cpu"
    precision: Precision = "float32"
    calibrate: str | Callable[[nn.Module], object] | None = None

    def of_model(
        self,
        model: str | nn.Module | Callable[[], nn.Module],
        hardware: AnalogHardware,
        policy: Policy | None = None,
    ) -> nn.Module | Callable[[], nn.Module]:
        """Return the model on its device, with bounds from data where these are asked for.

        Args:
            model: a module, what makes it, or the name of that.
            hardware: whose bounds are found.
            policy: which layers are on tiles.

        Raises:
            StudyError: there is no such device, or nothing that runs data.
            WorkloadError: the name of what runs data leads nowhere.
        """
        if isinstance(model, str):
            model = NamedModel(model)
        if self.device != "cpu":
            model = PlacedModel(model, checked_device(self.device))
        run = self.calibrate
        if isinstance(run, str):
            run = NamedEvaluation(run)
            run.function()  # what is wrong with it is better said now than by every worker
        return model if run is None else CalibratedModel(model, run, hardware, policy)

    def of_evaluation(self, evaluate: str | Callable[[nn.Module], float]) -> Callable[[nn.Module], float]:
        """Return the evaluation, or the one of a name, on the device and in the precision."""
        if isinstance(evaluate, str):
            evaluate = NamedEvaluation(evaluate)
        if self.device == "cpu" and self.precision == "float32":
            return evaluate
        return PlacedEvaluation(evaluate, self.device, self.precision)


def _moved(value: Any, device: str | torch.device) -> Any:
    """Return a value with all tensors in it on a device; what else there is stays as it is."""
    if isinstance(value, torch.Tensor):
        return value.to(device)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(_moved(one, device) for one in value))
    if isinstance(value, list | tuple):
        return type(value)(_moved(one, device) for one in value)
    if isinstance(value, dict):
        moved = {key: _moved(one, device) for key, one in value.items()}
        return moved if type(value) is dict else type(value)(**moved)
    return value


def _first_device(value: Any) -> torch.device | None:
    if isinstance(value, torch.Tensor):
        return value.device
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return next((found for one in parts if (found := _first_device(one)) is not None), None)
