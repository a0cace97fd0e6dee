"""Configurations of aihwkit and aihwkit-lightning, as their public scripts and documentation have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.authoring.importing import rpu_config
from factsheet.authoring.importing.imported import ImportOptions
from factsheet.authoring.importing.kinds import recognise
from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.tiles.fitted_ir_drop import FittedIrDrop
from factsheet.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.authoring.importing.imported import Imported

LIGHTNING = """
from aihwkit_lightning.simulator.configs import TorchInferenceRPUConfig, WeightClipType
rpu_config = TorchInferenceRPUConfig()
rpu_config.forward.inp_res = 2**8 - 2
rpu_config.forward.out_noise = 0.01
rpu_config.forward.out_noise_per_channel = True
rpu_config.forward.out_bound = 12.0
rpu_config.forward.out_res = 2**8 - 2
rpu_config.clip.type = WeightClipType.LAYER_GAUSSIAN_PER_CHANNEL
rpu_config.clip.sigma = 2.5
from aihwkit_lightning.simulator.configs import WeightModifierType
rpu_config.modifier.type = WeightModifierType.ADD_NORMAL_PER_CHANNEL
rpu_config.modifier.std_dev = 0.05
rpu_config.mapping.max_input_size = 512
rpu_config.pre_post.input_range.enable = True
rpu_config.pre_post.input_range.init_std_alpha = 3.0
rpu_config.pre_post.input_range.init_from_data = 100
rpu_config.pre_post.input_range.init_value = 2.34
"""
"""The example of aihwkit-lightning's README (https://github.com/IBM/aihwkit-lightning)."""

RNN = """
from aihwkit.simulator.configs import InferenceRPUConfig
from aihwkit.simulator.presets import GokmenVlasovPreset
USE_ANALOG_TRAINING = False
if USE_ANALOG_TRAINING:
    rpu_config = GokmenVlasovPreset()
else:
    rpu_config = InferenceRPUConfig()
    rpu_config.forward.out_res = -1.0  # Turn off (output) ADC discretization.
    rpu_config.forward.w_noise_type = WeightNoiseType.ADDITIVE_CONSTANT
    rpu_config.forward.w_noise = 0.02  # Short-term w-noise.
    rpu_config.clip.type = WeightClipType.FIXED_VALUE
    rpu_config.clip.fixed_value = 1.0
    rpu_config.modifier.pdrop = 0.03  # Drop connect.
    rpu_config.modifier.type = WeightModifierType.ADD_NORMAL  # Fwd/bwd weight noise.
    rpu_config.modifier.std_dev = 0.1
    rpu_config.modifier.rel_to_actual_wmax = True
    rpu_config.noise_model = PCMLikeNoiseModel(g_max=25.0)
    rpu_config.drift_compensation = GlobalDriftCompensation()
"""
"""From example 20 of aihwkit, an RNN with hardware-aware training (https://github.com/IBM/aihwkit, examples)."""


def imported(folder: Path, text: str, name: str = "config.py") -> Imported:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return rpu_config.read(str(file), ImportOptions())


def values(found: Imported) -> dict[str, Any]:
    return {".".join(map(str, fact.path)): fact.value for fact in found.facts}


def test_a_script_of_lightning_gives_its_training(tmp_path: Path) -> None:
    facts = values(imported(tmp_path, LIGHTNING))
    assert facts["hwa_training.dac_bits"] == 8
    assert facts["hwa_training.dac_steps"] == 254
    assert facts["hwa_training.adc_noise"] == {
        "value": 0.01,
        "relative_to": "w_max",
        "per": "channel",
        "applied_in": "forward pass",
    }
    assert facts["hwa_training.weight_noise"]["per"] == "channel"
    assert facts["hwa_training.weight_clip.value"] == {
        "value": 2.5,
        "relative_to": "weight_std",
        "per": "channel",
    }
    # Its data set the range: the value that it would start from otherwise says nothing.
    assert facts["hwa_training.input_bound"] == {"value": 3.0, "relative_to": "input_std"}
    assert facts["parameters.tile.rows"] == 512
    assert "not_applicable" in facts["parameters.tile.cols"]
    assert "inference_methodology.output_noise" not in facts  # lightning adds it in training alone


def test_a_script_of_aihwkit_follows_the_side_of_a_condition_that_holds(tmp_path: Path) -> None:
    found = imported(tmp_path, RNN)
    facts = values(found)
    assert "not_applicable" in facts["hwa_training.adc_bits"]
    assert facts["hwa_training.dac_bits"] == 7  # 126 steps, the default of IOParameters
    assert facts["hwa_training.read_noise"]["relative_to"] == "w_max"
    assert facts["hwa_training.drop_connect"] == "3 %"
    assert facts["hwa_training.weight_noise"]["applied_in"] == "forward and backward pass"
    assert "hwa_training.input_bound" not in facts  # inputs are scaled by the largest one, nothing is clipped
    assert facts["inference_methodology.devices.g_max"] == "25 µS"
    noted = {".".join(map(str, fact.path)): fact.note for fact in found.facts}
    assert "default of aihwkit 1.2.0" in noted["hwa_training.dac_bits"]
    assert "default" not in noted["hwa_training.weight_noise"]
    assert not found.unclear


