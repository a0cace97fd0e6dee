"""Checkpoints of aihwkit, in the form that its 1.1.0 writes: tiles with scales, ranges and a configuration."""

from __future__ import annotations

import enum
import sys
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import nn

from factsheet.authoring.importing.analog.toolkit_checkpoint import load_checkpoint
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.layers.conversion import convert_to_analog
from factsheet.crossbar.functional.layers.programming import program_analog_weights
from factsheet.errors import AnalogError

if TYPE_CHECKING:
    from pathlib import Path

# A layer of 6 inputs on two tiles of three, as aihwkit 1.1.0 saves it (simulator/tiles/array.py, module.py), and what
# its torch tile makes of two inputs, with 30 steps of inputs and outputs: run with its own code, as of June 2026.
WEIGHTS = (
    [[1.0, -0.5, 0.25], [0.5, 1.0, -0.75], [-1.0, 0.3, 0.6]],
    [[0.2, 0.4, 1.0], [-1.0, 0.1, 0.9], [0.7, -1.0, 0.05]],
)
MAPPING, LEARNT = ([0.3, 0.4, 0.2], [0.25, 0.35, 0.45]), ([1.1, 0.9, 1.0], [0.8, 1.2, 1.05])
RANGES, BIAS = (1.5, 2.0), [0.1, -0.2, 0.3]
INPUTS = [[0.5, -1.2, 1.7, 0.3, -0.8, 2.4], [1.0, 0.9, -0.4, -2.0, 1.1, 0.2]]
OUTPUTS = [
    [0.8820000886917114, -0.36000001430511475, 0.8040000200271606],
    [0.2853333652019501, 1.3840000629425049, -1.0339999198913574],
]


