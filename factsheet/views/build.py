"""A sheet and a view to a page: everything that decides what is shown, before any format."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.views.blocks import asides, section
from factsheet.views.energy import energy_of_a_million
from factsheet.views.glossary import terms_in
from factsheet.views.material import gather
from factsheet.views.missing import further_missing, missing_block, need_rows
from factsheet.views.opening import evaluation, grounds, imprint, reader, summary
from factsheet.views.page import FiguresBlock, Page, Rest, SectionBlock, TableBlock
from factsheet.views.parts import PARTS, PARTS_BY_KEY
from factsheet.views.paths import covered, general
from factsheet.views.readers import VIEWS
from factsheet.views.sources import erratum_rows, people, reference_rows
from factsheet.views.texts import texts_of
from factsheet.views.view import Chapter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.sheet.model import FactSheet
    from factsheet.views.agreement import Recomputation
    from factsheet.views.glossary import Area
    from factsheet.views.material import Material
    from factsheet.views.page import Block, Depth, ErratumRow, FactRow, MissingBlock, ViewName

_TITLE = frozenset({"overview.name", "overview.summary"})
_IMPRINT = frozenset({"overview.model", "overview.organisation", "overview.date", "overview.status"})


def _at_the_top(material: Material) -> frozenset[str]:
    """What title, imprint and summary say already; a note or an origin of its own is not said there."""
    plain = {
        path
        for path in _IMPRINT
        if (fact := material.fact(path)) is not None and fact.note is None and fact.source is None
    }
    return _TITLE | plain


def build_page(sheet: FactSheet, view: ViewName, derivation: Recomputation | None = None) -> Page:
    """The page of a sheet for a role, or in full.

    Args:
        sheet: the sheet.
        view: one of `VIEW_NAMES`.
        derivation: what `factsheet.derive` made of the sheet; figures then say whether recomputation agrees.
    """
    material = gather(sheet, VIEWS[view], derivation)
    sections = tuple(_sections(material))
    missing, needs, slips = missing_block(material), need_rows(material), erratum_rows(material)
    concerning = tuple(row for path, row in slips if _concerns(material, path))
    others = tuple(row for _, row in slips if row not in concerning)
    page = Page(
        view=view,
        title=sheet.overview.name.words(),
        reader=reader(view),
        imprint=imprint(material),
        summary=summary(material, needs, sections),
        sections=sections if view != "full" else (*sections, *people(material)),
        missing=missing,
        errata=concerning,
        glossary=(),
        references=reference_rows(material),
        rest=_rest(material, sections, missing, others),
        needs=needs,
        grounds=grounds(view),
        evaluation=evaluation(view),
    )
    return page if material.view.knows_hardware else _with_glossary(page)


def _sections(material: Material) -> Iterator[SectionBlock]:
    """The open sections: the view's chapters, then parts that it does not place but has facts to show in."""
    named = {chapter.part for chapter in material.view.chapters}
    unnamed = (Chapter(part.key, part.question) for part in PARTS if part.key not in named)

    top = _at_the_top(material)

    def depth(path: str) -> Depth | None:
        found = "folded" if path in top else material.view.depth(path)
        return None if found == "folded" else found

    for chapter in (*material.view.chapters, *unnamed):
        title = chapter.title or PARTS_BY_KEY[chapter.part].title
        made = section(material, chapter.part, title, chapter.question, depth)
        if made is not None:
            yield _with_energy(material, made)


def _with_energy(material: Material, made: SectionBlock) -> SectionBlock:
    """Put the energy of a million answers first, for the one view that asks for it."""
    row = energy_of_a_million(material)
    if made.key != "energy" or row is None or "energy_of_a_million" not in material.view.headlines:
        return made
    rows = (found for block in made.blocks if isinstance(block, FiguresBlock) for found in block.rows)
    others = (block for block in made.blocks if not isinstance(block, FiguresBlock))
    return replace(made, blocks=(FiguresBlock((row, *rows)), *others))


def shown_whole(sections: Iterable[SectionBlock]) -> frozenset[str]:
    """The fields that these sections show with nothing left out."""
    return frozenset(path for made in sections for block in made.blocks for path in _paths(block))


def _paths(block: Block) -> Iterator[str]:
    if isinstance(block, TableBlock):
        yield from () if block.shortened else block.paths
        return
    rows: tuple[FactRow, ...] = block.rows if isinstance(block, FiguresBlock) else (block.row,)
    for row in rows:
        if not row.shortened:
            yield from (row.path, *row.also)


def _rest(
    material: Material,
    sections: tuple[SectionBlock, ...],
    missing: MissingBlock,
    errata: tuple[ErratumRow, ...],
) -> Rest:
    """All that the open part leaves out, in the template's order."""
    shown = shown_whole(sections) | _at_the_top(material)
    noted = {made.key: made.notes for made in sections}
    folded = []
    for part in PARTS:
        made = section(material, part.key, part.title, "", lambda path: None if path in shown else "full")
        blocks = () if made is None else made.blocks
        notes = (note for _, note in asides(material, part.key) if note not in noted.get(part.key, ()))
        known = SectionBlock(part.key, part.title, "", blocks, tuple(dict.fromkeys(notes)))
        if known.blocks or known.notes:
            folded.append(known)
    tail = () if material.view.name == "full" else people(material)
    return Rest((*folded, *tail), further_missing(material, missing), errata, ())


def _concerns(material: Material, path: str) -> bool:
    """Whether a slip is about something that this view shows."""
    below = (known for known in material.placed if covered((general(path),), known))
    return any(material.view.depth(known) != "folded" for known in (path, *below))


def _with_glossary(page: Page) -> Page:
    """Explain the terms of the open part, and in the folded part those that only occur there."""
    areas: tuple[Area, ...] = ("hardware",) if page.view == "data-scientist" else ("hardware", "data")
    terms = terms_in(texts_of((page.summary, page.sections, page.missing, page.errata)), areas)
    folded = terms_in(texts_of(page.rest), areas)
    return replace(
        page,
        glossary=terms,
        rest=replace(page.rest, terms=tuple(term for term in folded if term not in terms)),
    )
