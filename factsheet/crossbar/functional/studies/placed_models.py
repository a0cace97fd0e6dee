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
