"""Build the page of a sheet for a view: everything that decides what is shown, before any format."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from factsheet.pages.content.glossary import terms_in
from factsheet.pages.content.missing import absent_groups, missing_block, need_rows
from factsheet.pages.content.opening import opening
from factsheet.pages.content.score_figures import score_figures
from factsheet.pages.content.sources import erratum_rows, people, reference_rows, reviewed
from factsheet.pages.content.summary import (
    evaluation,
    grounds,
    identity,
    imprint,
    reader,
    summary,
    what_it_is,
)
from factsheet.pages.content.workings import workings
from factsheet.pages.estimates import NO_ESTIMATES, Estimates
from factsheet.pages.inputs import gather
from factsheet.pages.model import FigureBlock, Page, SectionBlock, WholeSheet, shown_paths
from factsheet.pages.sections import additions_of, lifecycle_section, section, with_additions
from factsheet.readers.parts import covered, general
from factsheet.readers.views import Chapter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.pages.back_matter import ErratumRow, MissingGroup
    from factsheet.pages.content.glossary import Area
    from factsheet.pages.inputs import PageInputs
    from factsheet.readers.roles import ViewName
    from factsheet.readers.views import Depth
    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.facts import DerivedFact
    from factsheet.review.summary import ReviewSummary
    from factsheet.sheet.model import SheetFields

_HANDLES = frozenset(
    {
        "path",
        "paths",
        "key",
        "kind",
        "depth",
        "verdict",
        "answered",
        "view",
        "id",
        "language",
        "data",
        "mark",
        "prose",
        "example",
    }
)
"""Attributes that the program reads, not people."""


def texts_of(piece: object) -> Iterator[str]:
    """Yield the texts of a dataclass of the page model, or of a tuple of such, in order."""
    left = [piece]
    while left:
        entry = left.pop()
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, tuple):
            left.extend(reversed(entry))
        elif entry is not None:
            left.extend(getattr(entry, name) for name in _names(type(entry)))  # type: ignore[arg-type]  # classes can be hashed, whatever their instances can


@cache
def _names(kind: type[object]) -> tuple[str, ...]:
    """Return the attributes of a class that hold texts for people, the last one first; none for a plain value."""
    if not is_dataclass(kind):
        return ()
    return tuple(field.name for field in reversed(fields(kind)) if field.name not in _HANDLES)


_NAME = "overview.name"
_SUMMARY = "overview.summary"
_IMPRINT = frozenset({"overview.model", "overview.organisation", "overview.date", "overview.status"})


def build_page(
    sheet: SheetFields,
    view: ViewName,
    derivation: Derivation | None = None,
    *,
    facts: Mapping[str, DerivedFact] | None = None,
    estimates: Estimates = NO_ESTIMATES,
    digest: str | None = None,
    reviews: ReviewSummary | None = None,
    whole: bool = True,
) -> Page:
    """Return the page of a sheet for a role, or in full.

    Args:
        sheet: the sheet.
        view: one of `VIEW_NAMES`.
        derivation: what `factsheet.derive` made of the sheet; figures then say whether recomputation agrees.
        facts: recomputed figures by path, of every operating point; by default those of `derivation`.
        estimates: what models of the chip and of its devices say of it.
        digest: of the sheet's bytes, for the page to say which sheet it shows.
        reviews: what reviewers said of the sheet.
        whole: whether the page ends with the whole sheet, folded; the full view never does, being it.
    """
    inputs = gather(sheet, sheet.audience.views[view], derivation, facts_by_path=facts, estimates=estimates)
    inputs = replace(inputs, scores=score_figures(inputs))
    introduction = what_it_is(inputs)
    sections = tuple(_sections(inputs, shortened=introduction.shortened))
    missing = missing_block(inputs)
    needs, errata = need_rows(inputs), erratum_rows(inputs)
    folded = _whole(inputs, tuple(row for _, row in errata)) if whole and view != "full" else WholeSheet()
    concerning = tuple(row for path, row in errata if _concerns(inputs, path))
    first = opening(inputs, sections)
    page = Page(
        view=view,
        title=sheet.overview.name.shown(),
        reader=reader(inputs),
        imprint=imprint(inputs),
        opening=first,
        summary=summary(inputs, introduction, first, needs=needs, sections=sections),
        sections=(*sections, *(people(inputs) if view == "full" else ()), *reviewed(reviews, view)),
        missing=missing,
        errata=concerning,
        glossary=(),
        references=reference_rows(inputs),
        whole=folded,
        needs=needs,
        grounds=grounds(inputs),
        evaluation=evaluation(
            inputs, () if reviews is None else {who.by for who in reviews.standing.reviewers}
        ),
        identity=identity(inputs, digest),
        workings=workings(
            inputs,
            (
                *shown_paths((*sections, *folded.sections)),
                *_recomputed_paths(inputs, missing.groups, folded.missing),
            ),
        ),
        grid=estimates.grid,
        views=tuple((name, _title(sheet, name)) for name in sheet.audience.view_names),
    )
    return page if inputs.view.knows_hardware else _with_glossary(page)


def _title(sheet: SheetFields, view: ViewName) -> str:
    """Return the name of a view: the role's, with a capital."""
    if view == "full":
        return "The whole sheet"
    title = sheet.audience.roles[view].title
    return title[:1].upper() + title[1:]


