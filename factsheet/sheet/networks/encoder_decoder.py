"""A transformer with an encoder and a decoder, by its dimensions."""

from __future__ import annotations

from typing import Annotated

from factsheet.sheet.base import Record, ask
from factsheet.sheet.fact import Fact
from factsheet.sheet.kinds import Flag, Whole
from factsheet.sheet.networks.decoder import Biases, Normalisation
from factsheet.sheet.networks.encoder import Dimension


class EncoderDecoder(Record):
    """A transformer that reads one sequence and writes another, after Vaswani et al. 2017 and Raffel et al. 2020."""

    encoder_layers: Dimension = ask("Encoder blocks.", "How many layers has the encoder?", 6, default=...)
    decoder_layers: Dimension = ask("Decoder blocks.", "How many layers has the decoder?", 6, default=...)
    hidden_size: Dimension = ask("Width of the residual stream.", "How wide is it?", 512, default=...)
    heads: Dimension = ask("Attention heads of one layer.", "How many attention heads?", 8, default=...)
    intermediate_size: Dimension = ask(
        "Width inside the feed-forward block.", "How wide is the feed-forward block?", 2048, default=...
    )
    head_dim: Dimension | None = ask(
        "Width of one head, where it is not the hidden size by the heads.", "How wide is a head?", 64
    )
    gated_mlp: Annotated[Fact, Flag()] | None = ask(
        "Whether a third matrix gates the feed-forward block.",
        "Is the feed-forward block gated?",
        example=False,
    )
    vocabulary: Dimension | None = ask(
        "Rows of the token embedding, which encoder and decoder share.",
        "How many tokens does it know?",
        32128,
    )
    tied_head: Annotated[Fact, Flag()] | None = ask(
        "Whether the output layer uses the token embedding's weights.",
        "Does the output layer share the embedding?",
        example=True,
    )
    normalisation: Normalisation | None = ask(
        "Normalisation of each part.", "Which normalisation?", "rms_norm"
    )
    final_norm: Annotated[Fact, Flag()] | None = ask(
        "Whether encoder and decoder each end in a normalisation, as where blocks normalise their input.",
        "Is there a normalisation after the last block?",
        example=True,
    )
    embedding_norm: Annotated[Fact, Flag()] | None = ask(
        "Whether the embeddings of encoder and decoder are normalised.",
        "Are embeddings normalised?",
        example=False,
    )
    positions: Annotated[Fact, Whole(0)] | None = ask(
        "Rows of each learned position embedding, one of the encoder and one of the decoder; 0 where there is none.",
        "How many positions does it know?",
        0,
    )
    relative_buckets: Annotated[Fact, Whole(0)] | None = ask(
        "Rows of each table of relative positions, one of the encoder and one of the decoder; 0 where there is none.",
        "How many relative positions does it know?",
        32,
    )
    biases: Biases | None = ask(
        "Which matrices of the blocks add a bias: all, those of queries, keys and values, or none.",
        "Where are there biases?",
        "none",
    )
    target_length: Dimension | None = ask(
        "Tokens that the decoder works on, where they are not as many as the encoder's.",
        "How long is what it writes?",
        32,
    )
