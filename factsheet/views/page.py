"""The page model: what a reader gets to see, in which order and how deep, before any format.

Every text in it is plain text; a renderer escapes all of it for its format, that of the program no less than that
of the sheet. Tables and lists are structure, so that Markdown, HTML and PDF show the same page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from factsheet.sheet.fact import AbsenceKind
from factsheet.sheet.roles import ROLE_NAMES, RoleName

ViewName: TypeAlias = RoleName | Literal["full"]
VIEW_NAMES: tuple[ViewName, ...] = (*ROLE_NAMES, "full")
Depth = Literal["full", "short", "folded"]
"""Shown with its notes; shown without them and cut to a sentence; only in the folded remainder."""

MissingKind: TypeAlias = AbsenceKind | Literal["not_answered"]
MISSING_KINDS: tuple[MissingKind, ...] = (*get_args(AbsenceKind), "not_answered")
Answered = Literal["in full", "in the main", "in part", "not at all"]
"""All of it; all of its core; some of it; none of it."""
RowKind = Literal["figure", "line", "prose", "items", "link"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a figure came about, in words, and the references that bear it out (numbers of the page's list)."""

    words: str
    references: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """E.g. `cited, ref. 3`."""
        return ", ".join((self.words, *(f"ref. {number}" for number in self.references)))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether recomputation gives the same; `verdict` is that of `factsheet.derive`."""

    verdict: str
    words: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """One answered field.

    Attributes:
        path: the field, e.g. `parameters.power`; the program's handle on the row, not for readers.
        paragraphs: the answer; several only for prose.
        entries: the answer, if it is a list of lines.
        holds_at: operating point in words; `None` where the sheet names none.
        states_standing: whether the sheet states the standing with the fact itself.
        shortened: whether something was left out that the folded remainder repeats in full.
        also: further fields that say the same, so that one row does for all.
    """

    path: str
    label: str
    kind: RowKind
    paragraphs: tuple[str, ...]
    depth: Depth
    standing: Standing
    entries: tuple[str, ...] = ()
    holds_at: str | None = None
    relative_to: str | None = None
    note: str | None = None
    agreement: Agreement | None = None
    states_standing: bool = False
    shortened: bool = False
    also: tuple[str, ...] = ()

    @property
    def answer(self) -> str:
        """The answer on one line, with what it is relative to and the operating point that it holds at."""
        text = ", ".join(self.entries) if self.kind == "items" else " ".join(self.paragraphs)
        aside = "; ".join(words for words in (self.relative_to, self.holds_at) if words)
        return f"{text} ({aside})" if aside else text

    @property
    def standing_text(self) -> str:
        """Standing and agreement in one phrase."""
        return (
            self.standing.text if self.agreement is None else f"{self.standing.text}; {self.agreement.words}"
        )


@dataclass(frozen=True, slots=True)
class Note:
    """A line below a block: what it is about, and the note."""

    about: str
    text: str


@dataclass(frozen=True, slots=True)
class ProseBlock:
    """An answer in sentences; without a label where the heading says enough."""

    row: FactRow
    labelled: bool = True


@dataclass(frozen=True, slots=True)
class FiguresBlock:
    """Figures and single lines, one a row, with their standing."""

    rows: tuple[FactRow, ...]


@dataclass(frozen=True, slots=True)
class ListBlock:
    """An answer that is a list; without a label where the heading says enough."""

    row: FactRow
    labelled: bool = True


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with its own columns.

    Attributes:
        caption: what it shows.
        header: one cell a column; the first column names the rows.
        numeric: the columns that hold figures.
        rows: cells, as many in each row as in the header.
        closing: the last rows, set apart: averages.
        standing: how the figures came about, one sentence.
        paths: the fields that the table answers.
        shortened: whether something was left out that the folded remainder repeats in full.
    """

    caption: str
    header: tuple[str, ...]
    numeric: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    closing: tuple[tuple[str, ...], ...] = ()
    standing: str | None = None
    notes: tuple[Note, ...] = ()
    paths: tuple[str, ...] = ()
    shortened: bool = False


Block: TypeAlias = ProseBlock | FiguresBlock | ListBlock | TableBlock


@dataclass(frozen=True, slots=True)
class SectionBlock:
    """A section of the page: a heading, the question that it answers for this reader, and blocks."""

    key: str
    title: str
    question: str
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the few facts that the reader came for."""

    label: str
    text: str
    standing: str | None


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means."""

    word: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The part of a page that stands alone.

    Attributes:
        paragraphs: what the model is.
        coverage: how many of the role's needs the sheet answers.
        basis: what this selection rests on, where nobody of the role could be asked.
        legend: the words for standing that the page uses.
    """

    paragraphs: tuple[str, ...]
    headlines: tuple[Headline, ...]
    coverage: str
    basis: str | None
    legend: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class MissingRow:
    """Something that the reader wants to know and the sheet does not tell.

    Attributes:
        reason: the author's, if there is one.
        recomputed: what follows from the rest of the sheet.
    """

    path: str
    label: str
    kind: MissingKind
    reason: str | None = None
    recomputed: str | None = None


@dataclass(frozen=True, slots=True)
class MissingGroup:
    """What is missing for one need, and who has it.

    Attributes:
        rows: what is told with its reason.
        beside: what only its name is told of; the folded remainder has the reasons.
    """

    title: str
    whose: str
    rows: tuple[MissingRow, ...]
    beside: tuple[MissingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingBlock:
    """All that the sheet does not tell this reader."""

    groups: tuple[MissingGroup, ...]

    def count(self, kind: MissingKind) -> int:
        """How many facts are missing in this way."""
        return sum(row.kind == kind for group in self.groups for row in (*group.rows, *group.beside))

    @property
    def total(self) -> int:
        """How many facts are missing in all."""
        return sum(len(group.rows) + len(group.beside) for group in self.groups)


@dataclass(frozen=True, slots=True)
class ErratumRow:
    """A slip of the document that the sheet was taken from."""

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
    """A need of the reader's role, for those who want to know why the page shows what it shows."""

    title: str
    whose: str
    answered: Answered


@dataclass(frozen=True, slots=True)
class Rest:
    """Everything that the page does not show above, folded away."""

    sections: tuple[SectionBlock, ...]
    missing: tuple[MissingGroup, ...]
    errata: tuple[ErratumRow, ...]
    terms: tuple[Term, ...]

    def __bool__(self) -> bool:
        return bool(self.sections or self.missing or self.errata)


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet as one reader gets to see it.

    Attributes:
        reader: who the page is for, in words; `None` for the full sheet.
        imprint: model, organisation, date, status: what stands under the title.
        grounds: where the needs are known from.
        evaluation: what the role's readers said of the study's own sheet.
    """

    view: ViewName
    title: str
    reader: str | None
    imprint: tuple[str, ...]
    summary: Summary
    sections: tuple[SectionBlock, ...]
    missing: MissingBlock
    errata: tuple[ErratumRow, ...]
    glossary: tuple[Term, ...]
    references: tuple[ReferenceRow, ...]
    rest: Rest
    needs: tuple[NeedRow, ...]
    grounds: str
    evaluation: str | None
