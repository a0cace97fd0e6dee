"""A transformer encoder, by its dimensions."""

from __future__ import annotations

from typing import Annotated

from factsheet.sheet.base import Record, ask
from factsheet.sheet.fact import Fact
from factsheet.sheet.kinds import Flag, Whole

Dimension = Annotated[Fact, Whole()]


class TransformerEncoder(Record):
    """A transformer encoder after Vaswani et al. 2017 and Devlin et al. 2019, by its dimensions."""

    layers: Dimension = ask("Encoder blocks.", "How many layers?", 12, default=...)
    hidden_size: Dimension = ask("Width of the residual stream.", "How wide is it?", 768, default=...)
    heads: Dimension = ask("Attention heads of one layer.", "How many attention heads?", 12, default=...)
    intermediate_size: Dimension = ask(
        "Width inside the feed-forward block.", "How wide is the feed-forward block?", 3072, default=...
    )
    vocabulary: Dimension | None = ask("Rows of the token embedding.", "How many tokens does it know?", 30522)
    positions: Dimension | None = ask(
        "Rows of the position embedding: the longest sequence that the model takes.",
        "How many positions does it know?",
        512,
    )
    token_types: Annotated[Fact, Whole(0)] | None = ask(
        "Rows of the segment embedding; 0 where there is none.", "How many segment types?", 2
    )
    pooler: Annotated[Fact, Flag()] | None = ask(
        "Whether a dense layer on the first token follows the encoder.", "Is there a pooler?", example=True
    )
    fused_qkv: Annotated[Fact, Flag()] | None = ask(
        "Whether query, key and value weights are mapped as one matrix instead of three.",
        "Are Q, K and V one matrix on the chip?",
        example=False,
    )
    pooler_on_tiles: Annotated[Fact, Flag()] | None = ask(
        "Whether the pooler's weights are on analog tiles too; by default it is computed digitally.",
        "Does the pooler run on tiles?",
        example=False,
    )
    embedding_size: Dimension | None = ask(
        "Width of the embeddings, where a matrix then widens them to that of the blocks.",
        "Are the embeddings narrower than the blocks?",
        128,
    )
    projection_on_tiles: Annotated[Fact, Flag()] | None = ask(
        "Whether the matrix that widens the embeddings is on analog tiles; by default it is.",
        "Does the widening of the embeddings run on tiles?",
        example=True,
    )
    shared_layers: Annotated[Fact, Flag()] | None = ask(
        "Whether all blocks use the same weights, stored once.",
        "Do all layers share one set of weights?",
        example=False,
    )
