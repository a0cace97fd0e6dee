"""What the file of a template holds: its roles and sections, and each fact with type, guidance and who is concerned.

A template is a stranger's file as much as a sheet is. It is data: nothing in it is run, it names no other file, and
what it can ask for is bounded here.
"""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field

from factsheet.facts.section import Identifier, Name, Record, References, Rows, Text, ask
from factsheet.readers.audience import HardwareClass
from factsheet.readers.stages import StageName

FactType = Literal[
    "text", "line", "lines", "link", "date", "flag", "whole", "choice", "count", "number", "score", "quantity"
]
FIGURES = ("whole", "count", "number", "score", "quantity")
"""Types whose answers have limits."""
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A key of a sheet, as those of the template `analog-ai` are."""
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._+-]*$", max_length=60)]
"""One of the words that a `choice` is made from."""
Limit = Any
"""A number, or a number with its unit; it is read as an answer of its fact's type."""
MOST_SECTIONS, MOST_FACTS, MOST_ROLES, MOST_CHOICES = 40, 100, 12, 100

_Held = TypeVar("_Held")
Facts = Annotated[dict[Key, _Held], Field(max_length=MOST_FACTS)]


class UsualForm(Record):
    """What is usual for a figure; a check remarks on what is not."""

    least: Limit = ask("The smallest usual value.", "What is the smallest usual value?", "1 W", default=...)
    most: Limit = ask("The largest usual value.", "What is the largest usual value?", "700 W", default=...)
    source: Text = ask(
        "Where that is known from.",
        "Where is that known from: a work, a product, a line of reasoning?",
        "from a USB stick to an NVIDIA H100",
        default=...,
    )


class ConcernForm(Record):
    """Whom a fact concerns."""

    asked_by: References | None = ask(
        "Roles that cannot do without it; those of its section where left out.",
        "Which roles cannot do without this fact?",
        ["data-scientist"],
    )
    supplied_by: Identifier | None = ask(
        "Role that is most likely to know it; that of its section where left out.",
        "Which role is most likely to know this fact?",
        "hardware-researcher",
    )
    stage: StageName | None = ask(
        "First stage at which every sheet has to answer it.",
        "From which stage on does every sheet have to answer it: draft, review or published?",
        "review",
    )


class CellForm(ConcernForm):
    """A fact of a row, or of a section."""

    type: FactType = ask("Type of the answer.", "Of which type is an answer?", "quantity", default=...)
    unit: Name | None = ask("Unit of a `quantity`; others of its kind are read too.", "In which unit?", "W")
    choices: Annotated[Rows[Word], Field(min_length=2, max_length=MOST_CHOICES)] | None = ask(
        "Words that a `choice` is one of.", "Which words can the answer be?", ["FP16", "INT8"]
    )
    least: Limit | None = ask("Smallest possible value.", "What is the smallest possible value?", "0 W")
    most: Limit | None = ask("Largest possible value.", "What is the largest possible value?", "100 kW")
    because: Text | None = ask(
        "Why nothing outside these limits is possible, to follow “because”.",
        "Why is nothing outside these limits possible?",
        "no card takes more",
    )
    usual: UsualForm | None = ask(
        "What is usual.", "Which values are usual?", {"least": "1 W", "most": "700 W", "source": "datasheets"}
    )
    title: Name | None = ask(
        "What pages call it; made from its key where left out.", "What do pages call it?", "Memory bandwidth"
    )
    description: Text = ask(
        "What it holds, one sentence.",
        "What does it hold, in one sentence?",
        "Power of the card.",
        default=...,
    )
    question: Text = ask(
        "The question that it answers, as one would ask whoever knows.",
        "Which question does it answer?",
        "How much power does the card draw?",
        default=...,
    )
    example: Any = ask("A valid answer.", "What is a valid answer?", "250 W", default=...)


class FactForm(CellForm):
    """A fact of a section, or a list of rows with facts of their own."""

    type: FactType | Literal["rows"] = ask(  # type: ignore[assignment]  # a section's fact may be a list of rows as well
        "Type of the answer.", "Of which type is an answer?", "quantity", default=...
    )
    facts: Facts[CellForm] | None = ask(
        "Facts of a row, for the type `rows`.", "Which facts does each row hold?", {}
    )


