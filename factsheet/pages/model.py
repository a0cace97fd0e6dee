"""Define the page model: what a reader gets to see, in which order and how deep, before any format.

Every text in it is plain text, also inside the small tree that prose is read into; a renderer escapes all of it for
its format, that of the program no less than that of the sheet. Tables and lists are structure, so that Markdown, HTML
and PDF show the same page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from factsheet.pages.languages import listed
from factsheet.pages.marks import Agreement, FactMark, FactProvenance, mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.pages.back_matter import (
        ErratumRow,
        GlossaryTerm,
        MissingBlock,
        MissingGroup,
        NeedRow,
        ReferenceRow,
        Working,
    )
    from factsheet.pages.figures.canvas import FigureData
    from factsheet.pages.first_screen import Opening
    from factsheet.pages.rich_text import TextBlock
    from factsheet.readers.roles import ViewName
    from factsheet.readers.views import Depth
    from factsheet.recompute.operating_grid import OperatingGrid

RowKind = Literal["figure", "line", "prose", "items", "link"]


@dataclass(frozen=True, slots=True)
class FactRow:
    """One answered field.

    Attributes:
        path: the field, e.g. `parameters.power`; the program's handle on the row, not for readers.
        paragraphs: the answer as plain text; several only for prose.
        prose: the answer with its markup, if it is text.
        entries: the answer, if it is a list of lines.
        holds_at: operating point in words; `None` where the sheet names none.
        states_provenance: whether the sheet states the provenance with the fact itself.
        shortened: whether something was left out that the folded remainder repeats in full.
        also: further fields that say the same, so that one row does for all.
        language: what the sheet is written in, where it says so.
    """

    path: str
    label: str
    kind: RowKind
    paragraphs: tuple[str, ...]
    depth: Depth
    provenance: FactProvenance
    prose: tuple[TextBlock, ...] = ()
    entries: tuple[str, ...] = ()
    holds_at: str | None = None
    relative_to: str | None = None
    note: str | None = None
    agreement: Agreement | None = None
    states_provenance: bool = False
    shortened: bool = False
    also: tuple[str, ...] = ()
    language: str | None = None

    @property
    def answer(self) -> str:
        """The answer on one line, with what it is relative to and the operating point that it holds at."""
        text = listed(self.entries, self.language) if self.kind == "items" else " ".join(self.paragraphs)
        return f"{text}{self.aside}"

    @property
    def aside(self) -> str:
        """What goes behind the answer: what it is relative to and where it holds; empty where it has neither."""
        words = "; ".join(words for words in (self.relative_to, self.holds_at) if words)
        return f" ({words})" if words else ""

    @property
    def provenance_text(self) -> str:
        """FactProvenance and agreement in one phrase."""
        return (
            self.provenance.text
            if self.agreement is None
            else f"{self.provenance.text}; {self.agreement.words}"
        )

    @property
    def mark(self) -> FactMark | None:
        """FactProvenance and check at a glance; `None` for what is no figure, and cannot be recomputed."""
        if self.kind != "figure" and self.agreement is None:
            return None
        return mark_of(self.provenance, self.agreement)

    @property
    def marked_text(self) -> str:
        """The provenance in words, behind the sign for its check; nothing for text that states none of its own.

        The sheet's usual provenance is about figures: a command to type is neither measured nor simulated.
        """
        if self.mark is None and not self.states_provenance:
            return ""
        return self.provenance_text if self.mark is None else f"{self.mark.symbol} {self.provenance_text}"


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
    """Figures and single lines, one a row, with their provenance."""

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
        provenance: how the figures came about, one sentence.
        paths: the fields that the table answers.
        shortened: whether something was left out that the folded remainder repeats in full.
        explored: whether the page shows the same for other operating points and chips.
    """

    caption: str
    header: tuple[str, ...]
    numeric: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    closing: tuple[tuple[str, ...], ...] = ()
    provenance: str | None = None
    notes: tuple[Note, ...] = ()
    paths: tuple[str, ...] = ()
    shortened: bool = False
    explored: bool = False


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A drawing of facts that the page has in words too.

    Attributes:
        id: unique on the page, fit for an address: small letters, digits, hyphens.
        title: what it shows.
        text: the same in sentences, with the numbers; without data, why there is nothing to draw.
        data: what to draw; `None` where the facts are missing.
        provenance: how the figures came about, one sentence.
    """

    id: str
    title: str
    text: str
    data: FigureData | None
    provenance: str | None = None
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


def shown_paths(sections: Iterable[SectionBlock]) -> Iterator[str]:
    """Yield the fields that these sections show, in full or cut."""
    for block in (block for made in sections for block in made.blocks):
        if isinstance(block, TableBlock):
            yield from block.paths
        elif isinstance(block, FiguresBlock):
            yield from (row.path for row in block.rows)
        elif not isinstance(block, FigureBlock):
            yield block.row.path


@dataclass(frozen=True, slots=True)
class Summary:
    """What the sheet says of itself, and how far it meets the reader's needs.

    Attributes:
        paragraphs: what the model is, as plain text.
        prose: the same with its markup.
        coverage: how many of the role's needs the sheet answers.
        basis: what this selection rests on, where nobody of the role could be asked.
        legend: the words for provenance and the signs for checks that the page uses.
        shortened: whether `paragraphs` leave out something that the whole sheet has.
    """

    paragraphs: tuple[str, ...]
    coverage: str
    basis: str | None
    legend: tuple[GlossaryTerm, ...]
    prose: tuple[TextBlock, ...] = ()
    shortened: bool = False


@dataclass(frozen=True, slots=True)
class WholeSheet:
    """The whole sheet in the template's order, folded away below what a reader gets of it."""

    sections: tuple[SectionBlock, ...] = ()
    missing: tuple[MissingGroup, ...] = ()
    errata: tuple[ErratumRow, ...] = ()
    terms: tuple[GlossaryTerm, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sections or self.missing or self.errata)


