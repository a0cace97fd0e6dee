"""Sheets side by side: each row with what every column has, and how it compares with the first."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from factsheet.comparing.columns import FIGURES, NOTHING, ComparedCell, column_of
from factsheet.comparing.judging import judge_cells
from factsheet.comparing.score_rows import score_cells
from factsheet.comparing.wording import in_unit_of
from factsheet.facts.fact import Fact
from factsheet.quantities.directions import higher_is_better
from factsheet.recompute.claims import COUNTED, ENERGIES, boundary_of, points
from factsheet.recompute.request import Request, request_with
from factsheet.sheet.labels import place_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.comparing.columns import ComparedColumn, ComparedFigure
    from factsheet.comparing.difference import ComparedVersion
    from factsheet.comparing.judging import CellJudgement
    from factsheet.comparing.leaves import Leaf
    from factsheet.quantities.quantity import Quantity

RowKind = Literal["about", "figure", "score", "further"]
ABOUT = (
    "overview.model",
    "overview.version",
    "overview.date",
    "overview.status",
    "overview.licence",
    "purpose.trained_for",
    "training_data.name",
    "test_data.name",
    "test_data.split",
    "model_architecture.family",
    "hardware.inference.chip",
    "hardware.inference.technology",
    "hardware.inference.node",
    "hardware.inference.maturity",
    "hwa_training.non_idealities",
)
"""What a reader wants to know of each first: which model, trained for what on which data, on which hardware."""


AT_POINT = COUNTED | ENERGIES
"""Fields whose figures hold at an operating point."""
_TWO = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """A row: the same of each column.

    Attributes:
        kind: `about` what it is, a `figure` at the operating point, a `score`, or a `further` figure of several.
        name: for programs.
        label: for readers.
        cells: one for each column.
        compared: how each compares with the first that has a value; that one has none.
        higher: whether more is better; `None` where nobody says.
        why_not: why nothing is judged, where something could be.
    """

    kind: RowKind
    name: str
    label: str
    cells: tuple[ComparedCell, ...]
    compared: tuple[CellJudgement | None, ...] = ()
    higher: bool | None = None
    why_not: str = ""

    @property
    def differs(self) -> bool:
        """Whether the columns say different things."""
        return len({cell.text for cell in self.cells}) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetComparison:
    """Sheets side by side."""

    columns: tuple[ComparedColumn, ...]
    rows: tuple[ComparedRow, ...]
    point: str
    """At which operating point figures are compared, and how that came about."""
    notes: tuple[str, ...]
    """What was left out, assumed or could not be compared."""

    def of(self, kind: RowKind) -> tuple[ComparedRow, ...]:
        """Return the rows of a kind."""
        return tuple(row for row in self.rows if row.kind == kind)


def compare_sheets(
    versions: Sequence[ComparedVersion],
    *,
    seq_len: int | None = None,
    batch: int | None = None,
    baselines: Sequence[str] = (),
) -> SheetComparison:
    """Return sheets side by side, and the network of each on digital devices.

    Args:
        versions: at least one that has a sheet, each a column.
        seq_len: tokens in one sequence that all are recomputed for; by default a point that all state.
        batch: sequences processed together, likewise.
        baselines: digital profiles by name; each sheet's network on each is a further column.

    Raises:
        ProfileError: there is no such profile.
        DeriveError: a sequence length or batch out of range.
    """
    asked = request_with(None, seq_len=seq_len, batch=batch)
    given = seq_len is not None or batch is not None
    common = None if given else _common_point(versions)
    request = asked if common is None else request_with(None, seq_len=common[0], batch=common[1])
    columns = [column_of(version, request) for version in versions]
    for baseline in baselines:
        for own, version in zip(columns[: len(versions)], versions, strict=True):
            columns.append(_on_device(own, version, request, baseline))
    at_one = len({column.point for column in columns}) == 1 and columns[0].point[1] is not None
    rows = [
        *_about(columns),
        *(_figure_row(figure, columns, comparable=at_one or not figure.at_point) for figure in FIGURES),
        *_scores(columns[: len(versions)], len(columns)),
    ]
    rows = [row for row in rows if _is_shown(row, alone=len(versions) == 1)]
    taken = {cell.leaf.place for row in rows for cell in row.cells if cell.leaf is not None} | set(ABOUT)
    further = list(_further(columns, taken))
    rows += (row for row in further if row.differs)
    same = len(further) - sum(row.differs for row in further)
    return SheetComparison(
        columns=tuple(columns),
        rows=tuple(rows),
        point=_point_words(
            columns, given=given, common=common is not None and len(versions) > 1, at_one=at_one
        ),
        notes=tuple(dict.fromkeys([*_notes(columns, rows), *_left_away(same)])),
    )


def _left_away(same: int) -> Iterator[str]:
    if same:
        words = "1 further figure is" if same == 1 else f"{same} further figures are"
        yield f"{words} the same in all sheets that state {'it' if same == 1 else 'them'}"


def _is_shown(row: ComparedRow, *, alone: bool) -> bool:
    """Return whether a row has something to compare; of a sheet beside devices, what it is comes along."""
    if alone and row.kind == "figure":  # of a device alone too: the sheet's hardware may be what is not known
        return any(cell.text for cell in row.cells[1:])
    if alone and row.kind == "about":
        leaf = row.cells[0].leaf
        return leaf is not None and not (isinstance(leaf.value, Fact) and leaf.value.absence is not None)
    return any(cell.text for cell in row.cells)


def _on_device(
    own: ComparedColumn, version: ComparedVersion, request: Request, baseline: str
) -> ComparedColumn:
    """Return the network of a sheet on a digital device, at the point of the sheet's own column."""
    seq_len, batch = own.point
    on_device = request_with(request, hardware=baseline)
    if on_device.digital is None:
        on_device = replace(on_device, seq_len=seq_len or on_device.seq_len, batch=batch or on_device.batch)
    return column_of(version, replace(on_device, batch=batch or on_device.batch), device=baseline)