class UsedForm(ConcernForm):
    """A field that is taken over from a section of `analog-ai`, with all that checks and recomputation know of it."""

    description: Text | None = ask(
        "What it holds, where that is said otherwise than in `analog-ai`.",
        "What does it hold?",
        "Time of a batch.",
    )
    question: Text | None = ask(
        "The question that it answers, likewise.",
        "Which question does it answer?",
        "How long does a batch take?",
    )
    example: Any = ask("A valid answer, likewise.", "What is a valid answer?", "2 ms")
    without: Annotated[Rows[Key], Field(max_length=MOST_FACTS)] | None = ask(
        "Keys of its rows, or below it, that are left out.",
        "Which keys below it are left out?",
        ["analog_ops", "digital_ops"],
    )


class SectionForm(Record):
    """A section: what it asks, the fields that it takes over from `analog-ai`, and facts of its own."""

    title: Name = ask("Its heading.", "What is its heading?", "Accelerator", default=...)
    question: Text = ask(
        "The question that the section answers.",
        "Which question does the section answer?",
        "Which accelerator does the model run on?",
        default=...,
    )
    description: Text | None = ask("What it holds.", "What does it hold?", "The card and its limits.")
    reason: Text | None = ask(
        "Why a sheet has to answer it, for messages.",
        "Why does a sheet have to answer it?",
        "figures hold on a particular card",
    )
    asked_by: References | None = ask(
        "Roles that ask for facts that name none.", "Which roles ask for it?", ["ai-engineer"]
    )
    supplied_by: Identifier | None = ask(
        "Role that knows facts that name none.", "Which role knows it?", "hardware-researcher"
    )
    uses: Annotated[dict[Key, UsedForm | None], Field(max_length=MOST_FACTS)] | None = ask(
        "Fields that are taken over from the section of this name of `analog-ai`.",
        "Which fields does it take over from `analog-ai`?",
        {"summary": {"stage": "draft"}},
    )
    facts: Facts[FactForm] | None = ask("Facts of its own.", "Which facts does it add?", {})


class RoleForm(Record):
    """A reader of the sheet. A role of the FactSheet study needs no more than its name."""

    title: Name = ask("What pages call the role.", "What is the role called?", "Site engineer", default=...)
    description: Text = ask(
        "What somebody in this role does, to follow “who”.",
        "What does somebody in this role do?",
        "keeps services up and answers for their cost",
        default=...,
    )
    tasks: Annotated[Rows[Text], Field(max_length=20)] | None = ask(
        "What the sheet has to help with.", "With what does the sheet have to help?", ["plan the capacity"]
    )
    knows_hardware: bool | None = ask(
        "Whether hardware terms go unexplained.", "Do hardware terms go unexplained?", True
    )


class TemplateForm(Record):
    """A template: what sheets for a certain audience state."""

    factsheet_template: Literal[1] = ask(
        "Version of this form.", "Which version of the form of templates is it?", 1, default=...
    )
    name: Identifier = ask(
        "What sheets call it.", "By which name do sheets call it?", "digital-accelerator", default=...
    )
    title: Name = ask(
        "What its sheets are.",
        "What are its sheets called?",
        "FactSheet of a model on an accelerator",
        default=...,
    )
    description: Text = ask(
        "What it is for.", "What is it for?", "Sheets of models that run on accelerators.", default=...
    )
    hardware: HardwareClass | None = ask(
        "Published designs that the efficiency of its hardware is compared with; with none where it is left out.",
        "Does its hardware compute in the memory that holds the weights, or digitally beside it?",
        "digital",
    )
    source: Text | None = ask(
        "Where the needs of its readers are known from.",
        "Where are the needs of its readers known from?",
        "the figures that datasheets give",
    )
    roles: Annotated[dict[Identifier, RoleForm | None], Field(min_length=1, max_length=MOST_ROLES)] = ask(
        "The readers, in order.", "Who reads its sheets?", {"data-scientist": None}, default=...
    )
    sections: Annotated[dict[Key, SectionForm], Field(min_length=1, max_length=MOST_SECTIONS)] = ask(
        "The sections, in order.", "Which sections does a sheet have?", {}, default=...
    )
