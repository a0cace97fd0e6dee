"""Show how figures were recomputed: formula, inputs and arithmetic of each, numbered for figures to point to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.facts.plain_kinds import NOT_STATED
from factsheet.pages.back_matter import Working
from factsheet.pages.content.performance import POINTS, point_name, points_of
from factsheet.pages.content.results import result_place
from factsheet.pages.marks import agreement
from factsheet.quantities.quantity import grouped
from factsheet.readers.parts import general
from factsheet.sheet.labels import label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.parameters import OperatingPoint

MOST_LINES = 40
"""Arithmetic beyond this is cut, with a word on where the rest is."""
_DERIVED = "derived."


def workings(inputs: PageInputs, shown: Iterable[str]) -> tuple[Working, ...]:
    """Return the workings of figures that a page shows, in the order of `derive`; in the full view all.

    Args:
        inputs: what the page is made from.
        shown: the paths that are in the open part of the page.
    """
    wanted = {general(path) for path in shown}
    every = inputs.view.name in {"full", "hardware-researcher"}
    return tuple(
        _working(inputs, number, inputs.recomputed[path])
        for path, number in inputs.workings.items()
        if every or general(path) in wanted
    )


def _working(inputs: PageInputs, number: int, fact: DerivedFact) -> Working:
    compared = agreement(fact)
    claimed = inputs.fact(fact.path)
    verdict = None
    if compared is not None and claimed is not None:
        verdict = f"the sheet says {claimed.shown()}; {compared.words}"
    return Working(
        number=number,
        path=fact.path,
        label=_label(inputs, fact.path),
        value=fact.text,
        formula=fact.formula,
        verdict=verdict,
        inputs=tuple(f"{given.name} = {grouped(given.text)} ({given.source})" for given in fact.inputs),
        lines=_cut(tuple(map(grouped, fact.steps)), _command(inputs, fact.path)),
        note=fact.note or None,
    )


def _label(inputs: PageInputs, path: str) -> str:
    if path.startswith(_DERIVED):
        return label(path.removeprefix(_DERIVED).rpartition(".")[2])
    words = result_place(inputs, path) or inputs.words(path)
    point = _point(inputs, path)
    return words if point is None else f"{words}, {point_name(inputs, point)}"


def _point(inputs: PageInputs, path: str) -> OperatingPoint | None:
    """Return the operating point whose row a path is in; `None` where there is no other to confuse it with."""
    points = points_of(inputs)
    if len(points) <= 1 or not path.startswith(POINTS):
        return None
    return points[int(path.removeprefix(POINTS).partition("]")[0])]


def _command(inputs: PageInputs, path: str) -> str:
    """Return the command that shows a working in full."""
    command, point = f"factsheet derive --explain {path}", _point(inputs, path)
    if point is None:
        return command
    batch = "" if point.batch == NOT_STATED else f" --batch {point.batch}"
    return f"{command} --seq-len {point.seq_len}{batch}"


def _cut(lines: tuple[str, ...], command: str) -> tuple[str, ...]:
    if len(lines) <= MOST_LINES:
        return lines
    left = len(lines) - MOST_LINES + 1
    return (*lines[: MOST_LINES - 1], f"… {left} further lines: {command}")
