"""A transformer decoder: its dimensions on a sheet, and the operators that follow from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from factsheet.errors import NotStatedError, WorkloadError
from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Choice, Flag
from factsheet.facts.section import Record, ask
from factsheet.networks.answers import Answers
from factsheet.networks.dimension_kinds import Experts, Heads, Layers, Positions, Vocabulary, Width
from factsheet.networks.family import YES_OR_NO, Family, Run, check_layers
from factsheet.networks.operators import Elementwise, Lookup, Operator, StaticMatmul
from factsheet.networks.transformer import (
    BIASES,
    IN_FULL,
    NO_GATE,
    NORMS,
    THREE_MATRICES,
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
    norm,
    residual,
    stated_biases,
    stated_norm,
)


class TransformerDecoder(Record):
    """A transformer decoder that predicts the next token, after Radford et al. 2019 and Touvron et al. 2023."""

    layers: Layers = ask(
        "Decoder blocks.", "How many decoder blocks has the transformer decoder?", 32, default=...
    )
    hidden_size: Width = ask(
        "Width of the residual stream.",
        "How wide is the residual stream of the transformer decoder?",
        4096,
        default=...,
    )
    heads: Heads = ask(
        "Query heads of one layer.",
        "How many query heads has a layer of the transformer decoder?",
        32,
        default=...,
    )
    intermediate_size: Width = ask(
        "Width inside the feed-forward block, of one expert where there are several.",
        "How wide is the feed-forward block of the transformer decoder?",
        11008,
        default=...,
    )
    kv_heads: Heads | None = ask(
        "Key and value heads of one layer; fewer than query heads where groups of queries share them.",
        "How many key and value heads has a layer of the transformer decoder?",
        8,
    )
    head_dim: Width | None = ask(
        "Width of one head, where it is not the hidden size by the heads.",
        "How wide is an attention head of the transformer decoder?",
        128,
    )
    gated_mlp: Annotated[Fact, Flag()] | None = ask(
        "Whether a third matrix gates the feed-forward block, as in SwiGLU.",
        "Is the feed-forward block of the transformer decoder gated by a third matrix?",
        example=True,
    )
    vocabulary: Vocabulary | None = ask(
        "Rows of the token embedding.",
        "How many tokens are in the vocabulary of the transformer decoder?",
        32000,
    )
    tied_head: Annotated[Fact, Flag()] | None = ask(
        "Whether the output layer uses the token embedding's weights.",
        "Does the output layer of the transformer decoder share the token embedding's weights?",
        example=False,
    )
    head_positions: Annotated[Fact, Choice("every", "last")] | None = ask(
        "Whether the output layer runs on every position or on the last one.",
        "Does the output layer of the transformer decoder run on every position or on the last?",
        "every",
    )
    experts: Experts | None = ask(
        "Feed-forward blocks that a router chooses from; all are stored.",
        "How many experts has a layer of the transformer decoder?",
        8,
    )
    active_experts: Experts | None = ask(
        "Experts that one token goes to.",
        "To how many experts of the transformer decoder does one token go?",
        2,
    )
    normalisation: StatedNorm | None = ask(
        "Normalisation before each part.", "Which normalisation does the transformer decoder use?", "rms_norm"
    )
    position_encoding: Annotated[Fact, Choice("rotary", "learned", "none")] | None = ask(
        "How positions enter: rotated into queries and keys, from a learned table, or without stored weights.",
        "How do positions enter the transformer decoder?",
        "rotary",
    )
    positions: Positions | None = ask(
        "Longest sequence that the model takes; of learned positions, the rows of their table.",
        "How many tokens has the longest sequence that the transformer decoder takes?",
        4096,
    )
    biases: StatedBiases | None = ask(
        "Which matrices of the blocks add a bias: all, those of queries, keys and values, or none.",
        "Which matrices of the transformer decoder add a bias?",
        "none",
    )
    fused_qkv: Annotated[Fact, Flag()] | None = ask(
        "Whether query, key and value weights are mapped as one matrix instead of three.",
        "Are the decoder's query, key and value weights mapped as one matrix on the chip?",
        example=False,
    )


@dataclass(frozen=True, slots=True)
class DecoderShape:
    """Dimensions of a transformer decoder.

    Raises:
        WorkloadError: heads, key and value heads or experts do not fit each other; `path` is the field at fault.
    """

    layers: int
    hidden_size: int
    heads: int
    intermediate_size: int
    kv_heads: int = 0
    """Key and value heads; 0 for as many as query heads."""
    head_dim: int = 0
    """Width of a head; 0 for the hidden size by the heads."""
    gated_mlp: bool = False
    vocabulary: int = 0
    """Rows of the token embedding; 0 leaves embedding and output layer out."""
    tied_head: bool = False
    last_only: bool = False
    """Whether the output layer runs on the last position only."""
    experts: int = 0
    active_experts: int = 0
    normalisation: Norm = "layer_norm"
    rotary: bool = False
    positions: int = 0
    """Rows of a learned position embedding; 0 where there is none."""
    longest: int = 0
    """Longest sequence that the model takes; 0 where there is no limit."""
    biases: Biases = "all"
    fused_qkv: bool = False

    def __post_init__(self) -> None:
        check_layers(self.layers)
        if not self.head_dim:
            check_heads(self.heads, self.hidden_size)
        if self.kv_heads and self.heads % self.kv_heads:
            raise WorkloadError(
                f"{self.kv_heads} key and value heads do not divide {self.heads} query heads",
                "each key and value head serves an equal group of query heads",
                "correct `kv_heads` or `heads`; Llama-3-8B has 8 and 32",
                place="kv_heads",
            )
        if self.active_experts > self.experts:
            raise WorkloadError(
                f"{self.active_experts} experts are active of {self.experts}",
                "a token cannot go to more experts than a layer has",
                "correct `active_experts` or `experts`; Mixtral has 2 of 8",
                place="active_experts",
            )

    @property
    def attention(self) -> Attention:
        """Dimensions of a block's attention."""
        return Attention(
            self.hidden_size,
            self.heads,
            self.kv_heads or self.heads,
            self.head_dim or self.hidden_size // self.heads,
            qkv_bias=self.biases != "none",
            output_bias=self.biases == "all",
            fused_qkv=self.fused_qkv,
            rotary=self.rotary,
        )

    @property
    def feed_forward(self) -> FeedForward:
        """Dimensions of a block's feed-forward part."""
        return FeedForward(
            hidden=self.hidden_size,
            wide=self.intermediate_size,
            gated=self.gated_mlp,
            bias=self.biases == "all",
            experts=self.experts,
            active=self.active_experts,
        )


