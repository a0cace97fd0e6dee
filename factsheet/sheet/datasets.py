"""Training and test data: what the model learnt from and what it was judged on."""

from typing import Annotated, ClassVar

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Items, Line, Link, Measure, Prose, Whole
from factsheet.facts.plain_kinds import Address
from factsheet.facts.section import CitingRecord, Name, References, Rows, Section, Text, ask
from factsheet.sheet.ranges.networks import EXAMPLES, SEQUENCE, TASKS


class DatasetPart(CitingRecord):
    """One of several data sets, or one configuration or split of it."""

    name: Name = ask(
        "Name of the data set, as a catalogue lists it.", "Which data set?", "nyu-mll/glue", default=...
    )
    configuration: Name | None = ask("Configuration or subset of it.", "Which configuration?", "mnli")
    split: Name | None = ask("Split that was used.", "Which split of it?", "train")
    revision: Name | None = ask("Version, date or commit of it.", "Which revision?", "1.0.0")
    size: Annotated[Fact, Measure("count", within=EXAMPLES)] | None = ask(
        "Examples that were used of it.", "How many examples?", "393k"
    )
    language: Name | None = ask("Its language.", "In which language?", "English")
    licence: Name | None = ask("Its licence.", "May I use it?", "CC-BY-4.0")
    address: Annotated[str, Address()] | None = ask(
        "Where it can be had.", "Where is it?", "https://huggingface.co/datasets/nyu-mll/glue"
    )
    source: References | None = ask(
        "Ids of the references that describe it.", "Who published it?", "wang-2018"
    )
    note: Text | None = ask("What goes with it.", "What else matters?", "Without the duplicates.")


class Dataset(Section):
    """A data set and its basic characteristics."""

    name: Annotated[Fact, Line()] | None = ask("Name of the data.", "Which data is it?", "GLUE")
    datasets: Rows[DatasetPart] | None = ask(
        "Each data set with its configuration, split and revision, where there are several.",
        "Which data sets, and which part of each?",
        [{"name": "nyu-mll/glue", "configuration": "mnli", "split": "train"}],
        max_length=1000,
    )
    summary: Annotated[Fact, Prose()] | None = ask(
        "The data in words.", "What is in it?", "Nine English sentence-understanding tasks."
    )
    tasks: Annotated[Fact, Items()] | None = ask("Tasks in it.", "Which tasks?", ["RTE", "MNLI"])
    task_count: Annotated[Fact, Whole(within=TASKS)] | None = ask("Number of tasks.", "How many tasks?", 8)
    size: Annotated[Fact, Measure("count", within=EXAMPLES)] | None = ask(
        "Examples, or the range over tasks.", "How large is it?", "2.5k to 393k"
    )
    smallest: Annotated[Fact, Line()] | None = ask("The smallest task.", "Which task is smallest?", "RTE")
    largest: Annotated[Fact, Line()] | None = ask("The largest task.", "Which task is largest?", "MNLI")
    task_types: Annotated[Fact, Prose()] | None = ask(
        "Types of the tasks and their classes.",
        "Classification or regression, into how many classes?",
        "All classify into 2 classes, but MNLI (3) and STS-B (regression).",
    )
    split: Annotated[Fact, Line()] | None = ask("The split that is meant.", "Which split?", "validation")
    max_seq_len: Annotated[Fact, Measure("count", within=SEQUENCE)] | None = ask(
        "Longest sequence, in tokens.", "How long can a sequence be?", "up to 128"
    )
    language: Annotated[Fact, Items()] | None = ask("Languages of the data.", "Which languages?", ["English"])
    domain: Annotated[Fact, Prose()] | None = ask(
        "Domain that the data is from.", "From which domain?", "News, Wikipedia, questions from forums."
    )
    source: Annotated[Fact, Link()] | None = ask(
        "Where the data can be had.", "Where is the data?", "https://gluebenchmark.com/"
    )
    licence: Annotated[Fact, Line()] | None = ask("Licence of the data.", "May I use it?", "CC-BY-4.0")
    preprocessing: Annotated[Fact, Prose()] | None = ask(
        "What was done to it before use.",
        "How was it prepared?",
        "Lower-cased, WordPiece, cut at 128 tokens.",
    )
    known_biases: Annotated[Fact, Prose()] | None = ask(
        "Known gaps and biases.", "What is it not representative of?", "Written English only."
    )
    references: References | None = ask(
        "Ids of the references that describe it.", "Who published it?", "wang-2018"
    )


class TrainingData(Dataset):
    """The data used to train the model."""

    question: ClassVar[str] = "What was the model trained on?"


class TestData(Dataset):
    """The data used to test the model."""

    question: ClassVar[str] = "What was the model tested on?"
