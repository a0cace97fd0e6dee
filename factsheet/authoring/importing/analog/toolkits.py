"""Classes of analog toolkits with the defaults of their fields, for what a configuration leaves to them.

Copied by hand from the public sources of aihwkit 1.2.0 (`simulator/parameters/{io,inference,mapping,pre_post}.py`,
`simulator/presets/{inference,utils}.py`, `simulator/configs/configs.py`, `inference/noise/*.py`,
`inference/converter/conductance.py`) and aihwkit-lightning 2.1.0 (`simulator/parameters/*.py`,
`simulator/configs/configs.py`); MIT licence, IBM.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from factsheet.authoring.importing.analog.values import Member, Node, Value


class ToolkitClass(NamedTuple):
    """A class: the one it is derived from, and the defaults that it sets."""

    base: str
    defaults: dict[str, Any]


class Toolkit(NamedTuple):
    """A toolkit: its name and version, its classes, and those that are whole configurations."""

    name: str
    version: str
    classes: dict[str, ToolkitClass]
    inference: frozenset[str]
    on_chip: frozenset[str]
    """Beginnings or whole names of configurations that train on the chip, which no section of a sheet holds."""

    @property
    def words(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"

    def default(self, cls: str, name: str) -> Value | type[KeyError]:
        """Return the default of a field, a new object where it is one; `KeyError` where there is none."""
        seen = 0
        while cls in self.classes and seen < len(self.classes):
            known = self.classes[cls]
            if name in known.defaults:
                return _made(known.defaults[name])
            cls, seen = known.base, seen + 1
        return KeyError

    def derives(self, cls: str, *bases: str) -> bool:
        """Return whether a class is one of these, or derived from one."""
        for _ in range(len(self.classes) + 1):
            if cls in bases:
                return True
            if cls not in self.classes:
                return False
            cls = self.classes[cls].base
        return False

    def with_classes(self, classes: dict[str, ToolkitClass]) -> Toolkit:
        """Return the toolkit with classes of the user's own."""
        return self._replace(classes={**self.classes, **classes})


def _made(value: Any) -> Value:
    if isinstance(value, tuple):
        cls, values = value
        return Node(cls, {name: (_made(one), 0) for name, one in values.items()})
    made: Value = value
    return made


_NONE = Member("NONE")
_RANGE = {
    "enable": False,
    "learn_input_range": True,
    "init_value": 3.0,
    "init_from_data": 100,
    "init_std_alpha": 3.0,
    "decay": 0.001,
}
_ITERATIVE = {"bound_management": Member("ITERATIVE"), "noise_management": Member("ABS_MAX")}