def test_a_preset_gives_the_published_recipe_and_hardware_that_can_be_simulated() -> None:
    found = rpu_config.read("StandardHWATrainingPreset", ImportOptions())
    facts = values(found)
    # The figures of the published sheet of BERT, `sheets/bert.yaml`.
    assert facts["hwa_training.read_noise"]["value"] == 0.0175
    assert facts["hwa_training.adc_noise"]["value"] == 0.04
    assert facts["hwa_training.input_bound"]["value"] == 3.0
    assert facts["hwa_training.output_bound"]["value"] == 10.0
    # `drift_analog_weights` is called for inference: nobody trained against drift (aihwkit 1.2.0, nn/modules/base.py).
    assert not any(path.startswith("hwa_training.drift") for path in facts)
    assert isinstance(found.hardware, dict)
    hardware = AnalogHardware.from_dict(dict(found.hardware))
    assert (hardware.adc.bits, hardware.adc.bound, hardware.output_noise) == (8, 10.0, 0.04)
    assert hardware.compensation == "global"
    left = " ".join(one.why for one in found.left_out)
    # Its fit of the loss along columns is simulated, at the preset's scale of 1.
    assert hardware.ir_drop == FittedIrDrop(scale=1.0)
    assert "it acts in the simulation, and is not trained with" in left


def test_what_a_run_decides_is_asked_and_not_guessed(tmp_path: Path) -> None:
    script = """
import argparse
from aihwkit.simulator.configs import InferenceRPUConfig
parser = argparse.ArgumentParser()
parser.add_argument("--noise", type=float, default=0.067)
args = parser.parse_args()

def gen_rpu_config(out_noise=0.04):
    rpu_config = InferenceRPUConfig()
    rpu_config.modifier.type = WeightModifierType.ADD_NORMAL
    rpu_config.modifier.std_dev = args.noise
    rpu_config.forward.out_noise = out_noise
    rpu_config.forward.inp_res = args.inp_res
    # rpu_config.forward.out_bound = 1000000
    if args.clip == "gaussian":
        rpu_config.clip.type = WeightClipType.LAYER_GAUSSIAN
    else:
        rpu_config.clip.type = WeightClipType.NONE
    return rpu_config
"""
    found = imported(tmp_path, script)
    facts, asked = values(found), {".".join(map(str, one.path)): one.readings for one in found.unclear}
    assert "hwa_training.weight_noise" not in facts
    assert asked["hwa_training.weight_noise"][0][0].endswith("0.067")
    assert facts["hwa_training.adc_noise"]["value"] == 0.04
    assert any("a caller may give another" in fact.note for fact in found.facts)
    assert facts["hwa_training.output_bound"]["value"] == 12.0  # what is commented out does not hold
    assert "hwa_training.weight_clip.value" in asked  # clipped on one side of a condition
    assert "hwa_training.weight_clip.value" not in facts
    assert any(one.what == "args.inp_res" for one in found.left_out)
    assert found.hardware is None


@pytest.mark.parametrize(
    "number", ["0x" + "f" * 5000, "0o" + "7" * 5000, "0b1" + "0" * 20_000, "1 << 20000", "-0x" + "f" * 300]
)
def test_a_whole_number_that_no_setting_has_stays_open_in_any_base(tmp_path: Path, number: str) -> None:
    settings = "".join(
        f"rpu_config.{name} = {number}\n" for name in ("forward.inp_res", "mapping.max_input_size")
    )
    uses = f"rpu_config.forward.out_noise = 2.0 * {number} if {number} > 1 else f'{{{number}}}'\n"
    facts = values(imported(tmp_path, LIGHTNING + settings + uses))
    assert not {"hwa_training.dac_bits", "parameters.tile.rows", "hwa_training.adc_noise"} & set(facts)
    assert facts["hwa_training.adc_bits"] == 8  # of 254 steps, as before


def test_two_configurations_of_a_file_are_asked_about_where_they_differ(tmp_path: Path) -> None:
    script = """
from aihwkit.simulator.configs import InferenceRPUConfig
ideal = InferenceRPUConfig()
ideal.forward.is_perfect = True
noisy = InferenceRPUConfig()
noisy.forward.out_noise = 0.05
"""
    found = imported(tmp_path, script)
    asked = {".".join(map(str, one.path)) for one in found.unclear}
    assert "inference_methodology.output_noise" in asked
    assert values(found)["parameters.tile.rows"] == 512  # both leave it to the toolkit
    assert not any(path.startswith("hwa_training") for path in values(found))  # nothing is trained


