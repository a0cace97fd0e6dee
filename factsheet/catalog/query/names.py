"""Which field a name in a query means: a figure or a facet of the catalogue, a metric, or a path of the sheet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from factsheet.catalog.entry import FACETS
from factsheet.catalog.figures import KIND_OF
from factsheet.catalog.query.terms import (
    EntryText,
    FacetField,
    FigureField,
    PathField,
    ScoreField,
    TextField,
)
from factsheet.quantities.metrics import METRICS, plain

if TYPE_CHECKING:
    from factsheet.authoring.field_catalogue import FieldEntry
    from factsheet.catalog.query.terms import QueryField, Step

_TEXTS: dict[str, EntryText] = {name: name for name in get_args(EntryText)}
_MEANT = {
    "tasks": "task",
    "domains": "domain",
    "data": "dataset",
    "data set": "dataset",
    "datasets": "dataset",
    "data sets": "dataset",
    "languages": "language",
    "device": "technology",
    "memory": "technology",
    "architecture": "family",
    "standing": "provenance",
    "source": "provenance",
    "state": "maturity",
    "accuracy loss": "loss",
    "energy efficiency": "efficiency",
    "energy per inference": "energy",
    "tops": "tops_per_watt",
    "tops/w": "tops_per_watt",
    "tops per watt": "tops_per_watt",
    "time": "latency",
    "execution time": "latency",
    "classification time": "latency",
    "weights": "analog_weights",
    "analog weights": "analog_weights",
    "size": "size_on_disk",
    "size on disk": "size_on_disk",
    "refresh interval": "refresh",
    "place in the field": "field",
    "percentile": "field",
    "operations": "ops",
    "total ops": "ops",
    "title": "name",
    "license": "licence",
    "organization": "organisation",
    "file": "path",
    "checked": "recomputed",
}
"""What people call the fields of the catalogue."""
_STEP = re.compile(r"\.?([A-Za-z_][\w-]*)|\[(\d{1,6}|\*)\]")
_MAPPINGS = ("scores", "averages")
"""Keys below which the author's own names are."""
_METRICS = {spelling: metric for metric in METRICS for spelling in metric.spellings}


def field_named(name: str) -> QueryField | None:
    """Return the field that a name means; `None` where there is none."""
    called = " ".join(name.casefold().replace("-", " ").split())
    called = _MEANT.get(called.replace("_", " "), called.replace(" ", "_"))
    if called in KIND_OF:
        return FigureField(KIND_OF[called])
    for facet in FACETS:
        if called == facet:
            return FacetField(facet)
    if called in _TEXTS:
        return TextField(_TEXTS[called])
    return _path(name) or (ScoreField(_METRICS[plain(name)]) if plain(name) in _METRICS else None)


def names_like(name: str) -> tuple[str, ...]:
    """Return names that may have been meant: those of the catalogue, and paths of fields."""
    from factsheet.authoring.field_reference import fields_like  # only for a name that is not known

    paths = fields_like(name) if "." in name else ()
    return (*KIND_OF, *FACETS, *_TEXTS, *_MEANT, *_METRICS, *paths)


def _path(name: str) -> PathField | None:
    steps: list[Step] = []
    place = 0
    while place < len(name):
        match = _STEP.match(name, place)
        if match is None or (match[1] is not None and bool(steps) != name.startswith(".", place)):
            return None
        if match[1] is not None:
            steps.append(match[1])
        elif match[2] != "*":
            steps.append(int(match[2]))
        place = match.end()
    keys = [step for step in steps if isinstance(step, str)]
    if not keys:
        return None
    below = next((place for place, key in enumerate(keys) if key in _MAPPINGS), len(keys))
    known = (
        keys[: below + 1] if len(keys) == below + 2 else keys
    )  # what is below a mapping is the author's own
    path = ".".join(known)
    entry = _entry_at(path)
    if entry is None:
        return None
    return PathField(tuple(steps), entry.dimensions, entry.form.startswith("a date"))


def _entry_at(path: str) -> FieldEntry | None:
    """Return the field at a path, of the package's own sheet first, then of each other template that is known."""
    from factsheet.authoring.field_catalogue import entries_at  # only where a path is asked for
    from factsheet.sheet_templates.known_templates import known_names, model_named

    for name in known_names():
        for entry in entries_at(path, model_named(name)):
            if entry.path.replace("[*]", "") == path:
                return entry
    return None
