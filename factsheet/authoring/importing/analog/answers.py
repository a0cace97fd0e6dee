"""What settings of an analog configuration mean for a sheet: steps are not bits, and a bound has a unit."""

from __future__ import annotations

from typing import Any

from factsheet.authoring.importing.analog.settings import Answer, Leave, Settings, Take
from factsheet.authoring.importing.analog.values import folded

_NO_CONVERTER = {"not_applicable": "No converter is simulated: its resolution is infinite."}
_PERFECT = {"not_applicable": "The forward pass is simulated as a perfect one."}
_SCALED_BY = {
    "NONE": "not scaled",
    "ABSMAX": "by the largest input",
    "ABSMAXNPSUM": "by the largest input, and by what the outputs could reach",
    "MAX": "by the largest positive input",
    "AVERAGEABSMAX": "by a running mean of the largest input",
}
_BOUNDED_BY = {
    "NONE": "clipped, nothing is repeated",
    "ITERATIVE": "repeated with half the input",
    "ITERATIVEWORSTCASE": "repeated once, with inputs scaled for the worst case",
    "SHIFT": "shifted down to the bound",
}
_PER_CHANNEL = "PERCHANNEL"


def steps_of(resolution: float) -> float:
    """Return the steps of a converter, which both toolkits take as such or as one over them."""
    return 1 / resolution if resolution < 1 else resolution


def bits_of(resolution: float) -> int | None:
    """Return the bits that steps of a converter are: n of 2^n - 2 steps, as both toolkits count them, and of 2^n."""
    steps = steps_of(resolution)
    whole = round(steps)
    if abs(steps - whole) > 1e-6 * max(whole, 1):
        return None
    return next(
        (full.bit_length() - 1 for full in (whole + 2, whole) if full > 1 and full & (full - 1) == 0), None
    )


def kind_of(settings: Settings) -> str:
    """Return the kind of noise on weights: of lightning from version 2 on, `noise_type`; before, and else, `type`."""
    kinds = (settings.get("noise_type"), settings.get("type"))
    return next(
        (folded(str(kind)) for kind in kinds if kind is not None and folded(str(kind)) != "NONE"), "NONE"
    )


def _no_number(value: Any) -> Answer:
    """Say that a setting is no number; nothing where it is not set."""
    return None if value is None else Leave(f"`{value}` is no number")


def bits(name: str) -> Any:
    """Return what gives the bits of a converter from its steps."""

    def make(settings: Settings) -> Answer:
        resolution = settings[name]
        if settings["is_perfect"]:
            return Take(_PERFECT)
        if not isinstance(resolution, int | float):
            return _no_number(resolution)
        if resolution <= 0:
            return Take(_NO_CONVERTER)
        bits = bits_of(resolution)
        if bits is None:
            return Leave(f"{steps_of(resolution):g} steps are no whole number of bits")
        return Take(bits, f"{round(steps_of(resolution)):,} steps.")

    return make


def steps(name: str) -> Any:
    """Return what gives the steps of a converter, where they are no power of two."""

    def make(settings: Settings) -> Answer:
        resolution = settings[name]
        if settings["is_perfect"] or not isinstance(resolution, int | float) or resolution <= 0:
            return None
        steps = steps_of(resolution)
        whole = round(steps)
        full = whole & (whole - 1) == 0
        return None if full or abs(steps - whole) > 1e-6 * whole else Take(whole)

    return make


def input_bound(settings: Settings) -> Answer:
    """Give the largest input: of a learnt range its start, of a fixed one its value; what is scaled has none."""
    if settings["is_perfect"]:
        return None
    if settings["enable"]:
        if settings["dynamic"]:
            return None
        learnt = "The input range is learnt from there." if settings["learn_input_range"] else ""
        key = "pre_post.input_range"
        if (settings["init_from_data"] or 0) > 0:
            start = {"value": settings["init_std_alpha"], "relative_to": "input_std"}
            return Take(start, learnt, f"{key}.init_std_alpha")
        return Take({"value": settings["init_value"], "relative_to": "absolute"}, learnt, f"{key}.init_value")
    managed = settings["noise_management"]
    if managed is None:
        return None
    if folded(str(managed)) == "NONE":
        return Take({"value": settings["inp_bound"], "relative_to": "absolute"})
    if folded(str(managed)) == "CONSTANT" and (settings["nm_thres"] or 0) > 0:
        return Take({"value": settings["inp_bound"] * settings["nm_thres"], "relative_to": "absolute"})
    if settings["inp_bound"] in {None, 1}:
        return None  # scaled to the largest input: nothing is clipped
    return Leave(
        f"inputs are scaled by the largest one first (noise management {managed}), so {settings['inp_bound']} bounds"
        " none of them; set noise management to NONE or learn the range if it should"
    )


