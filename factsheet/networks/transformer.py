"""The parts that transformers share: attention and feed-forward blocks as operators, and the answers that declare them.

Attention is counted in full: each of the queries meets every key, masked or not, which is what most kernels compute.
The scale 1/√d is folded into the query weights when they are stored. A product of keys and queries is digital, since
neither is in non-volatile memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, cast

from factsheet.errors import WorkloadError
from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Choice
from factsheet.networks.operators import DynamicMatmul, Elementwise, Lookup, StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.networks.answers import Answers
    from factsheet.networks.operators import Operator

Norm = Literal["layer_norm", "rms_norm"]
Biases = Literal["all", "qkv", "none"]
NORMS: tuple[Norm, ...] = ("layer_norm", "rms_norm")
BIASES: tuple[Biases, ...] = ("none", "all", "qkv")
StatedNorm = Annotated[Fact, Choice("layer_norm", "rms_norm")]
StatedBiases = Annotated[Fact, Choice("all", "qkv", "none")]
THREE_MATRICES = "it is not stated whether query, key and value are one matrix; they are counted as three"
NO_GATE = "it is not stated whether the feed-forward block is gated; it is counted without a gate"
IN_FULL = "causal attention is counted in full, as if every token met all tokens; most kernels compute it so"


class Attention(NamedTuple):
    """Dimensions of one attention layer."""

    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    qkv_bias: bool = False
    output_bias: bool = False
    fused_qkv: bool = False
    rotary: bool = False


class FeedForward(NamedTuple):
    """Dimensions of one feed-forward layer."""

    hidden: int
    wide: int
    gated: bool = False
    bias: bool = False
    experts: int = 0
    """Feed-forward blocks that a router chooses from; 0 where there is one, and no router."""
    active: int = 0
    """Experts that a token goes to."""


def attention(
    shape: Attention, block: str, queries: int, keys: int, *, name: str = "", new_keys: int | None = None
) -> Iterator[Operator]:
    """Yield the operators of an attention layer.

    Args:
        shape: its dimensions.
        block: the group that it belongs to.
        queries: tokens that attend.
        keys: tokens that are attended to.
        name: put in front of each operator's name, such as `cross_`.
        new_keys: tokens whose keys and values are computed, 0 if all are cached; by default those of the queries.
    """
    at = f"{block}.{name}"
    wide, narrow = shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim
    computed = queries if new_keys is None else new_keys
    if shape.fused_qkv:
        yield StaticMatmul(
            f"{at}qkv", block, rows=shape.hidden, cols=wide + 2 * narrow, calls=queries, bias=shape.qkv_bias
        )
    else:
        yield StaticMatmul(
            f"{at}query", block, rows=shape.hidden, cols=wide, calls=queries, bias=shape.qkv_bias
        )
        for part in ("key", "value"):
            yield StaticMatmul(
                f"{at}{part}", block, rows=shape.hidden, cols=narrow, calls=computed, bias=shape.qkv_bias
            )
    if shape.rotary:
        yield Elementwise(f"{at}rotary", block, "rotary", wide * queries + narrow * computed)
    yield DynamicMatmul(f"{at}scores", block, count=shape.heads, m=queries, k=shape.head_dim, n=keys)
    yield Elementwise(f"{at}softmax", block, "softmax", shape.heads * queries * keys)
    yield DynamicMatmul(f"{at}context", block, count=shape.heads, m=queries, k=keys, n=shape.head_dim)
    yield StaticMatmul(
        f"{at}attention_output", block, rows=wide, cols=shape.hidden, calls=queries, bias=shape.output_bias
    )


def feed_forward(shape: FeedForward, block: str, tokens: int) -> Iterator[Operator]:
    """Yield the operators of a feed-forward layer; experts share the work, each token going to the active ones."""
    hidden, wide = shape.hidden, shape.wide
    times = (shape.active if shape.experts else 1) * tokens
    if shape.experts:
        yield StaticMatmul(
            f"{block}.router", block, rows=hidden, cols=shape.experts, calls=tokens, on="digital"
        )
        yield Elementwise(f"{block}.router_softmax", block, "softmax", shape.experts * tokens)
        yield Elementwise(f"{block}.routing", block, "routing", shape.active * shape.experts * tokens)
    yield from (
        _dense(shape, f"{block}.{part}", block, rows=hidden, cols=wide, tokens=tokens)
        for part in _inputs(shape)
    )
    yield Elementwise(f"{block}.activation", block, "activation", wide * times)
    if shape.gated:
        yield Elementwise(f"{block}.gating", block, "product", wide * times)
    yield _dense(shape, f"{block}.output", block, rows=wide, cols=hidden, tokens=tokens)
    if shape.experts:
        # Each expert's output times its score, and the sum over the experts.
        yield Elementwise(f"{block}.mixing", block, "product", (2 * shape.active - 1) * hidden * tokens)


def _inputs(shape: FeedForward) -> tuple[str, ...]:
    return ("gate", "intermediate") if shape.gated else ("intermediate",)


def _dense(shape: FeedForward, name: str, block: str, *, rows: int, cols: int, tokens: int) -> StaticMatmul:
    if not shape.experts:
        return StaticMatmul(name, block, rows=rows, cols=cols, calls=tokens, bias=shape.bias)
    return StaticMatmul(
        name,
        block,
        rows=rows,
        cols=cols,
        calls=tokens,
        bias=shape.bias,
        matrices=shape.experts,
        active=shape.active,
        kind="experts",
    )


def norm(name: str, block: str, width: int, tokens: int, *, kind: Norm = "layer_norm") -> Elementwise:
    """Return a normalisation with its gain, and its offset where it has one."""
    return Elementwise(
        name, block, kind, width * tokens, parameters=width * (2 if kind == "layer_norm" else 1)
    )


def residual(name: str, block: str, width: int, tokens: int) -> Elementwise:
    """Return the addition of what went around a part."""
    return Elementwise(name, block, "residual", width * tokens)


def idle(operators: Iterable[Operator]) -> Iterator[Operator]:
    """Yield what the operators store, though this run does not use them."""
    for operator in operators:
        if isinstance(operator, StaticMatmul):
            yield operator._replace(calls=0, idle=True)
        elif isinstance(operator, Lookup):
            yield operator._replace(lookups=0)
        elif isinstance(operator, Elementwise) and operator.parameters:
            yield operator._replace(elements=0)


def stated_norm(known: Answers) -> Norm:
    """Return the normalisation that a declaration states, or layer normalisation."""
    note = "it is not stated which normalisation there is; layer normalisation is counted"
    return cast("Norm", known.choice("normalisation", "layer_norm", note))


def stated_biases(known: Answers) -> Biases:
    """Return which matrices add a bias by a declaration, or none."""
    note = "it is not stated where biases are; none are counted"
    return cast("Biases", known.choice("biases", "none", note))


def check_heads(heads: int, hidden_size: int) -> None:
    """Refuse heads that do not share a width equally.

    Raises:
        WorkloadError: the heads do not divide the hidden size.
    """
    if hidden_size % heads:
        raise WorkloadError(
            f"{heads} heads do not divide a hidden size of {hidden_size}",
            "each attention head takes an equal share of the hidden size, unless the width of a head is given",
            "correct `heads` or `hidden_size`; BERT-base has 12 heads and 768",
            place="heads",
        )


def check_length(length: int, positions: int, *, cached: bool = False) -> None:
    """Refuse a sequence that the model has no positions for.

    Args:
        length: of the sequence.
        positions: of the model; 0 where it has no limit.
        cached: whether a part of the sequence is in a cache.

    Raises:
        WorkloadError: it is longer.
    """
    if positions and length > positions:
        raise WorkloadError(
            f"a sequence of {length:,} tokens is longer than the {positions:,} positions of the model",
            "it does not take tokens beyond them",
            f"shorten the {'cache' if cached else 'sequence'}, or correct `positions`",
            place="positions",
        )
