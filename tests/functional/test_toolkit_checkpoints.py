"""Checkpoints of aihwkit-lightning, written by itself: what it computes with them is what our hardware does."""

from __future__ import annotations

import os
import pickle
import zipfile
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import nn

from factsheet.authoring.importing.analog.toolkit_checkpoint import load_checkpoint
from factsheet.crossbar.functional.layers.conversion import conversion_of, convert_to_analog
from factsheet.crossbar.functional.layers.programming import program_analog_weights
from factsheet.errors import AnalogError, FactsheetError

if TYPE_CHECKING:
    from pathlib import Path

LIGHTNING = pytest.mark.skipif(
    not find_spec("aihwkit_lightning"), reason="aihwkit-lightning, of the group `tests`, is not installed"
)


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(150, 20), nn.ReLU(), nn.Sequential(nn.Linear(20, 6), nn.LayerNorm(6))
    ).double()


def trained(clip: str, *, quantised: bool = False) -> Any:
    """Train a network with lightning for a few steps, so that ranges and bounds are learnt ones."""
    configs: Any = import_module("aihwkit_lightning.simulator.configs")
    convert: Any = import_module("aihwkit_lightning.nn.conversion").convert_to_analog
    config = configs.TorchInferenceRPUConfig()
    config.forward.inp_res = 254
    if (
        clip != "LEARNABLE_PER_CHANNEL"
    ):  # with a learnt bound, ADCs are bounded by it, and not by the largest weight
        config.forward.out_res, config.forward.out_bound = 254, 8.0
    config.mapping.max_input_size = 64
    config.clip.type, config.clip.sigma = configs.WeightClipType[clip], 2.0
    config.modifier.noise_type = configs.WeightNoiseInjectionType.ADD_NORMAL_PER_CHANNEL
    config.modifier.std_dev = 0.05
    if quantised:
        config.modifier.quantization_type = configs.WeightQuantizationType.DISCRETIZE_PER_CHANNEL
        config.modifier.res = 30
    config.pre_post.input_range.enable = True
    config.pre_post.input_range.init_from_data = 2
    model = convert(network(), config).train()
    optimiser = torch.optim.SGD(model.parameters(), 0.05)
    for _ in range(5):
        optimiser.zero_grad()
        model(torch.randn(16, 150).double()).square().mean().backward()
        optimiser.step()
    return model.eval()


@LIGHTNING
@pytest.mark.parametrize("clip", ["LAYER_GAUSSIAN_PER_CHANNEL", "LEARNABLE_PER_CHANNEL", "NONE"])
def test_a_checkpoint_computes_here_as_it_does_there(clip: str, tmp_path: Path) -> None:
    theirs, file = trained(clip), tmp_path / "model.pt"
    torch.save(theirs.state_dict(), file)
    ours = network()
    loaded = load_checkpoint(ours, file)
    assert loaded.hardware is not None
    assert {name: len(bounds) for name, bounds in loaded.bounds.items()} == {"0": 3, "2.0": 1}
    assert bool(loaded.notes) == (clip == "LEARNABLE_PER_CHANNEL")
    analog = convert_to_analog(ours, loaded.hardware.hardware)
    program_analog_weights(analog)
    x = torch.randn(32, 150, generator=torch.Generator().manual_seed(1)).double()
    with torch.no_grad():
        found, expected = analog(x), theirs(x.clone())
    assert not [one.name for one in conversion_of(analog).digital if one.kind == "Linear"]
    # Bounds are kept in single precision here.
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


@LIGHTNING
def test_weights_that_are_rounded_at_each_use_are_told(tmp_path: Path) -> None:
    torch.save(trained("NONE", quantised=True).state_dict(), tmp_path / "model.pt")
    assert any(
        "DiscretizePerChannel" in note for note in load_checkpoint(network(), tmp_path / "model.pt").notes
    )


@LIGHTNING
def test_another_network_is_refused(tmp_path: Path) -> None:
    torch.save(trained("NONE").state_dict(), tmp_path / "model.pt")
    with pytest.raises(AnalogError, match=r"holds 2\.0\.bias, which the network does not have"):
        load_checkpoint(nn.Sequential(nn.Linear(150, 20)).double(), tmp_path / "model.pt")
    wider = network()
    wider.append(nn.Linear(6, 6))
    with pytest.raises(AnalogError, match=r"lacks 3\.bias"):
        load_checkpoint(wider, tmp_path / "model.pt")


class Harmful:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, ("touch harmed",)


def test_code_in_a_checkpoint_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save({"weight": torch.zeros(2), "more": Harmful()}, "model.pt")
    with pytest.raises(AnalogError, match="cannot be loaded as weights"):
        load_checkpoint(nn.Linear(2, 2), "model.pt")
    assert not (tmp_path / "harmed").exists()


@pytest.mark.parametrize("kind", ["missing", "empty", "text", "pickle", "archive", "list"])
def test_what_is_no_checkpoint_is_refused_in_words(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "model.pt"
    if kind == "empty":
        file.write_bytes(b"")
    elif kind == "text":
        file.write_text("weights", encoding="utf-8")
    elif kind == "pickle":
        file.write_bytes(pickle.dumps({"weight": [1.0]}))
    elif kind == "archive":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("data.pkl", b"no")
    elif kind == "list":
        torch.save([torch.zeros(2)], file)
    with pytest.raises(FactsheetError) as refusal:
        load_checkpoint(nn.Linear(2, 2), file)
    assert "model.pt" in str(refusal.value)


def test_weights_without_a_configuration_are_weights(tmp_path: Path) -> None:
    layer = nn.Linear(4, 3)
    torch.save(layer.state_dict(), tmp_path / "model.pt")
    other = nn.Linear(4, 3)
    loaded = load_checkpoint(other, tmp_path / "model.pt")
    assert loaded.hardware is None
    assert torch.equal(other.weight, layer.weight)
