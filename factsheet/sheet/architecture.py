"""Model architecture: the network's structure, declared so that its operators can be derived.

A sheet declares one family, or lists operators; that it is one only is checked where operators are derived.
"""

from typing import Annotated, ClassVar, Literal

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Items, Line, Link, Prose, Whole
from factsheet.facts.plain_kinds import Address
from factsheet.facts.section import Name, Record, References, Rows, Section, Text, ask
from factsheet.networks.declared import FAMILIES
from factsheet.networks.families.convolutional import Convolutional
from factsheet.networks.families.decoder import TransformerDecoder
from factsheet.networks.families.encoder import TransformerEncoder
from factsheet.networks.families.encoder_decoder import EncoderDecoder
from factsheet.networks.families.listed import ListedOperator
from factsheet.networks.families.mlp import Mlp
from factsheet.networks.families.recurrent import Recurrent
from factsheet.networks.families.vision import VisionTransformer
from factsheet.networks.layer_layout import LayerLayout
from factsheet.sheet.ranges.networks import ADAPTER_RANK

Relation = Literal["finetune", "adapter", "quantized", "distilled", "merge", "converted", "other"]


class BaseModelUse(Record):
    """A model that this one was made from."""

    name: Name = ask(
        "Its name, as a catalogue lists it.", "Which model?", "google-bert/bert-base-uncased", default=...
    )
    relation: Relation | None = ask("How this model was made from it.", "What was done with it?", "finetune")
    revision: Name | None = ask("Its version or commit.", "Which version of it?", "86b5e09")
    source: Annotated[str, Address()] | None = ask(
        "Where it can be had.", "Where is it?", "https://huggingface.co/google-bert/bert-base-uncased"
    )
    rank: Annotated[Fact, Whole(within=ADAPTER_RANK)] | None = ask(
        "Rank of the adapter.", "Of which rank is the adapter?", 8
    )
    note: Text | None = ask("What goes with it.", "What else matters?", "Adapters on query and value only.")


class ModelArchitecture(Section):
    """How the network is built, and how it is laid out on the crossbar arrays."""

    question: ClassVar[str] = "How is the network built, and how does it map onto the crossbar arrays?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "The architecture in words.",
        "How is the network built?",
        "Twelve transformer encoder blocks in a row.",
    )
    family: Annotated[Fact, Line()] | None = ask(
        "Family of networks that it belongs to.", "What kind of network is it?", "transformer encoder"
    )
    transformer_encoder: TransformerEncoder | None = FAMILIES["transformer_encoder"].ask()
    transformer_decoder: TransformerDecoder | None = FAMILIES["transformer_decoder"].ask()
    encoder_decoder: EncoderDecoder | None = FAMILIES["encoder_decoder"].ask()
    vision_transformer: VisionTransformer | None = FAMILIES["vision_transformer"].ask()
    convolutional: Convolutional | None = FAMILIES["convolutional"].ask()
    recurrent: Recurrent | None = FAMILIES["recurrent"].ask()
    mlp: Mlp | None = FAMILIES["mlp"].ask()
    operators: Rows[ListedOperator] | None = FAMILIES["operators"].ask()
    variants: Annotated[Fact, Items()] | None = ask(
        "Variants that the sheet covers.", "Which variants are meant?", ["uncased", "cased"]
    )
    layout: LayerLayout | None = ask(
        "Which layers are on tiles, which are digital, and which are stored several times.",
        "Which layers are on tiles, and which are not?",
        {"digital": ["classifier"], "biases": "digital"},
    )
    mapping: Annotated[Fact, Prose()] | None = ask(
        "How the network's matrices are laid out on crossbar tiles.",
        "How does it map onto the arrays?",
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
    base_models: Rows[BaseModelUse] | None = ask(
        "The models that it was made from, and how.",
        "Which models was it made from, and how?",
        [{"name": "google-bert/bert-base-uncased", "relation": "finetune"}],
        max_length=100,
    )
    implementation: Annotated[Fact, Link()] | None = ask(
        "The code that defines the architecture.",
        "Where is its code?",
        "https://huggingface.co/docs/transformers/model_doc/bert",
    )
    references: References | None = ask(
        "Ids of the papers that describe it.", "Which papers describe it?", ["vaswani-2017"]
    )
