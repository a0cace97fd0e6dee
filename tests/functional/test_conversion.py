"""Which layers of a network go on crossbars, which stay digital, and what is said of them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest
import torch
from torch import nn

from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.layers.analog_layers import AnalogLinear
from factsheet.crossbar.functional.layers.conversion import (
    analog_layers,
    conversion_of,
    convert_to_analog,
)
from factsheet.crossbar.functional.layers.programming import drift_analog_weights, program_analog_weights
from factsheet.crossbar.functional.layers.substitutes import can_convert
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.mapping import TileShape, map_network
from factsheet.errors import AnalogError
from factsheet.networks.from_models.module import trace
from factsheet.networks.policy import Policy, apply

TILE = TileShape(24, 20)
IDEAL = AnalogHardware(tile=TILE, device=IdealDevice(), dac=Converter(None), adc=Converter(None))


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(11, 30)
        self.dense = nn.ModuleList([nn.Linear(30, 50), nn.Linear(50, 30)])
        self.norm = nn.LayerNorm(30)
        self.head = nn.Linear(30, 11, bias=False)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.embedding(ids)
        x = self.norm(x + self.dense[1](torch.relu(self.dense[0](x))))
        logits: torch.Tensor = self.head(x)
        return logits


def test_layers_with_a_matrix_are_converted_and_the_rest_is_listed() -> None:
    network, ids = Encoder(), torch.tensor([[1, 5, 7]])
    analog = convert_to_analog(network, IDEAL)
    assert list(analog_layers(analog)) == ["dense.0", "dense.1", "head"]
    assert not analog_layers(network), "the original is untouched"
    report = conversion_of(analog)
    assert [(one.name, one.kind) for one in report.digital] == [
        ("embedding", "Embedding"),
        ("norm", "LayerNorm"),
    ]
    assert "norm: digital, LayerNorm" in report.text
    program_analog_weights(analog)
    assert torch.allclose(analog(ids), network(ids), atol=1e-5)


def test_tiles_are_those_that_derive_counts() -> None:
    network = nn.Sequential(
        nn.Conv2d(4, 48, 3, groups=2), nn.Flatten(), nn.Linear(48 * 16, 50), nn.ReLU(), nn.Linear(50, 30)
    )
    mapped = map_network(trace(deepcopy(network), torch.zeros(1, 4, 6, 6)), TILE)
    report = conversion_of(convert_to_analog(network, IDEAL))
    assert report.tiles == mapped.tiles
    # 2 · ⌈18/24⌉·⌈24/20⌉ + ⌈768/24⌉·⌈50/20⌉ + ⌈50/24⌉·⌈30/20⌉
    assert report.tiles == 2 * 1 * 2 + 32 * 3 + 3 * 2


def test_a_policy_keeps_layers_digital() -> None:
    analog = convert_to_analog(Encoder(), IDEAL, Policy(digital=("head", "dense.1")))
    assert list(analog_layers(analog)) == ["dense.0"]
    assert ("head", "the policy says so") in [(one.name, one.reason) for one in conversion_of(analog).digital]


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (Policy(digital=("pooler",)), "fits the name of no layer"),
        (Policy(analog=("embedding",)), "asked for on tiles"),
        (Policy(digital=("head",), analog=("head",)), "and digitally"),
        (Policy(digital=("dense", "head")), "can be put on crossbars"),
    ],
)
def test_a_policy_that_can_not_be_followed_is_refused(policy: Policy, words: str) -> None:
    with pytest.raises(AnalogError, match=words):
        convert_to_analog(Encoder(), IDEAL, policy)


class Experts(nn.Module):
    """Two of four experts for each vector, as mixtures of experts are written (Shazeer et al. 2017, equation 5)."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = nn.Linear(8, 4, bias=False)
        self.experts = nn.ModuleList(nn.Linear(8, 8) for _ in range(4))
        self.out = nn.Linear(8, 8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        share, chosen = self.gate(x).softmax(-1).topk(2)
        y = torch.zeros_like(x)
        for place, expert in enumerate(self.experts):
            met, slot = torch.where(chosen == place)
            y = y.index_add(0, met, expert(x[met]) * share[met, slot, None])
        result: torch.Tensor = self.out(y)
        return result


def test_a_router_stays_digital_wherever_the_network_is_told_of() -> None:
    whole = nn.Sequential(nn.Linear(8, 8), Experts().requires_grad_(requires_grad=False), nn.Linear(8, 4))
    counted = trace(whole, torch.randn(6, 8))
    sides = {one.name: one.on for one in counted.static}
    assert sides == {
        "0": "analog",
        "1.gate": "digital",
        "1.experts": "analog",
        "1.out": "analog",
        "2": "analog",
    }
    assert any("1 router is counted as digital" in note for note in counted.notes)
    left = {one.name: one.reason for one in conversion_of(convert_to_analog(whole, IDEAL)).digital}
    assert "router" in left["1.gate"]
    assert list(left) == ["1.gate"]
    asked = Policy(analog=("gate",))
    assert "1.gate" in {one.name for one in conversion_of(convert_to_analog(whole, IDEAL, asked)).analog}
    assert {one.name: one.on for one in apply(asked, counted).static}["1.gate"] == "analog"


def test_shared_weights_are_one_set_of_conductances() -> None:
    network = Encoder()
    network.dense[1] = nn.Linear(50, 30)
    twin = nn.Linear(30, 50)
    twin.weight = network.dense[0].weight
    twins = nn.Sequential(network.dense[0], twin, network.dense[0])
    analog = convert_to_analog(twins, replace(IDEAL, device=AnalogHardware().device))
    layers = [analog[0], analog[1], analog[2]]
    assert layers[0] is layers[2]
    assert layers[0].matrix is layers[1].matrix
    assert layers[0].bias is not layers[1].bias
    assert [one.shares_with for one in conversion_of(analog).analog] == ["", "0", "0"]
    assert conversion_of(analog).tiles == 2 * 3
    program_analog_weights(analog)
    drift_analog_weights(analog, 3600.0)
    assert torch.equal(layers[0].weight, layers[1].weight)


def test_a_table_tied_to_the_head_stays_digital_and_as_it_is() -> None:
    network = Encoder()
    network.head.weight = network.embedding.weight
    analog = convert_to_analog(network, IDEAL)
    program_analog_weights(analog)
    assert torch.equal(analog.embedding.weight, network.embedding.weight)
    assert analog.head.matrix.target is analog.embedding.weight


def test_conversion_in_place_shares_the_weights() -> None:
    network = Encoder()
    weight = network.head.weight
    assert convert_to_analog(network, IDEAL, inplace=True) is network
    assert analog_layers(network)["head"].matrix.target is weight


def test_a_module_that_is_a_layer_becomes_one() -> None:
    assert isinstance(convert_to_analog(nn.Linear(3, 2), IDEAL), AnalogLinear)
    with pytest.raises(AnalogError, match="no layer"):
        convert_to_analog(nn.LayerNorm(3), IDEAL)
    with pytest.raises(AnalogError, match="not converted"):
        conversion_of(nn.Linear(3, 2))
    with pytest.raises(AnalogError, match="no layer on crossbars"):
        program_analog_weights(nn.Linear(3, 2))


@pytest.mark.parametrize("train", [True, False])
def test_torch_transformers_use_their_analog_parts_in_both_modes(train: bool) -> None:
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.0, batch_first=True)
    network = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False).train(train)
    x = torch.randn(2, 3, 16)
    # Inputs clipped to nothing: if the digital weights were used, the output would not change.
    analog = convert_to_analog(network, replace(IDEAL, dac=Converter(None, 1e-9)))
    assert {one.kind for one in conversion_of(analog).digital} == {"LayerNorm"}
    program_analog_weights(analog)
    exact = convert_to_analog(network, IDEAL)
    program_analog_weights(exact)
    with torch.no_grad():
        assert torch.allclose(exact(x), network(x), atol=1e-5)
        assert not torch.allclose(analog(x), network(x), atol=1e-3)


def test_dense_layers_with_inputs_first_are_known() -> None:
    transformers = pytest.importorskip("transformers.pytorch_utils")
    layer = transformers.Conv1D(50, 30)
    nn.init.normal_(layer.weight)
    analog, x = convert_to_analog(layer, IDEAL), torch.randn(4, 30)
    program_analog_weights(analog)
    assert can_convert(layer)
    assert torch.allclose(analog(x), layer(x), atol=1e-5)


def test_learnt_bounds_of_a_layer_come_along() -> None:
    layer = nn.Linear(8, 4)
    layer.input_bound, layer.output_bound = torch.tensor(2.5), 7.0
    matrix = convert_to_analog(layer, replace(IDEAL, dac=Converter(8, "learnt"))).matrix
    assert float(matrix.input_bound) == 2.5
    assert float(matrix.output_bound) == 7.0