def _at_the_top(inputs: PageInputs, *, shortened: bool) -> frozenset[str]:
    """Return the fields that title, imprint and summary show already, without a note of their own."""
    plain = {
        path
        for path in _IMPRINT
        if (fact := inputs.fact(path)) is not None and fact.note is None and fact.source is None
    }
    return frozenset({_NAME, *plain, *(() if shortened else (_SUMMARY,))})


def _sections(inputs: PageInputs, *, shortened: bool) -> Iterator[SectionBlock]:
    """Yield the open sections: the view's chapters, then parts that it does not place but has facts to show in."""
    named = {chapter.part for chapter in inputs.view.chapters}
    unnamed = (
        Chapter(part.key, part.question) for part in inputs.sheet.audience.parts if part.key not in named
    )
    titles = {part.key: part.title for part in inputs.sheet.audience.parts}
    top = _at_the_top(inputs, shortened=shortened)

    def depth(path: str) -> Depth | None:
        found = "folded" if path in top else inputs.view.depth(path)
        return None if found == "folded" else found

    for chapter in (*inputs.view.chapters, *unnamed):
        title = chapter.title or titles[chapter.part]
        made = section(inputs, chapter.part, title=title, question=chapter.question, depth=depth)
        if made is not None:
            yield with_additions(inputs, made)
            continue
        additions = additions_of(inputs, chapter.part)
        # That there is nothing to draw is no section of its own.
        if any(not isinstance(block, FigureBlock) or block.data is not None for block in additions):
            yield SectionBlock(chapter.part, title, chapter.question, additions)
    yield from lifecycle_section(inputs) if inputs.placed_anything else ()


def _recomputed_paths(inputs: PageInputs, *lists: tuple[MissingGroup, ...]) -> Iterator[str]:
    """Yield the fields with whose values recomputation answers missing ones: these, or others that say the same."""
    rows = (row for groups in lists for group in groups for row in (*group.rows, *group.beside))
    numbers = {row.working for row in rows if row.recomputed is not None}
    return (path for path, number in inputs.workings.items() if number in numbers)


def _whole(inputs: PageInputs, errata: tuple[ErratumRow, ...]) -> WholeSheet:
    """Return the whole sheet in the template's order, every answer at full depth."""
    made = (
        section(inputs, part.key, title=part.title, question=part.question, depth=lambda _: "full")
        for part in inputs.sheet.audience.parts
    )
    found = tuple(part for part in made if part is not None)
    return WholeSheet((*found, *people(inputs)), absent_groups(inputs), errata)


def _concerns(inputs: PageInputs, path: str) -> bool:
    """Return whether an erratum is about something that this view shows."""
    stem = path.partition("[")[0]
    below = (known for known in inputs.placed if known.startswith(stem) and covered((general(path),), known))
    return any(inputs.view.depth(known) != "folded" for known in (path, *below))


def _with_glossary(page: Page) -> Page:
    """Explain the terms of the open part, and in the folded part those that only occur there."""
    areas: tuple[Area, ...] = ("hardware",) if page.view == "data-scientist" else ("hardware", "data")
    terms = terms_in(texts_of((page.opening, page.summary, page.sections, page.missing, page.errata)), areas)
    folded = terms_in(texts_of(page.whole), areas, but=terms)
    return replace(page, glossary=terms, whole=replace(page.whole, terms=folded))