AIHWKIT = Toolkit(
    "aihwkit",
    "1.2.0",
    {
        "InferenceRPUConfig": ToolkitClass(
            "",
            {
                "forward": ("IOParameters", {}),
                "mapping": ("MappingParameter", {}),
                "pre_post": ("PrePostProcessingParameter", {}),
                "clip": ("WeightClipParameter", {}),
                "remap": ("WeightRemapParameter", {}),
                "modifier": ("WeightModifierParameter", {}),
                "noise_model": ("PCMLikeNoiseModel", {}),
                "drift_compensation": ("GlobalDriftCompensation", {}),
            },
        ),
        "TorchInferenceRPUConfig": ToolkitClass("InferenceRPUConfig", {}),
        "QuantizedTorchInferenceRPUConfig": ToolkitClass("TorchInferenceRPUConfig", {}),
        "TorchInferenceRPUConfigIRDropT": ToolkitClass(
            "TorchInferenceRPUConfig", {"forward": ("IOParametersIRDropT", {})}
        ),
        "StandardHWATrainingPreset": ToolkitClass(
            "InferenceRPUConfig",
            {
                "mapping": (
                    "MappingParameter",
                    {
                        "weight_scaling_omega": 1.0,
                        "weight_scaling_columnwise": True,
                        "max_input_size": 512,
                        "max_output_size": 0,
                        "digital_bias": True,
                        "learn_out_scaling": True,
                        "out_scaling_columnwise": True,
                    },
                ),
                "forward": (
                    "PresetIOParameters",
                    {
                        "inp_res": 254.0,
                        "out_res": 254.0,
                        "bound_management": _NONE,
                        "noise_management": Member("CONSTANT"),
                        "nm_thres": 1.0,
                        "w_noise": 0.0175,
                        "w_noise_type": Member("PCM_READ"),
                        "ir_drop": 1.0,
                        "out_noise": 0.04,
                        "out_bound": 10.0,
                    },
                ),
                "remap": (
                    "WeightRemapParameter",
                    {"remapped_wmax": 1.0, "type": Member("CHANNELWISE_SYMMETRIC")},
                ),
                "pre_post": (
                    "PrePostProcessingParameter",
                    {"input_range": ("InputRangeParameter", {"enable": True})},
                ),
                "clip": ("WeightClipParameter", {"type": Member("FIXED_VALUE"), "fixed_value": 1.0}),
            },
        ),
        "FloatingPointPreset": ToolkitClass(
            "TorchInferenceRPUConfig",
            {
                "mapping": ("MappingParameter", {"max_input_size": 0, "max_output_size": 0}),
                "forward": ("IOParameters", {"is_perfect": True}),
            },
        ),
        "IOParameters": ToolkitClass(
            "",
            {
                "is_perfect": False,
                "inp_bound": 1.0,
                "inp_noise": 0.0,
                "inp_res": 1 / (2**7 - 2),
                "out_bound": 12.0,
                "out_noise": 0.06,
                "out_noise_std": 0.0,
                "out_res": 1 / (2**9 - 2),
                "w_noise": 0.0,
                "w_noise_type": _NONE,
                "ir_drop": 0.0,
                "nm_thres": 0.0,
                **_ITERATIVE,
            },
        ),
        "PresetIOParameters": ToolkitClass("IOParameters", {"out_bound": 20.0, "out_noise": 0.1}),
        "StandardIOParameters": ToolkitClass(
            "IOParameters",
            {"inp_res": 1 / (2**8 - 2), "out_res": 1 / (2**8 - 2), "out_bound": 10.0, "out_noise": 0.04},
        ),
        "IOParametersIRDropT": ToolkitClass("IOParameters", {"ir_drop": 1.0, "ir_drop_rs": 0.15}),
        "MappingParameter": ToolkitClass(
            "",
            {
                "digital_bias": True,
                "weight_scaling_omega": 0.0,
                "weight_scaling_columnwise": False,
                "learn_out_scaling": False,
                "out_scaling_columnwise": False,
                "max_input_size": 512,
                "max_output_size": 512,
            },
        ),
        "PrePostProcessingParameter": ToolkitClass("", {"input_range": ("InputRangeParameter", {})}),
        "PrePostProcessingParameterQuant": ToolkitClass("PrePostProcessingParameter", {}),
        "InputRangeParameter": ToolkitClass("", dict(_RANGE)),
        "WeightModifierParameter": ToolkitClass(
            "",
            {
                "type": _NONE,
                "std_dev": 0.0,
                "res": 0.0,
                "pdrop": 0.0,
                "enable_during_test": False,
                "rel_to_actual_wmax": True,
                "assumed_wmax": 1.0,
                "pcm_t_inference": 0.0,
                "g_max": 25.0,
            },
        ),
        "WeightClipParameter": ToolkitClass("", {"type": _NONE, "fixed_value": -1.0, "sigma": 2.5}),
        "WeightRemapParameter": ToolkitClass("", {"type": _NONE, "remapped_wmax": 1.0}),
        "PCMLikeNoiseModel": ToolkitClass(
            "",
            {
                "g_max": None,
                "g_converter": None,
                "t_0": 20.0,
                "t_read": 250e-9,
                "prog_noise_scale": 1.0,
                "read_noise_scale": 1.0,
                "drift_scale": 1.0,
            },
        ),
        "CustomDriftPCMLikeNoiseModel": ToolkitClass("PCMLikeNoiseModel", {"custom_drift_model": None}),
        "HermesNoiseModel": ToolkitClass(
            "PCMLikeNoiseModel", {"num_devices": 2, "t_0": None, "t_read": 512e-9}
        ),
        "StateIndependentNoiseModel": ToolkitClass(
            "",
            {
                "g_max": None,
                "g_converter": None,
                "prog_coeff": None,
                "prog_noise_scale": 1.0,
                "drift_nu_mean": 0.1,
                "drift_nu_std": 0.05,
                "drift_scale": 1.0,
                "t_0": 20.0,
                "read_noise_scale": 1.0,
                "t_read": 250e-9,
            },
        ),
        "ReRamWan2022NoiseModel": ToolkitClass("", {"g_max": None, "g_converter": None, "noise_scale": 1.0}),
        "ReRamCMONoiseModel": ToolkitClass(
            "",
            {
                "prog_noise_scale": 1.0,
                "read_noise_scale": 1.0,
                "drift_scale": 1.0,
                "acceptance_range": 2e-2,
            },
        ),
        "SinglePairConductanceConverter": ToolkitClass("", {"g_max": None, "g_min": None}),
        "NPairConductanceConverter": ToolkitClass("", {"f_lst": None, "g_max": None, "g_min": None}),
        "DualPairConductanceConverter": ToolkitClass("NPairConductanceConverter", {}),
        "GlobalDriftCompensation": ToolkitClass("", {}),
        "GlobalDriftCompensationWithExactReference": ToolkitClass("GlobalDriftCompensation", {}),
        "PerColumnDriftCompensation": ToolkitClass("", {}),
    },
    frozenset(
        {
            "InferenceRPUConfig",
            "TorchInferenceRPUConfig",
            "QuantizedTorchInferenceRPUConfig",
            "TorchInferenceRPUConfigIRDropT",
            "StandardHWATrainingPreset",
            "FloatingPointPreset",
        }
    ),
    frozenset(
        {"SingleRPUConfig", "UnitCellRPUConfig", "DigitalRankUpdateRPUConfig", "FloatingPointRPUConfig"}
    ),
)

