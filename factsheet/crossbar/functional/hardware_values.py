"""Values of a hardware as plain data, for JSON and YAML, and back: devices by their kind, converters, tiles."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from factsheet.crossbar.functional.devices.described import DescribedDevice
from factsheet.crossbar.functional.devices.device import Device, IdealDevice
from factsheet.crossbar.functional.devices.hermes_pcm import HermesPcm, HermesPcmSingle
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.devices.pcm_by_table import PcmByTable
from factsheet.crossbar.functional.devices.reram import Reram
from factsheet.crossbar.functional.devices.reram_cmo import CmoReram
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.functional.tiles.ir_drop import IrDrop
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import AnalogError

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: dict[str, type[Device]] = {
    "pcm": Pcm,
    "reram": Reram,
    "ideal": IdealDevice,
    "reram-cmo": CmoReram,
    "hermes-pcm": HermesPcm,
    "hermes-pcm-single": HermesPcmSingle,
    "pcm-by-table": PcmByTable,
    "described": DescribedDevice,
}
"""Devices that a configuration can name."""
_PARTS: dict[str, Any] = {"tile": TileShape, "dac": Converter, "adc": Converter, "ir_drop": IrDrop}


def plain(value: object) -> object:
    """Return a value of a hardware as plain data.

    Raises:
        AnalogError: a device is not one of the kinds that a configuration can name.
    """
    match value:
        case Device():
            for kind, cls in KINDS.items():
                if type(value) is cls:
                    return {"kind": kind, **_fields(value)}
            raise AnalogError(
                f"the device {type(value).__name__} has no name in a configuration",
                "a device of your own is code, which plain data cannot hold",
                f"build the hardware in Python, or use one of {', '.join(KINDS)}",
            )
        case TileShape() | Converter() | IrDrop():
            return _fields(value)
        case tuple():
            return [plain(one) for one in value]
        case _:
            return value


def _fields(value: object) -> dict[str, object]:
    return {name: plain(getattr(value, name)) for name in _names(type(value))}


def _names(cls: Any) -> list[str]:
    return [one.name for one in fields(cls)]


def read(name: str, value: object, base: object = None) -> object:
    """Return a value of a hardware that `plain` wrote, or one written by hand.

    Args:
        name: the field of the hardware.
        value: plain data.
        base: the value that a layer's own goes over: parts that it leaves out are those of this one.

    Raises:
        AnalogError: an unknown name or kind, or a value that there cannot be.
    """
    if name == "device" and isinstance(value, str):
        value = {"kind": value}
    if not isinstance(value, dict):
        return _frozen(value)
    if name == "device":
        kind = value.get("kind", _kind_of(base))
        if kind not in KINDS:
            raise AnalogError(
                f"a device of kind {kind!r}", "nothing is known of it", f"use one of {', '.join(KINDS)}"
            )
        cls: Any = KINDS[str(kind)]
        value = {key: one for key, one in value.items() if key != "kind"}
    elif name in _PARTS:
        cls = _PARTS[name]
    else:
        return value
    know(value, set(_names(cls)), name)
    over = {one: getattr(base, one) for one in _names(cls)} if type(base) is cls else {}
    given = {**over, **{key: _frozen(one) for key, one in value.items()}}
    needed = {one.name for one in fields(cls) if one.default is MISSING and one.default_factory is MISSING}
    missing = sorted(needed - given.keys())
    if missing:
        raise AnalogError(f"{name} without {missing[0]}", "it has no default", "add it")
    try:
        return cls(**given)
    except AnalogError:
        raise
    except (TypeError, ValueError) as error:
        raise AnalogError(f"{name}: {error}", "it cannot be simulated", "correct the value") from None


def know(values: Mapping[str, object], known: set[str], what: str) -> None:
    """Refuse names that a value does not have.

    Raises:
        AnalogError: naming the first one.
    """
    unknown = sorted(str(key) for key in values.keys() - known)
    if unknown:
        raise AnalogError(
            f"{what} has no `{unknown[0]}`",
            "it would go unnoticed that it does nothing",
            f"use some of {', '.join(sorted(known))}",
        )


def uniform(value: object) -> object:
    """Return the value with every number as a float, so that 25 and 25.0 are the same conductance."""
    if isinstance(value, dict):
        return {key: uniform(one) for key, one in value.items()}
    if isinstance(value, list):
        return [uniform(one) for one in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _kind_of(base: object) -> str | None:
    return next((kind for kind, cls in KINDS.items() if type(base) is cls), None)


def _frozen(value: object) -> object:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
