"""Find the errata of the source that affect a figure or a table, so that they are shown wherever it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.pages.text import without_stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.pages.inputs import PageInputs
    from factsheet.sheet.performance import ResultTable
    from factsheet.sheet.references import Erratum


_LONGEST_READING = 64


def errata_on(inputs: PageInputs, *paths: str) -> Iterator[Erratum]:
    """Yield the errata on these fields, and on what the fields are made of."""
    for erratum in inputs.sheet.errata or ():
        if any(_concerns(erratum, path) for path in paths):
            yield erratum


def disputed_tasks(inputs: PageInputs, table: ResultTable) -> Iterator[tuple[str, str]]:
    """Yield each task of a table with what to put behind its scores: ` (erratum)`, or nothing."""
    tables = () if inputs.sheet.performance is None else tuple(inputs.sheet.performance.results or ())
    place = next((f"performance.results[{index}]" for index, one in enumerate(tables) if one is table), "")
    for row, task in enumerate(table.tasks):
        paths = (f"{place}.tasks[{row}].scores.{system.id}" for system in table.systems)
        yield task.task, " (erratum)" if any(True for _ in errata_on(inputs, *paths)) else ""


def is_disputed(inputs: PageInputs, path: str) -> bool:
    """Return whether an erratum is on this very field, and the sheet does not say how it reads it."""
    return any(erratum.at == path and erratum.reading is None for erratum in inputs.sheet.errata or ())


def reading_of(inputs: PageInputs, path: str) -> str | None:
    """Return as what the sheet reads a figure that its source got wrong, in a few words for the figure's side.

    `None` where it reads it as it is, or takes more words than a figure has room for.
    """
    found = (erratum.reading for erratum in inputs.sheet.errata or () if erratum.at == path)
    words = without_stop(" ".join(next((reading for reading in found if reading), "").split()))
    if not words or len(words) > _LONGEST_READING:
        return None
    return words if words[1:2].isupper() else f"{words[:1].lower()}{words[1:]}"


def erratum_text(erratum: Erratum, *, with_reading: bool = True) -> str:
    """Return an erratum in a few sentences, what it means for a reader first; never cut.

    Args:
        erratum: the erratum.
        with_reading: whether to say how the sheet reads it; not where that is beside the figure already.
    """
    reading = f" Read as: {erratum.reading}" if with_reading and erratum.reading is not None else ""
    return " ".join(f"{erratum.consequence or ''} {erratum.problem}{reading}".split())


def erratum_in_short(erratum: Erratum) -> str:
    """Return what an erratum means for a reader, in one sentence; empty where the sheet does not say it."""
    return " ".join((erratum.consequence or "").split())


def _concerns(erratum: Erratum, path: str) -> bool:
    """Return whether an erratum is about a field, about what holds it, or unsettled about a part of it.

    One that says how the sheet reads its field settles it for whatever is made from that field.
    """
    at = erratum.at
    if at == path or path.startswith((f"{at}.", f"{at}[")):
        return True
    if erratum.reading is not None:
        return False
    table, averages, system = path.partition(".averages.")
    if averages:
        # One wrong score makes the average of its own system wrong, and no other.
        return at.startswith(f"{table}.tasks[") and at.endswith((f".scores.{system}", ".scores"))
    return at.startswith((f"{path}.", f"{path}["))