def decoder_operators(shape: DecoderShape, run: Run) -> tuple[Operator, ...]:
    """Return the operators of a decoder, in order of execution.

    Without a cache all tokens are worked on at once (prefill). With one, a single token is, and meets the keys of
    the cached tokens and its own.
    """
    tokens, hidden = run.tokens, shape.hidden_size
    return (
        *_embeddings(shape, tokens),
        *(operator for layer in range(shape.layers) for operator in _block(shape, run, f"layer.{layer}")),
        norm("final.norm", "final", hidden, tokens, kind=shape.normalisation),
        *_head(shape, tokens),
    )


def _embeddings(shape: DecoderShape, tokens: int) -> Iterator[Operator]:
    block, hidden = "embeddings", shape.hidden_size
    if shape.vocabulary:
        yield Lookup(f"{block}.word", block, shape.vocabulary, hidden, lookups=tokens)
    if shape.positions:
        yield Lookup(f"{block}.position", block, shape.positions, hidden, lookups=tokens)
        if shape.vocabulary:
            yield Elementwise(f"{block}.sum", block, "embedding", hidden * tokens)


def _block(shape: DecoderShape, run: Run, block: str) -> Iterator[Operator]:
    tokens, hidden = run.tokens, shape.hidden_size
    yield norm(f"{block}.attention_norm", block, hidden, tokens, kind=shape.normalisation)
    yield from attention(shape.attention, block, tokens, run.keys)
    yield residual(f"{block}.attention_residual", block, hidden, tokens)
    yield norm(f"{block}.feed_forward_norm", block, hidden, tokens, kind=shape.normalisation)
    yield from feed_forward(shape.feed_forward, block, tokens)
    yield residual(f"{block}.output_residual", block, hidden, tokens)


