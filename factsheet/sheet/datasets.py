"""Training and test data: what the model learnt from and what it was judged on."""

from typing import Annotated, Any, ClassVar

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Items, Line, Link, Measure, Prose, Whole
from factsheet.facts.plain_kinds import Address
from factsheet.facts.section import CitingRecord, Name, References, Rows, Section, Text, ask
from factsheet.sheet.ranges.networks import EXAMPLES, SEQUENCE, TASKS


class DatasetPart(CitingRecord):
    """One of several data sets, or one configuration or split of it."""

    name: Name = ask(
        "Name of the data set, as a catalogue lists it.",
        "What is the name of one of the data sets?",
        "nyu-mll/glue",
        default=...,
    )
    configuration: Name | None = ask(
        "Configuration or subset of it.", "Which configuration or subset of this data set was used?", "mnli"
    )
    split: Name | None = ask("Split that was used.", "Which split of this data set was used?", "train")
    revision: Name | None = ask(
        "Version, date or commit of it.", "Which revision of this data set was used?", "1.0.0"
    )
    size: Annotated[Fact, Measure("count", within=EXAMPLES)] | None = ask(
        "Examples that were used of it.", "How many examples of this data set were used?", "393k"
    )
    language: Name | None = ask("Its language.", "In which language is this data set?", "English")
    licence: Name | None = ask("Its licence.", "Under which licence is this data set?", "CC-BY-4.0")
    address: Annotated[str, Address()] | None = ask(
        "Where it can be had.",
        "At which address can this data set be had?",
        "https://huggingface.co/datasets/nyu-mll/glue",
    )
    source: References | None = ask(
        "Ids of the references that describe it.", "Which references describe this data set?", "wang-2018"
    )
    note: Text | None = ask(
        "What goes with it.", "What else should a reader know of this data set?", "Without the duplicates."
    )


class Dataset(Section):
    """A data set and its basic characteristics; questions name the data by what it was used for."""

    used: ClassVar[str] = ""
    data: ClassVar[str] = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        """Put what the data was used for into the questions, so that each can be asked by itself."""
        super().__pydantic_init_subclass__(**options)
        for name, field in cls.model_fields.items():
            extra = field.json_schema_extra
            if name in Dataset.model_fields and isinstance(extra, dict):
                question = str(extra["x-question"]).format(used=cls.used, data=cls.data)
                field.json_schema_extra = {**extra, "x-question": question}

    name: Annotated[Fact, Line()] | None = ask(
        "Name of the data.", "Which data was the model {used} on?", "GLUE"
    )
    datasets: Rows[DatasetPart] | None = ask(
        "Each data set with its configuration, split and revision, where there are several.",
        "Which data sets, and which configuration and split of each, was the model {used} on?",
        [{"name": "nyu-mll/glue", "configuration": "mnli", "split": "train"}],
        max_length=1000,
    )
    summary: Annotated[Fact, Prose()] | None = ask(
        "The data in words.", "What is in the {data}, in words?", "Nine English sentence-understanding tasks."
    )
    tasks: Annotated[Fact, Items()] | None = ask(
        "Tasks in it.", "Which tasks are in the {data}?", ["RTE", "MNLI"]
    )
    task_count: Annotated[Fact, Whole(within=TASKS)] | None = ask(
        "Number of tasks.", "How many tasks are in the {data}?", 8
    )
    size: Annotated[Fact, Measure("count", within=EXAMPLES)] | None = ask(
        "Examples, or the range over tasks.", "How many examples are in the {data}?", "2.5k to 393k"
    )
    smallest: Annotated[Fact, Line()] | None = ask(
        "The smallest task.", "Which task is the smallest of the {data}?", "RTE"
    )
    largest: Annotated[Fact, Line()] | None = ask(
        "The largest task.", "Which task is the largest of the {data}?", "MNLI"
    )
    task_types: Annotated[Fact, Prose()] | None = ask(
        "Types of the tasks and their classes.",
        "Of which types are the tasks of the {data}, with how many classes?",
        "All classify into 2 classes, but MNLI (3) and STS-B (regression).",
    )
    split: Annotated[Fact, Line()] | None = ask(
        "The split that is meant.", "Which split of the data set is the {data}?", "validation"
    )
    max_seq_len: Annotated[Fact, Measure("count", within=SEQUENCE)] | None = ask(
        "Longest sequence, in tokens.", "How many tokens has the longest sequence of the {data}?", "up to 128"
    )
    language: Annotated[Fact, Items()] | None = ask(
        "Languages of the data.", "In which languages is the {data}?", ["English"]
    )
    domain: Annotated[Fact, Prose()] | None = ask(
        "Domain that the data is from.",
        "From which domain is the {data}?",
        "News, Wikipedia, questions from forums.",
    )
    source: Annotated[Fact, Link()] | None = ask(
        "Where the data can be had.", "At which address can the {data} be had?", "https://gluebenchmark.com/"
    )
    licence: Annotated[Fact, Line()] | None = ask(
        "Licence of the data.", "Under which licence is the {data}?", "CC-BY-4.0"
    )
    preprocessing: Annotated[Fact, Prose()] | None = ask(
        "What was done to it before use.",
        "How was the {data} prepared before use?",
        "Lower-cased, WordPiece, cut at 128 tokens.",
    )
    known_biases: Annotated[Fact, Prose()] | None = ask(
        "Known gaps and biases.", "Which gaps and biases of the {data} are known?", "Written English only."
    )
    references: References | None = ask(
        "Ids of the references that describe it.", "Which references describe the {data}?", "wang-2018"
    )


class TrainingData(Dataset):
    """The data used to train the model."""

    question: ClassVar[str] = "Which data was the model trained on, and what is in it?"
    used: ClassVar[str] = "trained"
    data: ClassVar[str] = "training data"


class TestData(Dataset):
    """The data used to test the model."""

    question: ClassVar[str] = "Which data was the model tested on, and what is in it?"
    used: ClassVar[str] = "tested"
    data: ClassVar[str] = "test data"