def ranged(name: str) -> Any:
    """Return what gives a part of the learnt range of inputs."""

    def make(settings: Settings) -> Answer:
        if not settings["enable"] or settings["dynamic"]:
            return None
        if name == "learnt":
            return Take(bool(settings["learn_input_range"]))
        if name == "start":
            return input_bound({**settings, "is_perfect": False, "learn_input_range": False})
        value = settings["init_from_data"] if name == "batches" else settings["decay"]
        return Take(value) if value else None

    return make


def noise_management(settings: Settings) -> Answer:
    """Say how inputs are scaled."""
    if settings["is_perfect"]:
        return None
    if settings["enable"] and settings["dynamic"]:
        return Take("by the largest input of each vector")
    managed = settings["noise_management"]
    if managed is None:
        return None
    if folded(str(managed)) == "CONSTANT":
        return Take(f"by a constant, {settings['nm_thres']:g}")
    words = _SCALED_BY.get(folded(str(managed)))
    return Take(words) if words else Leave(f"`{managed}` is no noise management that is known")


def bound_management(settings: Settings) -> Answer:
    """Say what is done when an output is clipped."""
    managed = settings["bound_management"]
    if settings["is_perfect"] or managed is None:
        return None
    words = _BOUNDED_BY.get(folded(str(managed)))
    return Take(words) if words else Leave(f"`{managed}` is no bound management that is known")


def output_bound(settings: Settings) -> Answer:
    """Give the largest output, in outputs of one largest weight at the largest input."""
    bound = settings["out_bound"]
    if settings["is_perfect"]:
        return Take(_PERFECT)
    if not isinstance(bound, int | float):
        return _no_number(bound)
    if bound <= 0:
        return Take({"not_applicable": "Outputs are not clipped."})
    return Take(
        {"value": bound, "relative_to": "w_max"}, "In outputs of one largest weight at the largest input."
    )


def output_noise(settings: Settings) -> Answer:
    """Give the noise on outputs in training."""
    noise = settings["out_noise"]
    if settings["is_perfect"] or not noise:
        return None
    per = {"per": "channel"} if settings["out_noise_per_channel"] else {}
    return Take({"value": noise, "relative_to": "w_max", **per, "applied_in": "forward pass"})


def output_noise_at_inference(settings: Settings) -> Answer:
    """Give the noise on outputs at inference; lightning adds it in training alone."""
    if (
        settings["out_noise_per_channel"] is not None
    ):  # only lightning has it, and adds output noise in training alone
        return None
    taken = output_noise(settings)
    return (
        Take({"value": settings["out_noise"], "relative_to": "w_max"}) if isinstance(taken, Take) else taken
    )


def input_noise(settings: Settings) -> Answer:
    """Give the noise on inputs."""
    noise = settings["inp_noise"]
    if settings["is_perfect"] or not noise:
        return None
    return Take({"value": noise, "relative_to": "input_bound"})


def read_noise(settings: Settings) -> Answer:
    """Give the noise of reads, with what it is relative to, where that is one value."""
    kind, noise = folded(str(settings["w_noise_type"])), settings["w_noise"]
    if settings["is_perfect"] or not noise or kind == "NONE":
        return None
    applied = {"applied_in": "forward pass"}
    if kind == "ADDITIVECONSTANT":
        return Take({"value": noise, "relative_to": "w_max", **applied})
    if kind == "PCMREAD":
        note = "WeightNoiseType.PCM_READ: it grows with the current of an output, which is relative to no one value."
        return Take({"value": noise, "relative_to": "not stated", **applied}, note)
    return Leave(f"`{settings['w_noise_type']}` is no weight noise that is known")


def weight_noise(settings: Settings) -> Answer:
    """Give the noise on weights in training, with what it is relative to and the passes that it acts in."""
    kind, deviation = kind_of(settings), settings["std_dev"]
    if (
        kind in {"NONE", "COPY", "DROPCONNECT", "DISCRETIZE", "DISCRETIZEPERCHANNEL", "DOREFA"}
        or deviation is None
        or deviation == 0
    ):
        return None
    lightning = settings["rel_to_actual_wmax"] is None
    applied = {"applied_in": "forward pass" if lightning else "forward and backward pass"}
    if kind.removesuffix(_PER_CHANNEL) in {"ADDNORMAL", "DISCRETIZEADDNORMAL"}:
        per = {"per": "channel" if kind.endswith(_PER_CHANNEL) else "tile"}
        if lightning or settings["rel_to_actual_wmax"]:
            return Take({"value": deviation, "relative_to": "w_max", **per, **applied})
        assumed = settings["assumed_wmax"]
        note = f"{deviation:g} of an assumed largest weight of {assumed:g}."
        return Take({"value": deviation * assumed, "relative_to": "absolute", **per, **applied}, note)
    if kind in {"PCMNOISE", "PROGNOISE"}:
        return Take(
            {"value": deviation, "relative_to": "device_model", **applied}, f"Modifier {settings['type']}."
        )
    if kind in {"MULTNORMAL", "POLY"}:
        return Leave(f"{deviation:g} of `{kind}` depends on each weight, which `relative_to` has no word for")
    return Leave(f"`{kind}` is no modifier of weights that is known")


