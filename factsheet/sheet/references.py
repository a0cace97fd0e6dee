"""References, figures, the people behind the sheet, and errors of what it was taken from."""

from typing import Annotated, Literal

from pydantic import Field

from factsheet.facts.plain_kinds import Address, Calendar
from factsheet.facts.section import CitingRecord, Identifier, Name, Record, References, Text, ask
from factsheet.readers.roles import RoleName

Doi = Annotated[str, Field(pattern=r"^10\.\d{4,9}/\S+$", max_length=200)]
Arxiv = Annotated[str, Field(pattern=r"^(\d{4}\.\d{4,5}|[a-z.-]+/\d{7})(v\d+)?$", max_length=40)]
Grade = Literal["low", "medium", "high"]


class Reference(Record):
    """Something that a reader can look up."""

    id: Identifier = ask(
        "Id that facts refer to.",
        "By which id do facts of this sheet name this reference?",
        "devlin-2019",
        default=...,
    )
    title: Name = ask(
        "Title.", "What is the title of this reference?", "Attention is All you Need", default=...
    )
    authors: Name | None = ask(
        "Authors.", "Who wrote this reference?", "Devlin, J., Chang, M.-W., Lee, K., Toutanova, K."
    )
    year: int | None = ask(
        "Year of publication.", "In which year was this reference published?", 2019, ge=1800, le=2200
    )
    venue: Name | None = ask(
        "Journal, conference or publisher.",
        "In which journal, at which conference or by whom was this reference published?",
        "NAACL-HLT 2019",
    )
    doi: Doi | None = ask(
        "DOI, without the address.", "Which DOI has this reference?", "10.18653/v1/N19-1423"
    )
    arxiv: Arxiv | None = ask("arXiv number.", "Which arXiv number has this reference?", "1810.04805")
    url: Annotated[str, Address()] | None = ask(
        "Web address.", "At which web address is this reference?", "https://arxiv.org/abs/1810.04805"
    )
    note: Text | None = ask(
        "What it is good for here.", "What is this reference cited for?", "Source of the digital scores."
    )


class Figure(CitingRecord):
    """A figure that belongs to the sheet. Its file is named here; nothing reads it unless the user asks."""

    id: Identifier = ask(
        "Id that the text refers to.",
        "By which id does the text name this figure?",
        "architecture",
        default=...,
    )
    title: Name = ask(
        "Caption.", "What is the caption of this figure?", "Nominal architecture of BERT", default=...
    )
    description: Text | None = ask(
        "What it shows, for those who cannot see it.",
        "What is to be seen on this figure, for those who cannot see it?",
        "Encoder blocks stacked twelve high.",
    )
    section: Name | None = ask(
        "Section that it belongs to.",
        "To which section of the sheet does this figure belong?",
        "model_architecture",
    )
    file: Name | None = ask(
        "Path of the image, relative to the sheet.", "In which file is this figure?", "figures/bert.svg"
    )
    source: References | None = ask(
        "Ids of the references that it is from.", "From which references is this figure?", "factsheet-2022"
    )


class Producer(Record):
    """Somebody who supplied facts."""

    role: RoleName | None = ask(
        "Role in the lifecycle.", "In which role did this producer supply facts?", "data-scientist"
    )
    name: Name = ask(
        "Person or team.", "Who is this producer of facts, a person or a team?", "IBM Research", default=...
    )
    organisation: Name | None = ask("Organisation.", "For which organisation does this producer work?", "IBM")
    sections: References | None = ask(
        "Sections that they supplied.",
        "Which sections of the sheet did this producer supply?",
        ["hwa_training", "performance"],
    )


class Review(Record):
    """A reader's judgement of the sheet or of one section, on the study's four dimensions."""

    by: Name = ask("Who reviewed it.", "Who reviewed this sheet?", "P7", default=...)
    role: RoleName = ask(
        "For which role.", "For which role was this sheet reviewed?", "data-scientist", default=...
    )
    date: Annotated[str, Calendar()] | None = ask("When.", "When was this sheet reviewed?", "2022-06-01")
    section: Name | None = ask(
        "Section; all of the sheet if left out.", "Which section of the sheet was reviewed?", "training_data"
    )
    understandability: Grade | None = ask(
        "Is it clear and unambiguous?", "How clear and unambiguous did the reviewer find the sheet?", "high"
    )
    relevance: Grade | None = ask(
        "Is it on topic for the role?", "How relevant for the role did the reviewer find the sheet?", "high"
    )
    presentability: Grade | None = ask(
        "Is it shown as expected?", "How well presented did the reviewer find the sheet?", "medium"
    )
    completeness: Grade | None = ask(
        "Is all that is needed there?", "How complete did the reviewer find the sheet?", "low"
    )
    comment: Text | None = ask(
        "What should change.",
        "What should change in the sheet, in the reviewer's words?",
        "Which splits were used?",
    )


class Erratum(CitingRecord):
    """An error of the document that the sheet was taken from, recorded instead of silently corrected."""

    at: Name = ask(
        "The field that it concerns, as a path.",
        "Which field of the sheet does this error of the source concern?",
        "overview.model",
        default=...,
    )
    published: Text = ask(
        "What the source says.", "What does the source say where it errs?", "Audio Classifier", default=...
    )
    problem: Text = ask(
        "Why that cannot be right, or is not enough.",
        "What is wrong with what the source says?",
        "It is BERT.",
        default=...,
    )
    consequence: Text | None = ask(
        "What it means for a reader, in one plain sentence: pages show it first, and by itself beside a figure.",
        "What does this error of the source mean for a reader, in one plain sentence?",
        "How many examples the scores were taken on is not known.",
    )
    reading: Text | None = ask(
        "How this sheet reads it.", "How does this sheet read what the source says?", "BERT-base"
    )
    source: References | None = ask(
        "Ids of the references that have the error.", "Which reference has this error?", "factsheet-2022"
    )
