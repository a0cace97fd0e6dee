"""A transformer encoder: its dimensions on a sheet, and the operators that follow from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Choice, Flag, Whole
from factsheet.facts.section import Record, ask
from factsheet.networks.answers import Answers
from factsheet.networks.dimension_kinds import Classes, Heads, Layers, Positions, Vocabulary, Width
from factsheet.networks.family import YES_OR_NO, Family, Run, check_layers
from factsheet.networks.operators import DynamicMatmul, Elementwise, Lookup, Operator, Side, StaticMatmul
from factsheet.networks.transformer import THREE_MATRICES, check_heads, check_length


class TransformerEncoder(Record):
    """A transformer encoder after Vaswani et al. 2017 and Devlin et al. 2019, by its dimensions."""

    layers: Layers = ask(
        "Encoder blocks.", "How many encoder blocks has the transformer encoder?", 12, default=...
    )
    hidden_size: Width = ask(
        "Width of the residual stream.",
        "How wide is the residual stream of the transformer encoder?",
        768,
        default=...,
    )
    heads: Heads = ask(
        "Attention heads of one layer.",
        "How many attention heads has a layer of the transformer encoder?",
        12,
        default=...,
    )
    intermediate_size: Width = ask(
        "Width inside the feed-forward block.",
        "How wide is the feed-forward block of the transformer encoder?",
        3072,
        default=...,
    )
    vocabulary: Vocabulary | None = ask(
        "Rows of the token embedding.",
        "How many tokens are in the vocabulary of the transformer encoder?",
        30522,
    )
    positions: Positions | None = ask(
        "Rows of the position embedding: the longest sequence that the model takes.",
        "How many tokens has the longest sequence that the transformer encoder takes?",
        512,
    )
    token_types: Annotated[Fact, Whole(0)] | None = ask(
        "Rows of the segment embedding; 0 where there is none.",
        "How many segment types does the transformer encoder tell apart?",
        2,
    )
    pooler: Annotated[Fact, Flag()] | None = ask(
        "Whether a dense layer on the first token follows the encoder.",
        "Does a pooler, a dense layer on the first token, follow the transformer encoder?",
        example=True,
    )
    fused_qkv: Annotated[Fact, Flag()] | None = ask(
        "Whether query, key and value weights are mapped as one matrix instead of three.",
        "Are the encoder's query, key and value weights mapped as one matrix on the chip?",
        example=False,
    )
    pooler_on_tiles: Annotated[Fact, Flag()] | None = ask(
        "Whether the pooler's weights are on analog tiles too; by default it is computed digitally.",
        "Are the weights of the encoder's pooler on analog tiles?",
        example=False,
    )
    embedding_size: Width | None = ask(
        "Width of the embeddings, where a matrix then widens them to that of the blocks.",
        "How wide are the embeddings of the transformer encoder, if narrower than its blocks?",
        128,
    )
    projection_on_tiles: Annotated[Fact, Flag()] | None = ask(
        "Whether the matrix that widens the embeddings is on analog tiles; by default it is.",
        "Is the matrix that widens the encoder's embeddings on analog tiles?",
        example=True,
    )
    shared_layers: Annotated[Fact, Flag()] | None = ask(
        "Whether all blocks use the same weights, stored once.",
        "Do all blocks of the transformer encoder share one set of weights?",
        example=False,
    )
    classes: Classes | None = ask(
        "Outputs of the dense layer that a task adds after the last block or the pooler; without it none is counted.",
        "How many outputs has the layer that a task adds after the transformer encoder?",
        2,
    )
    head_positions: Annotated[Fact, Choice("first", "every")] | None = ask(
        "Whether the task's layer runs on the first position, as to classify a text, or on every one, as to classify"
        " tokens; by default on the first.",
        "Does the layer that a task adds to the encoder run on the first position or on every one?",
        "first",
    )
    head_on_tiles: Annotated[Fact, Flag()] | None = ask(
        "Whether the weights of the task's layer are on analog tiles too; by default it is computed digitally.",
        "Are the weights of the layer that a task adds to the encoder on analog tiles?",
        example=False,
    )


@dataclass(frozen=True, slots=True)
class EncoderShape:
    """Dimensions of a transformer encoder.

    Raises:
        WorkloadError: the heads do not divide the hidden size, or there are more than `MOST_LAYERS` layers;
            `path` is the field at fault.
    """

    layers: int
    hidden_size: int
    heads: int
    intermediate_size: int
    vocabulary: int = 0
    """Rows of the token embedding; 0 leaves it out."""
    positions: int = 0
    """Rows of the position embedding; 0 leaves it out."""
    token_types: int = 0
    """Rows of the segment embedding; 0 leaves it out."""
    pooler: bool = False
    """Whether a dense layer with tanh follows on the first token."""
    fused_qkv: bool = False
    """Whether query, key and value weights are stored as one matrix of 3 · hidden_size columns."""
    pooler_on_tiles: bool = False
    """Whether the pooler's weights are on analog tiles."""
    classes: int = 0
    """Outputs of the dense layer of a task; 0 leaves it out."""
    embedding_size: int = 0
    """Width of the embeddings, which a matrix then widens; 0 for that of the blocks."""
    projection_on_tiles: bool = True
    """Whether the matrix that widens the embeddings is on analog tiles."""
    shared_layers: bool = False
    """Whether all blocks use one set of weights (ALBERT, Lan et al. 2020)."""
    head_on_every: bool = False
    """Whether the task's layer runs on every position; else on the first, or what the pooler makes of it."""
    head_on_tiles: bool = False
    """Whether the weights of the task's layer are on analog tiles."""

    def __post_init__(self) -> None:
        check_heads(self.heads, self.hidden_size)
        check_layers(self.layers)


