"""The sources of error that a hardware has, and the hardware without some of them."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.tiles.converters import Converter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware


def sources(hardware: AnalogHardware) -> tuple[str, ...]:
    """Return the sources of error that a hardware has, in any of its layers."""
    same = hardware.everywhere(
        lambda one: one
    )  # with values of layers in the order in which changes leave them
    return tuple(name for name, off in _SWITCHES.items() if hardware.everywhere(off) != same)


def without(hardware: AnalogHardware, *names: str) -> AnalogHardware:
    """Return the hardware with some of its sources of error left out, in all of its layers.

    Raises:
        KeyError: there is no source of that name.
    """
    for name in names:
        hardware = hardware.everywhere(_SWITCHES[name])
    return hardware


def alone(hardware: AnalogHardware, name: str) -> AnalogHardware:
    """Return the hardware with one of its sources of error and no other.

    Raises:
        KeyError: there is no source of that name.
    """
    if name not in _SWITCHES:
        raise KeyError(name)
    return without(hardware, *(other for other in sources(hardware) if other != name))


def _of_pcm(**values: float) -> Callable[[AnalogHardware], AnalogHardware]:
    """Return what changes values of phase-change memory; layers may be on other devices."""
    return lambda one: (
        replace(one, device=replace(one.device, **values)) if isinstance(one.device, Pcm) else one
    )


_SWITCHES: Mapping[str, Callable[[AnalogHardware], AnalogHardware]] = MappingProxyType(
    {
        "programming noise": _of_pcm(programming=0.0),
        "drift": _of_pcm(drift_exponent=0.0),
        "read noise": _of_pcm(read_noise=0.0),
        "devices": lambda one: one if isinstance(one.device, Pcm) else replace(one, device=IdealDevice()),
        "digits of the weights": lambda one: (
            replace(one, slicing="equal") if one.slicing == "digits" else one
        ),
        "stuck devices": lambda one: replace(one, stuck_rate=0.0),
        "resistance of the wires": lambda one: replace(one, ir_drop=None),
        "clipped weights": lambda one: replace(one, clip_sigma=None),
        "weight noise of each product": lambda one: replace(one, weight_noise=0.0),
        "input noise": lambda one: replace(one, input_noise=0.0),
        "output noise": lambda one: replace(one, output_noise=0.0),
        "digital-analog converter": lambda one: replace(one, dac=Converter(None)),
        # Without its bound there is nothing to repeat a product for.
        "analog-digital converter": lambda one: replace(one, adc=Converter(None), bound_management="none"),
    }
)
"""How each source of error is switched off; what has it not stays as it is."""
