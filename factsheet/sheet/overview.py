"""Overview, purpose and setup: what the model is, what it is for, how to run it."""

from typing import Annotated, ClassVar

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Choice, Day, Digest, Items, Line, Link, Prose
from factsheet.facts.language_kinds import LanguageTag
from factsheet.facts.section import Section, ask


class Overview(Section):
    """A summary of the model and of the FactSheet that goes with it."""

    question: ClassVar[str] = "What is this model, and what does this sheet document?"

    name: Annotated[Fact, Line()] = ask(
        "Title of the sheet.",
        "What is the title of this sheet?",
        "BERT-base on analog AI hardware",
        default=...,
    )
    model: Annotated[Fact, Line()] = ask(
        "The model's own name, as its papers use it.",
        "What is the name of the model that this sheet is about?",
        "BERT-base",
        default=...,
    )
    summary: Annotated[Fact, Prose()] | None = ask(
        "The model and this sheet in a few sentences.",
        "In a few sentences, what are this model and its sheet, for somebody who has half a minute?",
        "A BERT-base encoder, retrained for analog crossbars with hardware-aware training.",
    )
    version: Annotated[Fact, Line()] | None = ask(
        "Version of the model.", "Which version of the model does this sheet describe?", "1.0"
    )
    date: Annotated[Fact, Day()] | None = ask(
        "Date of this sheet.", "On which date was this sheet last brought up to date?", "2022-11-14"
    )
    status: Annotated[Fact, Choice("draft", "review", "published")] | None = ask(
        "How far the sheet has come.", "Is this sheet a draft, under review or published?", "published"
    )
    organisation: Annotated[Fact, Line()] | None = ask(
        "Who is responsible for the model.",
        "Which organisation is responsible for the model?",
        "IBM AI Hardware Center",
    )
    contact: Annotated[Fact, Line()] | None = ask(
        "Where questions go.",
        "Whom does a reader ask about this model, and at which address?",
        "https://github.com/IBM/aihwkit/issues",
    )
    licence: Annotated[Fact, Line()] | None = ask(
        "Licence of the model, by its SPDX identifier where it has one.",
        "Under which licence may others use the model?",
        "Apache-2.0",
    )
    licence_link: Annotated[Fact, Link()] | None = ask(
        "The text of the licence, where it has no SPDX identifier.",
        "At which address can the text of the model's licence be read?",
        "https://ai.meta.com/llama/license/",
    )
    languages: Annotated[Fact, Items()] | None = ask(
        "Languages that the model takes or gives.",
        "Which human languages does the model take or give?",
        ["English", "German"],
    )
    sheet_language: Annotated[Fact, LanguageTag()] | None = ask(
        "Language that this sheet is written in, as a BCP 47 tag; without it, pages take it for English.",
        "In which language are the texts of this sheet written?",
        "en",
    )
    homepage: Annotated[Fact, Link()] | None = ask(
        "Page of the model or of the project.",
        "At which address is the page of the model or of its project?",
        "https://research.ibm.com/",
    )


class Purpose(Section):
    """The tasks that the model was trained for and what it is meant to be used for."""

    question: ClassVar[str] = "What is the model for, and what is it not for?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "What the model does and why it exists.",
        "What does the model do, and why was it made?",
        "Turns text into vectors that other tasks build on.",
    )
    trained_for: Annotated[Fact, Items()] | None = ask(
        "Tasks that the model was trained on.",
        "Which tasks was the model trained for?",
        ["masked language modelling"],
    )
    task_ids: Annotated[Fact, Items()] | None = ask(
        "Identifiers of its tasks in a catalogue, as model hubs write them.",
        "Under which task identifiers would a model hub list the model?",
        ["text-classification"],
    )
    applications: Annotated[Fact, Items()] | None = ask(
        "Uses that it is suited to.",
        "Which applications is the model suited to?",
        ["sentiment classification"],
    )
    out_of_scope: Annotated[Fact, Items()] | None = ask(
        "Uses that it should not be put to.",
        "What should nobody use the model for?",
        ["open-ended text generation"],
    )
    intended_users: Annotated[Fact, Items()] | None = ask(
        "Who it is made for.", "Who is expected to use the model?", ["teams that fine-tune text classifiers"]
    )
    benefits: Annotated[Fact, Prose()] | None = ask(
        "What is gained over the same model on digital hardware.",
        "What is gained by running the model on analog instead of digital hardware?",
        "The weights stay where the arithmetic happens, which saves the energy of moving them.",
    )


class Setup(Section):
    """What it takes to run the model."""

    question: ClassVar[str] = "What is needed to run the model, and how is that done?"

    instructions: Annotated[Fact, Prose()] | None = ask(
        "Steps from nothing to a first inference.",
        "Which steps lead from nothing to a first inference with the model?",
        "Install aihwkit, load the checkpoint, call `predict`.",
    )
    framework: Annotated[Fact, Line()] | None = ask(
        "Framework and version that the model is written in.",
        "In which framework, and which version of it, is the model written?",
        "PyTorch",
    )
    implementation: Annotated[Fact, Link()] | None = ask(
        "The code that defines the model.",
        "At which address is the code that defines the model, for somebody who wants to run it?",
        "https://huggingface.co/docs/transformers/model_doc/bert",
    )
    weights: Annotated[Fact, Link()] | None = ask(
        "Where the trained weights are.",
        "At which address are the trained weights of the model?",
        "https://huggingface.co/bert-base-uncased",
    )
    weights_format: Annotated[Fact, Line()] | None = ask(
        "How the stored weights are written: file format, number format, packing.",
        "In which file format and number format are the model's weights stored?",
        "safetensors, bfloat16",
    )
    weights_digest: Annotated[Fact, Digest()] | None = ask(
        "Digest of the file with the weights, so that a reader knows that it is the one that is meant.",
        "What is the SHA-256 digest of the file with the model's weights?",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    )
    requirements: Annotated[Fact, Items()] | None = ask(
        "Hardware and software that must be there.",
        "Which hardware and software must be there to run the model?",
        ["a GPU with 16 GB, or the analog prototype"],
    )
    interface: Annotated[Fact, Prose()] | None = ask(
        "What goes in and what comes out, with shapes and types.",
        "What goes into the model and what comes out, with shapes and types?",
        "Token ids of up to 128 positions in, one score per class out.",
    )
    integration: Annotated[Fact, Prose()] | None = ask(
        "How it fits into an existing pipeline and what to watch in operation.",
        "How does the model fit into an existing pipeline, and what has to be watched in operation?",
        "Route requests in batches of four; schedule re-programming every four weeks.",
    )
