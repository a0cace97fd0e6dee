"""PyTorch as the oracle: the same encoder as torch modules, counted by torch itself.

The layers are put together as in BERT (Devlin et al. 2019), on the meta device, so that nothing is computed.
Attention is written as two matrix products, because torch.utils.flop_counter gives 0 for
scaled_dot_product_attention on the CPU (pytorch#195460).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from factsheet.networks.counting import convention_named, count_ops, work_of
from factsheet.networks.families.encoder import EncoderShape, encoder_operators
from factsheet.networks.operators import Lookup, Network

BASE = EncoderShape(12, 768, 12, 3072, 30522, 512, 2, pooler=True, classes=2)


@dataclass(frozen=True)
class Block:
    inputs: nn.ModuleList
    attention_output: nn.Linear
    attention_norm: nn.LayerNorm
    intermediate: nn.Linear
    output: nn.Linear
    output_norm: nn.LayerNorm


@dataclass(frozen=True)
class Encoder:
    embeddings: nn.ModuleList
    norm: nn.Module
    blocks: list[Block]
    pooler: nn.Module
    head: nn.Module

    def modules(self) -> nn.ModuleList:
        layers = [layer for block in self.blocks for layer in vars(block).values()]
        return nn.ModuleList([self.embeddings, self.norm, *layers, self.pooler, self.head])


def build(shape: EncoderShape) -> Encoder:
    width, wide = shape.hidden_size, shape.intermediate_size
    rows = [count for count in (shape.vocabulary, shape.positions, shape.token_types) if count]
    inputs = [3 * width] if shape.fused_qkv else [width] * 3
    with torch.device("meta"):
        return Encoder(
            nn.ModuleList([nn.Embedding(count, width) for count in rows]),
            nn.LayerNorm(width) if rows else nn.Identity(),
            [
                Block(
                    nn.ModuleList([nn.Linear(width, outputs) for outputs in inputs]),
                    nn.Linear(width, width),
                    nn.LayerNorm(width),
                    nn.Linear(width, wide),
                    nn.Linear(wide, width),
                    nn.LayerNorm(width),
                )
                for _ in range(shape.layers)
            ],
            nn.Sequential(nn.Linear(width, width), nn.Tanh()) if shape.pooler else nn.Identity(),
            nn.Linear(width, shape.classes) if shape.classes else nn.Identity(),
        )


def attend(projected: torch.Tensor, heads: int) -> torch.Tensor:
    batch, length, three_widths = projected.shape
    width = three_widths // 3
    split = projected.view(batch, length, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
    context: torch.Tensor = (split[0] @ split[1].transpose(-2, -1)).softmax(-1) @ split[2]
    return context.transpose(1, 2).reshape(batch, length, width)


def run(model: Encoder, tokens: torch.Tensor, x: torch.Tensor, heads: int) -> None:
    for table in model.embeddings:
        x = x + table(tokens)
    x = model.norm(x)
    for block in model.blocks:
        projected = torch.cat([linear(x) for linear in block.inputs], dim=-1)
        x = block.attention_norm(x + block.attention_output(attend(projected, heads)))
        x = block.output_norm(x + block.output(nn.functional.gelu(block.intermediate(x))))
    model.head(model.pooler(x[:, 0]))


def counted_flops(model: Encoder, shape: EncoderShape, seq_len: int, batch: int) -> int:
    counter = FlopCounterMode(display=False)
    with torch.inference_mode(), torch.device("meta"), counter:
        tokens = torch.zeros(batch, seq_len, dtype=torch.long)
        run(model, tokens, torch.zeros(batch, seq_len, shape.hidden_size), shape.heads)
    return int(counter.get_total_flops())


def check(shape: EncoderShape, seq_len: int, batch: int) -> None:
    model, network = build(shape), Network("encoder", encoder_operators(shape, seq_len))
    assert network.parameters == sum(parameter.numel() for parameter in model.modules().parameters())
    linears = [module for module in model.modules().modules() if isinstance(module, nn.Linear)]
    assert Counter((m.rows, m.cols, m.bias) for m in network.static) == Counter(
        (linear.in_features, linear.out_features, linear.bias is not None) for linear in linears
    )
    tables = [module for module in model.modules().modules() if isinstance(module, nn.Embedding)]
    assert [(o.rows, o.cols) for o in network.operators if isinstance(o, Lookup)] == [
        (table.num_embeddings, table.embedding_dim) for table in tables
    ]
    ours = count_ops(work_of(network), batch, convention_named("matmul-only"))
    assert ours.total == counted_flops(model, shape, seq_len, batch)


@pytest.mark.parametrize(("seq_len", "batch"), [(32, 4), (1, 1), (128, 1), (512, 2)])
def test_bert_base_is_what_torch_counts(seq_len: int, batch: int) -> None:
    check(BASE, seq_len, batch)


def test_bert_base_without_its_head_has_the_published_parameters() -> None:
    # Hugging Face's BertModel, bert-base-uncased: guards the oracle itself.
    shape = EncoderShape(12, 768, 12, 3072, 30522, 512, 2, pooler=True)
    assert sum(parameter.numel() for parameter in build(shape).modules().parameters()) == 109_482_240


@st.composite
def shapes(draw: st.DrawFn) -> EncoderShape:
    heads = draw(st.integers(1, 5))
    return EncoderShape(
        layers=draw(st.integers(1, 3)),
        hidden_size=heads * draw(st.integers(1, 9)),
        heads=heads,
        intermediate_size=draw(st.integers(1, 60)),
        vocabulary=draw(st.integers(0, 90)),
        positions=draw(st.integers(0, 20)),
        token_types=draw(st.integers(0, 3)),
        pooler=draw(st.booleans()),
        fused_qkv=draw(st.booleans()),
        classes=draw(st.integers(0, 4)),
    )


@settings(deadline=None, max_examples=40)  # the first call warms torch up
@given(shapes(), st.integers(1, 20), st.integers(1, 4))
def test_any_encoder_is_what_torch_counts(shape: EncoderShape, seq_len: int, batch: int) -> None:
    check(shape, seq_len, batch)
