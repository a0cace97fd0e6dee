"""Headlines that give the answers of a few fields as they are, and what all headlines share."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from factsheet.views.agreement import in_short
from factsheet.views.marks import weakest
from factsheet.views.page import Headline
from factsheet.views.rows import first_sentence, row_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from factsheet.views.material import Material
    from factsheet.views.page import FactRow

    Maker: TypeAlias = Callable[[Material], Headline | None]

NOT_ANSWERED = "not answered"
_MOST_ENTRIES = 4


def answered(material: Material, path: str) -> FactRow | None:
    """The row of a field, shown short; `None` where it has no answer."""
    placed = material.placed.get(path)
    if placed is None or placed.fact.absence is not None:
        return None
    return row_for(material, path, placed, "short")


def why_not(material: Material, *paths: str) -> str:
    """What to say where none of these has an answer: the first stated absence."""
    facts = (material.fact(path) for path in paths)
    return next((f.absence.words for f in facts if f is not None and f.absence is not None), NOT_ANSWERED)


def standing_in_short(rows: Iterable[FactRow]) -> str | None:
    """The standing of several figures in one phrase; `None` without a figure."""
    kept = tuple(rows)
    told = dict.fromkeys(row.standing.text for row in kept)
    compared = in_short(row.agreement for row in kept)
    return "; ".join((*told, *((compared,) if compared else ()))) or None


def headline(label: str, text: str, rows: Iterable[FactRow]) -> Headline:
    """A headline on these figures, with their standing and check."""
    kept = tuple(rows)
    marks = tuple(row.mark for row in kept if row.mark is not None)
    references = (number for row in kept for number in row.standing.references)
    return Headline(label, text, standing_in_short(kept), weakest(marks), tuple(dict.fromkeys(references)))


def all_of(label: str, *paths: str) -> Maker:
    """A headline that gives the answers of some fields, the unanswered ones left out."""

    def make(material: Material) -> Headline:
        rows = [row for path in paths if (row := answered(material, path)) is not None]
        if not rows:
            return Headline(label, why_not(material, *paths), None)
        figures = [row for row in rows if row.kind == "figure"]
        return headline(label, "; ".join(_shown(row) for row in rows), figures)

    return make


def first_of(label: str, *paths: str) -> Maker:
    """A headline that gives the first of these fields that is answered."""

    def make(material: Material) -> Headline | None:
        found = next((path for path in paths if answered(material, path) is not None), None)
        return all_of(label, *(paths if found is None else (found,)))(material)

    return make


def _shown(row: FactRow) -> str:
    if row.kind == "items" and len(row.entries) > _MOST_ENTRIES:
        return f"{', '.join(row.entries[:_MOST_ENTRIES])} and {len(row.entries) - _MOST_ENTRIES} more"
    answer = row.answer if row.kind != "prose" else first_sentence(row.paragraphs[0])
    return answer.removesuffix(".")
