"""What a catalogue keeps of one sheet, as plain data that goes into its index and comes back from it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from factsheet.quantities.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Mapping

Origin = Literal["stated", "worked out", "estimated"]
"""Whether the sheet says a figure itself, other figures of it give it, or the cost model of a chip does."""
ORIGINS: tuple[Origin, ...] = get_args(Origin)
QuantityKind = Literal["point", "range", "bound"]
KINDS_OF_QUANTITY: tuple[QuantityKind, ...] = get_args(QuantityKind)
Direction = Literal["", "higher", "lower"]
Facet = Literal[
    "task", "domain", "dataset", "language", "technology", "family", "provenance", "maturity", "status"
]
FACETS: tuple[Facet, ...] = get_args(Facet)
"""What sheets are told apart by, beside their figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFigure:
    """One figure of a sheet, with what has to go with it before it is put beside another sheet's.

    Attributes:
        path: the field that holds it, or that it was worked out for.
        text: as pages write it.
        value: in the base unit of its dimension.
        kind: whether it is a single figure, a range, or a bound such as `up to 34`.
        low: lower end of what the sheet means.
        high: upper end.
        origin: whether it is stated, worked out or estimated.
        provenance: where the sheet has the figure from, or the scores that it is the mean of; empty where it does not
            say.
        check: of a stated figure, the mark of its recomputation.
        point: the operating point in words; empty for what depends on none.
        basis: what it counts or includes: figures of unlike bases are not compared.
        note: what a reader has to know with it.
        better: of a score, which direction is better by its metric, if one is known.
        batch: inputs together at its operating point; `None` where that is not stated, and when it is read back.
        inference: what one inference is, of a figure that counts them; not kept either.
        boundary: what an energy, a power or an efficiency includes; not kept either.
    """

    path: str
    text: str
    value: float
    kind: QuantityKind = "point"
    low: float
    high: float
    origin: Origin
    provenance: str = ""
    check: str = ""
    point: str = ""
    basis: str = ""
    note: str = ""
    better: Direction = ""
    batch: int | None = field(default=None, compare=False)
    inference: str = field(default="", compare=False)
    boundary: str = field(default="", compare=False)

    @property
    def meant(self) -> Interval:
        """Every value that the sheet allows."""
        return Interval(self.low, self.high)

    @property
    def words(self) -> str:
        """Where it comes from, in words."""
        if self.origin == "stated":
            return self.provenance or "provenance not stated"
        if self.origin == "estimated":
            return "estimated"
        return f"worked out, {self.provenance}" if self.provenance else "worked out"

    def as_json(self) -> dict[str, Any]:
        """Return it as data that `json.dumps` takes; an open end is null."""
        ends = {"low": self.low, "high": self.high}
        return {
            "path": self.path,
            "text": self.text,
            "value": self.value,
            "kind": self.kind,
            **{name: end if math.isfinite(end) else None for name, end in ends.items()},
            "origin": self.origin,
            "provenance": self.provenance,
            "check": self.check,
            "point": self.point,
            "basis": self.basis,
            "note": self.note,
            "better": self.better,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomputed:
    """How the claims of a sheet compare with what was recomputed at its first operating point.

    Attributes:
        compared: claims that could be compared.
        differing: paths of those that differ.
    """

    compared: int = 0
    differing: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """In a few words: `8 of 9 recomputed figures agree`."""
        if not self.compared:
            return "nothing could be recomputed"
        agreeing = self.compared - len(self.differing)
        noun = "figure agrees" if self.compared == 1 else "figures agree"
        return f"{agreeing} of {self.compared} recomputed {noun}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogEntry:
    """One sheet.

    Attributes:
        path: of its file, as it is shown, `/` between folders.
        digest: of the file's bytes, `sha256:…`.
        faults: why it is no valid sheet, one line each; empty for a valid one.
        name: its title, or the name of its file where it has none.
        model: the model's own name.
        summary: its first sentences.
        facets: what it is told apart by.
        figures: its figures by name.
        recomputed: how its claims compare with what was recomputed.
        details: further answers by label, for search and for who opens the entry.
    """

    path: str
    digest: str
    name: str
    faults: tuple[str, ...] = ()
    model: str = ""
    summary: str = ""
    version: str = ""
    date: str = ""
    organisation: str = ""
    licence: str = ""
    facets: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    figures: Mapping[str, ListedFigure] = field(default_factory=dict)
    recomputed: Recomputed = Recomputed()
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        """Whether it fits the schema."""
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """Return it as data that `json.dumps` takes."""
        return {
            "path": self.path,
            "digest": self.digest,
            "valid": self.valid,
            "faults": list(self.faults),
            "name": self.name,
            "model": self.model,
            "summary": self.summary,
            "version": self.version,
            "date": self.date,
            "organisation": self.organisation,
            "licence": self.licence,
            "facets": {name: list(values) for name, values in self.facets.items()},
            "figures": {name: figure.as_json() for name, figure in self.figures.items()},
            "recomputed": {
                "compared": self.recomputed.compared,
                "differing": list(self.recomputed.differing),
            },
            "details": dict(self.details),
        }


def entry_from(data: Any) -> CatalogEntry | None:
    """Return the entry that an index holds as data; `None` where it is not of that form.

    An index lies among files that anybody may have changed: what does not fit is worked out anew.
    """
    try:
        texts = {
            name: _text(data[name])
            for name in (
                "path",
                "digest",
                "name",
                "model",
                "summary",
                "version",
                "date",
                "organisation",
                "licence",
            )
        }
        return CatalogEntry(
            **texts,
            faults=_texts(data["faults"]),
            facets={name: _texts(data["facets"][name]) for name in FACETS if name in data["facets"]},
            figures={_text(name): _figure_from(one) for name, one in data["figures"].items()},
            recomputed=Recomputed(
                compared=int(data["recomputed"]["compared"]),
                differing=_texts(data["recomputed"]["differing"]),
            ),
            details={_text(label): _text(words) for label, words in data["details"].items()},
        )
    except (TypeError, KeyError, AttributeError, ValueError, OverflowError):
        return None


_FIGURE_TEXTS = ("path", "text", "provenance", "check", "point", "basis", "note")
_ORIGIN = {known: known for known in ORIGINS}
_DIRECTION: Mapping[str, Direction] = {known: known for known in get_args(Direction)}
_KIND = {known: known for known in KINDS_OF_QUANTITY}


def _figure_from(data: Any) -> ListedFigure:
    texts = [data[name] for name in _FIGURE_TEXTS]
    value, low, high = data["value"], data["low"], data["high"]
    ends = [end for end in (value, low, high) if end is not None]
    # A line for all of them: an index has ten thousands.
    if not all(type(text) is str for text in texts) or not all(type(end) in (int, float) for end in ends):
        raise TypeError(data)
    if not all(map(math.isfinite, ends)):
        raise ValueError(data)
    path, text, provenance, check, point, basis, note = texts
    return ListedFigure(
        path=path,
        text=text,
        value=float(value),
        kind=_KIND[data["kind"]],
        low=-math.inf if low is None else float(low),
        high=math.inf if high is None else float(high),
        origin=_ORIGIN[data["origin"]],
        provenance=provenance,
        check=check,
        point=point,
        basis=basis,
        note=note,
        better=_DIRECTION[data["better"]],
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(values)
    return tuple(map(_text, values))