@pytest.mark.parametrize(
    ("resolution", "bits"),
    [("1 / (2**8 - 2)", 8), ("254", 8), ("256", 8), ("1 / 64", 6), ("62.0", 6), ("-1", None), ("0", None)],
)
def test_steps_are_not_bits(tmp_path: Path, resolution: str, bits: int | None) -> None:
    script = f"rpu_config = InferenceRPUConfig()\nrpu_config.forward.inp_res = {resolution}\n"
    facts = values(imported(tmp_path, script))
    stated = facts["inference_methodology.dac_bits"]
    assert stated == bits if bits else "not_applicable" in stated


def test_steps_of_no_whole_number_of_bits_are_listed(tmp_path: Path) -> None:
    found = imported(tmp_path, "rpu_config = InferenceRPUConfig()\nrpu_config.forward.inp_res = 100\n")
    assert any("100 steps are no whole number of bits" in one.why for one in found.left_out)


@pytest.mark.parametrize(
    ("modifier", "relative_to"),
    [
        ("PCM_NOISE", "device_model"),
        ("PROG_NOISE", "device_model"),
        ("MULT_NORMAL", None),
        ("REL_NORMAL", None),
    ],
)
def test_noise_that_no_word_fits_is_listed(tmp_path: Path, modifier: str, relative_to: str | None) -> None:
    script = (
        "rpu_config = InferenceRPUConfig()\n"
        f"rpu_config.modifier.type = WeightModifierType.{modifier}\nrpu_config.modifier.std_dev = 1.0\n"
    )
    found = imported(tmp_path, script)
    facts = values(found)
    if relative_to is not None:
        assert facts["hwa_training.weight_noise"]["relative_to"] == relative_to
    else:
        assert "hwa_training.weight_noise" not in facts
        assert any("modifier" in one.where for one in found.left_out)


def test_nothing_in_a_script_is_run(tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    script = (
        f"open({str(trace)!r}, 'w')\nimport pickle\npickle.load(open('data.pkl', 'rb'))\n"
        "rpu_config = InferenceRPUConfig()\nrpu_config.forward.out_noise = 0.02\n"
        "rpu_config.forward.inp_res = __import__('os').system('true')\nx = 9**9**9**9\n"
    )
    found = imported(tmp_path, script)
    assert not trace.exists()
    assert values(found)["inference_methodology.output_noise"]["value"] == 0.02


@pytest.mark.parametrize("name", ["flat.yaml", "nested.json"])
def test_configurations_that_are_data(tmp_path: Path, name: str) -> None:
    flat = (
        "forward_inp_res: 254\nforward_out_noise: 0.02\nforward_out_noise_per_channel: true\n"
        "modifier_type: add_normal\nmodifier_std_dev: 0.03\nclip_sigma: 2.0\nclip_type: layer_gaussian\n"
    )
    nested = (
        '{"rpu_config": {"forward": {"inp_res": 254, "out_noise": 0.02, "out_noise_per_channel": true},'
        ' "modifier": {"type": "AddNormal", "std_dev": 0.03}, "clip": {"type": "LayerGaussian", "sigma": 2.0}}}'
    )
    found = imported(tmp_path, flat if name == "flat.yaml" else nested, name)
    facts = values(found)
    assert facts["hwa_training.dac_bits"] == 8
    assert facts["hwa_training.weight_noise"]["value"] == 0.03
    assert facts["hwa_training.weight_clip.value"] == {
        "value": 2.0,
        "relative_to": "weight_std",
        "per": "tile",
    }
    assert recognise(tmp_path / name) is rpu_config.KIND


@pytest.mark.parametrize(
    "text",
    ["def broken(:\n", "\x00", "(" * 5000, "x = 1\n", "if x:\n" * 1, "", "rpu_config = load()\n"],
)
def test_what_is_no_configuration_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        imported(tmp_path, text)


def test_code_is_run_only_where_it_is_named_so() -> None:
    with pytest.raises(UsageError, match="is code"):
        rpu_config.read("some.module:configuration", ImportOptions())


def test_a_configuration_that_is_made_where_it_is_used(tmp_path: Path) -> None:
    script = "model = convert_to_analog(model, StandardHWATrainingPreset())\n"
    assert values(imported(tmp_path, script))["hwa_training.output_bound"]["value"] == 10.0


def test_training_on_the_chip_is_named(tmp_path: Path) -> None:
    script = "rpu_config = SingleRPUConfig(device=ConstantStepDevice())\n"
    with pytest.raises(UsageError, match="makes no configuration") as refused:
        imported(tmp_path, script)
    assert "SingleRPUConfig" in refused.value.why
