"""Answer what a data scientist asks first in one table, and work out what an estimate gives at two lengths.

Figures come with all that has to travel with them, as on the first screen; what the sheet does not say is one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.pages.content.key_figures import figure_of
from factsheet.pages.content.score_figures import beside_scores
from factsheet.pages.errata import errata_on, erratum_text, is_disputed
from factsheet.pages.model import Note, TableBlock
from factsheet.pages.rows import answered
from factsheet.pages.score_tables import SIDES, main_table, split_in_a_note
from factsheet.quantities.quantity import format_value
from factsheet.recompute.comparisons.score_scales import table_scale
from factsheet.recompute.derivations.gains import MILLION, in_watt_hours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from factsheet.pages.first_screen import KeyFigure
    from factsheet.pages.inputs import PageInputs
    from factsheet.readers.views import KeyFigureKey
    from factsheet.recompute.operating_grid import GridPoint, OperatingGrid

    Length = Callable[[str], str]
    """Writes a length with its unit."""

_DIGITS = 3
_FEW_DIGITS = 2
"""Of an estimate whose constants have no more."""
_FEWEST = 2
"""Rows of a table; a single answer is found where it is."""


class TaskAnswer(NamedTuple):
    """One row; `text` is `None` where the sheet has no answer, `caveats` is what a reader must know with it."""

    question: str
    text: str | None
    basis: str = ""
    caveats: tuple[str, ...] = ()


def measured_table(inputs: PageInputs) -> TableBlock | None:
    """Return how the accuracy was measured: on what, on which split, against which baseline."""
    return _table(
        "How the accuracy was measured",
        (
            _figure(inputs, "Score of the analog model", "score"),
            _unstated(inputs),
            _figure(inputs, "Score of the baseline", "baseline_score"),
            _figure(inputs, "Difference", "gap"),
            _metric(inputs),
            _fact(inputs, "Data", "test_data.name"),
            _split(inputs),
            _examples(inputs),
            _fact(
                inputs,
                "Taken on",
                "inference_methodology.evaluation",
                "hardware.inference.evaluation_system",
            ),
            _fact(inputs, "Conditions", "performance.test_conditions"),
        ),
    )


_ASKED = {
    "Examples": "how many examples were tested on",
    "Taken on": "on what the scores were taken",
    "Conditions": "conditions of the test",
}
"""Questions that say too little without an answer."""


def _unstated(inputs: PageInputs) -> TaskAnswer | None:
    figure = inputs.scores.unstated
    if figure is None:
        return None
    return _of_figure("Score, not stated whether analog or digital", figure)


def _metric(inputs: PageInputs) -> TaskAnswer:
    """Return what the scores are; where no field says it, the metric of the table that is compared."""
    found = _fact(inputs, "Metric", "hwa_training.accuracy_metric", "performance.metrics")
    table = main_table(inputs)
    scale = None if table is None or found.text is not None else table_scale(table)
    return found if scale is None or not scale.metric else TaskAnswer("Metric", scale.metric)


def _split(inputs: PageInputs) -> TaskAnswer:
    """Return the split that was tested on; where no field says it, those that notes on the scores name."""
    found = _fact(inputs, "Split", "test_data.split")
    if found.text is not None:
        return found
    noted = {side: split for side in SIDES if (split := split_in_a_note(inputs, side)) is not None}
    words = "; ".join(f"{side} scores: {split} data" for side, split in noted.items())
    return TaskAnswer("Split", words or None, "notes of the sheet on its scores")


def _examples(inputs: PageInputs) -> TaskAnswer:
    """Return how many examples were tested on; none where an erratum says that the number is another one."""
    errata = tuple(erratum_text(erratum) for erratum in errata_on(inputs, "test_data.size"))
    if is_disputed(inputs, "test_data.size"):
        return TaskAnswer("Examples", None, caveats=errata)
    return _fact(inputs, "Examples", "test_data.size")._replace(caveats=errata)


def _table(caption: str, answers: Iterable[TaskAnswer | None]) -> TableBlock | None:
    asked = [answer for answer in answers if answer is not None]
    rows = tuple((found.question, found.text, found.basis) for found in asked if found.text is not None)
    if len(rows) < _FEWEST:
        return None
    missing = [_ASKED.get(found.question, found.question) for found in asked if found.text is None]
    named = ", ".join(question[:1].lower() + question[1:] for question in missing)
    notes = (*_caveats(asked), *((Note("Not in the sheet", f"{named}."),) if missing else ()))
    return TableBlock(
        caption, ("About", "The sheet says", "Holds for, and where it is from"), (), rows, notes=notes
    )


def _caveats(answers: Iterable[TaskAnswer]) -> Iterator[Note]:
    """Yield each caveat once, with the rows that it is about, and all that is about the same rows together."""
    about: dict[str, list[str]] = {}
    for answer in answers:
        for caveat in answer.caveats:
            about.setdefault(caveat, []).append(answer.question)
    joined: dict[tuple[str, ...], list[str]] = {}
    for caveat, questions in about.items():
        joined.setdefault(tuple(questions), []).append(caveat)
    for (first, *others), caveats in joined.items():
        names = (first, *(name[:1].lower() + name[1:] for name in others))
        yield Note(", ".join(names), " ".join(caveats))


def _fact(inputs: PageInputs, question: str, *paths: str) -> TaskAnswer:
    """Return the answer of the first of these fields that has one."""
    row = next((row for path in paths if (row := answered(inputs, path)) is not None), None)
    if row is None:
        return TaskAnswer(question, None)
    cut = " …" if row.shortened and row.kind == "prose" else ""
    return TaskAnswer(question, f"{row.answer}{cut}", row.provenance.text)


def _figure(inputs: PageInputs, question: str, key: KeyFigureKey) -> TaskAnswer:
    figure, scores = figure_of(inputs, key), inputs.scores
    if figure is not None and key == "gap":
        figure = beside_scores(figure, [one for one in (scores.analog, scores.digital) if one is not None])
    return TaskAnswer(question, None) if figure is None else _of_figure(question, figure)


def _of_figure(question: str, figure: KeyFigure) -> TaskAnswer:
    basis = "; ".join(part for part in (figure.condition, figure.provenance) if part)
    return TaskAnswer(question, figure.value, basis, tuple(caveat.text for caveat in figure.caveats))


def two_lengths(grid: OperatingGrid | None, *, length: Length | None) -> TaskAnswer | None:
    """Return the time of one input at the published length, and at the longest that the chip is designed for.

    Of a network whose work depends on no length there is one time, and no length is named.
    """
    if grid is None or not grid.has_latency:
        return None
    times = "; ".join(
        f"{format_value(point.latency_s, 'time', _DIGITS)}{_at_length(point, length)}"
        for point in _points(grid, lengths=length is not None)
        if point.latency_s is not None
    )
    basis = f"a batch of {min(grid.batches)}; {_estimated(grid)}"
    return TaskAnswer("Time of one input, estimated", times, basis) if times else None


def million_by_length(grid: OperatingGrid | None, *, length: Length | None) -> TaskAnswer | None:
    """Return the energy of a million answers at the same two lengths, by the model of the chip."""
    if grid is None:
        return None
    energies = "; ".join(
        in_watt_hours(MILLION * point.energy_j / point.batch, _FEW_DIGITS) + _at_length(point, length)
        for point in _points(grid, lengths=length is not None)
        if point.energy_j is not None
    )
    if not energies:
        return None
    return TaskAnswer(
        "Energy of a million answers, estimated", energies, f"the chip alone; {_estimated(grid)}"
    )


def _estimated(grid: OperatingGrid) -> str:
    return f"estimated with the chip model {grid.chip}"


def _points(grid: OperatingGrid, *, lengths: bool) -> tuple[GridPoint, ...]:
    points = tuple(_at_two_lengths(grid))
    return points if lengths else points[:1]


def _at_length(point: GridPoint, length: Length | None) -> str:
    return "" if length is None else f" for {length(f'{point.seq_len:,}')}"


def _at_two_lengths(grid: OperatingGrid) -> Iterator[GridPoint]:
    """Yield the point of the published length, and that of the longest within the design, at the smallest batch."""
    batch = min(grid.batches)
    points = [point for length in grid.seq_lens if (point := grid.at(length, batch)) is not None]
    timed = [point for point in points if point.latency_s is not None or point.energy_j is not None]
    longest = None if grid.design is None else grid.design.seq_len
    within = [point for point in timed if longest is None or point.seq_len <= longest] or timed
    if not within:
        return
    published = None if grid.published is None else grid.published.seq_len
    first = next((point for point in within if point.seq_len == published), within[0])
    yield first
    if within[-1] is not first:
        yield within[-1]
