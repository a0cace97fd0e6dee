"""Modules put together at random, against torch's own counter of operations and their own parameters."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as fn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from factsheet.networks.from_models.module import trace
from factsheet.networks.operators import Elementwise, StaticMatmul

WIDTH = 12
KINDS = (
    *(
        "linear",
        "sliced",
        "interleaved",
        "joined",
        "scaled",
        "masked",
        "attention",
        "cross",
        "feed",
        "convolution",
    ),
    *(
        "transposed",
        "tied",
        "copied",
        "einsum",
        "grouped",
        "repeated",
        "normed",
        "turned",
        "weighed",
        "averaged",
    ),
)


class Part(nn.Module):  # type: ignore[misc]  # torch is not typed here
    """One way of using stored weights, from [1, tokens, WIDTH] to the same."""

    def __init__(self, kind: str, size: int) -> None:
        super().__init__()
        self.kind, self.size = kind, size
        self.w = nn.Linear(WIDTH, WIDTH, bias=size % 2 == 0)
        self.more = nn.ModuleList()
        if kind in {"attention", "cross"}:
            self.more.append(nn.MultiheadAttention(WIDTH, (1, 2, 3)[size % 3], batch_first=True))
        elif kind == "feed":
            self.more += [nn.Linear(WIDTH, 4 * size), nn.Linear(4 * size, WIDTH)]
        elif kind == "convolution":
            self.more.append(
                nn.Conv1d(WIDTH, WIDTH, 2 * (size % 3) + 1, padding=size % 3, groups=(1, 2, 3)[size % 3])
            )
        elif kind == "normed":
            self.more.append(nn.utils.parametrizations.weight_norm(nn.Linear(WIDTH, WIDTH)))
        elif kind == "joined":
            self.more += [nn.Linear(WIDTH, size, bias=False), nn.Linear(WIDTH, WIDTH, bias=False)]
        elif kind == "grouped":
            self.more += [nn.Linear(4, 4, bias=False) for _ in range(3)]
        self.register_buffer("mask", torch.ones(WIDTH, WIDTH))
        self.register_buffer("angles", torch.ones(WIDTH))

    def forward(self, x: Tensor) -> Tensor:
        weight, cut = self.w.weight, self.size
        y: Tensor = {
            "linear": lambda: self.w(x),
            "sliced": lambda: (
                fn.linear(x[..., :cut], weight[:, :cut]) + fn.linear(x[..., cut:], weight[:, cut:])
            ),
            "interleaved": lambda: torch.cat([fn.linear(x, weight[::2]), fn.linear(x, weight[1::2])], -1),
            "joined": lambda: fn.linear(x, torch.cat([one.weight for one in self.more]))[..., :WIDTH],
            "scaled": lambda: x @ (weight * 0.5).t(),
            "masked": lambda: fn.linear(x, weight * self.mask),
            "attention": lambda: self.more[0](x, x, x)[0],
            "cross": lambda: self.more[0](x, x[:, :1], x[:, :1])[0],
            "feed": lambda: self.more[1](fn.gelu(self.more[0](x))),
            "convolution": lambda: self.more[0](x.transpose(1, 2)).transpose(1, 2),
            "transposed": lambda: self.w(x) @ weight,
            "tied": lambda: (x @ weight.t()) @ weight,
            "copied": lambda: x @ weight.t().contiguous()[:, :cut] @ weight.clone()[:cut],
            "einsum": lambda: torch.einsum("btd,ehd->bteh", x, weight.view(3, 4, WIDTH)).flatten(2),
            "grouped": lambda: torch.einsum(
                "btgd,gde->btge", x.unflatten(-1, (3, 4)), torch.stack([one.weight for one in self.more])
            ).flatten(2),
            "repeated": lambda: self.w(torch.relu(self.w(x))),
            "normed": lambda: self.more[0](x),
            "turned": lambda: self.w(
                x * self.angles.cos()
                + torch.cat([-x[..., WIDTH // 2 :], x[..., : WIDTH // 2]], -1) * self.angles.sin()
            ),
            "weighed": lambda: x * 0.5 + x * torch.tensor(0.5),
            "averaged": lambda: (x[..., None, :] * weight).mean(-1),
        }[self.kind]()
        return x + y


def reference(module: nn.Module, *inputs: Any) -> int:
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with torch.no_grad(), FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
            module.eval()(*inputs)
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
    return int(counter.get_total_flops())


parts = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, WIDTH - 1)), min_size=1, max_size=5)


@pytest.mark.filterwarnings("ignore")
@given(parts=parts, tokens=st.integers(2, 9), again=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_counts_are_those_of_torch(parts: list[tuple[str, int]], tokens: int, again: bool) -> None:
    made = [Part(*part) for part in parts]
    module = nn.Sequential(*made, *(made[:1] if again else []))
    inputs = torch.zeros(1, tokens, WIDTH)
    network = trace(module, inputs)
    static = sum(matrix.macs for matrix in network.static)
    dynamic = sum(product.macs for product in network.dynamic)
    kinds = [kind for kind, _ in (*parts, *(parts[:1] if again else []))]
    averaged = kinds.count("averaged") * tokens * WIDTH * WIDTH  # torch counts no multiplication by elements
    assert 2 * (static + dynamic - averaged) == reference(module, inputs)
    assert network.parameters == sum(parameter.numel() for parameter in module.parameters())
    used = {name: one for name, one in module.named_parameters() if name not in network.unreached}
    assert network.analog_weights <= sum(one.numel() for one in used.values())
    assert all(matrix.weights and matrix.calls for matrix in network.analog)
    assert all(isinstance(one, StaticMatmul) or not one.name.endswith("matmul") for one in network.analog)
    assert not network.unknown
    elements = [one for one in network.operators if isinstance(one, Elementwise)]
    assert all(one.elements > 0 for one in elements)
    turned = sum(one.elements for one in elements if one.kind == "rotary")
    assert turned == kinds.count("turned") * tokens * WIDTH