@dataclass(frozen=True, slots=True)
class PageIdentity:
    """What identifies this sheet: for covers and running heads. `None` where it is not answered."""

    model: str
    version: str | None = None
    date: str | None = None
    status: str | None = None
    organisation: str | None = None
    digest: str | None = None
    """Of the sheet's bytes, e.g. `sha256:9f86…`."""
    licence: str | None = None
    language: str | None = None
    """What the sheet is written in, as a BCP 47 tag."""


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet as one reader gets to see it.

    Attributes:
        reader: who the page is for, in words; `None` for the full sheet.
        imprint: model, organisation, date, status: what is under the title.
        opening: the first screen.
        grounds: where the needs are known from.
        evaluation: what the role's readers said of the study's own sheet.
        workings: how figures were recomputed.
        grid: figures over sequence length and batch.
        views: every view of the sheet by name, with its title, in order.
    """

    view: ViewName
    title: str
    reader: str | None
    imprint: tuple[str, ...]
    opening: Opening
    summary: Summary
    sections: tuple[SectionBlock, ...]
    missing: MissingBlock
    errata: tuple[ErratumRow, ...]
    glossary: tuple[GlossaryTerm, ...]
    references: tuple[ReferenceRow, ...]
    whole: WholeSheet
    needs: tuple[NeedRow, ...]
    grounds: str
    evaluation: str | None
    identity: PageIdentity
    workings: tuple[Working, ...] = ()
    grid: OperatingGrid | None = None
    views: tuple[tuple[ViewName, str], ...] = ()

    @property
    def view_title(self) -> str:
        """The name of this page's view."""
        return dict(self.views)[self.view]

    @property
    def rows(self) -> tuple[FactRow, ...]:
        """Every answer of the page, those of its whole sheet first: they are never cut."""
        blocks = [block for made in (*self.whole.sections, *self.sections) for block in made.blocks]
        return tuple(
            row
            for block in blocks
            if not isinstance(block, TableBlock | FigureBlock)
            for row in (block.rows if isinstance(block, FiguresBlock) else (block.row,))
        )

    def fact(self, path: str) -> FactRow:
        """Return the answer at a path, for a template that knows what it wants: `page.fact("parameters.power").answer`.

        What the sheet does not answer is a row as well, whose answer says so in words.
        """
        for row in self.rows:
            if path == row.path or path in row.also:
                return row
        groups = (*self.missing.groups, *self.whole.missing)
        missing = (row for group in groups for row in (*group.rows, *group.beside) if row.path == path)
        absent = next(missing, None)
        words = "not answered" if absent is None else absent.kind.replace("_", " ")
        label = path if absent is None else absent.label
        return FactRow(path, label, "line", (words,), "full", FactProvenance("not stated"))
