"""Sizes that are asked of modules, and weights that a trace does not see."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from factsheet.errors import WorkloadError
from factsheet.networks.family import Run
from factsheet.networks.from_models import module as modules


class WithPositions(nn.Module):
    """Adds one of 512 learned positions to each token."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = nn.Embedding(100, 64)
        self.positions = nn.Embedding(512, 64)

    def forward(self, ids: Tensor) -> Tensor:
        return self.tokens(ids) + self.positions(torch.arange(ids.shape[1]))


def linear() -> nn.Module:
    return nn.Linear(64, 96, bias=False)


def convolution() -> nn.Module:
    return nn.Conv2d(3, 8, 3, bias=False)


def test_as_many_tokens_as_positions_are_taken() -> None:
    assert modules.read(f"{__name__}:WithPositions", Run(512)).parameters == 612 * 64


@pytest.mark.parametrize("tokens", [513, 2048])
def test_more_tokens_than_positions_are_refused(tokens: int) -> None:
    with pytest.raises(WorkloadError, match=r"positions.*has 512"):
        modules.read(f"{__name__}:WithPositions", Run(tokens))


def test_a_layer_runs_on_the_sequence_that_was_asked_for() -> None:
    found = modules.read(f"{__name__}:linear", Run(7, asked=frozenset({"seq_len"})))
    assert found.static[0].macs == 7 * 64 * 96
    assert [(size.name, size.value, size.origin) for size in found.sizes] == [
        ("sequence length", "7", "asked")
    ]


def test_a_length_that_an_image_has_not_is_said() -> None:
    found = modules.read(f"{__name__}:convolution", Run(7, asked=frozenset({"seq_len"})))
    assert any("7 was asked for" in note for note in found.notes)


@pytest.mark.filterwarnings("ignore")
def test_packed_weights_make_every_total_a_lower_bound() -> None:
    layers = nn.Sequential(nn.Linear(64, 96))
    packed = torch.ao.quantization.quantize_dynamic(layers, {nn.Linear}, torch.qint8)
    network = modules.trace(packed, torch.zeros(1, 10, 64))
    assert network.unknown
    assert network.parameters_missing
    assert network.weights_missing