def _common_point(versions: Sequence[ComparedVersion]) -> tuple[int, int] | None:
    """Return the first operating point that every sheet states; `None` where there is none, or one sheet alone."""
    stated: list[list[tuple[int, int]]] = []
    for version in versions:
        rows = () if version.sheet is None else points(version.sheet)
        stated.append([(int(row.seq_len), int(row.batch)) for _, row in rows if isinstance(row.batch, int)])
    return next((point for point in stated[0] if all(point in others for others in stated)), None)


def _point_words(columns: Sequence[ComparedColumn], *, given: bool, common: bool, at_one: bool) -> str:
    first = columns[0].point_words
    if at_one:
        how = (
            "as asked: what is stated for another point is recomputed"
            if given
            else "as all state it"
            if common
            else ""
        )
        return f"figures at {first}{f', {how}' if how else ''}"
    if all(column.point[1] is None for column in columns):
        return "no batch is stated or given: figures of a run are not compared; --at batch=1 gives one"
    each = "; ".join(dict.fromkeys(f"{column.name}: {column.point_words}" for column in columns))
    return f"operating points differ ({each}): figures that depend on them are not judged; --at recomputes all at one"


def _about(columns: Sequence[ComparedColumn]) -> Iterator[ComparedRow]:
    for place in ABOUT:
        cells = tuple(NOTHING if column.device else _word_cell(column, place) for column in columns)
        yield ComparedRow(kind="about", name=place, label=place_label(place), cells=cells)


def _word_cell(column: ComparedColumn, place: str) -> ComparedCell:
    leaf = column.leaves.leaves.get(place)
    if leaf is None:
        return NOTHING
    value = leaf.value
    if isinstance(value, Fact):
        if value.absence is not None:
            return ComparedCell(text=value.absence.words, note=value.absence.reason, leaf=leaf)
        return ComparedCell(text=value.shown(), leaf=leaf)
    return ComparedCell(text=", ".join(value) if isinstance(value, tuple) else str(value), leaf=leaf)


