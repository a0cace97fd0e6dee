"""A transformer with an encoder and a decoder: its dimensions on a sheet, and the operators that follow from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Flag, Whole
from factsheet.facts.section import Record, ask
from factsheet.networks.answers import Answers
from factsheet.networks.dimension_kinds import Heads, Layers, Positions, Vocabulary, Width
from factsheet.networks.family import YES_OR_NO, Family, Run, check_layers
from factsheet.networks.operators import Elementwise, Lookup, Operator, StaticMatmul
from factsheet.networks.transformer import (
    BIASES,
    IN_FULL,
    NO_GATE,
    NORMS,
    Attention,
    Biases,
    FeedForward,
    Norm,
    StatedBiases,
    StatedNorm,
    attention,
    check_heads,
    check_length,
    feed_forward,
    idle,
    norm,
    residual,
    stated_biases,
    stated_norm,
)


class EncoderDecoder(Record):
    """A transformer that reads one sequence and writes another, after Vaswani et al. 2017 and Raffel et al. 2020."""

    encoder_layers: Layers = ask(
        "Encoder blocks.",
        "How many blocks has the encoder of the encoder-decoder transformer?",
        6,
        default=...,
    )
    decoder_layers: Layers = ask(
        "Decoder blocks.",
        "How many blocks has the decoder of the encoder-decoder transformer?",
        6,
        default=...,
    )
    hidden_size: Width = ask(
        "Width of the residual stream.",
        "How wide is the residual stream of the encoder-decoder transformer?",
        512,
        default=...,
    )
    heads: Heads = ask(
        "Attention heads of one layer.",
        "How many attention heads has a layer of the encoder-decoder transformer?",
        8,
        default=...,
    )
    intermediate_size: Width = ask(
        "Width inside the feed-forward block.",
        "How wide is the feed-forward block of the encoder-decoder transformer?",
        2048,
        default=...,
    )
    head_dim: Width | None = ask(
        "Width of one head, where it is not the hidden size by the heads.",
        "How wide is an attention head of the encoder-decoder transformer?",
        64,
    )
    gated_mlp: Annotated[Fact, Flag()] | None = ask(
        "Whether a third matrix gates the feed-forward block.",
        "Is the feed-forward block of the encoder-decoder transformer gated by a third matrix?",
        example=False,
    )
    vocabulary: Vocabulary | None = ask(
        "Rows of the token embedding, which encoder and decoder share.",
        "How many tokens are in the vocabulary of the encoder-decoder transformer?",
        32128,
    )
    tied_head: Annotated[Fact, Flag()] | None = ask(
        "Whether the output layer uses the token embedding's weights.",
        "Does the output layer of the encoder-decoder transformer share the token embedding's weights?",
        example=True,
    )
    normalisation: StatedNorm | None = ask(
        "Normalisation of each part.",
        "Which normalisation does the encoder-decoder transformer use?",
        "rms_norm",
    )
    final_norm: Annotated[Fact, Flag()] | None = ask(
        "Whether encoder and decoder each end in a normalisation, as where blocks normalise their input.",
        "Do the encoder and the decoder of the transformer each end in a normalisation?",
        example=True,
    )
    embedding_norm: Annotated[Fact, Flag()] | None = ask(
        "Whether the embeddings of encoder and decoder are normalised.",
        "Are the embeddings of the encoder-decoder transformer normalised?",
        example=False,
    )
    positions: Annotated[Fact, Whole(0)] | None = ask(
        "Rows of each learned position embedding, one of the encoder and one of the decoder; 0 where there is none.",
        "How many rows has each learned position embedding of the encoder-decoder transformer?",
        0,
    )
    relative_buckets: Annotated[Fact, Whole(0)] | None = ask(
        "Rows of each table of relative positions, one of the encoder and one of the decoder; 0 where there is none.",
        "How many rows has each table of relative positions of the encoder-decoder transformer?",
        32,
    )
    biases: StatedBiases | None = ask(
        "Which matrices of the blocks add a bias: all, those of queries, keys and values, or none.",
        "Which matrices of the encoder-decoder transformer add a bias?",
        "none",
    )
    target_length: Positions | None = ask(
        "Tokens that the decoder works on, where they are not as many as the encoder's.",
        "On how many tokens does the decoder of the transformer work?",
        32,
    )


@dataclass(frozen=True, slots=True)
class EncoderDecoderShape:
    """Dimensions of an encoder-decoder.

    Raises:
        WorkloadError: the heads do not divide the hidden size, or there are too many layers.
    """

    encoder_layers: int
    decoder_layers: int
    hidden_size: int
    heads: int
    intermediate_size: int
    head_dim: int = 0
    """Width of a head; 0 for the hidden size by the heads."""
    gated_mlp: bool = False
    vocabulary: int = 0
    """Rows of the token embedding that both sides share; 0 leaves embedding and output layer out."""
    tied_head: bool = True
    normalisation: Norm = "layer_norm"
    final_norm: bool = False
    embedding_norm: bool = False
    positions: int = 0
    """Rows of each side's position embedding; 0 where there is none."""
    relative_buckets: int = 0
    """Rows of each side's table of relative positions; 0 where there is none."""
    biases: Biases = "all"
    target_length: int = 0
    """Tokens that the decoder works on; 0 for as many as the encoder reads."""

    def __post_init__(self) -> None:
        check_layers(self.encoder_layers, "encoder_layers")
        check_layers(self.decoder_layers, "decoder_layers")
        if not self.head_dim:
            check_heads(self.heads, self.hidden_size)

    @property
    def attention(self) -> Attention:
        """Dimensions of every attention layer, the decoder's two alike."""
        head_dim = self.head_dim or self.hidden_size // self.heads
        qkv, output = self.biases != "none", self.biases == "all"
        return Attention(
            self.hidden_size,
            heads=self.heads,
            kv_heads=self.heads,
            head_dim=head_dim,
            qkv_bias=qkv,
            output_bias=output,
        )

    @property
    def feed_forward(self) -> FeedForward:
        """Dimensions of every feed-forward part."""
        return FeedForward(self.hidden_size, self.intermediate_size, self.gated_mlp, self.biases == "all")


