"""The base classes of the sheet's mappings: strictness, documentation of fields, provenance."""

from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, Strict

from factsheet.facts.plain_kinds import Calendar, Ids

Source = Literal["measured", "declared", "cited", "simulated", "derived"]

Text = Annotated[str, Field(min_length=1, max_length=20_000)]
Name = Annotated[str, Field(min_length=1, max_length=300)]
_Row = TypeVar("_Row")
Rows = Annotated[tuple[_Row, ...], Strict(strict=False)]
"""A YAML list, frozen: strict mode would take a Python tuple only."""

References = Annotated[tuple[str, ...], Ids()]
"""Ids of the sheet's references; one alone may be written without brackets."""

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=80)]


class Record(BaseModel):
    """A mapping of the sheet: unknown keys refused, no coercion, frozen once read.

    Strictness is pydantic's Python mode, not its JSON mode: numbers arrive as subclasses that keep
    their digits (`66.40`), and a pass through JSON would lose them. Fields are therefore typed with
    what YAML gives: words are `Literal`, not enums, and dates are checked text.
    """

    # The model is built once, for the whole sheet; building each section alone doubles the start-up time. Modules of
    # the schema leave annotations as they are: as text, each of them would be compiled again at every start.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


def ask(
    description: str,
    question: str,
    example: Any,
    *,
    default: Any = None,
    title: str | None = None,
    **limits: Any,
) -> Any:
    """Declare a field of the sheet with its documentation.

    Args:
        description: what the field holds, one sentence.
        question: the question that it answers, as one would ask the person who knows.
        example: a valid value.
        default: what an omitted field reads as; `...` makes it required.
        title: what pages call it; made from its key where left out.
        **limits: passed on to `pydantic.Field` (`ge`, `min_length`, …).
    """
    return Field(
        default,
        description=description,
        examples=[example],
        json_schema_extra={"x-question": question, **({} if title is None else {"x-title": title})},
        **limits,
    )


class Provenance(Record):
    """Where figures come from, for all that do not say it themselves."""

    source: Source | None = ask(
        "How the figure came about.",
        "Was this figure measured, declared by the producer, cited, simulated or derived?",
        "declared",
    )
    evidence: References | None = ask(
        "Ids of the references that support it.",
        "In which references can a reader check this figure?",
        "factsheet-2022",
    )
    by: Name | None = ask(
        "Who supplied it: a role, a team or a person.",
        "Who supplied this figure: a role, a team or a person?",
        "hardware-researcher",
    )
    date: Annotated[str, Calendar()] | None = ask(
        "When it was established.", "On which date was this figure established?", "2022-11-14"
    )
    note: Text | None = ask(
        "What a reader must know with it.",
        "What must a reader know together with this figure?",
        "Read off the summary table.",
    )


class CitingRecord(Record):
    """A mapping whose key `source` names references, not how a figure came about."""


class Section(Record):
    """A top-level section of the sheet."""

    question: ClassVar[str] = ""
    """The question that the section answers, for readers and for whoever fills it in."""

    provenance: Provenance | None = ask(
        "Provenance of every figure of this section that does not state its own.",
        "Where do the figures of this section come from?",
        {"source": "declared", "evidence": "factsheet-2022"},
    )
    notes: Text | None = ask(
        "What a reader of this section must know in addition to its fields.",
        "What else must a reader of this section know?",
        "The source gives no batch size for these figures.",
    )