def _reconciled(cells: tuple[ComparedCell, ...], dimension: str) -> tuple[ComparedCell, ...]:
    """Return the cells with their figures in the unit of the first too, where they are written in another."""
    first = next((cell for cell in cells if cell.value is not None), None)
    if first is None or dimension.startswith("score"):
        return cells
    return tuple(_in_unit_of(first, cell, dimension) for cell in cells)


def _in_unit_of(first: ComparedCell, cell: ComparedCell, dimension: str) -> ComparedCell:
    if cell is first or cell.value is None or not math.isfinite(cell.value):
        return cell
    same = in_unit_of(first.text, cell.text, cell.value, dimension)
    if not same or same.rpartition(" ")[2] == cell.text.rpartition(" ")[2]:
        return cell
    return replace(cell, about=", ".join(filter(None, (f"= {same}", cell.about))))


def _figure_row(
    figure: ComparedFigure, columns: Sequence[ComparedColumn], *, comparable: bool
) -> ComparedRow:
    cells = _reconciled(tuple(column.figure(figure) for column in columns), figure.dimension)
    higher = higher_is_better(figure.name)
    why_not = "" if comparable else "at other operating points"
    return ComparedRow(
        kind="figure",
        name=figure.name,
        label=figure.label,
        cells=cells,
        compared=judge_cells(cells, figure.dimension, higher=higher, why_not=why_not),
        higher=higher,
        why_not=why_not,
    )


def _scores(columns: Sequence[ComparedColumn], width: int) -> Iterator[ComparedRow]:
    """Yield a row for each score that several sheets have; digital devices have none."""
    of_each = [score_cells(column) for column in columns]
    names = dict.fromkeys(name for cells in of_each for name in cells)
    for name in names:
        own = tuple(cells.get(name, NOTHING) for cells in of_each)
        if sum(bool(cell.text) for cell in own) < min(len(columns), _TWO) or (
            len(columns) == 1 and own[0].leaf
        ):
            continue  # a score of one sheet alone is compared with nothing
        cells = (*own, *(NOTHING,) * (width - len(own)))
        leaf = next((cell.leaf for cell in own if cell.leaf is not None), None)
        higher = None if leaf is None else leaf.higher
        compared = judge_cells(cells, "score", higher=higher)
        yield ComparedRow(kind="score", name=name, label=name, cells=cells, compared=compared, higher=higher)


def _further(columns: Sequence[ComparedColumn], taken: set[str]) -> Iterator[ComparedRow]:
    """Yield figures that several sheets state at the same place, and that have no row yet."""
    sheets = [column for column in columns if not column.device]
    if len(sheets) < _TWO:
        return
    for place in dict.fromkeys(place for column in sheets for place in column.leaves.leaves):
        leaves = [None if column.device else column.leaves.leaves.get(place) for column in columns]
        known = [leaf for leaf in leaves if leaf is not None and _figure_of(leaf) is not None]
        if place in taken or len(known) < _TWO or place.startswith("performance.results["):
            continue
        dimensions = {_figure_of(leaf).dimension for leaf in known}  # type: ignore[union-attr]  # looked above
        if len(dimensions) > 1:
            continue
        dimension = dimensions.pop()
        shown = tuple(_leaf_cell(leaf, column) for leaf, column in zip(leaves, columns, strict=True))
        cells = _reconciled(shown, dimension)
        higher = known[0].higher if len({leaf.higher for leaf in known}) == 1 else None
        why_not = "" if _at_one_point(sheets, known) else "at other operating points"
        yield ComparedRow(
            kind="further",
            name=place,
            label=place_label(place),
            cells=cells,
            compared=judge_cells(cells, dimension, higher=higher, why_not=why_not),
            higher=higher,
            why_not=why_not,
        )


def _at_one_point(sheets: Sequence[ComparedColumn], known: Sequence[Leaf]) -> bool:
    """Return whether figures of a field hold at one operating point: each says at which, or is its sheet's own."""
    facts = [leaf.value for leaf in known if isinstance(leaf.value, Fact)]
    if str(known[0].path[-1]) not in AT_POINT or "operating_points" in known[0].path:
        return True
    own = {column.point for column in sheets}
    return len({fact.at for fact in facts}) == 1 and (facts[0].at is not None or len(own) == 1)