def encoder_decoder_operators(shape: EncoderDecoderShape, run: Run, target: int) -> tuple[Operator, ...]:
    """Return the operators of both sides, in order of execution.

    In a decode step the encoder has run already: the keys and values of its output are cached, as are those of the
    decoder's earlier tokens.

    Args:
        shape: the dimensions.
        run: tokens that the encoder reads, and the tokens that the decoder has cached.
        target: tokens that the decoder works on without a cache.
    """
    source = run.seq_len
    decoding = run.cache_length is not None
    tokens = 1 if decoding else target
    keys = run.keys if decoding else target
    encoder = _encoder(shape, source)
    return (
        *(idle(encoder) if decoding else encoder),
        *_opening(shape, "decoder", tokens, keys),
        *(
            operator
            for layer in range(shape.decoder_layers)
            for operator in _decoder_block(
                shape,
                f"decoder.layer.{layer}",
                tokens=tokens,
                keys=keys,
                source=source,
                decoding=decoding,
            )
        ),
        *_closing(shape, "decoder", tokens),
        *_head(shape, tokens),
    )


def _encoder(shape: EncoderDecoderShape, source: int) -> Iterator[Operator]:
    yield from _opening(shape, "encoder", source, source)
    for layer in range(shape.encoder_layers):
        block = f"encoder.layer.{layer}"
        yield from attention(shape.attention, block, source, source)
        yield from _around(shape, block, "attention", source)
        yield from feed_forward(shape.feed_forward, block, source)
        yield from _around(shape, block, "output", source)
    yield from _closing(shape, "encoder", source)


def _decoder_block(
    shape: EncoderDecoderShape, block: str, *, tokens: int, keys: int, source: int, decoding: bool
) -> Iterator[Operator]:
    yield from attention(shape.attention, block, tokens, keys)
    yield from _around(shape, block, "attention", tokens)
    new = 0 if decoding else source
    yield from attention(shape.attention, block, tokens, source, name="cross_", new_keys=new)
    yield from _around(shape, block, "cross", tokens)
    yield from feed_forward(shape.feed_forward, block, tokens)
    yield from _around(shape, block, "output", tokens)


