"""The hardware with all of its noise stronger or weaker: what a model withstands beyond what it was trained with."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.errors import AnalogError

if TYPE_CHECKING:
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.devices.device import Device

_OF_DEVICES = ("programming", "programming_us", "read_noise", "spread")
"""Fields of devices that σ of programming, of reading, or of both is proportional to."""
_OF_PRODUCTS = ("input_noise", "output_noise", "weight_noise")
MOST = 1000.0
"""Times the noise; with more there is no signal left."""


def with_noise(hardware: AnalogHardware, strength: float) -> AnalogHardware:
    """Return the hardware with its noise so many times as strong, in all of its layers.

    Standard deviations are multiplied: of programming, of reading, and of what is added to inputs, weights and outputs
    of products. Drift, converters, stuck devices and the resistance of wires stay as they are.

    Args:
        hardware: what it runs on.
        strength: 0 or more; 1 leaves the hardware as it is.

    Raises:
        AnalogError: the strength is none, or a device has no noise that could be scaled.
    """
    if not 0 <= strength <= MOST:
        raise AnalogError(
            f"noise of strength {strength:g}",
            f"it is a multiple of the hardware's own, from 0 to {MOST:g}",
            "give for example 0.5, 1 and 2",
        )
    if math.isclose(strength, 1.0):
        return hardware

    def change(one: AnalogHardware) -> AnalogHardware:
        noises: dict[str, Any] = {name: strength * getattr(one, name) for name in _OF_PRODUCTS}
        return replace(one, device=_device(one.device, strength), **noises)

    return hardware.everywhere(change)


def _device(device: Device, strength: float) -> Device:
    if isinstance(device, IdealDevice):
        return device
    known = [field.name for field in fields(device) if field.name in _OF_DEVICES]  # type: ignore[arg-type]  # a dataclass
    if not known:
        raise AnalogError(
            f"noise of another strength on a device of kind {type(device).__name__}",
            f"none of its fields is one of {', '.join(_OF_DEVICES)}, which its noise would be proportional to",
            "describe the device (`kind: described`), or write hardware files with the noise that you mean",
        )
    return replace(device, **{name: _times(getattr(device, name), strength) for name in known})  # type: ignore[type-var]


def _times(value: Any, strength: float) -> Any:
    return tuple(strength * one for one in value) if isinstance(value, tuple) else strength * value
