"""Model architecture: the network's structure, declared so that its operators can be derived."""

from __future__ import annotations

from typing import Annotated, ClassVar

from factsheet.sheet.base import Record, References, Section, ask
from factsheet.sheet.fact import Fact
from factsheet.sheet.kinds import Flag, Items, Line, Link, Prose, Whole

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


class ModelArchitecture(Section):
    """How the network is built, and how it is laid out on the crossbar arrays."""

    question: ClassVar[str] = "How is the network built, and how does it lie on the crossbar arrays?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "The architecture in words.",
        "How is the network built?",
        "Twelve transformer encoder blocks in a row.",
    )
    family: Annotated[Fact, Line()] | None = ask(
        "Family of networks that it belongs to.", "What kind of network is it?", "transformer encoder"
    )
    transformer_encoder: TransformerEncoder | None = ask(
        "Dimensions of a transformer encoder; `derive` computes operators, ops and tiles from them.",
        "What are its dimensions?",
        {"layers": 12, "hidden_size": 768, "heads": 12, "intermediate_size": 3072},
    )
    variants: Annotated[Fact, Items()] | None = ask(
        "Variants that the sheet covers.", "Which variants are meant?", ["uncased", "cased"]
    )
    mapping: Annotated[Fact, Prose()] | None = ask(
        "How the network's matrices are laid out on crossbar tiles.",
        "How does it lie on the arrays?",
        "Each linear layer is cut into 512×512 tiles; partial sums are added digitally.",
    )
    customisable: Annotated[Fact, Prose()] | None = ask(
        "What a user can change: depth, heads, output layer.",
        "Can I customise the model?",
        "The output layer is replaced for each task.",
    )
    classification_method: Annotated[Fact, Prose()] | None = ask(
        "How an answer is formed from the network's output.",
        "Which method turns outputs into a class?",
        "A dense layer on the first token, then softmax.",
    )
    base_model: Annotated[Fact, Line()] | None = ask(
        "The pretrained model that it starts from.", "What was it built from?", "BERT-base, pretrained"
    )
    implementation: Annotated[Fact, Link()] | None = ask(
        "The code that defines the architecture.",
        "Where is its code?",
        "https://huggingface.co/docs/transformers/model_doc/bert",
    )
    references: References | None = ask(
        "Ids of the papers that describe it.", "Which papers describe it?", ["vaswani-2017"]
    )
