"""Overview, purpose and setup: what the model is, what it is for, how to run it."""

from typing import Annotated, ClassVar

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Choice, Day, Digest, Items, Line, Link, Prose
from factsheet.facts.section import Section, ask


class Overview(Section):
    """A summary of the model and of the FactSheet that goes with it."""

    question: ClassVar[str] = "What is this model, and what does this sheet document?"

    name: Annotated[Fact, Line()] = ask(
        "Title of the sheet.", "What is this sheet called?", "BERT-base on analog AI hardware", default=...
    )
    model: Annotated[Fact, Line()] = ask(
        "The model's own name, as its papers use it.", "Which model is this?", "BERT-base", default=...
    )
    summary: Annotated[Fact, Prose()] | None = ask(
        "The model and this sheet in a few sentences.",
        "What would you tell somebody who has half a minute?",
        "A BERT-base encoder, retrained for analog crossbars with hardware-aware training.",
    )
    version: Annotated[Fact, Line()] | None = ask("Version of the model.", "Which version?", "1.0")
    date: Annotated[Fact, Day()] | None = ask("Date of this sheet.", "As of when?", "2022-11-14")
    status: Annotated[Fact, Choice("draft", "review", "published")] | None = ask(
        "How far the sheet has come.", "Is it a draft, under review or published?", "published"
    )
    organisation: Annotated[Fact, Line()] | None = ask(
        "Who is responsible for the model.", "Who made it?", "IBM AI Hardware Center"
    )
    contact: Annotated[Fact, Line()] | None = ask(
        "Where questions go.", "Whom does a reader ask?", "https://github.com/IBM/aihwkit/issues"
    )
    licence: Annotated[Fact, Line()] | None = ask(
        "Licence of the model, by its SPDX identifier where it has one.", "May I use it?", "Apache-2.0"
    )
    licence_link: Annotated[Fact, Link()] | None = ask(
        "The text of the licence, where it has no SPDX identifier.",
        "Where can I read the licence?",
        "https://ai.meta.com/llama/license/",
    )
    languages: Annotated[Fact, Items()] | None = ask(
        "Languages that the model takes or gives.", "Which languages does it know?", ["English", "German"]
    )
    homepage: Annotated[Fact, Link()] | None = ask(
        "Page of the model or of the project.", "Where is more?", "https://research.ibm.com/"
    )


class Purpose(Section):
    """The tasks that the model was trained for and what it is meant to be used for."""

    question: ClassVar[str] = "What is the model for, and what is it not for?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "What the model does and why it exists.",
        "What is it for?",
        "Turns text into vectors that other tasks build on.",
    )
    trained_for: Annotated[Fact, Items()] | None = ask(
        "Tasks that the model was trained on.",
        "Which tasks was it trained for?",
        ["masked language modelling"],
    )
    task_ids: Annotated[Fact, Items()] | None = ask(
        "Identifiers of its tasks in a catalogue, as model hubs write them.",
        "Under which task would a catalogue list it?",
        ["text-classification"],
    )
    applications: Annotated[Fact, Items()] | None = ask(
        "Uses that it is suited to.", "What can I build with it?", ["sentiment classification"]
    )
    out_of_scope: Annotated[Fact, Items()] | None = ask(
        "Uses that it should not be put to.", "What should nobody use it for?", ["open-ended text generation"]
    )
    intended_users: Annotated[Fact, Items()] | None = ask(
        "Who it is made for.", "Who is expected to use it?", ["teams that fine-tune text classifiers"]
    )
    benefits: Annotated[Fact, Prose()] | None = ask(
        "What is gained over the same model on digital hardware.",
        "Why run it on analog hardware?",
        "The weights stay where the arithmetic happens, which saves the energy of moving them.",
    )


class Setup(Section):
    """What it takes to run the model."""

    question: ClassVar[str] = "How do I get it to run?"

    instructions: Annotated[Fact, Prose()] | None = ask(
        "Steps from nothing to a first inference.",
        "How do I run it?",
        "Install aihwkit, load the checkpoint, call `predict`.",
    )
    framework: Annotated[Fact, Line()] | None = ask(
        "Framework and version that the model is written in.", "What does it run on?", "PyTorch"
    )
    implementation: Annotated[Fact, Link()] | None = ask(
        "The code that defines the model.",
        "Where is its code?",
        "https://huggingface.co/docs/transformers/model_doc/bert",
    )
    weights: Annotated[Fact, Link()] | None = ask(
        "Where the trained weights are.", "Where are the weights?", "https://huggingface.co/bert-base-uncased"
    )
    weights_format: Annotated[Fact, Line()] | None = ask(
        "How the stored weights are written: file format, number format, packing.",
        "In which format are the weights?",
        "safetensors, bfloat16",
    )
    weights_digest: Annotated[Fact, Digest()] | None = ask(
        "Digest of the file with the weights, so that a reader knows that it is the one that is meant.",
        "What is the SHA-256 of the weights?",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    )
    requirements: Annotated[Fact, Items()] | None = ask(
        "Hardware and software that must be there.",
        "What do I need?",
        ["a GPU with 16 GB, or the analog prototype"],
    )
    interface: Annotated[Fact, Prose()] | None = ask(
        "What goes in and what comes out, with shapes and types.",
        "How do I call it?",
        "Token ids of up to 128 positions in, one score per class out.",
    )
    integration: Annotated[Fact, Prose()] | None = ask(
        "How it fits into an existing pipeline and what to watch in operation.",
        "How do I put it into production?",
        "Route requests in batches of four; schedule re-programming every four weeks.",
    )
