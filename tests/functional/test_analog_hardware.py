"""The hardware as data: written, read back, told apart, refused."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import fields, replace
from typing import Any

import pytest

from factsheet.crossbar.functional.analog_hardware import AnalogHardware, for_layers
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.devices.reram import Reram
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.functional.tiles.ir_drop import IrDrop
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import AnalogError

OTHERS: dict[str, Any] = {
    "tile": TileShape(256, 512),
    "device": Pcm(read_noise=0.5),
    "devices_per_weight": 4,
    "significance": (8.0, 1.0),
    "g_max_us": 20.0,
    "g_min_us": 1.0,
    "pair": "both",
    "stuck_rate": 0.01,
    "stuck_at": "on",
    "scale": "tile",
    "clip_sigma": 2.5,
    "dac": Converter(6, "learnt"),
    "adc": Converter(None),
    "input_noise": 0.01,
    "output_noise": 0.04,
    "weight_noise": 0.0175,
    "ir_drop": IrDrop(0.35),
    "compensation": "global",
    "follow": "aihwkit",
    "unlimited": "columns",
    "split": "even",
    "slicing": "fill",
    "device_levels": 4,
    "read_out": "noisy",
    "weight_noise_kind": "pcm read",
    "output_noise_spread": 0.2,
    "bound_management": "iterative",
    "reference": "target",
    "layers": (for_layers("encoder.*", adc=Converter(6, 10.0), device=Pcm(read_noise=0.0)),),
}


def test_every_field_is_tried_here() -> None:
    assert OTHERS.keys() == {one.name for one in fields(AnalogHardware)}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_written_is_read_back_and_has_a_hash_of_its_own(name: str) -> None:
    hardware = replace(AnalogHardware(), **{name: OTHERS[name]})
    written = json.loads(json.dumps(hardware.to_dict()))
    assert AnalogHardware.from_dict(written) == hardware
    assert AnalogHardware.from_dict(written).digest == hardware.digest
    assert hardware.digest != AnalogHardware().digest


@pytest.mark.parametrize("device", [Pcm(), Reram(spread=2.0), IdealDevice()])
def test_devices_are_written_by_name(device: Pcm | Reram | IdealDevice) -> None:
    hardware = AnalogHardware(device=device)
    assert AnalogHardware.from_dict(json.loads(json.dumps(hardware.to_dict()))) == hardware
    assert AnalogHardware.from_dict({"device": "ideal"}).device == IdealDevice()


def test_the_hash_is_of_values_and_not_of_how_they_are_written() -> None:
    assert AnalogHardware(g_max_us=25).digest == AnalogHardware(g_max_us=25.0).digest
    # Every default, in the order of the alphabet, numbers as floats.
    written = (
        '{"adc":{"bits":8.0,"bound":10.0},"bound_management":"none","clip_sigma":null,"compensation":"none","dac":{"bits":8.0,"bound":"dynamic"},'
        '"device":{"drift_exponent":1.0,"kind":"pcm","programming":1.0,"read_noise":1.0,"t0_s":20.0,"t_read_s":2.5e-07},'
        '"device_levels":16.0,"devices_per_weight":2.0,"follow":"equations","g_max_us":25.0,"g_min_us":0.0,"input_noise":0.0,"ir_drop":null,'
        '"output_noise":0.0,"output_noise_spread":0.0,'
        '"pair":"one-sided","read_out":"as followed","reference":"programmed","scale":"column",'
        '"significance":[1.0,1.0],"slicing":"equal","split":"full","stuck_at":"off",'
        '"stuck_rate":0.0,"tile":{"cols":512.0,"rows":512.0},"unlimited":"neither","weight_noise":0.0,"weight_noise_kind":"constant"}'
    )
    assert AnalogHardware().digest == hashlib.sha256(written.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"devices_per_weight": 3}, "devices_per_weight"),
        ({"pair": "three"}, "pair"),
        ({"stuck_at": "somewhere"}, "stuck_at"),
        ({"scale": "row"}, "scale"),
        ({"compensation": True}, "compensation"),
        ({"follow": "crosssim"}, "follow"),
        ({"input_noise": -0.1}, "input_noise"),
        ({"output_noise": float("nan")}, "output_noise"),
        ({"weight_noise": float("inf")}, "weight_noise"),
        ({"g_max_us": 0}, "g_max_us"),
        ({"g_min_us": -1}, "g_min_us"),
        ({"g_min_us": 25}, "g_min_us"),
        ({"stuck_rate": 1.5}, "stuck_rate"),
        ({"clip_sigma": 0}, "clip_sigma"),
        ({"significance": [1.0]}, "significance"),
        ({"significance": [1.0, 0.0]}, "significance"),
        ({"pair": "both", "follow": "aihwkit"}, "both devices"),
        ({"adc": {"bits": 8, "bound": "dynamic"}, "follow": "aihwkit"}, "ADC"),
        ({"adc": {"bits": 8, "bound": 0}}, "bound"),
        ({"adc": {"bits": -8, "bound": 1}}, "bits"),
        ({"adc": {"bits": 8, "bounds": 1}}, "bounds"),
        ({"tile": {"rows": 0, "cols": 4}}, "tile"),
        ({"tile": {"rows": 4}}, "cols"),
        ({"device": {"kind": "sram"}}, "sram"),
        ({"device": {"kind": "pcm", "programming": "much"}}, "device"),
        ({"g_max_us": "much"}, "another kind"),
        ({"ir_drop": {}}, "wire_ohm"),
        ({"gmax": 25}, "gmax"),
        ({"devices_per_weight": 66}, "devices_per_weight"),
        ({"devices_per_weight": 2.0}, "devices_per_weight"),
        ({"devices_per_weight": 8}, "each of 4 pairs"),
        ({"device_levels": 1}, "device_levels"),
        ({"slicing": "bits"}, "slicing"),
        ({"unlimited": "all"}, "unlimited"),
        ({"reference": "exact"}, "reference"),
        ({"weight_noise_kind": "pcm"}, "weight_noise_kind"),
        ({"output_noise_spread": -1}, "output_noise_spread"),
        ({"bound_management": "worst case"}, "bound_management"),
        ({"bound_management": "iterative", "adc": {"bits": None}}, "bound management"),
        ({"read_out": "noisy", "adc": {"bits": 8, "bound": "dynamic"}}, "ADC"),
        ({"layers": {"a": {"gmax": 25}}}, "gmax"),
        ({"layers": {"a": {"stuck_rate": 2}}}, "stuck_rate"),
        ({"layers": {"a": {"layers": []}}}, "layers"),
        ({"layers": {"a": 3}}, "mapping"),
        ({"layers": "a"}, "layers"),
        ({"layers": [{"adc": {"bits": 6, "bound": 1}}]}, "names"),
        ({"layers": {"a": {"adc": {"bits": 60}}}}, "bits"),
    ],
)
def test_impossible_hardware_is_refused_with_the_reason(values: dict[str, object], words: str) -> None:
    with pytest.raises(AnalogError, match=words) as refusal:
        AnalogHardware.from_dict(values)
    assert refusal.value.help


def test_a_layer_s_own_values_go_over_those_of_the_network() -> None:
    hardware = AnalogHardware.from_dict(
        {
            "adc": {"bits": 8, "bound": 12},
            "layers": {"encoder.*": {"adc": {"bits": 6}, "stuck_rate": 0.1}, "*.query": {"stuck_rate": 0.2}},
        }
    )
    query = hardware.of("encoder.0.query")
    assert query.adc == Converter(6, 12)  # the bound is the network's
    assert (query.stuck_rate, query.layers) == (0.2, ())  # the later pattern
    assert hardware.of("encoder.0.value").stuck_rate == 0.1
    assert hardware.of("head") == replace(hardware, layers=())


def test_a_change_everywhere_reaches_what_layers_have_of_their_own() -> None:
    noisy = AnalogHardware(output_noise=0.1, layers=(for_layers("head", output_noise=0.2, stuck_rate=0.1),))
    quiet = noisy.everywhere(lambda one: replace(one, output_noise=0.0))
    assert [quiet.of(name).output_noise for name in ("head", "body")] == [0.0, 0.0]
    assert quiet.of("head").stuck_rate == 0.1
    assert replace(noisy, output_noise=0.0).of("head").output_noise == 0.2


def test_sides_without_limit_and_even_parts() -> None:
    hardware = AnalogHardware(tile=TileShape(512, 512))
    sizes = [part.stop - part.start for part in hardware.row_parts(1100)]
    assert sizes == [512, 512, 76]
    even = replace(hardware, split="even")
    assert [part.stop - part.start for part in even.row_parts(1100)] == [367, 367, 366]
    assert [part.stop - part.start for part in even.row_parts(3)] == [3]
    open_ended = replace(hardware, unlimited="columns")
    assert open_ended.col_parts(30522) == [slice(0, 30522)]
    assert len(open_ended.row_parts(1100)) == 3
    assert open_ended.tile_for(1100, 30522) == TileShape(512, 30522)


def test_the_rest_of_the_package_does_not_import_torch() -> None:
    program = (
        "import sys, factsheet.api.fact_sheet, factsheet.api.simulation\n"
        "import factsheet.recompute.engine, factsheet.crossbar.cost.estimate, factsheet.cli.app\n"
        "print('torch' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_without_torch_the_error_names_the_extra() -> None:
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "try:\n    import factsheet.crossbar.functional.draws\nexcept ValueError as error:\n    print(error.help)"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert '".[torch]"' in found.stdout
