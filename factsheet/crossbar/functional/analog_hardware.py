"""The crossbar hardware that a network is simulated on, as plain data: what is in a tile and around it."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from factsheet.crossbar.functional.devices.device import Device, IdealDevice
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.devices.reram import Reram
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.functional.tiles.ir_drop import IrDrop
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import AnalogError
from factsheet.source.loader import read_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: dict[str, type[Device]] = {"pcm": Pcm, "reram": Reram, "ideal": IdealDevice}
"""Devices that a configuration can name."""


@dataclass(frozen=True, slots=True)
class AnalogHardware:
    """A tile, its devices and its converters.

    Values inside a tile are relative: inputs to the bound of the DAC, weights to the largest one that the devices of
    a tile or column hold, outputs to the product of both. A bound of 10 for the ADC means ten full inputs on ten full
    weights.

    Raises:
        AnalogError: a value that no hardware could have, or two that exclude each other.
    """

    tile: TileShape = field(default_factory=lambda: TileShape(512, 512))
    """Geometry of one array, in weights."""
    device: Device = field(default_factory=Pcm)
    devices_per_weight: Literal[2, 4] = 2
    """One or two pairs of devices, each pair one positive and one negative."""
    significance: tuple[float, ...] = (1.0, 1.0)
    """With two pairs, what each counts; each is programmed to the same share of its range."""
    g_max_us: float = 25.0
    """Conductance of the largest weight, in µS."""
    pair: Literal["one-sided", "both"] = "one-sided"
    """Whether one device of a pair stays at 0, or both are programmed, half the range up and down from its middle."""
    stuck_rate: float = 0.0
    """Share of devices that cannot be programmed."""
    stuck_at: Literal["off", "on", "either"] = "off"
    """Where these are: at 0, at g_max, or half of them at each; from there they drift and fluctuate as any device."""
    scale: Literal["column", "tile"] = "column"
    """Whether the largest weight of each column of a tile, or of the whole tile, is given g_max."""
    clip_sigma: float | None = None
    """Weights beyond so many standard deviations of their matrix are clipped before scaling."""
    dac: Converter = field(default_factory=lambda: Converter(8, "dynamic"))
    adc: Converter = field(default_factory=lambda: Converter(8, 10.0))
    input_noise: float = 0.0
    """Standard deviation added to each input of a tile, relative to the bound of the DAC; new in every product."""
    output_noise: float = 0.0
    """Standard deviation added to each output of a tile before its ADC, in full inputs on full weights; new in every
    product."""
    weight_noise: float = 0.0
    """Standard deviation of each weight relative to the largest, new in every product. It reaches an output as
    normal noise of this size times the length of the input vector, and is drawn as that."""
    ir_drop: IrDrop | None = None
    compensation: Literal["none", "global", "column"] = "none"
    """Which factor corrects for drift each time that the simulation moves to another point in time: none, one a tile,
    or one a column."""
    follow: Literal["equations", "aihwkit"] = "equations"
    """Whether each device follows the published equations, or the net weight is put back onto one device after
    programming and the largest renormalised to g_max, and drift compensation reads through noisy ADCs, as aihwkit
    does."""

    def __post_init__(self) -> None:
        self._check_choices()
        for name in ("input_noise", "output_noise", "weight_noise"):
            _need(0 <= getattr(self, name) < math.inf, name, getattr(self, name), "noise is 0 or more")
        _need(0 < self.g_max_us < math.inf, "g_max_us", self.g_max_us, "a conductance is above 0")
        _need(0 <= self.stuck_rate <= 1, "stuck_rate", self.stuck_rate, "a share is between 0 and 1")
        if self.clip_sigma is not None:
            _need(0 < self.clip_sigma < math.inf, "clip_sigma", self.clip_sigma, "it would clip everything")
        _need(
            len(self.significance) == 2 and all(0 < f < math.inf for f in self.significance),  # noqa: PLR2004 - two pairs
            "significance",
            self.significance,
            "each of two pairs counts something",
        )
        if self.pair == "both" and self.follow == "aihwkit":
            raise AnalogError(
                "both devices of a pair programmed, following aihwkit",
                "it puts the net weight back onto one of them",
                "use one-sided pairs, or follow the equations",
            )
        if self.adc.bound == "dynamic" and self.follow == "aihwkit":
            raise AnalogError(
                "an ADC bounded by each output, following aihwkit",
                "its compensation reads single cells through the ADC, which has no such mode",
                "give the ADC a bound, or follow the equations",
            )

    def _check_choices(self) -> None:
        choices: tuple[tuple[str, tuple[object, ...]], ...] = (
            ("devices_per_weight", (2, 4)),
            ("pair", ("one-sided", "both")),
            ("stuck_at", ("off", "on", "either")),
            ("scale", ("column", "tile")),
            ("compensation", ("none", "global", "column")),
            ("follow", ("equations", "aihwkit")),
        )
        for name, known in choices:
            if getattr(self, name) not in known:
                raise AnalogError(
                    f"{name} is {getattr(self, name)!r}",
                    "the simulation would not know what to do",
                    f"choose one of {', '.join(str(one) for one in known)}",
                )

    @property
    def pairs(self) -> tuple[float, ...]:
        """What each pair of a weight counts, in shares of all."""
        used = self.significance[: self.devices_per_weight // 2]
        return tuple(one / sum(used) for one in used)

    def to_dict(self) -> dict[str, object]:
        """Return the hardware as plain data, for JSON or YAML.

        Raises:
            AnalogError: the device is not one of the kinds that a configuration can name.
        """
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}

    @classmethod
    def from_dict(cls, values: dict[str, object]) -> AnalogHardware:
        """Return the hardware that `to_dict` wrote, or one written by hand; what is left out has its default.

        Raises:
            AnalogError: an unknown name, or a value of the wrong kind.
        """
        known = {one.name for one in fields(cls)}
        _know(values, known, "hardware")
        read = {name: _read(name, value) for name, value in values.items()}
        try:
            return cls(**read)  # type: ignore[arg-type] # checked by the class
        except TypeError as error:
            raise AnalogError(
                f"a value of the wrong kind ({error})", "it cannot be simulated", "see AnalogHardware"
            ) from None

    @property
    def digest(self) -> str:
        """A hash of every value, the same on every machine and in every process: 16 hexadecimal digits."""
        try:
            plain = self.to_dict()
        except (
            AnalogError
        ):  # a device of the user's own: its fields are in its repr, as those of any dataclass
            plain = {one.name: repr(getattr(self, one.name)) for one in fields(self)}
        text = json.dumps(_uniform(plain), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_hardware(given: str | Path | Mapping[str, object]) -> AnalogHardware:
    """Return the hardware of that kind of device, with global compensation; or that of a file, or of these values.

    Raises:
        AnalogError: it is none that could exist, or the file holds no mapping.
        SourceUnreadableError: the file cannot be read.
    """
    if isinstance(given, str) and given in KINDS:
        return AnalogHardware.from_dict({"device": given, "compensation": "global"})
    if not isinstance(given, str | Path):
        return AnalogHardware.from_dict(dict(given))
    loaded = read_sheet(Path(given))
    data = None if loaded.document is None or loaded.problems else loaded.document.data
    if not isinstance(data, dict):
        raise AnalogError(
            f"{given} holds no mapping of hardware values",
            loaded.problems[0].message if loaded.problems else "each value has a name",
            f"give one of {', '.join(KINDS)}, or a YAML file as docs/simulate.md describes it",
        )
    return AnalogHardware.from_dict(data)


def _uniform(value: object) -> object:
    """Return the value with every number as a float, so that 25 and 25.0 are the same conductance."""
    if isinstance(value, dict):
        return {key: _uniform(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_uniform(one) for one in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _plain(value: object) -> object:
    match value:
        case TileShape():
            return {"rows": value.rows, "cols": value.cols}
        case Converter():
            return {"bits": value.bits, "bound": value.bound}
        case IrDrop():
            return {"wire_ohm": value.wire_ohm}
        case Device():
            for kind, cls in KINDS.items():
                if type(value) is cls:
                    options = {one.name: getattr(value, one.name) for one in fields(cls)}  # type: ignore[arg-type]
                    return {"kind": kind, **options}
            raise AnalogError(
                f"the device {type(value).__name__} has no name in a configuration",
                "a device of your own is code, which plain data cannot hold",
                f"build the hardware in Python, or use one of {', '.join(KINDS)}",
            )
        case tuple():
            return list(value)
        case _:
            return value


def _read(name: str, value: object) -> object:
    if name == "device" and isinstance(value, str):
        value = {"kind": value}
    if isinstance(value, dict):
        if name == "device":
            kind = value.get("kind")
            if kind not in KINDS:
                raise AnalogError(
                    f"a device of kind {kind!r}", "nothing is known of it", f"use one of {', '.join(KINDS)}"
                )
            cls: type = KINDS[str(kind)]
            value = {key: one for key, one in value.items() if key != "kind"}
        else:
            made: dict[str, type] = {"tile": TileShape, "dac": Converter, "adc": Converter, "ir_drop": IrDrop}
            if name not in made:
                return value
            cls = made[name]
        names = {one.name for one in fields(cls)}
        _know(value, names, name)
        needed = {
            one.name for one in fields(cls) if one.default is MISSING and one.default_factory is MISSING
        }
        missing = sorted(needed - value.keys())
        if missing:
            raise AnalogError(f"{name} without {missing[0]}", "it has no default", "add it")
        try:
            return cls(**value)
        except AnalogError:
            raise
        except (TypeError, ValueError) as error:
            raise AnalogError(f"{name}: {error}", "it cannot be simulated", "correct the value") from None
    return tuple(value) if isinstance(value, list) else value


def _know(values: dict[str, object], known: set[str], what: str) -> None:
    unknown = sorted(values.keys() - known)
    if unknown:
        raise AnalogError(
            f"{what} has no `{unknown[0]}`",
            "it would go unnoticed that it does nothing",
            f"use some of {', '.join(sorted(known))}",
        )


def _need(holds: bool, name: str, value: object, why: str) -> None:
    if not holds:
        raise AnalogError(f"{name} is {value}", why, "correct the value")