class Toolkit:
    """Classes under the names that the toolkit has them by, which hold what they are given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def made(self, full: str, **values: Any) -> Any:
        """Return an object of a class of the toolkit."""
        module, _, name = full.rpartition(".")
        found = type(name, (), {"__module__": module})
        self._put(module, name, found)
        made = found()
        vars(made).update(values)
        return made

    def member(self, name: str, value: str) -> Any:
        """Return a member of an enumeration of the toolkit."""
        module = "aihwkit.simulator.parameters.enums"
        kind: Any = enum.EnumMeta.__call__(enum.Enum, name, {"ONE": value}, module=module)
        self._put(module, name, kind)
        return kind.ONE

    def _put(self, module: str, name: str, found: object) -> None:
        parts = module.split(".")
        for length in range(1, len(parts) + 1):
            parent = ".".join(parts[:length])
            if parent not in sys.modules:
                self._monkeypatch.setitem(sys.modules, parent, ModuleType(parent))
        setattr(sys.modules[module], name, found)

    def configuration(self) -> Any:
        """Return the configuration of the layer."""
        parameters = "aihwkit.simulator.parameters"
        inputs = self.made(f"{parameters}.pre_post.InputRangeParameter", enable=True, learn_input_range=True)
        return self.made(
            "aihwkit.simulator.configs.configs.TorchInferenceRPUConfig",
            forward=self.made(
                f"{parameters}.io.IOParameters",
                inp_res=1 / 30,
                out_res=1 / 30,
                out_bound=2.0,
                out_noise=0.0,
                w_noise=0.0,
                bound_management=self.member("BoundManagementType", "None"),
                noise_management=self.member("NoiseManagementType", "None"),
            ),
            mapping=self.made(
                f"{parameters}.mapping.MappingParameter",
                max_input_size=3,
                max_output_size=0,
                weight_scaling_columnwise=True,
            ),
            pre_post=self.made(f"{parameters}.pre_post.PrePostProcessingParameter", input_range=inputs),
            noise_model=self.made("aihwkit.inference.noise.pcm.PCMLikeNoiseModel", g_max=20.0),
        )


def state_dict(configuration: Any) -> dict[str, Any]:
    held: dict[str, Any] = {"0.analog_module.bias": torch.tensor(BIAS)}
    for row, weights in enumerate(WEIGHTS):
        at = f"0.analog_module.array.{row}.0."
        held |= {
            f"{at}analog_ctx": torch.tensor(weights),
            f"{at}out_scaling_alpha": torch.tensor(LEARNT[row]),
            f"{at}mapping_scales": torch.tensor(MAPPING[row]),
            f"{at}input_range": torch.tensor([RANGES[row]]),
            f"{at}alpha": torch.ones(1),
            f"{at}tile.weight": torch.tensor(weights),
            f"{at}analog_tile_state": {
                "rpu_config": configuration,
                "analog_tile_weights": torch.tensor(weights),
                "analog_tile_class": "TorchInferenceTile",
            },
        }
    return held


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    return state_dict(Toolkit(monkeypatch).configuration())


def test_a_layer_computes_here_as_it_does_on_its_tiles(held: dict[str, Any], tmp_path: Path) -> None:
    torch.save(held, tmp_path / "model.pt")
    network = nn.Sequential(nn.Linear(6, 3))
    loaded = load_checkpoint(network, tmp_path / "model.pt")
    assert loaded.bounds == {"0": RANGES}
    assert not loaded.notes
    assert loaded.hardware is not None
    hardware = loaded.hardware.hardware
    assert hardware.g_max_us == 20.0
    analog = convert_to_analog(
        network, replace(hardware, device=IdealDevice(), follow="equations", compensation="none")
    )
    program_analog_weights(analog)
    with torch.no_grad():
        torch.testing.assert_close(analog(torch.tensor(INPUTS)), torch.tensor(OUTPUTS), atol=1e-6, rtol=1e-6)


def test_kernels_have_the_shape_of_the_network(held: dict[str, Any], tmp_path: Path) -> None:
    torch.save(held, tmp_path / "model.pt")
    network = nn.Sequential(nn.Conv1d(2, 3, 3))
    load_checkpoint(network, tmp_path / "model.pt")
    expected = torch.tensor(WEIGHTS[1]) * (torch.tensor(MAPPING[1]) * torch.tensor(LEARNT[1]))[:, None]
    torch.testing.assert_close(network[0].weight[:, 1], expected)


def test_what_aihwkit_did_to_weights_is_told(held: dict[str, Any], tmp_path: Path) -> None:
    held["0.analog_module.array.0.0.alpha"] = torch.tensor([1.2])
    held["0.analog_module.array.1.0.analog_tile_state"]["analog_tile_weights"] *= 0.5
    torch.save(held, tmp_path / "model.pt")
    notes = load_checkpoint(nn.Sequential(nn.Linear(6, 3)), tmp_path / "model.pt").notes
    assert any("programmed there" in note for note in notes)
    assert any("0.5 to 1 on its tiles" in note for note in notes)


def cell_tile(configuration: Any, at: str, rows: torch.Tensor, input_range: float) -> dict[str, Any]:
    """One tile as aihwkit saves it, of weights that are 1 at most, with scales of their outputs."""
    scales = torch.linspace(0.2, 0.4, len(rows))
    return {
        f"{at}.analog_module.mapping_scales": scales,
        f"{at}.analog_module.input_range": torch.tensor([input_range]),
        f"{at}.analog_module.analog_tile_state": {
            "rpu_config": configuration,
            "analog_tile_weights": rows,
            "analog_tile_class": "InferenceTile",
        },
    }


def on_tile(held: dict[str, Any], at: str, x: torch.Tensor) -> torch.Tensor:
    """Multiply as a tile with its bias on it: `pre_forward` and `post_forward` of `simulator/tiles/periphery.py`.

    Inputs are divided by their range, a full input drives the last row, and outputs are multiplied by range and scales.
    """
    bound = held[f"{at}.analog_module.input_range"]
    driven = torch.cat([(x / bound).clamp(-1, 1), torch.ones(len(x), 1)], dim=1)
    rows = held[f"{at}.analog_module.analog_tile_state"]["analog_tile_weights"]
    return driven @ rows.T * held[f"{at}.analog_module.mapping_scales"] * bound


@pytest.mark.parametrize("combined", [False, True])
def test_a_recurrent_layer_computes_here_as_its_cells_do_there(
    combined: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # `AnalogLSTMCell` and `AnalogLSTMCellCombinedWeight` of nn/modules/rnn/cells.py, their biases on the tiles, run
    # from both ends as `AnalogBidirRNNLayer` does.
    inputs, hidden, steps = 3, 2, 4
    generator = torch.Generator().manual_seed(1)
    configuration = Toolkit(monkeypatch).configuration()
    held: dict[str, Any] = {}
    parts = {"weight": inputs + hidden} if combined else {"weight_ih": inputs, "weight_hh": hidden}
    for way in (0, 1):
        for part, width in parts.items():
            rows = torch.rand(4 * hidden, width + 1, generator=generator) * 2 - 1
            at = f"0.rnn.layers.0.directions.{way}.cell.{part}"
            held |= cell_tile(configuration, at, rows, 4.0)
    x = torch.randn(steps, 1, inputs, generator=generator)
    expected = torch.zeros(steps, 1, 2 * hidden)
    for way in (0, 1):
        at = f"0.rnn.layers.0.directions.{way}.cell."
        h, c = torch.zeros(1, hidden), torch.zeros(1, hidden)
        for step in range(steps)[:: -1 if way else 1]:
            if combined:
                gates = on_tile(held, f"{at}weight", torch.cat([x[step], h], dim=1))
            else:
                gates = on_tile(held, f"{at}weight_ih", x[step]) + on_tile(held, f"{at}weight_hh", h)
            i, f, g, o = gates.chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            expected[step, :, way * hidden : (way + 1) * hidden] = h
    torch.save(held, tmp_path / "model.pt")
    network = nn.Sequential(nn.LSTM(inputs, hidden, bidirectional=True))
    loaded = load_checkpoint(network, tmp_path / "model.pt")
    with torch.no_grad():
        torch.testing.assert_close(network(x)[0], expected, atol=1e-6, rtol=1e-5)
    assert loaded.bounds["0.weight_hh_l0_reverse"] == (4.0,)
    assert network[0].matrix_bounds["weight_ih_l0"] == ([4.0], None)
    assert any("bias was a row of its tiles" in note for note in loaded.notes)
    assert any("shared tiles there" in note for note in loaded.notes) is combined


@pytest.mark.parametrize("wrong", ["tile", "weights", "shape", "configuration"])
def test_what_is_not_whole_is_refused_in_words(wrong: str, held: dict[str, Any], tmp_path: Path) -> None:
    network = nn.Sequential(nn.Linear(6, 3))
    if wrong == "tile":
        held = {key: one for key, one in held.items() if ".array.0." not in key}
    elif wrong == "weights":
        del held["0.analog_module.array.1.0.analog_tile_state"]["analog_tile_weights"]
    elif wrong == "shape":
        network = nn.Sequential(nn.Linear(7, 3))
    else:
        for row in (0, 1):
            del held[f"0.analog_module.array.{row}.0.analog_tile_state"]["rpu_config"]
    torch.save(held, tmp_path / "model.pt")
    with pytest.raises(AnalogError) as refusal:
        load_checkpoint(network, tmp_path / "model.pt")
    words = {
        "tile": "1 of 2 x 1 tiles",
        "weights": "without weights",
        "shape": "3 x 6",
        "configuration": "its conf",
    }
    assert words[wrong] in str(refusal.value)
