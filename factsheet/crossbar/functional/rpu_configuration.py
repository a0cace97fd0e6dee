"""Say a hardware and a recipe as the `rpu_config` of aihwkit or aihwkit-lightning, as far as these hold them.

Names and meanings of fields are those of aihwkit 1.1.0 and aihwkit-lightning 2.1.0 (`simulator/parameters/`, MIT
licence, IBM). What a toolkit has no field for is listed with the reason; nothing is left out in silence.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from factsheet.crossbar.functional.devices.described import DescribedDevice
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.devices.pcm_by_table import PcmByTable
from factsheet.crossbar.functional.rpu_noise_models import noise_model_of
from factsheet.crossbar.functional.rpu_objects import object_of
from factsheet.crossbar.functional.tiles.fitted_ir_drop import FittedIrDrop
from factsheet.crossbar.functional.tiles.ir_drop import IrDrop
from factsheet.crossbar.functional.training.recipe import HwaRecipe
from factsheet.errors import AnalogError

if TYPE_CHECKING:
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.training.recipe import Strength

Toolkit = Literal["aihwkit", "aihwkit-lightning"]
TOOLKITS: tuple[Toolkit, ...] = ("aihwkit", "aihwkit-lightning")
_NONE = "NONE"


class NotExported(NamedTuple):
    """Something that the toolkit has no field for."""

    what: str
    why: str


@dataclass(frozen=True)
class RpuConfiguration:
    """A configuration of a toolkit as plain data."""

    toolkit: Toolkit
    values: dict[str, Any]
    """Sections as the toolkit names them; members of enumerations by their names, objects with a `class`."""
    left: tuple[NotExported, ...] = field(default=())
    """What it does not hold."""

    def to_json(self) -> str:
        """Return the configuration as JSON, which `factsheet new --from` and `factsheet simulate --hardware` read."""
        return json.dumps(self.values, indent=2) + "\n"

    def to_object(self) -> object:
        """Return the configuration as an object of the toolkit, for its `convert_to_analog`.

        Raises:
            AnalogError: the toolkit is not installed, or has no such field.
        """
        return object_of(self.values, self.toolkit)


def rpu_configuration(
    hardware: AnalogHardware, recipe: HwaRecipe | None = None, toolkit: Toolkit = "aihwkit-lightning"
) -> RpuConfiguration:
    """Return what a toolkit is configured with for the same hardware and training.

    Args:
        hardware: tiles, converters, devices.
        recipe: of hardware-aware training; `None` for a configuration of inference.
        toolkit: whose configuration.

    Raises:
        AnalogError: there is no such toolkit, or the hardware differs by layer.
        StudyError: the recipe leaves something open.
    """
    if toolkit not in TOOLKITS:
        raise AnalogError(
            f"a toolkit called {toolkit!r}", "nothing is known of it", f"give {' or '.join(TOOLKITS)}"
        )
    if hardware.layers:
        raise AnalogError(
            "hardware that differs by layer",
            "an rpu_config is of one layer, or of all",
            "give `hardware.of(name)` for each, and pass them by `specific_rpu_config_fun`",
        )
    made = _Export(hardware, recipe.settled() if recipe is not None else HwaRecipe(), toolkit)
    return RpuConfiguration(toolkit, made.values(), tuple(made.left))


class _Export:
    def __init__(self, hardware: AnalogHardware, recipe: HwaRecipe, toolkit: Toolkit) -> None:
        self.hardware, self.recipe = hardware, recipe
        self.lightning = toolkit == "aihwkit-lightning"
        self.left: list[NotExported] = []

    def leave(self, what: str, why: str) -> None:
        self.left.append(NotExported(what, why))

    def values(self) -> dict[str, Any]:
        kind = "TorchInferenceRPUConfig" if self.lightning else "InferenceRPUConfig"
        found: dict[str, Any] = {
            "class": kind,
            "forward": self._forward(),
            "modifier": self._modifier(),
            "clip": self._clip(),
            "mapping": self._mapping(),
            "pre_post": {"input_range": self._input_range()},
        }
        if self.lightning:
            self._without_devices()
        else:
            found |= self._devices()
        self._neither()
        return found

    def _forward(self) -> dict[str, Any]:
        hardware, recipe = self.hardware, self.recipe
        adc = hardware.adc
        bound = adc.bound if isinstance(adc.bound, int | float) else None
        if recipe.output_bound is not None:
            bound = self._of_w_max(recipe.output_bound, "the bound of outputs in training", bound)
        if isinstance(adc.bound, str) and bound is None:
            self.leave(
                f"an ADC whose bound is {adc.bound}", "the toolkit's ADCs have a fixed one: exact instead"
            )
        for bits, words, end in (
            (recipe.dac_bits, "DACs", hardware.dac.bound),
            (recipe.adc_bits, "ADCs", bound),
        ):
            if bits is not None and end is None:
                self.leave(f"{words} of {bits} bits", "without a bound there is nothing that they divide")
        noise: float | None = hardware.output_noise or 0.0
        if recipe.adc_noise is not None:
            noise = self._of_w_max(recipe.adc_noise, "output noise in training", hardware.output_noise)
        found: dict[str, Any] = {
            "inp_res": _steps(recipe.dac_bits or hardware.dac.bits) if hardware.dac.bound is not None else -1,
            "out_res": _steps(recipe.adc_bits or adc.bits) if bound is not None else -1,
            "out_bound": bound if bound is not None else (0.0 if self.lightning else -1.0),
            "out_noise": noise or 0.0,
        }
        if self.lightning:
            found["out_noise_per_channel"] = self._per_channel(recipe.adc_noise)
            if noise:
                self.leave(
                    "output noise of each tile",
                    "aihwkit-lightning divides it by the root of the number of tiles below each other, and adds it "
                    "in training alone",
                )
            return found
        return {**found, **self._forward_of_aihwkit()}

    def _forward_of_aihwkit(self) -> dict[str, Any]:
        hardware = self.hardware
        found: dict[str, Any] = {
            "inp_bound": 1.0,
            "bound_management": hardware.bound_management.replace(" ", "_").upper(),
            "inp_noise": self._input_noise(),
            "w_noise": hardware.weight_noise,
            "w_noise_type": _NONE,
            "noise_management": _NONE,
            "out_noise_std": hardware.output_noise_spread,
        }
        if isinstance(hardware.ir_drop, FittedIrDrop):
            found |= {"ir_drop": hardware.ir_drop.scale, "ir_drop_g_ratio": hardware.ir_drop.g_ratio}
        if hardware.weight_noise:
            by_current = hardware.weight_noise_kind == "pcm read"
            found["w_noise_type"] = "PCM_READ" if by_current else "ADDITIVE_CONSTANT"
        if hardware.dac.bound == "dynamic":
            found["noise_management"] = "ABS_MAX"
        elif isinstance(hardware.dac.bound, int | float):
            found |= {"noise_management": "CONSTANT", "nm_thres": hardware.dac.bound}
        elif hardware.dac.bound is None:
            found |= {"inp_bound": -1.0}
        return found

    def _input_noise(self) -> float:
        given = self.recipe.input_noise
        if given is None or given.relative_to == "input_bound":
            return self.hardware.input_noise if given is None else given.value
        self.leave(
            f"input noise relative to {given.relative_to}", "the toolkit's is relative to the input bound"
        )
        return self.hardware.input_noise

    def _of_w_max(self, strength: Strength, what: str, instead: float | None) -> float | None:
        if strength.relative_to == "w_max":
            return strength.value
        self.leave(
            f"{what} relative to {strength.relative_to}",
            "the toolkit's is in outputs of one largest weight at the largest input",
        )
        return instead

    def _per_channel(self, strength: Strength | None) -> bool:
        each = strength.per if strength is not None else ""
        return each == "channel" or (not each and self.hardware.scale == "column")

    def _modifier(self) -> dict[str, Any]:
        found = self._noise_modifier()
        bits, share = self.recipe.weight_bits, self.recipe.drop_connect
        if bits is not None and self.lightning:
            each = "_PER_CHANNEL" if self._per_channel(None) else ""
            found |= {"quantization_type": f"DISCRETIZE{each}", "res": _steps(bits)}
        elif bits is not None and found["type"] == _NONE:
            found |= {"type": "DISCRETIZE", "res": 1 / _steps(bits)}
        elif bits is not None:
            self.leave(f"weights of {bits} bits", "aihwkit's modifier rounds weights or adds noise to them")
        if share and self.lightning:
            self.leave(f"drop-connect of {share:g}", "aihwkit-lightning leaves no weights out")
        elif share:
            found["pdrop"] = share
        return found

    def _noise_modifier(self) -> dict[str, Any]:
        noise = self.recipe.weight_noise
        per = self._per_channel(noise)
        name = "noise_type" if self.lightning else "type"
        found: dict[str, Any] = {name: _NONE, "std_dev": 0.0}
        if not self.lightning:
            found["rel_to_actual_wmax"] = True
        if noise is None:
            return found
        if noise.siemens or noise.relative_to in {"w_max", "g_max"}:
            value = noise.value * 1e6 / self.hardware.g_max_us if noise.siemens else noise.value
            kind = "ADD_NORMAL_PER_CHANNEL" if self.lightning and per else "ADD_NORMAL"
            return {**found, name: kind, "std_dev": value}
        if noise.relative_to == "absolute" and not self.lightning:
            return {**found, name: "ADD_NORMAL", "std_dev": noise.value, "rel_to_actual_wmax": False}
        if (
            noise.relative_to == "device_model"
            and not self.lightning
            and type(self.hardware.device) in {Pcm, PcmByTable}
        ):
            return {**found, name: "PROG_NOISE", "std_dev": noise.value, "g_max": self.hardware.g_max_us}
        self.leave(
            f"weight noise of {noise.value:g} relative to {noise.relative_to}",
            "the toolkit's is relative to the largest weight",
        )
        return found

    def _clip(self) -> dict[str, Any]:
        given = self.recipe.weight_clip
        by_channel = given is not None and given.per == "channel" and given.relative_to == "weight_std"
        sigma = self.hardware.clip_sigma if given is None else None
        if given is not None and given.relative_to == "weight_std":
            sigma = given.value
        elif given is not None and not self.lightning:
            return {"type": "FIXED_VALUE", "fixed_value": given.value}
        elif given is not None:
            self.leave(
                f"weights clipped to {given.value:g}", "aihwkit-lightning clips by standard deviations"
            )
        if self.lightning and by_channel:
            return {"type": "LAYER_GAUSSIAN_PER_CHANNEL", "sigma": sigma}
        if by_channel:
            self.leave("weights clipped by channel", "aihwkit clips by the layer")
        if (
            self.lightning
            and self.hardware.scale == "column"
            and isinstance(self.hardware.adc.bound, int | float)
        ):
            self.leave(
                "ADCs bounded by the largest weight of each column",
                "aihwkit-lightning bounds them by that of the tile, unless weights are clipped by channel",
            )
        if sigma is None:
            return {"type": _NONE}
        return {"type": "LAYER_GAUSSIAN", "sigma": sigma}

    def _mapping(self) -> dict[str, Any]:
        hardware = self.hardware
        rows = -1 if hardware.unlimited in {"rows", "both"} else hardware.tile.rows
        cols = -1 if hardware.unlimited in {"columns", "both"} else hardware.tile.cols
        if hardware.split == "full":
            self.leave(
                "tiles that are filled before the next one is begun", "the toolkit cuts into even parts"
            )
        learnt = self.recipe.learnt_output_scales
        if learnt and self.lightning:
            self.leave("learnt scales of outputs", "aihwkit-lightning has none")
        if not self.lightning:
            return {
                **(
                    {"learn_out_scaling": True, "out_scaling_columnwise": learnt == "column"}
                    if learnt
                    else {}
                ),
                "max_input_size": max(rows, 0),
                "max_output_size": max(cols, 0),
                "digital_bias": True,
                "weight_scaling_omega": 1.0,
                "weight_scaling_columnwise": hardware.scale == "column",
            }
        if cols > 0 and hardware.scale == "tile":
            self.leave(f"tiles of {cols} outputs", "aihwkit-lightning does not limit outputs of a tile")
        return {"max_input_size": rows}

    def _input_range(self) -> dict[str, Any]:
        bound, given = self.hardware.dac.bound, self.recipe.input_bound
        learnt = self.recipe.learnt_input_bound or bound == "learnt"
        found: dict[str, Any] = {"enable": False}
        if self.lightning:
            found["dynamic"] = False
        if bound == "dynamic" and given is None and not learnt:
            # aihwkit scales inputs by its noise management, lightning by a range that is dynamic.
            return {"enable": True, "dynamic": True} if self.lightning else found
        if bound is None and given is None:
            return found
        found |= {"enable": True, "learn_input_range": learnt}
        learning = self.recipe.input_range
        if learning is not None:
            found |= {"decay": learning.decay, "input_min_percentage": 1 - learning.clipped_share}
        if given is not None and given.relative_to == "input_std":
            batches = learning.batches if learning is not None else 0
            return {**found, "init_std_alpha": given.value, "init_from_data": batches or 100}
        if given is None and not learnt and not self.lightning:
            return {"enable": False}  # a bound that stays is a constant noise management
        start = given.value if given is not None else bound
        if isinstance(start, int | float):
            return {**found, "init_value": float(start), "init_from_data": 0}
        return found

    def _conductances(self) -> dict[str, Any]:
        hardware = self.hardware
        converter: dict[str, Any] = {"class": "SinglePairConductanceConverter", "g_max": hardware.g_max_us}
        if hardware.g_min_us:
            converter["g_min"] = hardware.g_min_us
        if len(hardware.pairs) > 1:
            factors = [float(one) for one in hardware.significance[: len(hardware.pairs)]]
            converter |= {"class": "NPairConductanceConverter", "f_lst": factors}
            if hardware.slicing != "fill":
                self.leave(f"pairs that hold {hardware.slicing} parts", "aihwkit fills one after the other")
        return converter

    def _devices(self) -> dict[str, Any]:
        hardware, device = self.hardware, self.hardware.device
        found: dict[str, Any] = {"noise_model": None, "drift_compensation": None}
        if hardware.compensation != "none":
            kinds = {"global": "GlobalDriftCompensation", "column": "PerColumnDriftCompensation"}
            exact = "WithExactReference" if hardware.reference == "target" else ""
            found["drift_compensation"] = {"class": kinds[hardware.compensation] + exact}
            if exact and hardware.compensation == "column":
                found["drift_compensation"] = {"class": kinds["column"]}
                self.leave("a target as reference of each column", "aihwkit has one of all columns alone")
        found["noise_model"] = noise_model_of(device, self._conductances())
        if isinstance(device, DescribedDevice):
            self.leave("a described device", "aihwkit has models of its own, for other forms of noise")
        elif found["noise_model"] is None and type(device) is not IdealDevice:
            self.leave(f"the device {type(device).__name__}", "aihwkit has no model of it")
        if hardware.pair == "both":
            self.leave("pairs of which both are programmed", "aihwkit leaves one of them at its lowest")
        return found

    def _without_devices(self) -> None:
        hardware = self.hardware
        if type(hardware.device) is not IdealDevice:
            kind = type(hardware.device).__name__
            self.leave(f"the device {kind}", "aihwkit-lightning trains, and has no devices or drift")
        for name, value in (
            ("input noise", hardware.input_noise),
            ("weight noise", hardware.weight_noise),
            ("columns that differ in output noise", hardware.output_noise_spread),
        ):
            if value:
                self.leave(f"{name}: {value:g}", "aihwkit-lightning has none of each product")
        if hardware.bound_management != "none":
            self.leave("bound management", "aihwkit-lightning repeats no products")
        if self.recipe.input_noise is not None:
            self.leave("input noise in training", "aihwkit-lightning has none")

    def _neither(self) -> None:
        """List what neither toolkit has."""
        hardware, recipe = self.hardware, self.recipe
        if hardware.stuck_rate:
            self.leave(f"{hardware.stuck_rate:g} of devices stuck", "the toolkit has no stuck devices")
        if isinstance(hardware.ir_drop, IrDrop):
            self.leave(f"wires of {hardware.ir_drop.wire_ohm:g} ohms a cell", "the toolkit has another model")
        elif hardware.ir_drop is not None and self.lightning:
            self.leave("an IR drop as aihwkit fits it", "aihwkit-lightning has none")
        if recipe.read_noise is not None and not (self.lightning and recipe.read_noise.value == 0):
            self.leave("read noise in training", "the toolkit's modifier has one kind of noise")
        if recipe.drift is not None:
            self.leave("drift in training", "the toolkit trains without it")
        if recipe.noise_in_backward:
            self.leave("noise in the backward pass", "the toolkit decides which pass has noise")


def _steps(bits: int | None) -> float:
    """Return a resolution as both toolkits take it: the steps from end to end, 2ᵇ − 2; −1 for infinitely many."""
    return float(2**bits - 2) if bits is not None else -1
