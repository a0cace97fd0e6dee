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
        "Its name, as a catalogue lists it.",
        "What is the name of a model that this one was made from?",
        "google-bert/bert-base-uncased",
        default=...,
    )
    relation: Relation | None = ask(
        "How this model was made from it.",
        "How was this model made from the base model: fine-tuned, distilled, merged?",
        "finetune",
    )
    revision: Name | None = ask(
        "Its version or commit.", "Which version of the base model was used?", "86b5e09"
    )
    source: Annotated[str, Address()] | None = ask(
        "Where it can be had.",
        "At which address is the base model?",
        "https://huggingface.co/google-bert/bert-base-uncased",
    )
    rank: Annotated[Fact, Whole(within=ADAPTER_RANK)] | None = ask(
        "Rank of the adapter.", "Which rank has the adapter that was trained on the base model?", 8
    )
    note: Text | None = ask(
        "What goes with it.",
        "What else should a reader know of the base model?",
        "Adapters on query and value only.",
    )


class ModelArchitecture(Section):
    """How the network is built, and how it is laid out on the crossbar arrays."""

    question: ClassVar[str] = "How is the network built, and how does it map onto the crossbar arrays?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "The architecture in words.",
        "How is the model's network built, in words?",
        "Twelve transformer encoder blocks in a row.",
    )
    family: Annotated[Fact, Line()] | None = ask(
        "Family of networks that it belongs to.",
        "To which family of networks does the model belong?",
        "transformer encoder",
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
        "Variants that the sheet covers.",
        "Which variants of the model does this sheet cover?",
        ["uncased", "cased"],
    )
    layout: LayerLayout | None = ask(
        "Which layers are on tiles, which are digital, and which are stored several times.",
        "Which layers of the network are on analog tiles, and which are digital?",
        {"digital": ["classifier"], "biases": "digital"},
    )
    mapping: Annotated[Fact, Prose()] | None = ask(
        "How the network's matrices are laid out on crossbar tiles.",
        "How are the network's matrices laid out on the crossbar tiles?",
        "Each linear layer is cut into 512×512 tiles; partial sums are added digitally.",
    )
    customisable: Annotated[Fact, Prose()] | None = ask(
        "What a user can change: depth, heads, output layer.",
        "What can a user of the model change: depth, heads, output layer?",
        "The output layer is replaced for each task.",
    )
    classification_method: Annotated[Fact, Prose()] | None = ask(
        "How an answer is formed from the network's output.",
        "By which method does the network's output become an answer, such as a class?",
        "A dense layer on the first token, then softmax.",
    )
    base_model: Annotated[Fact, Line()] | None = ask(
        "The pretrained model that it starts from.",
        "From which pretrained model was this model made?",
        "BERT-base, pretrained",
    )
    base_models: Rows[BaseModelUse] | None = ask(
        "The models that it was made from, and how.",
        "From which models was this model made, and how from each?",
        [{"name": "google-bert/bert-base-uncased", "relation": "finetune"}],
        max_length=100,
    )
    implementation: Annotated[Fact, Link()] | None = ask(
        "The code that defines the architecture.",
        "At which address is the code that defines the network's architecture?",
        "https://huggingface.co/docs/transformers/model_doc/bert",
    )
    references: References | None = ask(
        "Ids of the papers that describe it.",
        "Which papers describe the network's architecture?",
        ["vaswani-2017"],
    )
