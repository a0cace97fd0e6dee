"""Lay out one part of the page: prose first, then tables, figures and lists, with what is computed beside the facts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.pages.content.business.digital_alternative import digital_table
from factsheet.pages.content.chip import chip_table, profile_table
from factsheet.pages.content.comparison import comparison_table, gains
from factsheet.pages.content.datasets import data_tables
from factsheet.pages.content.network import LISTED, layer_table, listed, network_tables
from factsheet.pages.content.performance import (
    POINTS,
    energy_of_a_million,
    point_table,
    points_without_figures,
)
from factsheet.pages.content.results import (
    OVER_NOISE,
    OVER_TIME,
    RESULTS,
    drift_table,
    noise_table,
    result_tables,
)
from factsheet.pages.content.role_tables import measured_table
from factsheet.pages.content.sensitivity import LAYERS, SOURCES, sensitivity_tables
from factsheet.pages.content.template_rows import own_lists
from factsheet.pages.figures.accuracy import accuracy_figures
from factsheet.pages.figures.crossbar import crossbar_figure
from factsheet.pages.figures.drift import drift_figure
from factsheet.pages.figures.field import field_figure
from factsheet.pages.figures.floor_plan import floor_figure
from factsheet.pages.figures.latency import latency_figure
from factsheet.pages.figures.lifecycle import lifecycle_figure
from factsheet.pages.figures.loss import loss_figure
from factsheet.pages.figures.sensitivity import sensitivity_figure
from factsheet.pages.figures.split import energy_figure, ops_figure
from factsheet.pages.model import FigureBlock, FiguresBlock, ListBlock, Note, ProseBlock, SectionBlock
from factsheet.pages.rows import LINE_LENGTH, row_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from factsheet.pages.inputs import PageInputs
    from factsheet.pages.model import Block, FactRow, TableBlock
    from factsheet.readers.views import Depth, FigureKey, TableKey
    from factsheet.sheet.walk import Placed

_OPERATIONS = "operation"
_OPENING = ("summary", "starting_point")
_ORIGIN = ".provenance.note"
_ASIDES = (".notes", ".references", ".reference", _ORIGIN)
"""What goes below a section instead of among its facts."""


def section(
    inputs: PageInputs, part: str, *, title: str, question: str, depth: Callable[[str], Depth | None]
) -> SectionBlock | None:
    """Return a part of the page at the given depths; `None` where there is nothing to show.

    Args:
        inputs: what the page is made from.
        part: key of the part.
        title: its heading.
        question: what it answers for the reader.
        depth: how deep to show a field; `None` leaves it out.
    """
    answered = [(path, placed) for path, placed in inputs.of_part(part) if placed.fact.absence is None]
    rows = [
        (path, placed)
        for path, placed in answered
        if not path.endswith(_ASIDES)
        and not path.startswith(tuple(f"{listed_rows}[" for listed_rows in LISTED))
    ]
    wanted = {path: found for path, _ in rows if (found := depth(path)) is not None}
    lists = {
        path: found
        for path, about in LISTED.items()
        if about.part == part and listed(inputs, path) and (found := depth(path)) is not None
    }
    facts = _blocks(inputs, [entry for entry in rows if entry[0] in wanted], wanted)
    blocks = (*facts, *network_tables(inputs, lists))
    alone = points_without_figures(inputs, depth) if part == _OPERATIONS else ()
    if not blocks and not alone:
        return None
    near = {path.rsplit(".", up)[0] for path in wanted for up in range(1, path.count(".") + 1)}
    notes = (note for parent, note in asides(inputs, part) if parent in near)
    return SectionBlock(part, title, question, blocks, tuple(dict.fromkeys((*alone, *notes))))


def asides(inputs: PageInputs, part: str) -> Iterator[tuple[str, Note]]:
    """Yield what is said below a section beside its facts, each with the path of what it is about."""
    for path, placed in inputs.of_part(part):
        if path.endswith(_ASIDES):
            parent = path.removesuffix(_ORIGIN) if path.endswith(_ORIGIN) else path.rsplit(".", 1)[0]
            yield parent, Note(inputs.words(path), " ".join(placed.fact.shown().split()))


def _blocks(
    inputs: PageInputs, found: Sequence[tuple[str, Placed]], wanted: dict[str, Depth]
) -> Iterator[Block]:
    points = [path for path, _ in found if path.startswith(POINTS)]
    scores = [path for path, _ in found if path.startswith(RESULTS)]
    times = [path for path, _ in found if path.startswith(OVER_TIME)]
    strengths = [path for path, _ in found if path.startswith(OVER_NOISE)]
    losses = [path for path, _ in found if path.startswith((LAYERS, SOURCES))]
    rows_of = (POINTS, RESULTS, OVER_TIME, OVER_NOISE, LAYERS, SOURCES)
    single = [(path, placed) for path, placed in found if not path.startswith(rows_of)]
    both = (
        *data_tables(inputs, [path for path, _ in single]),
        *own_lists(inputs, [path for path, _ in single]),
    )
    tabled = {path for table in both for path in table.paths}
    rows = _without_repeats(
        row_for(inputs, path, placed, wanted[path]) for path, placed in single if path not in tabled
    )
    groups: dict[str, list[FactRow]] = {"opening": [], "lines": [], "lists": [], "prose": []}
    for row in rows:
        groups[_group(row)].append(row)
    opening, lines, lists, prose = groups.values()
    yield from (ProseBlock(row, labelled=not row.path.endswith(".summary")) for row in opening)
    if points:
        yield point_table(inputs, points, _deepest(wanted[path] for path in points))
    if scores:
        yield from result_tables(inputs, _deepest(wanted[path] for path in scores))
    if times:
        yield drift_table(inputs, times)
    if strengths:
        yield noise_table(inputs, strengths)
    yield from sensitivity_tables(inputs, losses)
    yield from both
    if lines:
        yield FiguresBlock(tuple(lines))
    yield from (ListBlock(row) for row in lists)
    yield from (ProseBlock(row) for row in prose)


def _deepest(depths: Iterable[Depth]) -> Depth:
    return "full" if "full" in set(depths) else "short"


def _without_repeats(rows: Iterator[FactRow]) -> list[FactRow]:
    """Return the rows without those that repeat another one: training and test data often share their address."""
    kept: dict[tuple[str, str], FactRow] = {}
    for row in rows:
        first = kept.get((row.label, row.answer))
        kept[row.label, row.answer] = row if first is None else replace(first, also=(*first.also, row.path))
    return list(kept.values())


def _group(row: FactRow) -> str:
    """Return with which rows of its section a row is shown."""
    if row.path.rsplit(".", 1)[-1] in _OPENING:
        return "opening"
    if row.kind == "items":
        return "lines" if len(row.answer) <= LINE_LENGTH else "lists"
    return "prose" if row.kind == "prose" else "lines"


_FIGURES: dict[FigureKey, tuple[str, Callable[[PageInputs], FigureBlock | None]]] = {
    "crossbar": ("size", crossbar_figure),
    "floor": ("size", floor_figure),
    "ops": ("operation", ops_figure),
    "latency": ("operation", latency_figure),
    "energy": ("energy", energy_figure),
    "field": ("inference_hardware", field_figure),
    "drift": ("upkeep", drift_figure),
    "loss": ("accuracy", loss_figure),
    "sensitivity": ("robustness", sensitivity_figure),
}
"""The section that each drawing belongs to, and what makes it; accuracy has one drawing a result table."""
_TABLES: dict[TableKey, tuple[str, Callable[[PageInputs], TableBlock | None]]] = {
    "comparison": ("accuracy", comparison_table),
    "digital": ("energy", digital_table),
    "layers": ("size", layer_table),
    "chip": ("operation", chip_table),
    "profile": ("inference_hardware", profile_table),
    "measured": ("accuracy", measured_table),
}


def with_additions(inputs: PageInputs, made: SectionBlock) -> SectionBlock:
    """Return the section with the rows, tables and drawings that this view wants in it."""
    blocks = _with_rows(inputs, made)
    return replace(made, blocks=(*blocks, *additions_of(inputs, made.key)))


def additions_of(inputs: PageInputs, key: str) -> tuple[Block, ...]:
    """Return the tables and drawings that belong into a section."""
    return (*_tables(inputs, key), *_figures(inputs, key))


def lifecycle_section(inputs: PageInputs) -> tuple[SectionBlock, ...]:
    """Return the lifecycle as a section of its own, for the views that want it."""
    if "lifecycle" not in inputs.view.figures:
        return ()
    question = "Who knows these facts, and who needs them?"
    return (SectionBlock("lifecycle", "Lifecycle", question, (lifecycle_figure(inputs),)),)


def _tables(inputs: PageInputs, key: str) -> Iterator[TableBlock]:
    for name, (section, make) in _TABLES.items():
        table = make(inputs) if section == key and name in inputs.view.tables else None
        if table is not None:
            yield table


def _figures(inputs: PageInputs, key: str) -> Iterator[FigureBlock]:
    if key == "accuracy" and "accuracy" in inputs.view.figures:
        yield from accuracy_figures(inputs)
    for name, (section, make) in _FIGURES.items():
        figure = make(inputs) if section == key and name in inputs.view.figures else None
        if figure is not None:
            yield figure


def _with_rows(inputs: PageInputs, made: SectionBlock) -> tuple[Block, ...]:
    """Return the section's blocks, with figures worked out from several facts in front of its own."""
    if made.key != "energy":
        return made.blocks
    own: list[FactRow] = []
    row = energy_of_a_million(inputs)
    if row is not None and "energy_of_a_million" in inputs.view.key_figures:
        own.append(row)
    if "gains" in inputs.view.tables:
        own += gains(inputs)
    if not own:
        return made.blocks
    rows = (found for block in made.blocks if isinstance(block, FiguresBlock) for found in block.rows)
    others = (block for block in made.blocks if not isinstance(block, FiguresBlock))
    return (FiguresBlock((*own, *rows)), *others)
