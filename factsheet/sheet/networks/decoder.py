"""A transformer decoder, by its dimensions."""

from __future__ import annotations

from typing import Annotated

from factsheet.sheet.base import Record, ask
from factsheet.sheet.fact import Fact
from factsheet.sheet.kinds import Choice, Flag
from factsheet.sheet.networks.encoder import Dimension

Normalisation = Annotated[Fact, Choice("layer_norm", "rms_norm")]
Biases = Annotated[Fact, Choice("all", "qkv", "none")]


class TransformerDecoder(Record):
    """A transformer decoder that predicts the next token, after Radford et al. 2019 and Touvron et al. 2023."""

    layers: Dimension = ask("Decoder blocks.", "How many layers?", 32, default=...)
    hidden_size: Dimension = ask("Width of the residual stream.", "How wide is it?", 4096, default=...)
    heads: Dimension = ask("Query heads of one layer.", "How many attention heads?", 32, default=...)
    intermediate_size: Dimension = ask(
        "Width inside the feed-forward block, of one expert where there are several.",
        "How wide is the feed-forward block?",
        11008,
        default=...,
    )
    kv_heads: Dimension | None = ask(
        "Key and value heads of one layer; fewer than query heads where groups of queries share them.",
        "How many key and value heads?",
        8,
    )
    head_dim: Dimension | None = ask(
        "Width of one head, where it is not the hidden size by the heads.", "How wide is a head?", 128
    )
    gated_mlp: Annotated[Fact, Flag()] | None = ask(
        "Whether a third matrix gates the feed-forward block, as in SwiGLU.",
        "Is the feed-forward block gated?",
        example=True,
    )
    vocabulary: Dimension | None = ask("Rows of the token embedding.", "How many tokens does it know?", 32000)
    tied_head: Annotated[Fact, Flag()] | None = ask(
        "Whether the output layer uses the token embedding's weights.",
        "Does the output layer share the embedding?",
        example=False,
    )
    head_positions: Annotated[Fact, Choice("every", "last")] | None = ask(
        "Whether the output layer runs on every position or on the last one.",
        "On which positions does the output layer run?",
        "every",
    )
    experts: Dimension | None = ask(
        "Feed-forward blocks that a router chooses from; all are stored.", "How many experts has a layer?", 8
    )
    active_experts: Dimension | None = ask(
        "Experts that one token goes to.", "How many experts does a token use?", 2
    )
    normalisation: Normalisation | None = ask(
        "Normalisation before each part.", "Which normalisation?", "rms_norm"
    )
    position_encoding: Annotated[Fact, Choice("rotary", "learned", "none")] | None = ask(
        "How positions enter: rotated into queries and keys, from a learned table, or without stored weights.",
        "How does it know positions?",
        "rotary",
    )
    positions: Dimension | None = ask(
        "Longest sequence that the model takes; of learned positions, the rows of their table.",
        "How many positions does it know?",
        4096,
    )
    biases: Biases | None = ask(
        "Which matrices of the blocks add a bias: all, those of queries, keys and values, or none.",
        "Where are there biases?",
        "none",
    )
    fused_qkv: Annotated[Fact, Flag()] | None = ask(
        "Whether query, key and value weights are mapped as one matrix instead of three.",
        "Are Q, K and V one matrix on the chip?",
        example=False,
    )