LIGHTNING = Toolkit(
    "aihwkit-lightning",
    "2.1.0",
    {
        "TorchInferenceRPUConfig": ToolkitClass(
            "",
            {
                "forward": ("IOParameters", {}),
                "clip": ("WeightClipParameter", {}),
                "modifier": ("WeightModifierParameter", {}),
                "mapping": ("MappingParameter", {}),
                "pre_post": ("PrePostProcessingParameter", {}),
            },
        ),
        "IOParameters": ToolkitClass(
            "",
            {
                "inp_res": -1,
                "out_noise": 0.0,
                "out_noise_per_channel": False,
                "out_bound": 0.0,
                "out_res": -1,
            },
        ),
        "MappingParameter": ToolkitClass("", {"max_input_size": -1}),
        "PrePostProcessingParameter": ToolkitClass("", {"input_range": ("InputRangeParameter", {})}),
        "InputRangeParameter": ToolkitClass("", {**_RANGE, "dynamic": False, "fast_mode": False}),
        "WeightModifierParameter": ToolkitClass(
            "",
            {
                "std_dev": 0.0,
                "res": 0.0,
                "enable_during_test": False,
                "type": _NONE,
                "noise_type": _NONE,
                "quantization_type": _NONE,
            },
        ),
        "WeightClipParameter": ToolkitClass("", {"sigma": -1.0, "type": _NONE}),
    },
    frozenset({"TorchInferenceRPUConfig"}),
    frozenset(),
)
