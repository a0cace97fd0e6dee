"""PyTorch as the oracle: the same encoder as torch modules, counted by torch itself.

The modules are put together as in BERT (Devlin et al. 2019) with torch's own layers, on the meta device, so that
nothing is computed. Attention is written as two matrix products, because torch.utils.flop_counter gives 0 for
scaled_dot_product_attention on the CPU (pytorch#195460).
"""

from __future__ import annotations

from collections import Counter
from typing import cast

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from factsheet.workload import EncoderShape, Lookup, convention_named, count_ops, transformer_encoder, work_of

BASE = EncoderShape(12, 768, 12, 3072, 30522, 512, 2, pooler=True, labels=2)


class Attention(nn.Module):
    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        width = shape.hidden_size
        self.heads, self.fused = shape.heads, shape.fused_qkv
        self.inputs = nn.ModuleList(
            [nn.Linear(width, 3 * width)] if self.fused else [nn.Linear(width, width) for _ in range(3)]
        )
        self.output = nn.Linear(width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, length, width = x.shape
        projected = torch.cat([linear(x) for linear in self.inputs], dim=-1)
        split = projected.view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-2, -1)
        context = scores.softmax(-1) @ value
        return cast("torch.Tensor", self.output(context.transpose(1, 2).reshape(batch, length, width)))


class Block(nn.Module):
    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        self.attention = Attention(shape)
        self.attention_norm = nn.LayerNorm(shape.hidden_size)
        self.intermediate = nn.Linear(shape.hidden_size, shape.intermediate_size)
        self.output = nn.Linear(shape.intermediate_size, shape.hidden_size)
        self.output_norm = nn.LayerNorm(shape.hidden_size)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.attention_norm(x + self.attention(x))
        wide = nn.functional.gelu(self.intermediate(x))
        return cast("torch.Tensor", self.output_norm(x + self.output(wide)))


class Encoder(nn.Module):
    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        width = shape.hidden_size
        rows = (shape.vocabulary, shape.positions, shape.token_types)
        self.embeddings = nn.ModuleList([nn.Embedding(count, width) for count in rows if count])
        self.norm = nn.LayerNorm(width) if len(self.embeddings) else nn.Identity()
        self.blocks = nn.Sequential(*(Block(shape) for _ in range(shape.layers)))
        self.pooler = nn.Sequential(nn.Linear(width, width), nn.Tanh()) if shape.pooler else nn.Identity()
        self.head = nn.Linear(width, shape.labels) if shape.labels else nn.Identity()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        tokens = torch.zeros(x.shape[:2], dtype=torch.long, device=x.device)
        for table in self.embeddings:
            x = x + table(tokens)
        return cast("torch.Tensor", self.head(self.pooler(self.blocks(self.norm(x))[:, 0])))


def build(shape: EncoderShape) -> Encoder:
    with torch.device("meta"):
        return Encoder(shape)


def counted_flops(model: Encoder, shape: EncoderShape, seq_len: int, batch: int) -> int:
    counter = FlopCounterMode(display=False)
    with torch.inference_mode(), counter:
        model(torch.empty(batch, seq_len, shape.hidden_size, device="meta"))
    return counter.get_total_flops()


def check(shape: EncoderShape, seq_len: int, batch: int) -> None:
    model, network = build(shape), transformer_encoder(shape, seq_len)
    assert network.parameters == sum(parameter.numel() for parameter in model.parameters())
    linears = [module for module in model.modules() if isinstance(module, nn.Linear)]
    assert Counter((m.rows, m.cols, m.bias) for m in network.static) == Counter(
        (linear.in_features, linear.out_features, linear.bias is not None) for linear in linears
    )
    tables = [module for module in model.modules() if isinstance(module, nn.Embedding)]
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
    assert sum(parameter.numel() for parameter in build(shape).parameters()) == 109_482_240


shapes = st.builds(
    lambda layers, head, heads, wide, tables, pooler, fused, labels: EncoderShape(
        layers, head * heads, heads, wide, *tables, pooler=pooler, fused_qkv=fused, labels=labels
    ),
    st.integers(1, 3),
    st.integers(1, 9),
    st.integers(1, 5),
    st.integers(1, 60),
    st.tuples(st.integers(0, 90), st.integers(0, 20), st.integers(0, 3)),
    st.booleans(),
    st.booleans(),
    st.integers(0, 4),
)


@settings(deadline=None, max_examples=40)  # the first call warms torch up
@given(shapes, st.integers(1, 20), st.integers(1, 4))
def test_any_encoder_is_what_torch_counts(shape: EncoderShape, seq_len: int, batch: int) -> None:
    check(shape, seq_len, batch)
