"""A model and evaluations for the tests of studies, at the top level so that other processes can import them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Callable


def model() -> nn.Module:
    """A network of two layers with weights of its own."""
    generator = torch.Generator().manual_seed(3)
    network = nn.Sequential(nn.Linear(16, 12), nn.ReLU(), nn.Linear(12, 4))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.4)
    return network


def with_a_norm() -> nn.Module:
    """A network with a layer that no crossbar holds."""
    return nn.Sequential(model(), nn.LayerNorm(4))


def images() -> torch.Tensor:
    return torch.randn(200, 16, generator=torch.Generator().manual_seed(5))


def agreement(network: nn.Module) -> float:
    """Share of inputs that a network sorts as the digital one does."""
    inputs = images()
    return float((network(inputs).argmax(1) == model()(inputs).argmax(1)).float().mean())


def data() -> Callable[[nn.Module], float]:
    return agreement


def shuffled() -> Callable[[nn.Module], float]:
    return on_random_inputs


def on_random_inputs(network: nn.Module) -> float:
    """Draws from torch's own generator, as an evaluation with dropout or sampling does."""
    inputs = torch.randn(100, 16)
    return float((network(inputs).argmax(1) == model()(inputs).argmax(1)).float().mean())


def nan() -> Callable[[nn.Module], float]:
    return lambda _: float("nan")


def text() -> Callable[[nn.Module], str]:
    return lambda _: "good"


def raising() -> Callable[[nn.Module], float]:
    def evaluate(network: nn.Module) -> float:
        raise RuntimeError("the data is gone")

    return evaluate


def number() -> int:
    return 7


def failing_to_load() -> Callable[[nn.Module], float]:
    raise FileNotFoundError("no such data")


def slow(seconds: float = 0.15) -> Callable[[nn.Module], float]:
    def evaluate(network: nn.Module) -> float:
        time.sleep(seconds)
        return agreement(network)

    return evaluate


def less_slow() -> Callable[[nn.Module], float]:
    """For a study of many evaluations."""
    return slow(0.05)
