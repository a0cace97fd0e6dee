"""What a section gets beside its facts: drawings, and tables and rows made of several facts or computed from them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.views.chip_table import chip_table
from factsheet.views.comparison import comparison_table, gains
from factsheet.views.energy import energy_of_a_million
from factsheet.views.figures.accuracy import accuracy_figures
from factsheet.views.figures.crossbar import crossbar_figure, floor_figure
from factsheet.views.figures.lifecycle import lifecycle_figure
from factsheet.views.figures.over_time import drift_figure, latency_figure
from factsheet.views.figures.split import energy_figure, ops_figure
from factsheet.views.layer_table import layer_table
from factsheet.views.page import FigureBlock, FiguresBlock, SectionBlock
from factsheet.views.profile_table import profile_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from factsheet.views.material import Material
    from factsheet.views.page import Block, FactRow, TableBlock
    from factsheet.views.view import FigureKey, TableKey

_FIGURES: dict[FigureKey, tuple[str, Callable[[Material], FigureBlock | None]]] = {
    "crossbar": ("size", crossbar_figure),
    "floor": ("size", floor_figure),
    "ops": ("operation", ops_figure),
    "latency": ("operation", latency_figure),
    "energy": ("energy", energy_figure),
    "drift": ("upkeep", drift_figure),
}
"""The section that each drawing belongs to, and what makes it; accuracy has one drawing a result table."""
_TABLES: dict[TableKey, tuple[str, Callable[[Material], TableBlock | None]]] = {
    "comparison": ("accuracy", comparison_table),
    "layers": ("size", layer_table),
    "chip": ("operation", chip_table),
    "profile": ("inference_hardware", profile_table),
}


def with_extras(material: Material, made: SectionBlock) -> SectionBlock:
    """The section with the rows, tables and drawings that this view wants in it."""
    blocks = _with_rows(material, made)
    return replace(made, blocks=(*blocks, *of_section(material, made.key)))


def of_section(material: Material, key: str) -> tuple[Block, ...]:
    """The tables and drawings that belong into a section."""
    return (*_tables(material, key), *_figures(material, key))


def lifecycle_section(material: Material) -> tuple[SectionBlock, ...]:
    """The lifecycle as a section of its own, for the views that want it."""
    if "lifecycle" not in material.view.figures:
        return ()
    question = "Who knows these facts, and who needs them?"
    return (SectionBlock("lifecycle", "Lifecycle", question, (lifecycle_figure(material),)),)


def _tables(material: Material, key: str) -> Iterator[TableBlock]:
    for name, (section, make) in _TABLES.items():
        table = make(material) if section == key and name in material.view.tables else None
        if table is not None:
            yield table


def _figures(material: Material, key: str) -> Iterator[FigureBlock]:
    if key == "accuracy" and "accuracy" in material.view.figures:
        yield from accuracy_figures(material)
    for name, (section, make) in _FIGURES.items():
        figure = make(material) if section == key and name in material.view.figures else None
        if figure is not None:
            yield figure


def _with_rows(material: Material, made: SectionBlock) -> tuple[Block, ...]:
    """The section's blocks, with figures worked out from several facts in front of its own."""
    if made.key != "energy":
        return made.blocks
    own: list[FactRow] = []
    row = energy_of_a_million(material)
    if row is not None and "energy_of_a_million" in material.view.headlines:
        own.append(row)
    if "gains" in material.view.tables:
        own += gains(material)
    if not own:
        return made.blocks
    rows = (found for block in made.blocks if isinstance(block, FiguresBlock) for found in block.rows)
    others = (block for block in made.blocks if not isinstance(block, FiguresBlock))
    return (FiguresBlock((*own, *rows)), *others)
