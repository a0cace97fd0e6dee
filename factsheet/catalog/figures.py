"""The figures by which sheets are put side by side: stated, worked out from the rest, or estimated for the chip."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.catalog.entry import ListedFigure
from factsheet.catalog.following import (
    ENERGIES,
    PER_INFERENCE,
    FigureBasis,
    basis_of,
    completed,
    written_figure,
)
from factsheet.catalog.scores import loss_figure, score_figures
from factsheet.quantities.directions import higher_is_better
from factsheet.quantities.quantity import grouped
from factsheet.recompute.claims import CHIP, boundary_of, inference_of, is_estimate
from factsheet.sheet_templates.template import ANALOG
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.catalog.entry import QuantityKind
    from factsheet.facts.fact import At
    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.walk import Placed

Better = Literal["higher", "lower"] | None
OF_TILES = frozenset({"loss", "field", "analog_weights", "tiles", "refresh"})
"""Figures that mean nothing for hardware without tiles: sheets of other templates have none of them."""
_COUNTS = frozenset({"count", "ops"})
"""Dimensions of what is counted one by one, and written out."""
_ROW = "parameters.operating_points[*]."
LONGEST_BASIS = 48
"""Characters of what a figure is of, in the table; an entry that is opened has them all."""


class FigureKind(NamedTuple):
    """A figure that a catalogue knows.

    Attributes:
        name: what queries call it.
        label: what pages call it.
        dimension: of its values.
        places: the fields that hold it, the first that is answered counts; `[*]` is each operating point.
        derived: its name among the facts that are recomputed, and on the chip with `chip.` before it.
        own: which direction is better, of a figure that recomputation knows by no name.
        depends: whether it holds at an operating point.
    """

    name: str
    label: str
    dimension: str
    places: tuple[str, ...]
    derived: str = ""
    own: Better = None
    depends: bool = True

    @property
    def better(self) -> Better:
        """Which direction is better, if one is; fewer tiles are not, where tiles are of unlike sizes."""
        if not self.derived or self.name == "tiles":
            return self.own
        higher = higher_is_better(self.derived)
        return None if higher is None else "higher" if higher else "lower"


KINDS: tuple[FigureKind, ...] = (
    FigureKind("score", "Score", "score", (), depends=False),
    FigureKind("accuracy", "Accuracy", "score", (), own="higher", depends=False),
    FigureKind("loss", "Accuracy loss", "score_difference", (), own="lower", depends=False),
    FigureKind(
        "efficiency",
        "Efficiency",
        "inferences_per_second_per_watt",
        ("performance.energy_efficiency", f"{_ROW}energy_efficiency"),
        "energy_efficiency",
    ),
    FigureKind(
        "tops_per_watt",
        "TOPS/W",
        "ops_per_second_per_watt",
        ("performance.tops_per_watt",),
        "tops_per_watt",
    ),
    FigureKind("field", "Place in the field", "ratio", (), own="higher", depends=False),
    FigureKind(
        "energy",
        "Energy per inference",
        "energy",
        ("performance.energy_per_inference",),
        "energy_per_inference",
    ),
    FigureKind("power", "Power", "power", ("parameters.power", f"{_ROW}power"), "power"),
    FigureKind(
        "latency",
        "Latency",
        "time",
        ("performance.classification_time", f"{_ROW}execution_time"),
        "latency",
    ),
    FigureKind(
        "throughput",
        "Throughput",
        "throughput",
        ("performance.throughput", f"{_ROW}throughput"),
        "throughput",
    ),
    FigureKind("area", "Area", "area", ("parameters.area",), "area", depends=False),
    FigureKind("parameters", "Parameters", "count", ("parameters.parameters",), "parameters", depends=False),
    FigureKind(
        "analog_weights",
        "Weights on tiles",
        "count",
        ("parameters.analog_weights",),
        "analog_weights",
        depends=False,
    ),
    FigureKind("tiles", "Tiles", "count", ("parameters.tiles",), "tiles", depends=False),
    FigureKind("ops", "Operations", "ops", (f"{_ROW}total_ops",), "total_ops"),
    FigureKind(
        "size_on_disk",
        "Size on disk",
        "data_size",
        ("performance.size_on_disk",),
        "size_on_disk",
        depends=False,
    ),
    FigureKind(
        "refresh",
        "Time to the next programming",
        "time",
        ("performance.refresh_interval",),
        own="higher",
        depends=False,
    ),
)
"""Every figure of a catalogue, in the order of its columns."""
KIND_OF: Mapping[str, FigureKind] = {kind.name: kind for kind in KINDS}


def figures_of(
    sheet: SheetFields, placed: Mapping[str, Placed], derivation: Derivation | None
) -> dict[str, ListedFigure]:
    """Return the figures of a sheet by name; what it neither states nor lets one work out is left out.

    Args:
        sheet: the sheet.
        placed: its facts by path.
        derivation: what was recomputed of it; `None` where nothing could be.
    """
    source = _Source(sheet, placed, derivation)
    known = {
        kind.name: figure for kind in KINDS if kind.places and (figure := source.known(kind)) is not None
    }
    modelled = {
        kind.name: figure for kind in KINDS if kind.derived and (figure := source.modelled(kind)) is not None
    }
    found: dict[str, ListedFigure | None] = {**completed(known, modelled)}
    found["score"], found["accuracy"] = score_figures(sheet, placed, derivation)
    found["loss"] = loss_figure(sheet)
    found["field"] = _place_in_field(derivation)
    analog = sheet.template in (None, ANALOG)
    return {
        kind.name: figure
        for kind in KINDS
        if (figure := found.get(kind.name)) is not None and (analog or kind.name not in OF_TILES)
    }


def _place_in_field(derivation: Derivation | None) -> ListedFigure | None:
    """Return the share of the published designs of its class that are less efficient; `None` without an efficiency."""
    claims = () if derivation is None else derivation.in_field
    claim = next((one for one in claims if one.claim.metric == "efficiency" and one.standings), None)
    if claim is None:
        return None
    standing = claim.standings[0]
    low, high = (percentile / 100 for percentile in standing.percentiles)
    return ListedFigure(
        path=dotted(claim.path),
        text=standing.words,
        value=low,
        kind="point" if low == high else "range",
        low=low,
        high=high,
        origin="worked out",
        basis=standing.within.words,
        note=claim.words,
    )


class _Source:
    """What the figures of one sheet are taken from."""

    def __init__(
        self, sheet: SheetFields, placed: Mapping[str, Placed], derivation: Derivation | None
    ) -> None:
        self._sheet = sheet
        self._placed = placed
        self._derivation = derivation
        facts = () if derivation is None else derivation.facts
        self._by_path = {fact.path: fact for fact in facts}
        self._by_name: dict[str, DerivedFact] = {}
        for fact in facts:
            self._by_name.setdefault(fact.name, fact)
        self._modelled: dict[str, DerivedFact] = {}
        for fact in () if derivation is None else derivation.chip_facts:
            self._modelled.setdefault(fact.name, fact)

    def known(self, kind: FigureKind) -> ListedFigure | None:
        """Return the figure that the sheet states, else the one that recomputation has from what it states."""
        for place in kind.places:
            for path, row in self._paths(place):
                stated = self._stated(kind, path, row)
                if stated is not None:
                    return stated
        own = self._by_name.get(kind.derived) if kind.derived else None
        if own is not None and own.derived is not None and own.claim is None:
            return self._worked_out(kind, own, estimated=False)
        return None

    def modelled(self, kind: FigureKind) -> ListedFigure | None:
        """Return what the model of the chip estimates."""
        fact = self._modelled.get(f"chip.{kind.derived}")
        return None if fact is None or fact.derived is None else self._worked_out(kind, fact, estimated=True)

    def _paths(self, place: str) -> Iterator[tuple[str, int | None]]:
        if "[*]" not in place:
            yield place, None
            return
        rows = (self._sheet.parameters and self._sheet.parameters.operating_points) or ()
        for index in range(len(rows)):
            yield place.replace("[*]", f"[{index}]"), index

    def _stated(self, kind: FigureKind, path: str, row: int | None) -> ListedFigure | None:
        placed = self._placed.get(path)
        quantity = None if placed is None else placed.fact.quantity
        if placed is None or quantity is None or quantity.dimension != kind.dimension:
            return None
        recomputed = self._by_path.get(path)
        meant = quantity.meant
        return ListedFigure(
            path=path,
            text=grouped(quantity.text),
            value=quantity.value,
            kind=quantity.kind,
            low=meant.low,
            high=meant.high,
            origin="estimated" if is_estimate(placed.source, placed.fact.note) else "stated",
            provenance=placed.source or "",
            check="not recomputed" if recomputed is None else recomputed.verdict.mark,
            point=self._stated_point(placed.fact.at, row) if kind.depends else "",
            batch=self._stated_batch(placed.fact.at, row),
            **self._basis(kind, row),
            note=" ".join((placed.fact.note or "").split()),
        )

    def _stated_point(self, at: At | None, row: int | None) -> str:
        if row is not None:
            known = ((self._sheet.parameters and self._sheet.parameters.operating_points) or ())[row]
            return self._point(known.seq_len, known.batch)
        return "operating point not stated" if at is None else self._point(at.seq_len, at.batch)

    def _stated_batch(self, at: At | None, row: int | None) -> int | None:
        if row is not None:
            known = ((self._sheet.parameters and self._sheet.parameters.operating_points) or ())[row]
            return known.batch if isinstance(known.batch, int) else None
        return at.batch if at is not None and isinstance(at.batch, int) else None

    def _point(self, seq_len: object, batch: object) -> str:
        without = self._derivation is not None and self._derivation.point.without_length
        # A network that takes no sequence is one step long.
        parts = [f"length {seq_len:,}"] if isinstance(seq_len, int) and seq_len > 1 and not without else []
        parts.append(f"batch {batch:,}" if isinstance(batch, int) else "batch not stated")
        return ", ".join(parts)

    def _worked_out(self, kind: FigureKind, fact: DerivedFact, *, estimated: bool) -> ListedFigure:
        value = float(fact.derived or 0)
        reach = fact.reach
        point = None if self._derivation is None else self._derivation.point
        low = value if reach is None or math.isnan(reach.low) else reach.low
        high = value if reach is None or math.isnan(reach.high) else reach.high
        of_kind: QuantityKind = "point" if low < value < high or low == high else "bound"
        # An estimate has four digits at most: more would say more than its model knows.
        whole = kind.dimension in _COUNTS
        text = fact.text if whole else written_figure(value, (low, high), of_kind, kind.dimension)
        return ListedFigure(
            path=fact.path,
            text=text if estimated else fact.significant_text,
            value=value,
            kind=of_kind,
            low=low,
            high=high,
            origin="estimated" if estimated else "worked out",
            point=self._point(point.seq_len, point.batch) if kind.depends and point is not None else "",
            batch=None if point is None else point.batch,
            **self._basis(kind, None, modelled=estimated),
            note=fact.note,
        )

    def _basis(self, kind: FigureKind, row: int | None, *, modelled: bool = False) -> FigureBasis:
        """Return what a figure counts and includes, as far as sheets differ in it."""
        inference = boundary = ""
        if kind.name in PER_INFERENCE:
            usual = "inference" if self._derivation is None else self._derivation.point.usual_inference
            # A run of one step is one of the parts that the sheet counts, such as a token.
            long = self._derivation is not None and (self._derivation.point.seq_len or 1) > 1
            inference = inference_of(self._sheet, usual, whole=modelled and long)
        if kind.name in ENERGIES:
            boundary = CHIP if modelled else boundary_of(self._sheet, row)
        return basis_of(inference, boundary)


def about(name: str, figure: ListedFigure) -> str:
    """Return what goes with a figure in a few words: what it is of, where it holds, where it comes from, its check."""
    of = figure.note if name == "loss" else figure.basis
    of = of if len(of) <= LONGEST_BASIS else f"{of[: LONGEST_BASIS - 1].rstrip()}…"
    checked = figure.check if figure.check not in ("", "not recomputed") else ""
    return " · ".join(part for part in (of, figure.point, figure.words, checked) if part)


def facts_by_path(placed: Iterator[Placed]) -> dict[str, Placed]:
    """Return facts by their paths in words."""
    return {dotted(one.path): one for one in placed}
