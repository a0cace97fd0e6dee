"""Define what follows the facts of a page: what is missing, errata, references, terms, needs, workings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from factsheet.facts.fact import AbsenceKind

if TYPE_CHECKING:
    from factsheet.checks.completeness import Standing

MissingKind: TypeAlias = AbsenceKind | Literal["not_answered"]
MISSING_KINDS: tuple[MissingKind, ...] = (*get_args(AbsenceKind), "not_answered")


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """A word and what it means."""

    word: str
    meaning: str


@dataclass(frozen=True, slots=True)
class MissingRow:
    """Something that the reader wants to know and the sheet does not say.

    Attributes:
        reason: the author's, if there is one.
        recomputed: what follows from the rest of the sheet.
        working: number of the page's working that shows how.
    """

    path: str
    label: str
    kind: MissingKind
    reason: str | None = None
    recomputed: str | None = None
    working: int | None = None


@dataclass(frozen=True, slots=True)
class MissingGroup:
    """What is missing for one need, and who has it.

    Attributes:
        rows: what is listed with its reason.
        beside: what is listed by name only; the folded remainder has the reasons.
    """

    title: str
    whose: str
    rows: tuple[MissingRow, ...]
    beside: tuple[MissingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingBlock:
    """All that the sheet does not say to this reader."""

    groups: tuple[MissingGroup, ...]

    @property
    def names_tables(self) -> bool:
        """Whether it names tables of the FactSheet study, as where needs are known from."""
        return any("Table " in group.whose for group in self.groups)

    def count(self, kind: MissingKind) -> int:
        """Return how many facts are missing in this way."""
        return sum(row.kind == kind for group in self.groups for row in (*group.rows, *group.beside))

    @property
    def total(self) -> int:
        """How many facts are missing in all."""
        return sum(len(group.rows) + len(group.beside) for group in self.groups)


@dataclass(frozen=True, slots=True)
class ErratumRow:
    """An erratum of the document that the sheet was taken from."""

    place: str
    published: str
    problem: str
    reading: str | None
    references: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """An entry of the list of references; `links` are the only addresses of it."""

    number: int
    text: str
    links: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need of the reader's role, and how far it is answered, in the words of `factsheet status`."""

    title: str
    whose: str
    answered: Standing


@dataclass(frozen=True, slots=True)
class Working:
    """How a figure was recomputed.

    Attributes:
        value: what came out.
        verdict: how that compares with the sheet, in words; `None` where the sheet claims nothing.
        inputs: what went in, each with where it is from.
        lines: the arithmetic, step by step, where it fits a page.
    """

    number: int
    path: str
    label: str
    value: str
    formula: str
    verdict: str | None = None
    inputs: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    note: str | None = None
