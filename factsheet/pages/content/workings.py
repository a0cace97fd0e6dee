"""How figures were recomputed: formula, inputs and arithmetic of each, numbered so that a figure can point to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.pages.back_matter import Working
from factsheet.pages.content.glossary import words_for
from factsheet.pages.content.results import result_place
from factsheet.pages.marks import agreement
from factsheet.readers.parts import general
from factsheet.sheet.labels import label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.facts import DerivedFact

MOST_LINES = 40
"""Arithmetic beyond this is cut, with a word on where the rest is."""
_DERIVED = "derived."


def workings(material: PageInputs, told: Iterable[str]) -> tuple[Working, ...]:
    """Those of figures that a page tells, in the order in which `derive` lists them; in the full view all.

    Args:
        material: what the page is made from.
        told: the paths that stand in the open part of the page.
    """
    wanted = {general(path) for path in told}
    every = material.view.name in {"full", "hardware-researcher"}
    return tuple(
        _working(material, number, material.recomputed[path])
        for path, number in material.workings.items()
        if every or general(path) in wanted
    )


def _working(material: PageInputs, number: int, fact: DerivedFact) -> Working:
    compared = agreement(fact)
    claimed = material.fact(fact.path)
    verdict = None
    if compared is not None and claimed is not None:
        verdict = f"the sheet says {claimed.words()}; {compared.words}"
    return Working(
        number=number,
        path=fact.path,
        label=_label(material, fact.path),
        value=fact.text,
        formula=fact.formula,
        verdict=verdict,
        inputs=tuple(f"{given.name} = {given.text} ({given.source})" for given in fact.inputs),
        lines=_cut(tuple(fact.steps), fact.path),
        note=fact.note or None,
    )


def _label(material: PageInputs, path: str) -> str:
    if path.startswith(_DERIVED):
        return label(path.removeprefix(_DERIVED).rpartition(".")[2])
    return result_place(material, path) or words_for(path, plain=not material.view.knows_hardware)


def _cut(lines: tuple[str, ...], path: str) -> tuple[str, ...]:
    if len(lines) <= MOST_LINES:
        return lines
    left = len(lines) - MOST_LINES + 1
    return (*lines[: MOST_LINES - 1], f"… {left} further lines: factsheet derive --explain {path}")