def _around(shape: EncoderDecoderShape, block: str, part: str, tokens: int) -> Iterator[Operator]:
    yield residual(f"{block}.{part}_residual", block, shape.hidden_size, tokens)
    yield norm(f"{block}.{part}_norm", block, shape.hidden_size, tokens, kind=shape.normalisation)


def _opening(shape: EncoderDecoderShape, side: str, tokens: int, keys: int) -> Iterator[Operator]:
    hidden, block = shape.hidden_size, f"{side}.embeddings"
    if shape.vocabulary:
        shared = "" if side == "encoder" else "encoder.embeddings.word"
        yield Lookup(f"{block}.word", block, shape.vocabulary, hidden, lookups=tokens, stored_as=shared)
    if shape.positions:
        yield Lookup(f"{block}.position", block, shape.positions, hidden, lookups=tokens)
        yield Elementwise(f"{block}.sum", block, "embedding", hidden * tokens)
    if shape.relative_buckets:
        table = f"{block}.relative_positions"
        yield Lookup(table, block, shape.relative_buckets, shape.heads, lookups=tokens * keys)
        layers = shape.encoder_layers if side == "encoder" else shape.decoder_layers
        yield Elementwise(f"{block}.relative_sum", block, "bias", layers * shape.heads * tokens * keys)
    if shape.embedding_norm:
        yield norm(f"{block}.norm", block, hidden, tokens, kind=shape.normalisation)


def _closing(shape: EncoderDecoderShape, side: str, tokens: int) -> Iterator[Operator]:
    if shape.final_norm:
        yield norm(f"{side}.final_norm", side, shape.hidden_size, tokens, kind=shape.normalisation)


def _head(shape: EncoderDecoderShape, tokens: int) -> Iterator[Operator]:
    if shape.vocabulary:
        tied = "encoder.embeddings.word" if shape.tied_head else ""
        yield StaticMatmul(
            "lm_head", "head", rows=shape.hidden_size, cols=shape.vocabulary, calls=tokens, stored_as=tied
        )


def _read(known: Answers) -> EncoderDecoderShape:
    positions = known.table("positions", "the position embeddings")
    target = known.number("target_length", 0, "the decoder is counted with as many tokens as the encoder")
    shape = EncoderDecoderShape(
        encoder_layers=known.dimension("encoder_layers"),
        decoder_layers=known.dimension("decoder_layers"),
        hidden_size=known.dimension("hidden_size"),
        heads=known.dimension("heads"),
        intermediate_size=known.dimension("intermediate_size"),
        head_dim=known.number("head_dim"),
        gated_mlp=known.flag("gated_mlp", NO_GATE),
        vocabulary=known.table("vocabulary", "the token embedding and the output layer"),
        tied_head=known.flag(
            "tied_head", "the output layer is counted with the embedding's weights", default=True
        ),
        normalisation=stated_norm(known),
        final_norm=known.flag(
            "final_norm", "no normalisation is counted after the last block of either side"
        ),
        embedding_norm=known.flag("embedding_norm"),
        positions=positions,
        relative_buckets=known.number("relative_buckets"),
        biases=stated_biases(known),
        target_length=target,
    )
    known.assumed["attention"] = IN_FULL
    return shape


def _operators(shape: EncoderDecoderShape, run: Run) -> tuple[Operator, ...]:
    target = shape.target_length or run.seq_len
    longest = max(run.seq_len, target, run.cache_length or 0)
    check_length(longest, shape.positions, cached=longest == run.cache_length)
    return encoder_decoder_operators(shape, run, target)


FAMILY = Family(
    key="encoder_decoder",
    name="encoder-decoder",
    meaning="Dimensions of a transformer with an encoder and a decoder.",
    question="What are the dimensions of the encoder-decoder transformer?",
    example={
        "encoder_layers": 6,
        "decoder_layers": 6,
        "hidden_size": 512,
        "heads": 8,
        "intermediate_size": 2048,
    },
    tokens=True,
    cache=True,
    read=_read,
    operators=_operators,
    left_open={
        "gated_mlp": YES_OR_NO,
        "tied_head": YES_OR_NO,
        "final_norm": YES_OR_NO,
        "biases": BIASES,
        "normalisation": NORMS,
    },
)
