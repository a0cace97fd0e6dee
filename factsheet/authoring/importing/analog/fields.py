"""Which fields of a sheet an analog configuration answers, and the settings that each answer follows from."""

from __future__ import annotations

from factsheet.authoring.importing.analog import answers, device_answers
from factsheet.authoring.importing.analog.settings import Field

_TRAINING, _INFERENCE = "hwa_training", "inference_methodology"
_MODIFIED = "modifier.noise_type", "modifier.type"
_IO = ("forward.is_perfect",)
_RANGE = tuple(
    f"pre_post.input_range.{name}"
    for name in (
        "enable",
        "dynamic",
        "learn_input_range",
        "init_from_data",
        "init_std_alpha",
        "init_value",
        "decay",
    )
)
_BOUND = ("forward.inp_bound", *_IO, *_RANGE, "forward.noise_management", "forward.nm_thres")
_MODIFIER = (*_MODIFIED, "modifier.rel_to_actual_wmax", "modifier.assumed_wmax")
_OUT = ("forward.out_noise", *_IO, "forward.out_noise_per_channel")
_DEVICE = f"{_INFERENCE}.devices"


def _both(name: str) -> tuple[str, ...]:
    return (f"{_TRAINING}.{name}", f"{_INFERENCE}.{name}")


FIELDS: tuple[Field, ...] = (
    Field(("parameters.tile.rows",), ("mapping.max_input_size",), answers.rows),
    Field(("parameters.tile.cols",), ("mapping.max_output_size", "mapping.max_input_size"), answers.cols),
    Field(_both("dac_bits"), ("forward.inp_res", *_IO), answers.bits("inp_res")),
    Field(_both("adc_bits"), ("forward.out_res", *_IO), answers.bits("out_res")),
    Field(_both("dac_steps"), ("forward.inp_res", *_IO), answers.steps("inp_res")),
    Field(_both("adc_steps"), ("forward.out_res", *_IO), answers.steps("out_res")),
    Field(_both("input_bound"), _BOUND, answers.input_bound),
    Field(_both("output_bound"), ("forward.out_bound", *_IO), answers.output_bound),
    Field(_both("input_noise"), ("forward.inp_noise", *_IO), answers.input_noise),
    Field((f"{_TRAINING}.adc_noise",), _OUT, answers.output_noise),
    Field((f"{_INFERENCE}.output_noise",), _OUT, answers.output_noise_at_inference),
    Field(
        (f"{_TRAINING}.read_noise",), ("forward.w_noise", "forward.w_noise_type", *_IO), answers.read_noise
    ),
    Field((f"{_TRAINING}.weight_noise",), ("modifier.std_dev", *_MODIFIER), answers.weight_noise),
    Field(
        (f"{_TRAINING}.weight_bits",),
        ("modifier.res", *_MODIFIED, "modifier.quantization_type"),
        answers.weight_bits,
    ),
    Field(
        (f"{_TRAINING}.noise_in_evaluation",),
        ("modifier.enable_during_test", *_MODIFIED),
        answers.when_modified(answers.noise_in_evaluation),
    ),
    Field((f"{_TRAINING}.drop_connect",), ("modifier.pdrop",), answers.drop_connect),
    Field(
        (f"{_TRAINING}.weight_clip.value",),
        ("clip.type", "clip.fixed_value", "clip.sigma"),
        answers.weight_clip,
    ),
    Field((f"{_TRAINING}.remapping",), ("remap.type", "remap.remapped_wmax"), answers.remapping),
    Field(
        (f"{_TRAINING}.output_scales",),
        tuple(
            f"mapping.{name}"
            for name in (
                "learn_out_scaling",
                "out_scaling_columnwise",
                "weight_scaling_omega",
                "weight_scaling_columnwise",
            )
        ),
        answers.output_scales,
    ),
    Field((f"{_TRAINING}.biases",), ("mapping.digital_bias",), answers.biases),
    Field((f"{_TRAINING}.input_range.learnt",), _RANGE, answers.ranged("learnt")),
    Field((f"{_TRAINING}.input_range.start",), _RANGE, answers.ranged("start")),
    Field(
        (f"{_TRAINING}.input_range.batches",),
        (_RANGE[3], *_RANGE[:3], *_RANGE[4:]),
        answers.ranged("batches"),
    ),
    Field((f"{_TRAINING}.input_range.decay",), (_RANGE[6], *_RANGE[:6]), answers.ranged("decay")),
    Field(
        (f"{_TRAINING}.noise_management",),
        ("forward.noise_management", "forward.nm_thres", *_IO, *_RANGE[:2]),
        answers.noise_management,
    ),
    Field((f"{_TRAINING}.bound_management",), ("forward.bound_management", *_IO), answers.bound_management),
    Field(
        # The toolkits apply the model of the devices at inference alone: nothing was trained against its drift.
        (f"{_DEVICE}.device",),
        ("noise_model",),
        device_answers.named(device_answers.DEVICES),
    ),
    Field((f"{_DEVICE}.model",), ("noise_model",), device_answers.model),
    Field(
        (f"{_DEVICE}.drift_exponent",),
        ("noise_model.drift_scale", "noise_model"),
        device_answers.drift_exponent,
    ),
    Field(
        (f"{_DEVICE}.g_max",),
        ("noise_model.g_max", "noise_model.g_converter.g_max", "noise_model"),
        device_answers.g_max,
    ),
    Field((f"{_DEVICE}.pairs",), ("noise_model.g_converter", "noise_model"), device_answers.pairs),
    Field(
        (f"{_DEVICE}.g_min",),
        ("noise_model.g_converter.g_min",),
        device_answers.number("noise_model.g_converter.g_min", "µS"),
    ),
    Field(
        (f"{_DEVICE}.programming_scale",),
        ("noise_model.prog_noise_scale",),
        device_answers.number("prog_noise_scale"),
    ),
    Field(
        (f"{_DEVICE}.read_scale",),
        ("noise_model.read_noise_scale",),
        device_answers.number("read_noise_scale"),
    ),
    Field((f"{_DEVICE}.drift_scale",), ("noise_model.drift_scale",), device_answers.number("drift_scale")),
    Field((f"{_DEVICE}.reference_time",), ("noise_model.t_0",), device_answers.number("t_0", "s")),
    Field(
        (f"{_INFERENCE}.drift_compensation",),
        ("drift_compensation", "noise_model"),
        device_answers.compensation,
    ),
    Field((f"{_INFERENCE}.voltage_drop",), ("forward.ir_drop", *_IO), answers.ir_drop),
    Field(
        (f"{_INFERENCE}.wire_resistance",),
        ("forward.ir_drop_rs",),
        device_answers.number("ir_drop_rs", "ohm"),
    ),
)
"""Every field that a configuration answers, in the order of the report."""
