"""Write a catalogue as one HTML file: a table to read and print, and a script that searches, filters and compares.

Nothing is fetched: the file works from a disk. Without its script it is the whole table.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from factsheet.catalog.entry import FACETS
from factsheet.catalog.facets import other_words
from factsheet.catalog.figures import KIND_OF, KINDS, about
from factsheet.catalog.scatter import WIDTHS, scatters
from factsheet.pages.formats.html import html_environment, policy, source
from factsheet.pages.formats.templates import render_template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from factsheet.catalog.entry import CatalogEntry, Facet, ListedFigure
    from factsheet.catalog.index import Listed

COLUMNS = ("score", "loss", "efficiency", "tops_per_watt", "energy", "latency")
"""Figures that the table has a column for; an entry that is opened shows all."""
FACET_LABELS: Mapping[Facet, str] = {
    "task": "Task",
    "domain": "Domain",
    "dataset": "Data set",
    "language": "Language",
    "technology": "Technology",
    "family": "Family",
    "provenance": "Where figures come from",
    "maturity": "State of the hardware",
    "status": "Status of the sheet",
}
RANGES = (
    ("accuracy", "least", "Accuracy at least", "%", 0.01),
    ("loss", "most", "Accuracy loss at most", "points", 0.01),
    ("efficiency", "least", "Efficiency at least", "inferences/s/W", 1.0),
    ("tops_per_watt", "least", "Efficiency at least", "TOPS/W", 1e12),
    ("energy", "most", "Energy per inference at most", "µJ", 1e-6),
)
"""Filters by a number: figure, which end it bounds, label, unit, and what the unit is in the base unit."""
LONGEST_NOTE = 160
"""Characters of a note on a figure; the sheet's own page has it whole."""
SHORT = 2
"""Tasks and data sets that a row shows; an entry that is opened shows all."""


class FigureCell(NamedTuple):
    """A figure in the table: its value, and in small letters what goes with it."""

    label: str
    value: str
    about: str


class Row(NamedTuple):
    """A valid sheet in the table."""

    number: int
    entry: CatalogEntry
    href: str
    about: str
    tasks: str
    data: str
    technology: str
    cells: tuple[FigureCell, ...]


class FacetChoice(NamedTuple):
    """A value that sheets can be filtered by, and how many have it."""

    value: str
    many: int


class FacetFilter(NamedTuple):
    """A filter by one facet."""

    name: Facet
    label: str
    choices: tuple[FacetChoice, ...]


def write_site(listed: Sequence[Listed], title: str, overrides: Path | None = None) -> str:
    """Return the file of a catalogue.

    Args:
        listed: every sheet, valid or not, with its page.
        title: of the catalogue.
        overrides: a folder of the user's own templates, `html/catalog/…` in it.

    Raises:
        ResourceMissingError: the program's templates are not where they were installed.
        TemplateFaultError: a template of the user's is wrong.
    """
    from markupsafe import Markup  # comes with jinja2

    environment = html_environment(overrides)
    style, early, script = (
        source(environment, name) for name in ("catalog/catalog.css", "early.js", "catalog/catalog.js")
    )
    valid = [one for one in listed if one.entry.valid]
    entries = [one.entry for one in valid]
    drawings = [
        (scatter, [(width, Markup(scatter.svg(width))) for width in WIDTHS])  # noqa: S704  drawn by us
        for scatter in scatters(entries)
    ]
    return render_template(
        environment,
        "catalog/index.html.j2",
        overrides,
        title=title,
        style=style,
        early=early,
        script=script,
        policy=policy(style, (early, script)),
        rows=[_row(number, one) for number, one in enumerate(valid)],
        columns=[KIND_OF[name] for name in COLUMNS],
        facets=tuple(_filters(entries)),
        ranges=RANGES,
        invalid=[one.entry for one in listed if not one.entry.valid],
        drawings=drawings,
        data=Markup(_data(valid)),  # noqa: S704  escaped for a script element
    )


def _row(number: int, one: Listed) -> Row:
    entry = one.entry
    about = (entry.model if entry.model != entry.name else "", entry.organisation, entry.date)
    return Row(
        number,
        entry,
        quote(one.page),
        " · ".join(part for part in about if part),
        " · ".join(entry.facets.get("task", ())[:SHORT]),
        ", ".join(entry.facets.get("dataset", ())[:SHORT]),
        ", ".join(entry.facets.get("technology", ())),
        tuple(_cell(name, entry.figures.get(name)) for name in COLUMNS),
    )


def _cell(name: str, figure: ListedFigure | None) -> FigureCell:
    if figure is None:
        return FigureCell(KIND_OF[name].label, "", "")
    return FigureCell(KIND_OF[name].label, figure.text, about(name, figure))


def _filters(entries: Sequence[CatalogEntry]) -> Iterator[FacetFilter]:
    for facet in FACETS:
        counts: dict[str, int] = {}
        for entry in entries:
            for value in entry.facets.get(facet, ()):
                counts[value] = counts.get(value, 0) + 1
        if counts:
            ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].casefold(), pair[0]))
            yield FacetFilter(facet, FACET_LABELS[facet], tuple(FacetChoice(*pair) for pair in ordered))


def _data(listed: Sequence[Listed]) -> str:
    """Return what the script works with, as JSON that can be put into an element."""
    data = {
        "kinds": [[kind.name, kind.label, kind.better or "", kind.depends] for kind in KINDS],
        "columns": list(COLUMNS),
        "facets": [[facet, FACET_LABELS[facet]] for facet in FACETS],
        "ranges": [[name, end, size] for name, end, _, _, size in RANGES],
        "sheets": [_script_entry(one.entry) for one in listed],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _shortened(note: str) -> str:
    return note if len(note) <= LONGEST_NOTE else f"{note[: LONGEST_NOTE - 1].rstrip()}…"


def _script_entry(entry: CatalogEntry) -> dict[str, Any]:
    return {
        "path": entry.path,
        "name": entry.name,
        "about": [entry.model, entry.organisation, entry.version, entry.date, entry.licence],
        "summary": entry.summary,
        "facets": {facet: list(values) for facet, values in entry.facets.items()},
        "figures": {
            name: [
                figure.value,
                figure.text,
                figure.basis,
                figure.point,
                figure.words,
                figure.check,
                _shortened(figure.note),
                *(end if math.isfinite(end) else None for end in (figure.low, figure.high)),
                figure.kind,
                figure.better,
            ]
            for name, figure in entry.figures.items()
        },
        "details": dict(entry.details),
        "also": list(other_words(entry.facets)),
        "checked": [entry.recomputed.words, list(entry.recomputed.differing)],
    }