def encoder_operators(shape: EncoderShape, seq_len: int) -> tuple[Operator, ...]:
    """Return the operators of an encoder at a sequence length, in order of execution.

    The encoder blocks' matrices are on analog tiles, and so is the one that widens narrow embeddings, unless
    `projection_on_tiles` says otherwise. Pooler and head are outside the encoder: they see one token of a sequence (the
    head all, with `head_on_every`), and are counted as digital products with stored weights unless `pooler_on_tiles` or
    `head_on_tiles` says otherwise. Attention is counted in full, L² scores for each head, padding included.
    """
    return (
        *_embeddings(shape, seq_len),
        *(operator for layer in range(shape.layers) for operator in _layer(shape, seq_len, layer)),
        *_outputs(shape, seq_len),
    )


def _embeddings(shape: EncoderShape, seq_len: int) -> Iterator[Operator]:
    block, hidden = "embeddings", shape.embedding_size or shape.hidden_size
    tables = [("word", shape.vocabulary), ("position", shape.positions), ("token_type", shape.token_types)]
    tables = [(table, rows) for table, rows in tables if rows]
    for table, rows in tables:
        yield Lookup(f"{block}.{table}", block, rows, hidden, lookups=seq_len)
    if len(tables) > 1:
        yield Elementwise(f"{block}.sum", block, "embedding", (len(tables) - 1) * hidden * seq_len)
    if tables:
        yield Elementwise(f"{block}.layer_norm", block, "layer_norm", hidden * seq_len, parameters=2 * hidden)
    if shape.embedding_size:
        side: Side = "analog" if shape.projection_on_tiles else "digital"
        yield StaticMatmul(
            f"{block}.projection",
            block,
            rows=hidden,
            cols=shape.hidden_size,
            calls=seq_len,
            bias=True,
            on=side,
        )


def _layer(shape: EncoderShape, seq_len: int, layer: int) -> Iterator[Operator]:
    """Yield one block, with the first one's weights where all share them."""
    block = f"layer.{layer}"
    for operator in _block(shape, seq_len, block):
        if shape.shared_layers and isinstance(operator, StaticMatmul | Elementwise):
            yield operator._replace(stored_as=f"layer.0{operator.name.removeprefix(block)}")
        else:
            yield operator


