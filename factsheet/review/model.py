"""A file of reviews: rounds, each of one version of a sheet; in a round, what each reviewer says of each fact.

The dimensions and the grades are those of the FactSheet study, section 5.3: a fact that is `low` on a dimension did
not meet its criteria, one that is `medium` met them in part, and one that is `high` met them completely.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from factsheet.facts.kind import refused
from factsheet.facts.plain_kinds import Calendar
from factsheet.facts.section import Identifier, Name, Record, Rows, Text, ask
from factsheet.readers.study import CRITERIA, Dimension
from factsheet.sheet.references import Grade

FactPath = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=200)]
"""A section of the sheet, or a field of one: `training_data`, `performance.accuracy`."""
FactDigest = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
SheetDigest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]

MOST_ROUNDS = 100
MOST_REVIEWS = 200
_MOST_FACTS = 300


def _graded(dimension: Dimension, example: str) -> Any:
    criterion = CRITERIA[dimension]
    return ask(
        f"How far this holds of the fact: {criterion}.", f"How far does this hold: {criterion}?", example
    )


class FactScore(Record):
    """What one reviewer says of one fact; a dimension without a grade was not scored."""

    understandability: Grade | None = _graded("understandability", "high")
    relevance: Grade | None = _graded("relevance", "high")
    presentability: Grade | None = _graded("presentability", "medium")
    completeness: Grade | None = _graded("completeness", "low")
    comment: Text | None = ask(
        "What should change.", "What should change in this fact?", "Say which split was used."
    )


class GivenReview(Record):
    """The scores of one reviewer."""

    by: Name = ask("Who reviewed the sheet.", "Who are you?", "P7", default=...)
    role: Identifier = ask(
        "The role that it was reviewed in.",
        "In which role do you read the sheet?",
        "data-scientist",
        default=...,
    )
    date: Annotated[str, Calendar()] | None = ask("When.", "When did you review the sheet?", "2026-11-30")
    comment: Text | None = ask(
        "What is to be said of the sheet as a whole.",
        "What is to be said of the sheet as a whole?",
        "A link to the paper would help.",
    )
    scores: dict[FactPath, FactScore] = ask(
        "The scores, by section or field of the sheet.",
        "How does each fact of the sheet score?",
        {"training_data": {"completeness": "low", "comment": "Say which split was used."}},
        default=...,
        max_length=_MOST_FACTS,
    )


class ReviewedVersion(Record):
    """The version of the sheet that a round is of: by its digest, or in words where it had none."""

    digest: SheetDigest | None = ask(
        "Digest of all that the sheet said.",
        "Which digest had the sheet?",
        f"sha256:{'0123456789abcdef' * 4}",
    )
    facts: dict[FactPath, FactDigest] | None = ask(
        "Digest of what each section said, to tell later which have changed.",
        "Which digests had the sections of the sheet?",
        {"training_data": "0123456789abcdef"},
        max_length=_MOST_FACTS,
    )
    version: Name | None = ask(
        "The version in words.", "Which version of the sheet was it?", "The FactSheet as published in 2022"
    )

    @model_validator(mode="after")
    def _names_a_version(self) -> Self:
        if self.digest is None and self.version is None:
            raise refused(
                "it names no version of the sheet",
                "a review of a sheet that has changed since says nothing of the sheet as it is",
                "keep the `digest` of the form that `factsheet review form` wrote, or say in words with `version:`",
            )
        return self


class ReviewRound(Record):
    """Reviews of one version of a sheet."""

    of: ReviewedVersion = ask(
        "The version that was reviewed.",
        "Which version of the sheet was reviewed?",
        {"version": "The FactSheet as published in 2022"},
        default=...,
    )
    date: Annotated[str, Calendar()] | None = ask(
        "When the round began.", "When did this round of reviews begin?", "2026-11-30"
    )
    titles: dict[FactPath, Name] | None = ask(
        "What the facts were called in that version, where it is not what they are called now.",
        "What were the facts called?",
        {"hwa_training": "Training Methodology"},
        max_length=_MOST_FACTS,
    )
    note: Text | None = ask(
        "What a reader must know of this round.",
        "What must a reader of these scores know?",
        "From Table 6 of the FactSheet study.",
    )
    reviews: Rows[GivenReview] = ask(
        "The reviews.",
        "Who said what?",
        [{"by": "P7", "role": "data-scientist", "scores": {"training_data": {"completeness": "low"}}}],
        default=...,
        max_length=MOST_REVIEWS,
    )


class ReviewFile(Record):
    """All reviews of a sheet; the file is beside it, `bert.review.yaml` beside `bert.yaml`."""

    review: Literal[1] = ask("Version of this form.", "Which version of the form is this?", 1, default=...)
    sheet: Name | None = ask("The sheet, by its file's name.", "Which sheet is it of?", "bert.yaml")
    rounds: Rows[ReviewRound] = ask(
        "Rounds of reviews, the first one first.",
        "Which rounds of reviews were there?",
        [{"of": {"version": "The FactSheet as published in 2022"}, "reviews": []}],
        default=...,
        max_length=MOST_ROUNDS,
    )
