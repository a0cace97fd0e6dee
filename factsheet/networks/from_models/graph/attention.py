"""Attention that is one node: of ONNX from version 23 on, and the fused ones of ONNX Runtime."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from factsheet.networks.from_models.graph.contributed import packed_attention
from factsheet.networks.from_models.graph.values import UnknownShapeError

if TYPE_CHECKING:
    from factsheet.networks.from_models.graph.recorder import Recorder
    from factsheet.networks.from_models.graph.values import OnnxNode

_BY_HEAD = 4
"""Axes of queries, keys and values by heads: batch, heads, tokens, width."""
_PACKED = 5
"""Axes of queries, keys and values in one: batch, tokens, heads, 3, width."""


def attention(recorder: Recorder, node: OnnxNode) -> None:
    """Record an Attention: of com.microsoft with its stored projections, of ONNX on queries, keys and values."""
    if node.domain == "com.microsoft":
        _projected(recorder, node)
        return
    query, key, value = (node.input(place).shape for place in range(3))
    if len(query) == _BY_HEAD:
        batch, heads, tokens, head = query
        keys, wide = key[2], value[3]
    else:
        heads, shared = node.whole("q_num_heads", 0), node.whole("kv_num_heads", 0)
        if heads <= 0 or shared <= 0:
            raise UnknownShapeError
        batch, tokens, head = query[0], query[1], query[2] // heads
        keys, wide = key[1], value[2] // shared
    past = node.given(4)
    keys += past.shape[2] if past is not None else 0
    _scored(recorder, node, (batch * heads, tokens, keys), (head, wide))


def _projected(recorder: Recorder, node: OnnxNode) -> None:
    sizes = packed_attention(node)
    weight, vectors = node.input(1), sizes.batch * sizes.tokens
    if weight.view is not None:
        recorder.static(
            node.where, weight.view, (weight.shape[-2], weight.shape[-1]), vectors, bias=node.given(2)
        )
    else:
        recorder.dynamic(
            node.where,
            f"{node.where}.matmul",
            sizes.batch,
            (sizes.tokens, weight.shape[-2], weight.shape[-1]),
        )
    if node.whole("do_rotary", 0):
        recorder.elements("rotary", node.where, 2 * vectors * sizes.query)
    heads = sizes.heads
    of = (sizes.batch * heads, sizes.tokens, sizes.keys)
    _scored(recorder, node, of, (sizes.query // heads, sizes.value // heads))


def multi_head(recorder: Recorder, node: OnnxNode) -> None:
    """Record a MultiHeadAttention, whose projections are other nodes."""
    query, heads = node.input(0).shape, max(1, node.whole("num_heads", 1))
    out = node.outputs[0].shape
    wide = out[-1] // heads
    key, value, past = node.given(1), node.given(2), node.given(6)
    if len(query) == _PACKED:
        keys, head = query[1], query[-1]
    elif key is None:
        raise UnknownShapeError
    else:
        head = query[-1] // heads
        keys = value.shape[2] if value is not None and len(value.shape) == _BY_HEAD else key.shape[1]
    keys += past.shape[2] if past is not None else 0
    bias = node.given(3)
    if bias is not None and bias.view is not None:
        recorder.elements("bias", node.where, prod(query[:2]) * bias.view.numbers, [bias.view])
    _scored(recorder, node, (query[0] * heads, query[1], keys), (head, wide))


def grouped(recorder: Recorder, node: OnnxNode) -> None:
    """Record a GroupQueryAttention: heads of queries share heads of keys and values."""
    batch, tokens, wide = node.outputs[0].shape
    heads, shared = max(1, node.whole("num_heads", 1)), max(1, node.whole("kv_num_heads", 1))
    past = node.given(3)
    keys = tokens + (past.shape[2] if past is not None else 0)
    head = wide // heads
    if node.whole("do_rotary", 0):
        recorder.elements("rotary", node.where, batch * tokens * head * (heads + shared))
    _scored(recorder, node, (batch * heads, tokens, keys), (head, head))


def _scored(recorder: Recorder, node: OnnxNode, of: tuple[int, int, int], width: tuple[int, int]) -> None:
    """Record scores, their softmax and the sums of values: counted in full, also where a mask hides some."""
    (count, tokens, keys), (head, wide) = of, width
    recorder.dynamic(node.where, f"{node.where}.scores", count, (tokens, head, keys))
    recorder.elements("softmax", node.where, count * tokens * keys)
    recorder.dynamic(node.where, f"{node.where}.context", count, (tokens, keys, wide))


def embedding(recorder: Recorder, node: OnnxNode) -> None:
    """Record an EmbedLayerNormalization: three tables, their sum and its normalisation."""
    tokens = prod(node.input(0).shape)
    tables = [
        one for one in (node.given(place) for place in (2, 3, 4)) if one is not None and one.view is not None
    ]
    for table in tables:
        if table.view is not None:
            recorder.lookup(
                f"{node.where}.{table.view.name}", table.view, tokens, (table.shape[0], table.shape[1])
            )
    width = node.input(2).shape[-1]
    recorder.elements("embedding", node.where, (len(tables) - 1) * tokens * width)
    norm = [one.view for one in (node.given(5), node.given(6)) if one is not None and one.view is not None]
    recorder.elements("layer_norm", node.where, tokens * width, norm)


def experts(recorder: Recorder, node: OnnxNode) -> None:
    """Record a mixture of experts: every vector meets `k` of the stored matrices.

    Raises:
        UnknownShapeError: the shapes of the weights are not known.
    """
    vectors = prod(node.input(0).shape[:-1])
    width = node.input(0).shape[-1]
    routed = node.input(1).shape[-1]
    active = max(1, node.whole("k", 1))
    hidden = 0
    scaled = node.kind == "QMoE"  # scales stand between weights and bias
    share = 8 // max(1, node.whole("expert_weight_bits", 4)) if scaled else 1
    for number, place in enumerate((2, 5, 8) if scaled else (2, 4, 6)):
        weight, bias = node.given(place), node.given(place + (2 if scaled else 1))
        if weight is None:
            continue
        count, *sides = weight.shape
        if weight.view is None or count != routed or len(sides) != 2:  # noqa: PLR2004 - a matrix an expert
            raise UnknownShapeError
        sides[1] *= share
        rows = hidden if number == 1 and hidden else width
        cols = sides[0] * sides[1] // max(1, rows)
        hidden = hidden or cols
        recorder.static(
            node.where,
            weight.view,
            (rows, cols),
            vectors * active,
            bias=bias,
            matrices=count,
            active=active,
            kind="experts",
            numbers=count * sides[0] * sides[1] if scaled else None,
        )
    recorder.elements("activation", node.where, vectors * active * hidden)
