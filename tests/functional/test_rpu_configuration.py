"""Configurations of aihwkit and aihwkit-lightning out and in again; presets by name; callables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import nn

import factsheet
from factsheet.authoring.importing.analog.hardware_source import PRESETS, hardware_from
from factsheet.cli.simulate.simulate_setup import named_hardware
from factsheet.crossbar.functional.analog_hardware import AnalogHardware, for_layers
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.devices.hermes_pcm import HermesPcm, HermesPcmSingle
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.devices.pcm_by_table import PcmByTable
from factsheet.crossbar.functional.devices.reram import Reram
from factsheet.crossbar.functional.hardware_values import KINDS
from factsheet.crossbar.functional.rpu_configuration import rpu_configuration
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.functional.tiles.fitted_ir_drop import FittedIrDrop
from factsheet.crossbar.functional.training.recipe import HwaRecipe, Strength, TrainedDrift
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import AnalogError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

AIHWKIT = AnalogHardware(split="even", follow="aihwkit", unlimited="neither")
ROUND_TRIPS: dict[str, AnalogHardware] = {
    "as usual": AIHWKIT,
    "tile": replace(AIHWKIT, tile=TileShape(256, 128)),
    "unlimited columns": replace(AIHWKIT, tile=TileShape(512, 512), unlimited="columns"),
    "unlimited": replace(AIHWKIT, tile=TileShape(1, 1), unlimited="both"),
    "fixed inputs": replace(AIHWKIT, dac=Converter(7, 2.5)),
    "learnt inputs": replace(AIHWKIT, dac=Converter(8, "learnt")),
    "exact": replace(AIHWKIT, dac=Converter(None), adc=Converter(None)),
    "adc": replace(AIHWKIT, adc=Converter(9, 12.0)),
    "noise": replace(AIHWKIT, input_noise=0.01, output_noise=0.06, weight_noise=0.02),
    "read noise of the current": replace(AIHWKIT, weight_noise=0.0175, weight_noise_kind="pcm read"),
    "columns that differ": replace(AIHWKIT, output_noise=0.06, output_noise_spread=0.3),
    "repeated for the worst": replace(AIHWKIT, bound_management="iterative worst case"),
    "repeated": replace(AIHWKIT, bound_management="iterative"),
    "tile scale": replace(AIHWKIT, scale="tile"),
    "compensated": replace(AIHWKIT, compensation="global"),
    "by column": replace(AIHWKIT, compensation="column"),
    "exact reference": replace(AIHWKIT, compensation="global", reference="target"),
    "scales of devices": replace(
        AIHWKIT, device=Pcm(programming=0.5, drift_exponent=2.0, read_noise=0.0, t0_s=50.0), g_max_us=20.0
    ),
    "devices of HERMES": replace(AIHWKIT, device=HermesPcm(programming=0.5), g_max_us=20.0),
    "single devices of HERMES": replace(AIHWKIT, device=HermesPcmSingle(), g_max_us=10.35),
    "drift by a table": replace(
        AIHWKIT,
        device=PcmByTable(
            levels_us=(0.0, 10.0, 25.0), drift_mean=(0.08, 0.05, 0.03), drift_spread=(0.02, 0.01, 0.0)
        ),
    ),
    "resistive": replace(AIHWKIT, device=Reram(spread=0.5), g_max_us=40.0),
    "devices that end above 0": replace(AIHWKIT, g_min_us=2.0),
    "pairs": replace(AIHWKIT, devices_per_weight=6, significance=(1.0, 2.0, 4.0), slicing="fill"),
}


@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_what_is_said_to_aihwkit_is_read_back(name: str, tmp_path: Path) -> None:
    hardware = ROUND_TRIPS[name]
    made = rpu_configuration(hardware, toolkit="aihwkit")
    assert not made.left
    file = tmp_path / "rpu.json"
    file.write_text(made.to_json(), encoding="utf-8")
    found = hardware_from(file)
    assert not found.left
    # Sides without a limit have no length of their own.
    assert replace(found.hardware, tile=hardware.tile) == hardware
    if hardware.unlimited == "neither":
        assert found.hardware.tile == hardware.tile
    assert hardware_from(made.values) == found


@pytest.mark.parametrize(
    ("hardware", "words"),
    [
        (AnalogHardware(), "even parts"),
        (replace(AIHWKIT, adc=Converter(8, "dynamic"), follow="equations"), "ADC whose bound is dynamic"),
        (replace(AIHWKIT, stuck_rate=0.1), "stuck"),
        (replace(AIHWKIT, devices_per_weight=4), "equal parts"),
        (replace(AIHWKIT, pair="both", follow="equations"), "both are programmed"),
    ],
)
def test_what_aihwkit_has_no_field_for_is_listed(hardware: AnalogHardware, words: str) -> None:
    assert words in "; ".join(
        one.what + one.why for one in rpu_configuration(hardware, toolkit="aihwkit").left
    )


def test_a_recipe_goes_into_the_modifier() -> None:
    recipe = HwaRecipe(
        weight_noise=Strength(0.05, "w_max"),
        adc_noise=Strength(0.04, "w_max"),
        input_bound=Strength(3.0, "input_std"),
        learnt_input_bound=True,
        drift=TrainedDrift(at_s=(3600.0,)),
    )
    made = rpu_configuration(replace(AIHWKIT, dac=Converter(8, "learnt"), device=IdealDevice()), recipe)
    values = made.values
    assert values["modifier"] == {"noise_type": "ADD_NORMAL_PER_CHANNEL", "std_dev": 0.05}
    assert values["forward"]["out_noise"] == 0.04
    assert values["pre_post"]["input_range"]["init_std_alpha"] == 3.0
    assert "drift in training" in [one.what for one in made.left]


def test_a_configuration_is_of_one_layer_or_of_all() -> None:
    hardware = replace(AIHWKIT, layers=(for_layers("head", stuck_rate=0.1),))
    with pytest.raises(AnalogError, match="differs by layer"):
        rpu_configuration(hardware)
    with pytest.raises(AnalogError, match="crosssim"):
        rpu_configuration(AIHWKIT, toolkit="crosssim")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_hardware_by_name(name: str) -> None:
    found = hardware_from(name)
    assert found.hardware.follow == "aihwkit"


def test_the_standard_preset_has_the_values_of_its_source() -> None:
    """`StandardHWATrainingPreset` in aihwkit 1.1.0, `simulator/presets/inference.py`."""
    found = hardware_from("StandardHWATrainingPreset")
    hardware = found.hardware
    assert (hardware.tile.rows, hardware.unlimited, hardware.split) == (512, "columns", "even")
    assert (hardware.dac, hardware.adc) == (Converter(8, "learnt"), Converter(8, 10.0))
    assert (hardware.output_noise, hardware.scale, hardware.compensation) == (0.04, "column", "global")
    assert hardware.device == Pcm()
    assert (hardware.weight_noise, hardware.weight_noise_kind) == (0.0175, "pcm read")


@pytest.mark.parametrize("name", ["GokmenVlasovPreset", "PCMPreset", "TikiTakaReRamESPreset"])
def test_presets_that_train_on_the_chip_are_said_to_be_out_of_scope(name: str) -> None:
    with pytest.raises(AnalogError, match="trains on the chip"):
        hardware_from(name)


def own_hardware() -> AnalogHardware:
    return AIHWKIT


def own_values() -> dict[str, Any]:
    return {"device": "reram", "stuck_rate": 0.1}


def nothing() -> None:
    """Return no hardware."""


def itself() -> str:
    return f"{__name__}:itself"


def test_what_columns_lose_is_read_back_and_said_to_be_no_part_of_training() -> None:
    hardware = replace(AIHWKIT, ir_drop=FittedIrDrop(0.5, 4e5))
    found = hardware_from(rpu_configuration(hardware, toolkit="aihwkit").values)
    assert found.hardware == hardware
    assert [one.why for one in found.left] == ["it acts in the simulation, and is not trained with"]
    lightning = rpu_configuration(hardware, toolkit="aihwkit-lightning")
    assert any("IR drop" in one.what for one in lightning.left)
    other = {"class": "TorchInferenceRPUConfigIRDropT", "forward": {"ir_drop": 1.0}, "mapping": {}}
    assert hardware_from(other).hardware.ir_drop is None  # another model, which depends on time


def test_a_callable_gives_hardware_values_or_a_name() -> None:
    assert hardware_from(f"{__name__}:own_hardware").hardware == AIHWKIT
    assert hardware_from(f"{__name__}:own_values").hardware.stuck_rate == 0.1
    with pytest.raises(UsageError, match="no configuration"):
        hardware_from(f"{__name__}:nothing")
    with pytest.raises(AnalogError, match="names itself"):
        hardware_from(f"{__name__}:itself")
    with pytest.raises(AnalogError, match="AttributeError"):
        hardware_from(f"{__name__}:absent")


def test_python_takes_a_configuration_as_hardware_and_warns_of_what_it_lacks() -> None:
    model = nn.Linear(4, 3)
    with pytest.warns(UserWarning, match=r"simulated otherwise: .*1\.0 \(the mapping forward\.ir_drop\)"):
        study = factsheet.simulate(
            lambda: model,
            lambda module: float(module(torch.ones(1, 4)).sum().detach()),
            times=(60.0,),
            repeats=1,
            hardware={
                "class": "InferenceRPUConfig",
                "forward": {"ir_drop": 1.0, "is_perfect": False},
                "mapping": {},
            },
        )
    assert study.series.points


def test_the_command_knows_every_kind_of_device_that_needs_no_figures() -> None:
    for kind in KINDS.keys() - {"described", "pcm-by-table"}:
        assert named_hardware(kind).hardware == hardware_from(kind).hardware
