"""The rows of one part of the page, laid out: prose first, then tables, figures, lists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.views.data_table import data_tables
from factsheet.views.drift_table import OVER_TIME, drift_table
from factsheet.views.network_table import LISTED, listed, network_tables
from factsheet.views.page import FiguresBlock, ListBlock, Note, ProseBlock, SectionBlock
from factsheet.views.point_table import POINTS, point_table, points_without_figures
from factsheet.views.result_table import RESULTS, result_tables
from factsheet.views.rows import LINE_LENGTH, row_for
from factsheet.views.words import words_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from factsheet.sheet.walk import Placed
    from factsheet.views.material import Material
    from factsheet.views.page import Block, Depth, FactRow

_ARCHITECTURE = "architecture"
_OPERATIONS = "operation"
_OPENING = ("summary", "starting_point")
_ORIGIN = ".provenance.note"
_ASIDES = (".notes", ".references", ".reference", _ORIGIN)
"""What goes below a section instead of among its facts."""


def section(
    material: Material, part: str, title: str, question: str, depth: Callable[[str], Depth | None]
) -> SectionBlock | None:
    """A part of the page at the given depths; `None` where there is nothing to show.

    Args:
        material: what the page is made from.
        part: key of the part.
        title: its heading.
        question: what it answers for the reader.
        depth: how deep to show a field; `None` leaves it out.
    """
    answered = [(path, placed) for path, placed in material.of_part(part) if placed.fact.absence is None]
    rows = [(path, placed) for path, placed in answered if not path.endswith(_ASIDES)]
    wanted = {path: found for path, _ in rows if (found := depth(path)) is not None}
    lists = {
        path: found
        for path in (LISTED if part == _ARCHITECTURE else ())
        if listed(material, path) and (found := depth(path)) is not None
    }
    facts = _blocks(material, [entry for entry in rows if entry[0] in wanted], wanted)
    blocks = (*facts, *network_tables(material, lists))
    alone = points_without_figures(material, depth) if part == _OPERATIONS else ()
    if not blocks and not alone:
        return None
    near = {path.rsplit(".", up)[0] for path in wanted for up in range(1, path.count(".") + 1)}
    notes = (note for parent, note in asides(material, part) if parent in near)
    return SectionBlock(part, title, question, blocks, tuple(dict.fromkeys((*alone, *notes))))


def asides(material: Material, part: str) -> Iterator[tuple[str, Note]]:
    """What is said below a part beside its facts, each with the path of what it is said of."""
    plain = not material.view.knows_hardware
    for path, placed in material.of_part(part):
        if path.endswith(_ASIDES):
            parent = path.removesuffix(_ORIGIN) if path.endswith(_ORIGIN) else path.rsplit(".", 1)[0]
            yield parent, Note(words_for(path, plain=plain), " ".join(placed.fact.words().split()))


def _blocks(
    material: Material, found: Sequence[tuple[str, Placed]], wanted: dict[str, Depth]
) -> Iterator[Block]:
    points = [path for path, _ in found if path.startswith(POINTS)]
    scores = [path for path, _ in found if path.startswith(RESULTS)]
    times = [path for path, _ in found if path.startswith(OVER_TIME)]
    single = [(path, placed) for path, placed in found if not path.startswith((POINTS, RESULTS, OVER_TIME))]
    both = data_tables(material, [path for path, _ in single])
    tabled = {path for table in both for path in table.paths}
    rows = _once(
        row_for(material, path, placed, wanted[path]) for path, placed in single if path not in tabled
    )
    opening = [row for row in rows if row.path.rsplit(".", 1)[-1] in _OPENING]
    lines = [row for row in rows if row not in opening and _fits_a_cell(row)]
    lists = [row for row in rows if row.kind == "items" and row not in lines]
    prose = [row for row in rows if row not in opening and row not in lines and row not in lists]
    yield from (ProseBlock(row, labelled=not row.path.endswith(".summary")) for row in opening)
    if points:
        yield point_table(material, points, _deepest(wanted[path] for path in points))
    if scores:
        yield from result_tables(material, _deepest(wanted[path] for path in scores))
    if times:
        yield drift_table(material, times)
    yield from both
    if lines:
        yield FiguresBlock(tuple(lines))
    yield from (ListBlock(row) for row in lists)
    yield from (ProseBlock(row) for row in prose)


def _deepest(depths: Iterable[Depth]) -> Depth:
    return "full" if "full" in set(depths) else "short"


def _once(rows: Iterator[FactRow]) -> list[FactRow]:
    """The rows without those that say what another one says: training and test data often share their address."""
    kept: dict[tuple[str, str], FactRow] = {}
    for row in rows:
        first = kept.get((row.label, row.answer))
        kept[row.label, row.answer] = row if first is None else replace(first, also=(*first.also, row.path))
    return list(kept.values())


def _fits_a_cell(row: FactRow) -> bool:
    return len(row.answer) <= LINE_LENGTH if row.kind == "items" else row.kind != "prose"
