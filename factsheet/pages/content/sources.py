"""List where a sheet is from: its references, the errata of its source, its people, reviews and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.pages.back_matter import ErratumRow, ReferenceRow
from factsheet.pages.content.results import result_place
from factsheet.pages.errata import erratum_text
from factsheet.pages.marks import FactProvenance
from factsheet.pages.model import FactRow, ListBlock, SectionBlock
from factsheet.pages.text import clean
from factsheet.reports.review_lines import review_words, standing_words
from factsheet.sheet.labels import label, place_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.pages.inputs import PageInputs
    from factsheet.readers.roles import ViewName
    from factsheet.review.summary import ReviewSummary
    from factsheet.sheet.references import Figure, Reference, Review

_DOI = "https://doi.org/"
_MOST_REVIEWERS = 8
"""That a page names; how many more there are is said."""
_ARXIV = "https://arxiv.org/abs/"


def reference_rows(inputs: PageInputs) -> tuple[ReferenceRow, ...]:
    """Return the sheet's references, numbered in its own order."""
    return tuple(
        ReferenceRow(
            number=number,
            text=_citation(reference),
            links=tuple(_links(reference)),
            note=None if reference.note is None else " ".join(reference.note.split()),
        )
        for number, reference in enumerate(inputs.sheet.references or (), start=1)
    )


def _citation(reference: Reference) -> str:
    """Return a reference as authors (year): title. Venue."""
    year = "" if reference.year is None else f" ({reference.year})"
    who = f"{reference.authors}{year}: " if reference.authors else ""
    when = f"{year}" if not reference.authors else ""
    venue = "" if reference.venue is None else f" {reference.venue}."
    return f"{who}{reference.title}{when}.{venue}"


def _links(reference: Reference) -> Iterator[str]:
    from urllib.parse import quote  # only for a page that has references

    if reference.doi is not None:
        yield _DOI + quote(reference.doi, safe="/:;()._-~")
    if reference.arxiv is not None:
        yield _ARXIV + quote(reference.arxiv, safe="/.")
    if reference.url is not None:
        yield reference.url


def erratum_rows(inputs: PageInputs) -> tuple[tuple[str, ErratumRow], ...]:
    """Return the errata of the source, each with the path that it concerns."""
    return tuple(
        (
            erratum.at,
            ErratumRow(
                place=result_place(inputs, erratum.at) or place_label(erratum.at),
                published=" ".join(erratum.published.split()),
                problem=erratum_text(erratum, with_reading=False),
                reading=None if erratum.reading is None else " ".join(erratum.reading.split()),
                references=inputs.references(erratum.source or ()),
            ),
        )
        for erratum in inputs.sheet.errata or ()
    )


def people(inputs: PageInputs) -> tuple[SectionBlock, ...]:
    """Return figures, producers and reviews, as lists."""
    sheet = inputs.sheet
    lists = (
        ("figures", "Figures", [_figure(inputs, figure) for figure in sheet.figures or ()]),
        (
            "producers",
            "Who supplied the facts",
            [
                _joined(
                    ", ",
                    p.name,
                    p.organisation,
                    None if p.role is None else sheet.audience.singular(p.role),
                    None if not p.sections else f"on {', '.join(label(name) for name in p.sections)}",
                )
                for p in sheet.producers or ()
            ],
        ),
        ("reviews", "Reviews", [_review(inputs, review) for review in sheet.reviews or ()]),
    )
    return tuple(_list_section(key, title, entries) for key, title, entries in lists if entries)


def _figure(inputs: PageInputs, figure: Figure) -> str:
    """Return title, description, file and source; the file is named, never opened."""
    said = _joined(": ", figure.title, figure.description)
    where = _joined(
        ", ",
        None if figure.section is None else label(figure.section),
        None if figure.file is None else f"file {figure.file}",
        *(f"ref. {number}" for number in inputs.references(figure.source or ())),
    )
    return f"{said} ({where})" if where else said


def _joined(between: str, *parts: str | None) -> str:
    return between.join(" ".join(part.split()) for part in parts if part)


def _review(inputs: PageInputs, review: Review) -> str:
    grades = {
        "understandability": review.understandability,
        "relevance": review.relevance,
        "presentability": review.presentability,
        "completeness": review.completeness,
    }
    said = ", ".join(f"{dimension} {grade}" for dimension, grade in grades.items() if grade is not None)
    where = "the whole sheet" if review.section is None else place_label(review.section)
    head = _joined(", ", review.by, inputs.sheet.audience.singular(review.role), review.date)
    return _joined(". ", f"{head}, on {where}: {said or 'no grades'}", review.comment)


def reviewed(summary: ReviewSummary | None, view: ViewName) -> tuple[SectionBlock, ...]:
    """Return what reviewers in a role said, or all of them in the whole sheet; nothing where nobody did."""
    reviewers = (
        [] if summary is None else [one for one in summary.standing.reviewers if view in ("full", one.role)]
    )
    if summary is None or not reviewers:
        return ()
    said = [review_words(summary, who, named=view != "full") for who in reviewers[:_MOST_REVIEWERS]]
    if len(reviewers) > _MOST_REVIEWERS:
        said.append(f"And {len(reviewers) - _MOST_REVIEWERS} more, which `factsheet review summary` counts.")
    return (
        _list_section(
            "reviewed", "What reviewers say", map(clean, (*standing_words(summary, reviewers), *said))
        ),
    )


def _list_section(key: str, title: str, entries: Iterable[str]) -> SectionBlock:
    row = FactRow(key, title, "items", (), "full", FactProvenance(""), entries=tuple(entries))
    return SectionBlock(key, title, "", (ListBlock(row, labelled=False),))
