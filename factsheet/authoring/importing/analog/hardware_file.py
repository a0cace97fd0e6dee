"""Say an analog configuration as a hardware file of `factsheet simulate`, as far as that simulates the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.analog.answers import bits_of, kind_of
from factsheet.authoring.importing.analog.values import Assumed, Member, Node, folded
from factsheet.hardware.programming_noise import HERMES_PAIR_US, HERMES_SINGLE_US, PCM_US

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.authoring.importing.analog.settings import AnalogConfiguration
    from factsheet.authoring.importing.collected import Collected

_COMPENSATIONS = {
    "GlobalDriftCompensation": {"compensation": "global"},
    "GlobalDriftCompensationWithExactReference": {"compensation": "global", "reference": "target"},
    "PerColumnDriftCompensation": {"compensation": "column"},
}
_CLIPPED_BY_CHANNEL = {"LAYERGAUSSIANPERCHANNEL", "LEARNABLEPERCHANNEL"}
"""Ways to clip with which aihwkit-lightning bounds each output by the largest weight of its own column."""
_WEIGHT_NOISE = {"ADDITIVECONSTANT": "constant", "PCMREAD": "pcm read"}
_FITTED = tuple(map(list, (PCM_US, HERMES_PAIR_US, HERMES_SINGLE_US)))
"""Coefficients of programming noise that models have by default, as a configuration lists them."""
_SEVERAL_PAIRS = {"DualPairConductanceConverter", "NPairConductanceConverter"}


def hardware_of(collected: Collected, configuration: AnalogConfiguration) -> dict[str, Any] | None:
    """Return the hardware file; what is simulated otherwise is listed. `None` where only a run decides a value."""
    try:
        return _hardware(collected, configuration)
    except (TypeError, ValueError, ArithmeticError):
        # A text for a number, infinity: the setting itself is listed where a field of a sheet follows from it.
        why = "one of its settings has a value that it cannot have"
        collected.leave(configuration.file, "hardware for `factsheet simulate`", why)
        return None


def _hardware(collected: Collected, configuration: AnalogConfiguration) -> dict[str, Any] | None:
    values = _Values(configuration)
    model = values["noise_model"]
    if values.open:
        _leave_open(collected, configuration, values)
        return None
    lightning = configuration.toolkit.name == "aihwkit-lightning"
    if lightning:
        why = "the toolkit has none for inference, so they are ideal; state one as `device: pcm`"
        collected.leave(configuration.where("noise_model"), "a model of the memory devices", why)
        hardware: dict[str, Any] = {"device": {"kind": "ideal"}}
    elif not isinstance(model, Node):
        collected.leave(
            configuration.where("noise_model"),
            "hardware for `factsheet simulate`",
            "the configuration names no model of the memory devices",
        )
        return None
    elif model.cls not in _DEVICES:
        why = f"`{model.cls}` is another model of devices than those that are simulated"
        collected.leave(configuration.where("noise_model"), "hardware for `factsheet simulate`", why)
        return None
    else:
        hardware = {"device": _DEVICES[model.cls](values), "follow": "aihwkit"}
        for key in _replaced(configuration, model.cls):
            why = f"{model.cls} is simulated with those that it has by default"
            collected.leave(configuration.where(key), "coefficients of the noise", why)
    _tile(collected, configuration, values, hardware)
    _converters(collected, configuration, values, hardware)
    _noise(collected, configuration, values, hardware)
    compensation = values["drift_compensation"]
    if compensation is None:
        hardware["compensation"] = "none"
    elif isinstance(compensation, Node) and compensation.cls in _COMPENSATIONS:
        hardware |= _COMPENSATIONS[compensation.cls]
    else:
        collected.leave(
            configuration.where("drift_compensation"), "drift compensation", "it is not simulated"
        )
    if values.open:
        _leave_open(collected, configuration, values)
        return None
    return hardware


def _replaced(configuration: AnalogConfiguration, model: str) -> Iterator[str]:
    """Yield the settings that replace the figures which a model of devices was fitted to."""
    programming, spread = "noise_model.prog_coeff", "noise_model.coeff_dic"
    if model != "StateIndependentNoiseModel" and configuration.value(programming) not in (None, *_FITTED):
        yield programming
    # An object has those of its class too; a file states what differs.
    if configuration.line(spread) > 0 and configuration.value(spread) is not None:
        yield spread


def _leave_open(collected: Collected, configuration: AnalogConfiguration, values: _Values) -> None:
    why = f"only a run decides {', '.join(dict.fromkeys(values.open[:5]))}"
    collected.leave(configuration.file, "hardware for `factsheet simulate`", why)


class _Values:
    """Settings with one value; the names of those that have none are kept."""

    def __init__(self, configuration: AnalogConfiguration) -> None:
        self.configuration = configuration
        self.open: list[str] = []

    def __getitem__(self, key: str) -> Any:
        value = self.configuration.value(key)
        if isinstance(value, Assumed):
            value = value.value
        if isinstance(value, Member):
            return value.name
        if value is None or isinstance(value, Node | int | float | str):
            return value
        self.open.append(f"`{key}`")
        return None


def _pcm(values: _Values) -> dict[str, Any]:
    names = {
        "programming": "prog_noise_scale",
        "drift_exponent": "drift_scale",
        "read_noise": "read_noise_scale",
        "t0_s": "t_0",
        "t_read_s": "t_read",
    }
    read = {name: values[f"noise_model.{setting}"] for name, setting in names.items()}
    return {"kind": "pcm", **{name: value for name, value in read.items() if value is not None}}


def _hermes(values: _Values) -> dict[str, Any]:
    single = values["noise_model.num_devices"] == 1
    return {**_pcm(values), "kind": "hermes-pcm-single" if single else "hermes-pcm"}


def _pcm_by_table(values: _Values) -> dict[str, Any]:
    """Return the device of `CustomDriftPCMLikeNoiseModel`, whose table is a dictionary of three lists."""
    read = values.configuration.value
    lists = {name: read(f"noise_model.custom_drift_model.{key}") for name, key in _DRIFT_TABLE.items()}
    if not all(_is_numbers(one) for one in lists.values()):
        values.open.append("`noise_model.custom_drift_model`")
        return {}
    return {**_pcm(values), "kind": "pcm-by-table", **lists}


_DRIFT_TABLE = {"levels_us": "g_lst", "drift_mean": "nu_mean_lst", "drift_spread": "nu_std_lst"}


def _is_numbers(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in value
    )


def _reram(values: _Values) -> dict[str, Any]:
    return {"kind": "reram", "spread": values["noise_model.noise_scale"]}


def _of_no_state(values: _Values) -> dict[str, Any]:
    """Return the device of `StateIndependentNoiseModel`, whose read noise is relative to g_max in µS."""
    model = {name: values[f"noise_model.{name}"] for name in _STATELESS}
    coefficients = values.configuration.value("noise_model.prog_coeff")
    numbers = coefficients if isinstance(coefficients, list) else [0.2, 0.0, 0.0]
    if not all(isinstance(one, int | float) for one in numbers):
        values.open.append("`noise_model.prog_coeff`")
        return {}
    g_max = values["noise_model.g_converter.g_max"] or values["noise_model.g_max"] or 25.0
    scale, drift = model["prog_noise_scale"] or 0.0, model["drift_scale"] or 0.0
    return {
        "kind": "described",
        "programming_us": [one * scale for one in numbers if isinstance(one, int | float)],
        "drift_mean": [(model["drift_nu_mean"] or 0.0) * drift],
        "drift_spread": [(model["drift_nu_std"] or 0.0) * drift],
        "read_noise": [(model["read_noise_scale"] or 0.0) / g_max],
        "t0_s": model["t_0"],
        "t_read_s": model["t_read"],
    }


_STATELESS = (
    *("prog_noise_scale", "drift_nu_mean", "drift_nu_std", "drift_scale"),
    *("read_noise_scale", "t_0", "t_read"),
)
_DEVICES = {
    "PCMLikeNoiseModel": _pcm,
    "CustomDriftPCMLikeNoiseModel": _pcm_by_table,
    "HermesNoiseModel": _hermes,
    "ReRamWan2022NoiseModel": _reram,
    "StateIndependentNoiseModel": _of_no_state,
}
"""What gives the device of a model of the toolkit."""


def _tile(
    collected: Collected, configuration: AnalogConfiguration, values: _Values, hardware: dict[str, Any]
) -> None:
    rows, cols = (values[f"mapping.max_{side}_size"] or 0 for side in ("input", "output"))
    sides = {(False, False): "both", (False, True): "rows", (True, False): "columns", (True, True): "neither"}
    hardware["unlimited"] = sides[rows > 0, cols > 0]
    hardware["split"] = "even"
    default = max(rows, cols, 1)  # of a side that is unlimited
    hardware["tile"] = {"rows": rows if rows > 0 else default, "cols": cols if cols > 0 else default}
    g_max = values["noise_model.g_converter.g_max"] or values["noise_model.g_max"]
    if g_max:
        hardware["g_max_us"] = g_max
    converter = values["noise_model.g_converter"]
    if isinstance(converter, Node) and converter.cls in _SEVERAL_PAIRS:
        factors = configuration.value("noise_model.g_converter.f_lst")
        if isinstance(factors, list) and all(isinstance(one, int | float) for one in factors):
            hardware["devices_per_weight"] = 2 * len(factors)
            hardware["significance"] = [*factors, *[1.0] * (2 - len(factors))]
            hardware["slicing"] = "fill"
        else:
            values.open.append("`noise_model.g_converter.f_lst`")
    elif isinstance(converter, Node) and converter.cls != "SinglePairConductanceConverter":
        why = "one pair of devices a weight is simulated instead"
        collected.leave(configuration.where("noise_model.g_converter"), converter.cls, why)
    if values["noise_model.g_converter.g_min"]:
        hardware["g_min_us"] = values["noise_model.g_converter.g_min"]
    columns = (
        values["mapping.weight_scaling_columnwise"]
        or folded(str(values["remap.type"])) == "CHANNELWISESYMMETRIC"
        or folded(str(values["clip.type"])) in _CLIPPED_BY_CHANNEL
    )
    hardware["scale"] = "column" if columns else "tile"


def _converters(
    collected: Collected, configuration: AnalogConfiguration, values: _Values, hardware: dict[str, Any]
) -> None:
    if values["forward.is_perfect"]:
        hardware |= {"dac": {"bits": None, "bound": None}, "adc": {"bits": None, "bound": None}}
        return
    bound: float | str | None
    managed = folded(str(values["forward.noise_management"]))
    if values["pre_post.input_range.enable"]:
        start = values["pre_post.input_range.init_value"]
        learnt = (values["pre_post.input_range.init_from_data"] or 0) > 0
        learnt = learnt or values["pre_post.input_range.learn_input_range"]
        bound = "dynamic" if values["pre_post.input_range.dynamic"] else "learnt" if learnt else start
    elif values["forward.noise_management"] is None:
        bound = None  # lightning without a range: inputs are as they are
    elif managed == "NONE":
        bound = values["forward.inp_bound"] if (values["forward.inp_bound"] or 0) > 0 else None
    elif managed == "ABSMAX":
        bound = "dynamic"
    elif managed == "CONSTANT" and values["forward.nm_thres"]:
        bound = (values["forward.inp_bound"] or 1.0) * values["forward.nm_thres"]
    else:
        bound = "dynamic"
        collected.leave(
            configuration.where("forward.noise_management"),
            managed,
            "inputs are scaled by the largest one instead",
        )
    inputs = _bits(collected, configuration, values, "forward.inp_res")
    hardware["dac"] = {"bits": None if bound is None else inputs, "bound": bound}
    limit = values["forward.out_bound"]
    bits = _bits(collected, configuration, values, "forward.out_res")
    if (limit or 0) <= 0 and bits is not None:
        collected.leave(
            configuration.where("forward.out_bound"),
            f"an ADC of {bits} bits without a bound",
            "its steps would be unknown",
        )
        bits = None
    hardware["adc"] = {"bits": bits, "bound": limit if limit and limit > 0 else None}
    bounded = folded(str(values["forward.bound_management"] or "NONE"))
    # The worst case reckons with what noise management scales by, and is the usual way where nothing is scaled.
    worst = bounded == "ITERATIVEWORSTCASE" and managed != "NONE"
    if bounded in {"ITERATIVE", "ITERATIVEWORSTCASE"} and limit and limit > 0:
        hardware["bound_management"] = "iterative worst case" if worst else "iterative"
    elif bounded not in {"NONE", "ITERATIVE", "ITERATIVEWORSTCASE"}:
        collected.leave(
            configuration.where("forward.bound_management"),
            values["forward.bound_management"],
            "no product is repeated so: the simulator of the toolkit has none of it either",
        )


def _bits(collected: Collected, configuration: AnalogConfiguration, values: _Values, key: str) -> int | None:
    resolution = values[key]
    if not isinstance(resolution, int | float) or resolution <= 0:
        return None
    bits = bits_of(resolution)
    if bits is None or not 2 <= bits <= 20:  # noqa: PLR2004  what a converter of the simulation can have
        collected.leave(
            configuration.where(key), resolution, "no converter of the simulation has so many steps; exact"
        )
        return None
    return bits


def _noise(
    collected: Collected, configuration: AnalogConfiguration, values: _Values, hardware: dict[str, Any]
) -> None:
    if values["forward.is_perfect"]:
        return
    for name, key in (("input_noise", "forward.inp_noise"), ("output_noise", "forward.out_noise")):
        if values[key] and configuration.toolkit.name == "aihwkit-lightning":
            collected.leave(configuration.where(key), values[key], "the toolkit adds it in training alone")
        elif values[key]:
            hardware[name] = values[key]
    if values["forward.out_noise_std"]:
        hardware["output_noise_spread"] = values["forward.out_noise_std"]
    kind = folded(str(values["forward.w_noise_type"]))
    if values["forward.w_noise"] and kind in _WEIGHT_NOISE:
        hardware["weight_noise"] = values["forward.w_noise"]
        hardware["weight_noise_kind"] = _WEIGHT_NOISE[kind]
    elif values["forward.w_noise"] and kind != "NONE":
        collected.leave(
            configuration.where("forward.w_noise"),
            f"{values['forward.w_noise']} of {values['forward.w_noise_type']}",
            "it is no weight noise that is known",
        )
    _wires(collected, configuration, values, hardware)
    if kind_of({"type": values["modifier.type"], "noise_type": values["modifier.noise_type"]}) != "NONE":
        collected.leave(
            configuration.where("modifier.type"),
            values["modifier.type"],
            "it acts in training, and is no hardware",
        )


def _wires(
    collected: Collected, configuration: AnalogConfiguration, values: _Values, hardware: dict[str, Any]
) -> None:
    drop = values["forward.ir_drop"]
    if not drop:
        return
    why = "it acts in the simulation, and is not trained with"
    if values["forward.ir_drop_rs"] is not None:
        why = "the simulation has other models of wires"
    else:
        ratio = values["forward.ir_drop_g_ratio"]
        hardware["ir_drop"] = {"scale": drop, **({"g_ratio": ratio} if ratio else {})}
    collected.leave(configuration.where("forward.ir_drop"), drop, why)
