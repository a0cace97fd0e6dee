"""The page model: what a reader gets to see, in which order and how deep, before any format.

Every text in it is plain text; a renderer escapes all of it for its format, that of the program no less than that
of the sheet. Tables and lists are structure, so that Markdown, HTML and PDF show the same page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from factsheet.sheet.roles import ROLE_NAMES, RoleName
from factsheet.views.back_matter import (
    MISSING_KINDS,
    Answered,
    ErratumRow,
    MissingBlock,
    MissingGroup,
    MissingKind,
    MissingRow,
    NeedRow,
    ReferenceRow,
    Term,
    Working,
)
from factsheet.views.fact_row import Depth, FactRow, RowKind
from factsheet.views.marks import Agreement, Mark, Standing

if TYPE_CHECKING:
    from factsheet.views.figures.data import FigureData
    from factsheet.views.grid import OperatingGrid

__all__ = [
    "MISSING_KINDS",
    "VIEW_NAMES",
    "Agreement",
    "Answered",
    "Block",
    "Depth",
    "ErratumRow",
    "FactRow",
    "FigureBlock",
    "FiguresBlock",
    "Headline",
    "Identity",
    "ListBlock",
    "Mark",
    "MissingBlock",
    "MissingGroup",
    "MissingKind",
    "MissingRow",
    "NeedRow",
    "Note",
    "Page",
    "ProseBlock",
    "ReferenceRow",
    "RowKind",
    "SectionBlock",
    "Standing",
    "Summary",
    "TableBlock",
    "Term",
    "ViewName",
    "Whole",
    "Working",
]

ViewName: TypeAlias = RoleName | Literal["full"]
VIEW_NAMES: tuple[ViewName, ...] = (*ROLE_NAMES, "full")


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


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A drawing of facts that stand on the page in words too.

    Attributes:
        id: unique on the page, fit for an address: small letters, digits, hyphens.
        title: what it shows.
        text: the same in sentences, with the numbers; without data, why there is nothing to draw.
        data: what to draw; `None` where the facts are missing.
        standing: how the figures came about, one sentence.
    """

    id: str
    title: str
    text: str
    data: FigureData | None
    standing: str | None = None
    notes: tuple[Note, ...] = ()


Block: TypeAlias = ProseBlock | FiguresBlock | ListBlock | TableBlock | FigureBlock


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
    """One of the few facts that the reader came for.

    Attributes:
        mark: standing and check at a glance; `None` where it holds no figure.
        references: numbers of the page's references that bear it out.
    """

    label: str
    text: str
    standing: str | None
    mark: Mark | None = None
    references: tuple[int, ...] = ()

    @property
    def marked_text(self) -> str | None:
        """The standing in words, behind the sign for its check."""
        return self.standing if self.mark is None else f"{self.mark.symbol} {self.standing}"


@dataclass(frozen=True, slots=True)
class Summary:
    """The part of a page that stands alone.

    Attributes:
        paragraphs: what the model is.
        coverage: how many of the role's needs the sheet answers.
        basis: what this selection rests on, where nobody of the role could be asked.
        legend: the words for standing and the signs for checks that the page uses.
        question: what leads this reader.
        sentences: the answer to it, made of facts of the sheet.
        shortened: whether `paragraphs` leave out something that the whole sheet has.
    """

    paragraphs: tuple[str, ...]
    headlines: tuple[Headline, ...]
    coverage: str
    basis: str | None
    legend: tuple[Term, ...]
    question: str = ""
    sentences: tuple[str, ...] = ()
    shortened: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole sheet in the template's order, folded away below what a reader gets of it."""

    sections: tuple[SectionBlock, ...] = ()
    missing: tuple[MissingGroup, ...] = ()
    errata: tuple[ErratumRow, ...] = ()
    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sections or self.missing or self.errata)


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells this sheet from others: for covers and running heads. `None` where it is not answered."""

    model: str
    version: str | None = None
    date: str | None = None
    status: str | None = None
    organisation: str | None = None
    digest: str | None = None
    """Of the sheet's bytes, e.g. `sha256:9f86…`."""


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet as one reader gets to see it.

    Attributes:
        reader: who the page is for, in words; `None` for the full sheet.
        imprint: model, organisation, date, status: what stands under the title.
        grounds: where the needs are known from.
        evaluation: what the role's readers said of the study's own sheet.
        workings: how figures were recomputed.
        grid: figures over sequence length and batch.
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
    whole: Whole
    needs: tuple[NeedRow, ...]
    grounds: str
    evaluation: str | None
    identity: Identity
    workings: tuple[Working, ...] = ()
    grid: OperatingGrid | None = None
