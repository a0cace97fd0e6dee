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

    id: Identifier = ask("Id that facts refer to.", "How do facts name it?", "devlin-2019", default=...)
    title: Name = ask("Title.", "What is it called?", "Attention is All you Need", default=...)
    authors: Name | None = ask(
        "Authors.", "Who wrote it?", "Devlin, J., Chang, M.-W., Lee, K., Toutanova, K."
    )
    year: int | None = ask("Year of publication.", "When?", 2019, ge=1800, le=2200)
    venue: Name | None = ask("Journal, conference or publisher.", "Where did it appear?", "NAACL-HLT 2019")
    doi: Doi | None = ask("DOI, without the address.", "Which DOI?", "10.18653/v1/N19-1423")
    arxiv: Arxiv | None = ask("arXiv number.", "Which arXiv number?", "1810.04805")
    url: Annotated[str, Address()] | None = ask(
        "Web address.", "Where on the web?", "https://arxiv.org/abs/1810.04805"
    )
    note: Text | None = ask(
        "What it is good for here.", "What is it cited for?", "Source of the digital scores."
    )


class Figure(CitingRecord):
    """A figure that belongs to the sheet. Its file is named here; nothing reads it unless the user asks."""

    id: Identifier = ask(
        "Id that the text refers to.", "How does the text name it?", "architecture", default=...
    )
    title: Name = ask("Caption.", "What does it show?", "Nominal architecture of BERT", default=...)
    description: Text | None = ask(
        "What it shows, for those who cannot see it.",
        "What is on it?",
        "Encoder blocks stacked twelve high.",
    )
    section: Name | None = ask("Section that it belongs to.", "Where does it belong?", "model_architecture")
    file: Name | None = ask(
        "Path of the image, relative to the sheet.", "Where is the image?", "figures/bert.svg"
    )
    source: References | None = ask(
        "Ids of the references that it is from.", "Where is it from?", "factsheet-2022"
    )


class Producer(Record):
    """Somebody who supplied facts."""

    role: RoleName | None = ask("Role in the lifecycle.", "In which role?", "data-scientist")
    name: Name = ask("Person or team.", "Who?", "IBM Research", default=...)
    organisation: Name | None = ask("Organisation.", "For whom?", "IBM")
    sections: References | None = ask(
        "Sections that they supplied.", "Which sections?", ["hwa_training", "performance"]
    )


class Review(Record):
    """A reader's judgement of the sheet or of one section, on the study's four dimensions."""

    by: Name = ask("Who reviewed it.", "Who?", "P7", default=...)
    role: RoleName = ask("For which role.", "For which role?", "data-scientist", default=...)
    date: Annotated[str, Calendar()] | None = ask("When.", "When?", "2022-06-01")
    section: Name | None = ask("Section; all of the sheet if left out.", "Which section?", "training_data")
    understandability: Grade | None = ask("Is it clear and unambiguous?", "Understandable?", "high")
    relevance: Grade | None = ask("Is it on topic for the role?", "Relevant?", "high")
    presentability: Grade | None = ask("Is it shown as expected?", "Well presented?", "medium")
    completeness: Grade | None = ask("Is all that is needed there?", "Complete?", "low")
    comment: Text | None = ask("What should change.", "What is missing?", "Which splits were used?")


class Erratum(CitingRecord):
    """An error of the document that the sheet was taken from, recorded instead of silently corrected."""

    at: Name = ask("The field that it concerns, as a path.", "Where?", "overview.model", default=...)
    published: Text = ask(
        "What the source says.", "What does the source say?", "Audio Classifier", default=...
    )
    problem: Text = ask(
        "Why that cannot be right, or is not enough.", "What is wrong with it?", "It is BERT.", default=...
    )
    reading: Text | None = ask("How this sheet reads it.", "What is meant?", "BERT-base")
    source: References | None = ask(
        "Ids of the references that have the error.", "In which source?", "factsheet-2022"
    )
