"""Recurrent layers and attention on crossbars: exact where the hardware is, and on the tiles that `inspect` counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence

from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.layers.conversion import conversion_of, convert_to_analog, not_simulated
from factsheet.crossbar.functional.layers.programming import program_analog_weights
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.mapping import TileShape, map_network
from factsheet.networks.from_models.module import trace
from factsheet.networks.policy import Policy, apply

if TYPE_CHECKING:
    from collections.abc import Callable


def ideal() -> AnalogHardware:
    exact = Converter(None)
    return AnalogHardware(tile=TileShape(24, 20), device=IdealDevice(), dac=exact, adc=exact)


def attention(**options: Any) -> nn.MultiheadAttention:
    layer = nn.MultiheadAttention(16, 4, **options)
    for parameter in layer.parameters():
        nn.init.normal_(parameter, std=0.3)
    return layer


def same(left: object, right: object) -> None:
    if isinstance(left, tuple):
        assert isinstance(right, tuple)
        for one, other in zip(left, right, strict=True):
            same(one, other)
    elif left is None:
        assert right is None
    else:
        assert torch.allclose(left, right, atol=1e-5)


RECURRENT: dict[str, Callable[[], nn.Module]] = {
    "lstm": lambda: nn.LSTM(8, 16, 2, bidirectional=True, batch_first=True),
    "projected": lambda: nn.LSTM(8, 16, 2, proj_size=5),
    "gru": lambda: nn.GRU(8, 16, 2, bidirectional=True, bias=False),
    "tanh": lambda: nn.RNN(8, 16),
    "relu": lambda: nn.RNN(8, 16, nonlinearity="relu", batch_first=True),
}


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
@pytest.mark.parametrize("name", RECURRENT)
@torch.no_grad()
def test_a_recurrent_layer_computes_as_torch_does(name: str) -> None:
    torch.manual_seed(0)
    layer = RECURRENT[name]()
    analog = convert_to_analog(layer, ideal())
    program_analog_weights(analog)
    x = torch.randn(3, 3, 8)
    same(analog(x), layer(x))
    same(analog(x[0]), layer(x[0]))
    _, state = layer(x)
    same(analog(x, state), layer(x, state))
    packed = pack_sequence([torch.randn(n, 8) for n in (2, 5, 1)], enforce_sorted=False)
    (y, last), (expected, expected_last) = analog(packed), layer(packed)
    same(pad_packed_sequence(y), pad_packed_sequence(expected))
    same(last, expected_last)


@pytest.mark.parametrize(
    "cell", [nn.LSTMCell(8, 16), nn.GRUCell(8, 16), nn.RNNCell(8, 16, nonlinearity="relu")]
)
@torch.no_grad()
def test_a_cell_computes_as_torch_does(cell: nn.Module) -> None:
    analog = convert_to_analog(cell, ideal())
    program_analog_weights(analog)
    x = torch.randn(3, 8)
    state = cell(x)
    same(analog(x), state)
    same(analog(x, state), cell(x, state))
    same(analog(x[0]), cell(x[0]))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"batch_first": True},
        {"bias": False},
        {"kdim": 12, "vdim": 9},
        {"add_bias_kv": True, "add_zero_attn": True},
    ],
)
@pytest.mark.parametrize("train", [True, False])
@torch.no_grad()
def test_attention_computes_as_torch_does(options: dict[str, Any], *, train: bool) -> None:
    torch.manual_seed(0)
    layer = attention(**options).train(train)
    analog = convert_to_analog(layer, ideal())
    program_analog_weights(analog)
    query, key = torch.randn(3, 3, 16), torch.randn(3, 3, options.get("kdim", 16))
    value = torch.randn(3, 3, options.get("vdim", 16))
    mask = torch.triu(torch.ones(3, 3, dtype=torch.bool), diagonal=1)
    padding = torch.tensor([[False, False, True]] * 3)
    same(analog(query, key, value), layer(query, key, value))
    for more in ({"attn_mask": mask}, {"key_padding_mask": padding}, {"need_weights": False}):
        same(analog(query, key, value, **more), layer(query, key, value, **more))
    same(analog(query[0], key[0], value[0]), layer(query[0], key[0], value[0]))
    if not options.get("kdim"):
        same(analog(query, query, query), layer(query, query, query))


class Attending(nn.Module):
    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.attention = attention(batch_first=True, **options)

    def forward(self, x: torch.Tensor, memory: torch.Tensor) -> torch.Tensor:
        return self.attention(x, memory, memory, need_weights=False)[0]


class Attended(Attending):
    def forward(self, x: torch.Tensor) -> torch.Tensor:  # type: ignore[override]
        return self.attention(x, x, x, need_weights=False)[0]


TOKENS, MEMORY = torch.zeros(1, 5, 16), torch.zeros(1, 7, 16)
MODULES: dict[str, tuple[Callable[[], nn.Module], Any]] = {
    "linear": (lambda: nn.Linear(50, 30), torch.zeros(1, 50)),
    "convolution": (lambda: nn.Conv2d(4, 30, 3, groups=2), torch.zeros(1, 4, 9, 9)),
    "volumes": (lambda: nn.Conv3d(4, 30, 3, groups=2), torch.zeros(1, 4, 5, 5, 5)),
    "transposed": (lambda: nn.ConvTranspose2d(4, 30, 3, groups=2), torch.zeros(1, 4, 9, 9)),
    "transposed volumes": (lambda: nn.ConvTranspose3d(4, 6, 3), torch.zeros(1, 4, 5, 5, 5)),
    "transposed signal": (lambda: nn.ConvTranspose1d(30, 6, 5, stride=2), torch.zeros(1, 30, 7)),
    "normalised": (lambda: nn.utils.parametrizations.weight_norm(nn.Linear(50, 30)), torch.zeros(1, 50)),
    "compiled": (
        lambda: nn.Sequential(torch.compile(nn.Linear(50, 30), backend="eager")),
        torch.zeros(1, 50),
    ),
    "lstm": (lambda: nn.LSTM(8, 16, 2, bidirectional=True), torch.zeros(5, 1, 8)),
    "projected": (lambda: nn.LSTM(8, 16, proj_size=5), torch.zeros(5, 1, 8)),
    "gru": (lambda: nn.GRU(8, 16), torch.zeros(5, 1, 8)),
    "rnn": (lambda: nn.RNN(8, 16), torch.zeros(5, 1, 8)),
    "attention": (Attended, TOKENS),
    "other widths": (lambda: Attending(kdim=12, vdim=12), (TOKENS, MEMORY[..., :12])),
    "encoder": (lambda: nn.TransformerEncoderLayer(16, 4, 32, batch_first=True), TOKENS),
    "decoder": (lambda: nn.TransformerDecoderLayer(16, 4, 32, batch_first=True), (TOKENS, MEMORY)),
    "cell": (lambda: nn.LSTMCell(8, 16), torch.zeros(1, 8)),
}


@pytest.mark.parametrize("name", MODULES)
def test_what_inspect_puts_on_tiles_simulate_puts_on_tiles(name: str) -> None:
    make, inputs = MODULES[name]
    conversion = conversion_of(convert_to_analog(make(), ideal()))
    mapping = map_network(trace(make(), inputs), TileShape(24, 20))
    counted = sorted((m.matrix.rows, m.matrix.cols, m.tiles) for m in mapping.matrices)
    simulated = sorted((one.rows, one.cols, one.tiles) for one in conversion.analog if not one.shares_with)
    assert simulated == counted
    assert conversion.tiles == mapping.tiles


def test_queries_to_a_memory_are_a_matrix_of_their_own() -> None:
    layer = nn.TransformerDecoderLayer(16, 4, 32, batch_first=True).eval()
    analog = convert_to_analog(layer, ideal())
    names = [one.name for one in conversion_of(analog).analog if one.part_of == "multihead_attn"]
    assert names == [
        *("multihead_attn.in_proj_weight[0:16]", "multihead_attn.in_proj_weight[16:48]"),
        "multihead_attn.out_proj",
    ]
    program_analog_weights(analog)
    x, memory = torch.randn(2, 5, 16), torch.randn(2, 7, 16)
    with torch.no_grad():
        same(analog(x, memory), layer(x, memory))


class Doubled(nn.Linear):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 2 * super().forward(x)


class Mixed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.up, self.linear = Doubled(8, 6), nn.Linear(8, 8)
        self.raw = nn.Parameter(torch.zeros(6, 5))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.up(self.linear(x)) @ self.raw


def test_what_stays_digital_in_a_simulation_is_said_of_both() -> None:
    module = Mixed()
    network = trace(Mixed(), torch.zeros(1, 4, 8, 8))
    assert list(not_simulated(module, network)) == [
        "`simulate` leaves raw digital, of Mixed: no layer of this kind is simulated",
        "`simulate` leaves up digital, of Doubled: its class Doubled has a `forward` of its own, which would be lost",
    ]
    reasons = {one.kind: one.reason for one in conversion_of(convert_to_analog(module, ideal())).digital}
    assert reasons["Mixed"] == "no layer of this kind is simulated"
    assert "`forward` of its own" in reasons["Doubled"]


def test_attention_to_itself_multiplies_by_one_matrix_and_that_to_others_is_said() -> None:
    layer, x = attention(batch_first=True), TOKENS
    key, value = torch.zeros(1, 7, 16), torch.zeros(1, 7, 16)
    itself = trace(layer, (x, x, x))
    simulated = [one.name for one in conversion_of(convert_to_analog(layer, ideal())).analog]
    assert [one.storage for one in itself.analog_stored] == simulated == ["in_proj_weight", "out_proj"]
    assert not list(not_simulated(layer, itself))
    (said,) = not_simulated(layer, trace(layer, (x, key, value)))
    assert said.startswith("`simulate` puts in_proj_weight on tiles, since it does not see this run")
    assert "multiplies by in_proj_weight[0:16], in_proj_weight[16:32], in_proj_weight[32:48]: " in said
    (said,) = not_simulated(layer, trace(layer, (x, key, key)))
    assert "multiplies by in_proj_weight[0:16], in_proj_weight[16:48]: " in said


@torch.no_grad()
def test_matrices_of_a_layer_can_stay_digital_one_by_one() -> None:
    policy = Policy(digital=("weight_hh_l0", "out_proj"))
    network = nn.ModuleDict({"lstm": nn.LSTM(8, 16), "attention": attention()})
    blind = replace(ideal(), dac=Converter(None, 1e-9))  # inputs of tiles clipped to nothing
    conversion = conversion_of(convert_to_analog(network, blind, policy))
    assert {one.name for one in conversion.analog} == {"lstm.weight_ih_l0", "attention.in_proj_weight"}
    assert {one.name for one in conversion.digital} == {"lstm.weight_hh_l0", "attention.out_proj"}
    traced = apply(Policy(digital=("weight_hh_l0",)), trace(nn.LSTM(8, 16), torch.zeros(5, 1, 8)))
    assert [matrix.name for matrix in traced.analog] == ["weight_ih_l0"]
