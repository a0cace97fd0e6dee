"""Values of a hardware as plain data, for JSON and YAML, and back: devices by their kind, converters, tiles."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from factsheet.crossbar.functional.devices.described import DescribedDevice
from factsheet.crossbar.functional.devices.device import Device, IdealDevice
from factsheet.crossbar.functional.devices.hermes_pcm import HermesPcm, HermesPcmSingle
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.devices.pcm_by_table import PcmByTable
from factsheet.crossbar.functional.devices.reram import Reram
from factsheet.crossbar.functional.devices.reram_cmo import CmoReram
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.functional.tiles.fitted_ir_drop import FittedIrDrop
from factsheet.crossbar.functional.tiles.ir_drop import IrDrop
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import AnalogError
from factsheet.source.characters import make_safe

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
_LARGEST = 1e30
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
        case TileShape() | Converter() | IrDrop() | FittedIrDrop():
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
        if not isinstance(kind, str) or kind not in KINDS:
            raise AnalogError(
                f"a device of kind {make_safe(repr(kind))[:60]}",
                "nothing is known of it",
                f"use one of {', '.join(KINDS)}",
            )
        cls: Any = KINDS[kind]
        value = {key: one for key, one in value.items() if key != "kind"}
    elif name in _PARTS:
        cls = _PARTS[name]
        if name == "ir_drop" and not {"scale", "g_ratio"}.isdisjoint(value):
            cls = FittedIrDrop
    else:
        return value
    know(value, set(_names(cls)), name)
    fitting(cls, {key: _frozen(one) for key, one in value.items()}, name)
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


def fitting(cls: type, values: Mapping[str, object], what: str) -> None:
    """Refuse values that are not of the kind that a class declares for them.

    Args:
        cls: a dataclass of the hardware, or of a part of it.
        values: by the names of its fields, parts read already.
        what: whose values they are, for the message.

    Raises:
        AnalogError: naming the first one.
    """
    kinds = get_type_hints(cls, localns={"Device": Device, "IrDrop": IrDrop, "FittedIrDrop": FittedIrDrop})
    for name, value in values.items():
        kind = kinds[name]
        one_of_many = cls is DescribedDevice and get_origin(kind) is tuple and not isinstance(value, tuple)
        for number in value if isinstance(value, tuple) else (value,):
            if isinstance(number, int | float) and not abs(number) <= _LARGEST:
                raise AnalogError(
                    f"{what}: `{name}` is {make_safe(repr(number))[:60]}",
                    "simulations run in single precision, which has no such numbers",
                    f"give a number up to {_LARGEST:.0e}",
                )
        if not _fits((value,) if one_of_many else value, kind):
            raise AnalogError(
                f"{what}: `{name}` is {make_safe(repr(value))[:60]}",
                "a value of another kind cannot be simulated",
                f"give {_expected(name, kind)}",
            )


def _fits(value: object, kind: Any) -> bool:
    from pydantic import TypeAdapter, ValidationError  # only for values that somebody wrote

    if isinstance(kind, type) and (is_dataclass(kind) or kind is Device):
        return isinstance(value, kind)
    try:
        TypeAdapter(kind).validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def _expected(name: str, kind: Any) -> str:
    """Return what a value has to be, in words."""
    if name in _PARTS:
        return f"a mapping with {', '.join(_names(_PARTS[name]))}"
    if kind is Device:
        return f"one of {', '.join(KINDS)}, or a mapping with `kind`"
    choices = [
        str(one) for option in (kind, *get_args(kind)) for one in get_args(option) if isinstance(one, str)
    ]
    words = {
        word: None
        for part, word in (
            (bool, "true or false"),
            (int, "a whole number"),
            (float, "a number"),
            (tuple, "a list of numbers"),
        )
        if part in {kind, get_origin(kind), *get_args(kind)}
    }
    return " or ".join([*words, *(f"`{one}`" for one in choices)])


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
