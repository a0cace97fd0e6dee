"""Model architecture: the network's structure, declared so that its operators can be derived.

A sheet declares one family, or lists operators; that it is one only is checked where operators are derived.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Items, Line, Link, Prose
from factsheet.facts.section import References, Rows, Section, ask
from factsheet.networks.families.convolutional import Convolutional
from factsheet.networks.families.decoder import TransformerDecoder
from factsheet.networks.families.encoder import TransformerEncoder
from factsheet.networks.families.encoder_decoder import EncoderDecoder
from factsheet.networks.families.listed import ListedOperator
from factsheet.networks.families.mlp import Mlp
from factsheet.networks.families.recurrent import Recurrent
from factsheet.networks.families.vision import VisionTransformer


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
    transformer_decoder: TransformerDecoder | None = ask(
        "Dimensions of a transformer decoder, with experts if it has some.",
        "What are its dimensions?",
        {"layers": 32, "hidden_size": 4096, "heads": 32, "intermediate_size": 11008},
    )
    encoder_decoder: EncoderDecoder | None = ask(
        "Dimensions of a transformer with an encoder and a decoder.",
        "What are its dimensions?",
        {
            "encoder_layers": 6,
            "decoder_layers": 6,
            "hidden_size": 512,
            "heads": 8,
            "intermediate_size": 2048,
        },
    )
    vision_transformer: VisionTransformer | None = ask(
        "Dimensions of a transformer over patches of an image.",
        "What are its dimensions?",
        {
            "image_size": 224,
            "patch_size": 16,
            "layers": 12,
            "hidden_size": 768,
            "heads": 12,
            "intermediate_size": 3072,
        },
    )
    convolutional: Convolutional | None = ask(
        "The layers of a convolutional network.",
        "Which layers has it?",
        {"image_size": 32, "layers": [{"kind": "conv", "channels": 16, "kernel": 3, "padding": 1}]},
    )
    recurrent: Recurrent | None = ask(
        "Dimensions of a recurrent network.",
        "What are its dimensions?",
        {"cell": "lstm", "input_size": 40, "hidden_size": 256, "layers": 2},
    )
    mlp: Mlp | None = ask(
        "Widths of a multilayer perceptron.", "How wide are its layers?", {"sizes": [784, 256, 10]}
    )
    operators: Rows[ListedOperator] | None = ask(
        "The operators of a network that none of the families fits.",
        "What does it compute?",
        [{"name": "encoder.up", "rows": 768, "cols": 3072, "calls": 1, "each": "token"}],
        min_length=1,
        max_length=5000,
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