def _figure_of(leaf: Leaf) -> Quantity | None:
    return leaf.value.quantity if isinstance(leaf.value, Fact) else None


def _leaf_cell(leaf: Leaf | None, column: ComparedColumn) -> ComparedCell:
    quantity = None if leaf is None else _figure_of(leaf)
    if leaf is None or quantity is None or not isinstance(leaf.value, Fact):
        return NOTHING
    return ComparedCell(
        text=leaf.value.shown(),
        value=quantity.value,
        reach=quantity.meant,
        origin="stated",
        about=leaf.source or "stated",
        leaf=leaf,
        of=_score_of(leaf, column),
        per=_counted(leaf, column, quantity),
        boundary=boundary_of(column.sheet, _row_of(leaf)) if leaf.path[-1] in ENERGIES else "",
    )


def _row_of(leaf: Leaf) -> int | None:
    return int(leaf.path[2]) if leaf.path[1:2] == ("operating_points",) else None


def _counted(leaf: Leaf, column: ComparedColumn, quantity: Quantity) -> str:
    """Return what a figure counts; a size on the chip is counted in tiles."""
    in_tiles = leaf.path[-1] in {"size_on_chip", "tiles"} and quantity.dimension == "count"
    return column.per("tiles" if in_tiles else str(leaf.path[-1]), whole=False)


def _score_of(leaf: Leaf, column: ComparedColumn) -> str:
    """Return what the score of the training section is, by the sheet's own words; empty for other figures."""
    training = column.sheet.hwa_training
    if leaf.path[0] != "hwa_training" or leaf.scale is None or training is None:
        return ""
    return training.accuracy_metric.words() if training.accuracy_metric is not None else ""


def _without_figures(columns: Sequence[ComparedColumn], figures: Sequence[ComparedRow]) -> Iterator[str]:
    """Say of what depends on hardware why a sheet beside devices has nothing, and why a device has nothing."""
    of_each = zip(columns, zip(*(row.cells for row in figures), strict=True), strict=False) if figures else ()
    empty = [column for column, cells in of_each if not any(cell.text for cell in cells)]
    for column in columns if not figures else empty:
        run = None if column.derivation is None else column.derivation.digital
        if column.device and run is not None and run.problem and not column.problem:
            yield f"{column.name}: no figures: {run.problem}"
        elif not column.device and not column.problem and any(other.device for other in columns):
            why = "" if column.derivation is None else column.derivation.chip.problem
            yield f"{column.name}: no figures of its own: it states none{f', and {why}' if why else ''}"


def _notes(columns: Sequence[ComparedColumn], rows: Sequence[ComparedRow]) -> Iterator[str]:
    for column in columns:
        if column.problem:
            yield f"{column.name}: nothing was recomputed: {column.problem}"
        yield from (f"left out, as it does not fit the schema: {line}" for line in column.left_out)
    figures = [row for row in rows if row.kind == "figure"]
    yield from _without_figures(columns, figures)
    told: dict[tuple[str, str], list[str]] = {}
    for row in figures:
        for column, cell in zip(columns, row.cells, strict=True):
            if cell.note:
                told.setdefault((column.name, cell.note), []).append(row.label.lower())
    yield from (f"{name}, {', '.join(labels)}: {note}" for (name, note), labels in told.items())
    if any(column.derivation is not None and column.derivation.digital is not None for column in columns):
        yield (
            "digital devices gain from larger batches, and estimates are of computing alone: compare at several points,"
            " such as `--at batch=64`"
        )
    if any(found is not None and found.ratio and found.unjudged for row in figures for found in row.compared):
        yield (
            "what includes another part of a machine, or rests on an assumed number format, is given as a multiple, and"
            " is neither judged nor drawn"
        )
    mixed = ({cell.origin for cell in row.cells if cell.origin is not None} for row in figures)
    if any("estimated" in origins and len(origins) > 1 for origins in mixed):
        yield "an estimate beside a stated figure is as good as its model: docs/validation.md has how good that is"
