"""What sheets are told apart by beside their figures: tasks, domains, data sets, technology, where figures are from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.hardware.technologies import OTHER_NAMES, technologies_in
from factsheet.recompute.comparisons.score_means import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from factsheet.catalog.entry import Facet, ListedFigure
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.walk import Placed

LONGEST = 80
"""Characters of a value; the rest of a longer text is cut, as it is one to choose by."""
_SENTENCE_END = re.compile(r"(?<=[.;:。])\s")
_PROVENANCE_OF = (
    ("score", "score"),
    ("energy", "efficiency"),
    ("energy", "energy"),
    ("energy", "power"),
)


def facets_of(
    sheet: SheetFields, placed: Mapping[str, Placed], figures: Mapping[str, ListedFigure]
) -> dict[Facet, tuple[str, ...]]:
    """Return what a sheet is told apart by; what it does not say is left out."""
    found: dict[Facet, tuple[str, ...]] = {
        "task": _distinct(_tasks(sheet, placed)),
        "domain": _distinct(_first_sentences(placed, "training_data.domain", "test_data.domain")),
        "dataset": _distinct(_data_sets(sheet, placed)),
        "language": _distinct(
            _items(placed, "overview.languages", "training_data.language", "test_data.language")
        ),
        "technology": _distinct(_technology(placed)),
        "family": _distinct(_first_sentences(placed, "model_architecture.family")),
        "provenance": _distinct(_provenance(figures)),
        "maturity": _distinct(_first_sentences(placed, "hardware.inference.maturity")),
        "status": _distinct(_items(placed, "overview.status")),
    }
    return {name: values for name, values in found.items() if values}


def other_words(facets: Mapping[Facet, Sequence[str]]) -> tuple[str, ...]:
    """Return by what other words people look for sheets that are told apart by these."""
    return tuple(word for kind in facets.get("technology", ()) for word in OTHER_NAMES.get(kind, ()))


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Return values on one line each, of those that differ in capitals the first."""
    found: dict[str, str] = {}
    for value in values:
        text = " ".join(value.split())
        text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
        if text:
            found.setdefault(text.casefold(), text)
    return tuple(found.values())


def _items(placed: Mapping[str, Placed], *paths: str) -> Iterator[str]:
    for path in paths:
        fact = None if path not in placed else placed[path].fact
        if fact is not None:
            yield from fact.items or (() if fact.text is None else (fact.text,))


def _first_sentences(placed: Mapping[str, Placed], *paths: str) -> Iterator[str]:
    for text in _items(placed, *paths):
        yield _SENTENCE_END.split(text, maxsplit=1)[0].rstrip(" .;:。")


def _tasks(sheet: SheetFields, placed: Mapping[str, Placed]) -> Iterator[str]:
    yield from _items(placed, "purpose.task_ids")
    types = (task.type for table in tables(sheet) for task in table.tasks)
    yield from (known for known in types if known is not None and known != "other")
    yield from _items(placed, "purpose.trained_for")


def _data_sets(sheet: SheetFields, placed: Mapping[str, Placed]) -> Iterator[str]:
    yield from _items(placed, "test_data.name", "training_data.name")
    for section in (sheet.test_data, sheet.training_data):
        yield from (
            (part.name for part in (section.datasets or ()) if part.name) if section is not None else ()
        )


def _technology(placed: Mapping[str, Placed]) -> Iterator[str]:
    for text in _items(placed, "hardware.inference.technology"):
        known = sorted(technologies_in(text))
        yield from known or (_SENTENCE_END.split(text, maxsplit=1)[0],)
    for text in _items(placed, "accelerator.kind"):  # of the template for digital accelerators
        yield f"digital: {text}"


def _provenance(figures: Mapping[str, ListedFigure]) -> Iterator[str]:
    for about, name in _PROVENANCE_OF:
        figure = figures.get(name)
        if figure is not None:
            origin = figure.provenance or ("not stated" if figure.origin == "stated" else figure.origin)
            origin = figure.origin if figure.origin == "estimated" else origin
            yield f"{about}: {origin}"
