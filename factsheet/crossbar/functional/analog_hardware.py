"""The crossbar hardware that a network is simulated on, as plain data: what is in a tile and around it."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.hardware_values import fitting, know, plain, read, uniform
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import AnalogError
from factsheet.networks.policy import fits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from factsheet.crossbar.functional.devices.device import Device
    from factsheet.crossbar.functional.tiles.fitted_ir_drop import FittedIrDrop
    from factsheet.crossbar.functional.tiles.ir_drop import IrDrop

_MOST_PAIRS = 32


class LayerHardware(NamedTuple):
    """What differs for the layers whose names a pattern fits."""

    pattern: str
    """As in a policy: a whole name, or a run of its dotted parts; `*` stands for any part of one."""
    values: tuple[tuple[str, object], ...]
    """Fields of the hardware with their values; the others are those of the whole network."""


def for_layers(pattern: str, **values: object) -> LayerHardware:
    """Return what differs for some layers: `for_layers("classifier", adc=Converter(6, 10.0))`."""
    return LayerHardware(pattern, tuple(values.items()))


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
    unlimited: Literal["neither", "rows", "columns", "both"] = "neither"
    """Which sides of a tile are as long as the matrix on it, whatever `tile` says."""
    split: Literal["full", "even"] = "full"
    """Whether a matrix that takes several tiles fills all but the last, or is cut into parts of one size, as aihwkit
    and aihwkit-lightning cut it."""
    devices_per_weight: int = 2
    """Twice the number of pairs, each pair one positive and one negative device."""
    significance: tuple[float, ...] = (1.0, 1.0)
    """With several pairs, what each counts; those beyond the first two count as stated here."""
    slicing: Literal["equal", "fill", "digits"] = "equal"
    """How several pairs share a weight: each is programmed to the same share of its range; or each is used once the
    range of those named before it is exhausted; or each holds a digit of the weight, the one that counts most the
    first."""
    device_levels: int = 16
    """With `digits`, the conductances that a device is programmed to, 0 and g_max among them: 16 for four bits."""
    g_max_us: float = 25.0
    """Conductance of the largest weight, in µS."""
    g_min_us: float = 0.0
    """Conductance of a device that holds nothing, in µS: a weight of 0 is two of them."""
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
    weight_noise_kind: Literal["constant", "pcm read"] = "constant"
    """Whether that is the same for every weight, or grows with the root of the weight, so that the noise of an output
    grows with the root of its current: √(Σ |w|·x²), aihwkit's PCM_READ."""
    output_noise_spread: float = 0.0
    """How much columns differ in their output noise: standard deviation of it from column to column, relative to
    `output_noise`, drawn when the array is programmed."""
    bound_management: Literal["none", "iterative", "iterative worst case"] = "none"
    """Whether a product of which an output reaches the bound of its ADC is repeated with half the input, until none
    does or a quarter of the DAC's codes is left, as aihwkit does; needs a fixed or learnt bound. In the worst case the
    first repetition is of an input that is reduced by what inputs of one sign add up to, and halves come after."""
    ir_drop: IrDrop | FittedIrDrop | None = None
    """Voltage lost along the wires: solved to first order from their resistance, or aihwkit's fit by the current."""
    compensation: Literal["none", "global", "column"] = "none"
    """Which factor corrects for drift each time that the simulation moves to another point in time: none, one a tile,
    or one a column."""
    read_out: Literal["as followed", "exact", "noisy"] = "as followed"
    """How the array is read for compensation: its conductances themselves, or what noisy ADCs show of one-hot inputs.
    Following the equations it is exact, following aihwkit noisy."""
    reference: Literal["programmed", "target"] = "programmed"
    """What compensation brings outputs back to: the read-out right after programming, or the weights as they were to
    be programmed, read without error."""
    follow: Literal["equations", "aihwkit"] = "equations"
    """Whether each device follows the published equations, or the net weight is put back onto one device after
    programming and the largest renormalised to g_max, and drift compensation reads through noisy ADCs, as aihwkit
    does."""
    layers: tuple[LayerHardware, ...] = ()
    """What differs for some layers; where several patterns fit a name, later ones go over earlier ones."""

    def __post_init__(self) -> None:
        self._check_choices()
        for name in ("input_noise", "output_noise", "weight_noise", "output_noise_spread"):
            _need(0 <= getattr(self, name) < math.inf, name, getattr(self, name), "noise is 0 or more")
        _need(0 < self.g_max_us < math.inf, "g_max_us", self.g_max_us, "a conductance is above 0")
        _need(
            0 <= self.g_min_us < self.g_max_us,
            "g_min_us",
            self.g_min_us,
            "it is 0 or more, and below g_max_us",
        )
        known = self.device.range_us
        _need(
            known is None or (known[0] <= self.g_min_us and self.g_max_us <= known[1]),
            "g_min_us and g_max_us",
            (self.g_min_us, self.g_max_us),
            f"the device is known for {known} µS",
        )
        _need(0 <= self.stuck_rate <= 1, "stuck_rate", self.stuck_rate, "a share is between 0 and 1")
        if self.clip_sigma is not None:
            _need(0 < self.clip_sigma < math.inf, "clip_sigma", self.clip_sigma, "it would clip everything")
        self._check_pairs()
        if self.pair == "both" and self.follow == "aihwkit":
            raise AnalogError(
                "both devices of a pair programmed, following aihwkit",
                "it puts the net weight back onto one of them",
                "use one-sided pairs, or follow the equations",
            )
        if self.adc.bound == "dynamic" and self.reads_noisily:
            raise AnalogError(
                "an ADC bounded by each output, read for compensation"
                + (" as aihwkit does" if self.follow == "aihwkit" else ""),
                "that reads single cells through the ADC, which has no such mode",
                "give the ADC a bound, or `read_out: exact`",
            )
        if self.bound_management != "none" and (self.adc.bound is None or self.adc.bound == "dynamic"):
            raise AnalogError(
                f"bound management with an ADC whose bound is {self.adc.bound}",
                "no output reaches a bound that it does not have",
                "give the ADC a bound, or leave bound management out",
            )
        for layer in self.layers:
            know(dict(layer.values), _NAMES - {"layers"}, f"hardware of the layers `{layer.pattern}`")
            self._with(dict(layer.values))

    def _check_choices(self) -> None:
        choices: tuple[tuple[str, tuple[object, ...]], ...] = (
            ("unlimited", ("neither", "rows", "columns", "both")),
            ("split", ("full", "even")),
            ("slicing", ("equal", "fill", "digits")),
            ("weight_noise_kind", ("constant", "pcm read")),
            ("bound_management", ("none", "iterative", "iterative worst case")),
            ("read_out", ("as followed", "exact", "noisy")),
            ("reference", ("programmed", "target")),
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

    def _check_pairs(self) -> None:
        count = self.devices_per_weight
        _need(
            type(count) is int and count % 2 == 0 and 2 <= count <= 2 * _MOST_PAIRS,  # noqa: PLR2004  a pair has two
            "devices_per_weight",
            count,
            f"weights are held by pairs, of which up to {_MOST_PAIRS} can be simulated",
        )
        _need(
            len(self.significance) >= max(2, count // 2) and all(0 < f < math.inf for f in self.significance),
            "significance",
            self.significance,
            f"each of {max(2, count // 2)} pairs counts something",
        )
        levels = self.device_levels
        _need(
            type(levels) is int and 2 <= levels <= 2**16,  # noqa: PLR2004
            "device_levels",
            levels,
            "a device holds a digit by at least two conductances",
        )

    @property
    def pairs(self) -> tuple[float, ...]:
        """What each pair of a weight counts, in shares of all."""
        used = self.significance[: self.devices_per_weight // 2]
        return tuple(one / sum(used) for one in used)

    @property
    def reads_noisily(self) -> bool:
        """True if the array is read through its noisy ADCs for compensation."""
        return self.read_out == "noisy" or (self.read_out == "as followed" and self.follow == "aihwkit")

    def of(self, name: str) -> AnalogHardware:
        """Return the hardware of one layer, by its name; it holds for that layer alone.

        Raises:
            AnalogError: patterns that fit the name together ask for what cannot be.
        """
        if not self.layers:
            return self
        own: dict[str, object] = {}
        for layer in self.layers:
            if fits(layer.pattern, name):
                own |= dict(layer.values)
        return self._with(own)

    def _with(self, own: Mapping[str, Any]) -> AnalogHardware:
        return replace(self, layers=(), **own)

    def everywhere(self, change: Callable[[AnalogHardware], AnalogHardware]) -> AnalogHardware:
        """Return the hardware with a change of all layers, those with values of their own among them.

        Args:
            change: returns the changed hardware; is called with that of the network and of each pattern.
        """
        base = change(replace(self, layers=()))
        layers = []
        for layer in self.layers:
            own = change(self._with(dict(layer.values)))
            differing = {
                name: getattr(own, name) for name in _NAMES if getattr(own, name) != getattr(base, name)
            }
            layers.append(for_layers(layer.pattern, **differing))
        return replace(base, layers=tuple(layers))

    def row_parts(self, length: int) -> list[slice]:
        """Return the inputs that tiles one below the other take of so many."""
        return _parts(length, length if self.unlimited in {"rows", "both"} else self.tile.rows, self.split)

    def col_parts(self, length: int) -> list[slice]:
        """Return the outputs that tiles side by side take of so many."""
        return _parts(length, length if self.unlimited in {"columns", "both"} else self.tile.cols, self.split)

    def tile_for(self, inputs: int, outputs: int) -> TileShape:
        """Return the tile that a matrix is on, whose unlimited sides are those of the matrix."""
        rows = inputs if self.unlimited in {"rows", "both"} else self.tile.rows
        return TileShape(rows, outputs if self.unlimited in {"columns", "both"} else self.tile.cols)

    def to_dict(self) -> dict[str, object]:
        """Return the hardware as plain data, for JSON or YAML.

        Raises:
            AnalogError: the device is not one of the kinds that a configuration can name.
        """
        found = {one.name: plain(getattr(self, one.name)) for one in fields(self) if one.name != "layers"}
        if self.layers:
            found["layers"] = [
                {"names": layer.pattern, **{name: plain(value) for name, value in layer.values}}
                for layer in self.layers
            ]
        return found

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> AnalogHardware:
        """Return the hardware that `to_dict` wrote, or one written by hand; what is left out has its default.

        Raises:
            AnalogError: an unknown name, or a value of the wrong kind.
        """
        know(values, _NAMES, "hardware")
        own = {name: value for name, value in values.items() if name != "layers"}
        made = {name: read(name, value) for name, value in own.items()}
        fitting(cls, made, "hardware")
        known = getattr(made.get("device"), "range_us", None)
        if known is not None:
            made = {"g_min_us": known[0], "g_max_us": known[1], **made}
        hardware = cls._made(made)
        layers = _layers(values.get("layers") or [], hardware)
        return replace(hardware, layers=layers) if layers else hardware

    @classmethod
    def _made(cls, values: Mapping[str, object]) -> AnalogHardware:
        try:
            return cls(**values)  # type: ignore[arg-type] # checked by the class
        except TypeError as error:
            raise AnalogError(
                f"a value of the wrong kind ({error})", "it cannot be simulated", "see AnalogHardware"
            ) from None

    @property
    def digest(self) -> str:
        """A hash of every value, the same on every machine and in every process: 16 hexadecimal digits."""
        try:
            data = self.to_dict()
        except (
            AnalogError
        ):  # a device of the user's own: its fields are in its repr, as those of any dataclass
            data = {one.name: repr(getattr(self, one.name)) for one in fields(self)}
        text = json.dumps(uniform(data), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


_NAMES = {one.name for one in fields(AnalogHardware)}


def _layers(given: object, base: AnalogHardware) -> tuple[LayerHardware, ...]:
    """Read what differs for some layers: a list of mappings with `names`, or a mapping by pattern."""
    if isinstance(given, dict):
        given = [{"names": pattern, **_mapping(own)} for pattern, own in given.items()]
    if not isinstance(given, list):
        raise AnalogError(
            f"layers is a {type(given).__name__}",
            "hardware of some layers is stated by their names",
            "give a mapping from patterns of names to what differs for these",
        )
    found = []
    for one in map(_mapping, given):
        names = one.get("names")
        if not isinstance(names, str) or not names:
            raise AnalogError(
                "hardware of layers without `names`",
                "it is not known of which layers",
                "give a pattern such as `encoder.*`",
            )
        own = {name: value for name, value in one.items() if name != "names"}
        know(own, _NAMES - {"layers"}, f"hardware of the layers `{names}`")
        values = {name: read(name, value, getattr(base, name)) for name, value in own.items()}
        fitting(AnalogHardware, values, f"hardware of the layers `{names}`")
        found.append(for_layers(names, **values))
    return tuple(found)


def _mapping(given: object) -> dict[str, object]:
    if not isinstance(given, dict):
        raise AnalogError(
            f"hardware of layers is a {type(given).__name__}",
            "each value has a name",
            "give a mapping of what differs for these layers",
        )
    return given


def _parts(length: int, size: int, split: str) -> list[slice]:
    """Cut a side into the parts that tiles of a size take."""
    count = -(-length // size)
    if split == "full":
        return [slice(at, min(at + size, length)) for at in range(0, length, size)]
    ends = [part * (length // count) + min(part, length % count) for part in range(count + 1)]
    return [slice(start, end) for start, end in pairwise(ends)]


def _need(holds: bool, name: str, value: object, why: str) -> None:
    if not holds:
        raise AnalogError(f"{name} is {value}", why, "correct the value")