def _block(shape: EncoderShape, seq_len: int, block: str) -> Iterator[Operator]:
    hidden, heads, wide = shape.hidden_size, shape.heads, shape.intermediate_size
    head = hidden // heads
    stream = hidden * seq_len
    if shape.fused_qkv:
        yield StaticMatmul(f"{block}.qkv", block, rows=hidden, cols=3 * hidden, calls=seq_len, bias=True)
    else:
        for part in ("query", "key", "value"):
            yield StaticMatmul(f"{block}.{part}", block, rows=hidden, cols=hidden, calls=seq_len, bias=True)
    yield DynamicMatmul(f"{block}.scores", block, count=heads, m=seq_len, k=head, n=seq_len)
    yield Elementwise(f"{block}.softmax", block, "softmax", heads * seq_len * seq_len)
    yield DynamicMatmul(f"{block}.context", block, count=heads, m=seq_len, k=seq_len, n=head)
    yield StaticMatmul(f"{block}.attention_output", block, rows=hidden, cols=hidden, calls=seq_len, bias=True)
    yield Elementwise(f"{block}.attention_residual", block, "residual", stream)
    yield Elementwise(f"{block}.attention_layer_norm", block, "layer_norm", stream, parameters=2 * hidden)
    yield StaticMatmul(f"{block}.intermediate", block, rows=hidden, cols=wide, calls=seq_len, bias=True)
    yield Elementwise(f"{block}.gelu", block, "activation", wide * seq_len)
    yield StaticMatmul(f"{block}.output", block, rows=wide, cols=hidden, calls=seq_len, bias=True)
    yield Elementwise(f"{block}.output_residual", block, "residual", stream)
    yield Elementwise(f"{block}.output_layer_norm", block, "layer_norm", stream, parameters=2 * hidden)


def _outputs(shape: EncoderShape, seq_len: int) -> Iterator[Operator]:
    hidden = shape.hidden_size
    if shape.pooler:
        side: Side = "analog" if shape.pooler_on_tiles else "digital"
        yield StaticMatmul("pooler.dense", "pooler", rows=hidden, cols=hidden, calls=1, bias=True, on=side)
        yield Elementwise("pooler.tanh", "pooler", "activation", hidden)
    if shape.classes:
        yield StaticMatmul(
            "head.dense",
            "head",
            rows=hidden,
            cols=shape.classes,
            calls=seq_len if shape.head_on_every else 1,
            bias=True,
            on="analog" if shape.head_on_tiles else "digital",
        )


def _read(known: Answers) -> EncoderShape:
    pooler = "it is not stated whether there is a pooler; none is counted"
    pooler_side = "it is withheld whether the pooler is on tiles; it is counted as digital"
    widening_side = (
        "it is withheld whether the widening of the embeddings is on tiles; it is counted on tiles"
    )
    return EncoderShape(
        layers=known.dimension("layers"),
        hidden_size=known.dimension("hidden_size"),
        heads=known.dimension("heads"),
        intermediate_size=known.dimension("intermediate_size"),
        vocabulary=known.table("vocabulary", "the word embedding"),
        positions=known.table("positions", "the position embedding"),
        token_types=known.table("token_types", "the segment embedding"),
        pooler=known.flag("pooler", pooler),
        fused_qkv=known.flag("fused_qkv", THREE_MATRICES),
        pooler_on_tiles=known.flag(
            "pooler_on_tiles", pooler_side if known.is_withheld("pooler_on_tiles") else ""
        ),
        classes=known.number("classes"),
        embedding_size=known.number("embedding_size"),
        projection_on_tiles=known.flag(
            "projection_on_tiles",
            widening_side if known.is_withheld("projection_on_tiles") else "",
            default=True,
        ),
        shared_layers=known.flag("shared_layers"),
        head_on_every=known.choice("head_positions", "first", "") == "every",
        head_on_tiles=known.flag("head_on_tiles"),
    )


def _operators(shape: EncoderShape, run: Run) -> tuple[Operator, ...]:
    check_length(run.seq_len, shape.positions)
    return encoder_operators(shape, run.seq_len)


FAMILY = Family(
    key="transformer_encoder",
    name="transformer encoder",
    meaning="Dimensions of a transformer encoder; `derive` computes operators, ops and tiles from them.",
    question="What are the dimensions of the transformer encoder?",
    example={"layers": 12, "hidden_size": 768, "heads": 12, "intermediate_size": 3072},
    tokens=True,
    read=_read,
    operators=_operators,
    left_open={
        "pooler": YES_OR_NO,
        "fused_qkv": YES_OR_NO,
        "pooler_on_tiles": YES_OR_NO,
        "projection_on_tiles": YES_OR_NO,
    },
    on_tiles="encoder blocks; embeddings are looked up, and the pooler is digital unless the sheet says otherwise",
    head="classes",
)