def _head(shape: DecoderShape, tokens: int) -> Iterator[Operator]:
    if shape.vocabulary:
        tied = "embeddings.word" if shape.tied_head else ""
        calls = 1 if shape.last_only else tokens
        yield StaticMatmul(
            "lm_head", "head", rows=shape.hidden_size, cols=shape.vocabulary, calls=calls, stored_as=tied
        )


def _read(known: Answers) -> DecoderShape:
    encoding = known.choice(
        "position_encoding",
        "none",
        "it is not stated how positions enter; no stored positions and no rotation are counted",
    )
    positions = known.table("positions", "the position embedding") if encoding == "learned" else 0
    experts, active = _experts(known)
    vocabulary = known.table("vocabulary", "the token embedding and the output layer")
    own_head = (
        "it is not stated whether the output layer uses the embedding's weights; it is counted with its own"
    )
    tied = known.flag("tied_head", own_head if vocabulary else "")
    last = known.choice("head_positions", "every", "the output layer is counted on every position") == "last"
    as_many = "no key and value heads are stated; as many as query heads are counted"
    shape = DecoderShape(
        layers=known.dimension("layers"),
        hidden_size=known.dimension("hidden_size"),
        heads=known.dimension("heads"),
        intermediate_size=known.dimension("intermediate_size"),
        kv_heads=known.number("kv_heads", 0, as_many),
        head_dim=known.number("head_dim"),
        gated_mlp=known.flag("gated_mlp", NO_GATE),
        vocabulary=vocabulary,
        tied_head=tied,
        last_only=last,
        experts=experts,
        active_experts=active,
        normalisation=stated_norm(known),
        rotary=encoding == "rotary",
        positions=positions,
        longest=known.number("positions"),
        biases=stated_biases(known),
        fused_qkv=known.flag("fused_qkv", THREE_MATRICES),
    )
    if experts:
        known.assumed["routing"] = (
            "each expert is counted with an equal share of the tokens, in uses and reuse"
        )
    known.assumed["attention"] = IN_FULL
    return shape


def _experts(known: Answers) -> tuple[int, int]:
    """Return how many experts a layer has, and how many a token goes to."""
    experts = known.number("experts")
    if experts <= 1:
        return 0, 0  # one that every token goes to is no mixture
    active = known.number("active_experts")
    if not active:
        raise NotStatedError(
            "there are experts, but it is not stated how many of them a token goes to",
            "all experts are stored, and only the active ones work",
            "give `active_experts`; Mixtral has 2 of 8",
            place="active_experts",
        )
    return experts, active


def _operators(shape: DecoderShape, run: Run) -> tuple[Operator, ...]:
    check_length(run.keys, shape.longest, cached=run.cache_length is not None)
    return decoder_operators(shape, run)


FAMILY = Family(
    key="transformer_decoder",
    name="transformer decoder",
    meaning="Dimensions of a transformer decoder, with experts if it has some.",
    question="What are the dimensions of the transformer decoder?",
    example={"layers": 32, "hidden_size": 4096, "heads": 32, "intermediate_size": 11008},
    tokens=True,
    cache=True,
    read=_read,
    operators=_operators,
    left_open={
        "fused_qkv": YES_OR_NO,
        "gated_mlp": YES_OR_NO,
        "tied_head": YES_OR_NO,
        "biases": BIASES,
        "normalisation": NORMS,
        "position_encoding": ("none", "learned", "rotary"),
        "head_positions": ("every", "last"),
    },
    of_several_tokens=frozenset({"head_positions", "attention"}),
)