def weight_bits(settings: Settings) -> Answer:
    """Give the bits of quantised weights."""
    quantised = settings["quantization_type"] not in {None, "NONE", "None"} or "DISCRETIZE" in kind_of(
        settings
    )
    resolution = settings["res"]
    if not quantised or not isinstance(resolution, int | float) or resolution <= 0:
        return None
    bits = bits_of(resolution)
    if bits is None:
        return Leave(f"{steps_of(resolution):g} steps are no whole number of bits")
    return Take(bits, f"{round(steps_of(resolution)):,} steps.")


def weight_clip(settings: Settings) -> Answer:
    """Give where weights are clipped."""
    kind = folded(str(settings["type"]))
    if kind == "NONE":
        return None
    if kind == "FIXEDVALUE":
        return Take({"value": settings["fixed_value"], "relative_to": "absolute"})
    if kind.removesuffix(_PER_CHANNEL) == "LAYERGAUSSIAN":
        per = "channel" if kind.endswith(_PER_CHANNEL) else "tile"
        return Take({"value": settings["sigma"], "relative_to": "weight_std", "per": per})
    return Leave(f"`{settings['type']}` has no value that `weight_clip` could hold")


def remapping(settings: Settings) -> Answer:
    """Say how weights are scaled to the largest conductance."""
    kind = folded(str(settings["type"]))
    if kind in {"NONE", "CHANNELWISESYMMETRIC", "LAYERWISESYMMETRIC"}:
        what = {"C": "each channel by its largest weight", "L": "each tile by its largest weight"}.get(
            kind[0]
        )
        return Take(what) if what and settings["remapped_wmax"] is not None else None
    return Leave(f"`{settings['type']}` is no remapping that is known")


def output_scales(settings: Settings) -> Answer:
    """Say which digital factors outputs have."""
    learnt, omega = settings["learn_out_scaling"], settings["weight_scaling_omega"]
    if learnt is None or omega is None:
        return None
    if learnt:
        return Take("learnt, per column" if settings["out_scaling_columnwise"] else "learnt, per tile")
    if omega > 0:
        return Take("per column" if settings["weight_scaling_columnwise"] else "per tile")
    return Take("none")


def when_modified(make: Any) -> Any:
    """Return what answers only where weights are changed in training."""
    return lambda settings: make(settings) if kind_of(settings) != "NONE" else None


def noise_in_evaluation(settings: Settings) -> Answer:
    """Say whether weights are changed in evaluation too."""
    stated = settings["enable_during_test"]
    return None if stated is None else Take(bool(stated))


def biases(settings: Settings) -> Answer:
    """Say where biases are."""
    return (
        None
        if settings["digital_bias"] is None
        else Take("digital" if settings["digital_bias"] else "on tiles")
    )


def drop_connect(settings: Settings) -> Answer:
    """Give the share of weights that are left out."""
    return Take(f"{settings['pdrop'] * 100:g} %") if settings["pdrop"] else None


def rows(settings: Settings) -> Answer:
    """Give the inputs of a tile."""
    rows = settings["max_input_size"]
    return Take(rows) if isinstance(rows, int) and rows > 0 else _no_size(rows)


def _no_size(size: Any) -> Answer:
    """Say what is wrong with a side that is no whole number; none, 0 and below stand for a side without a limit."""
    unlimited = size is None or (isinstance(size, int | float) and size <= 0)
    return None if unlimited else Leave(f"`{size}` is no whole number of rows or columns")


def cols(settings: Settings) -> Answer:
    """Give the outputs of a tile."""
    first = rows(settings)
    cols = settings["max_output_size"]
    if first is None and isinstance(cols, int) and cols > 0:
        return Leave(f"only outputs are limited, to {cols}; a tile of a sheet has rows")
    if not isinstance(first, Take):
        return first or Leave("tiles are not limited: a matrix is one tile, whatever its size")
    if isinstance(cols, int) and cols > 0:
        return Take(cols)
    if (wrong := _no_size(cols)) is not None:
        return wrong
    return Take({"not_applicable": "Only the inputs of a tile are limited."})


def ir_drop(settings: Settings) -> Answer:
    """Give the strength of the IR drop."""
    drop = settings["ir_drop"]
    return (
        None
        if settings["is_perfect"] or not drop
        else Take(drop, "Scale of the toolkit's own approximation.")
    )
