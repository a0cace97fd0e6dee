"""Lay out the operating points: what a run takes at each sequence length and batch, and the energy of many runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.facts.plain_kinds import NOT_STATED
from factsheet.pages.content.glossary import words_for
from factsheet.pages.marks import SYMBOLS, FactProvenance, derived_text, unsigned_note
from factsheet.pages.model import FactRow, Note, TableBlock
from factsheet.pages.rows import holds_at, row_for
from factsheet.quantities.quantity import format_value, grouped
from factsheet.recompute.derivations.gains import MILLION, energy_of_answers, in_watt_hours, watt_hours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from factsheet.pages.inputs import PageInputs
    from factsheet.readers.views import Depth
    from factsheet.sheet.parameters import OperatingPoint

_DIGITS = 3


def energy_of_a_million(inputs: PageInputs) -> FactRow | None:
    """Return the energy of a million answers of the chip alone; `None` where the sheet gives none for one."""
    found = energy_of_answers(inputs.sheet, MILLION)
    if found is None:
        return None
    energy, hours = format_value(found.energy_j, "energy", _DIGITS), watt_hours(found.energy_j)
    paid = in_watt_hours(found.energy_j, _DIGITS - 1 if hours < 1 else _DIGITS)
    return FactRow(
        path="views.energy_of_a_million",
        label="Energy of a million answers",
        kind="figure",
        paragraphs=(f"{paid} for the chip alone",),
        depth="full",
        provenance=FactProvenance(f"derived from {found.words}", kind="derived"),
        holds_at=holds_at(found.at, lengths=not inputs.without_length),
        note=f"{grouped(found.formula)} = {energy}, and 1 Wh is 3,600 J. "
        f"Electricity of the chip, without host and programming: {_plain(hours / 1000)}.",
    )


def _plain(value: float) -> str:
    """Return how many kilowatt-hours that is in words: a price is multiplied with it by hand, where it comes to any."""
    if value < _NOTHING_TO_PAY:
        return "less than a thousandth of the price of a kilowatt-hour"
    digits = f"{float(f'{value:.2g}'):.12f}".rstrip("0").rstrip(".")
    return f"{digits} times the price of a kilowatt-hour"


_NOTHING_TO_PAY = 1e-3
"""kWh, which cost less than a tenth of a cent anywhere."""


POINTS = "parameters.operating_points["
_FIGURES = (
    "total_ops",
    "analog_ops",
    "digital_ops",
    "execution_time",
    "throughput",
    "power",
    "energy",
    "energy_efficiency",
)
_MOST_COLUMNS = 4
_NOTHING = "–"
WORKED_OUT = "(derived here)"
"""Shown with a figure that the sheet does not give but that follows from the rest of it."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """One figure at one point: as the sheet gives it, or as it follows from the rest."""

    text: str
    row: FactRow | None


def points_of(inputs: PageInputs) -> tuple[OperatingPoint, ...]:
    """Return the sheet's operating points."""
    parameters = inputs.sheet.parameters
    return () if parameters is None else tuple(parameters.operating_points or ())


def points_without_figures(inputs: PageInputs, depth: Callable[[str], Depth | None]) -> tuple[Note, ...]:
    """Return what is said of operating points where none of them holds a figure, so that there is no table of them."""
    points = points_of(inputs)
    tabled = any(
        path.startswith(POINTS) and found.fact.absence is None for path, found in inputs.placed.items()
    )
    if tabled or depth(f"{POINTS}0].{_FIGURES[0]}") is None:
        return ()
    return tuple(note for point in points for note in _notes_of_point(inputs, point))


def point_name(inputs: PageInputs, point: OperatingPoint) -> str:
    """Return an operating point in words: `sequence length 32, batch of 4`; no length where the network has none."""
    batch = "batch not stated" if point.batch == NOT_STATED else f"batch of {point.batch:,}"
    words = batch if inputs.without_length else f"sequence length {point.seq_len:,}, {batch}"
    return words if point.name is None else f"{point.name} ({words})"


def point_table(inputs: PageInputs, paths: Sequence[str], depth: Depth) -> TableBlock:
    """Return the table of the figures at `paths`; points are its columns while they are few.

    Shown in full, it also has what recomputation gives for figures that the sheet leaves out.
    """
    points = points_of(inputs)
    rows = {path: row_for(inputs, path, inputs.placed[path], depth) for path in paths}
    stated = {row.provenance.text for row in rows.values()}
    usual = stated.pop() if len(stated) == 1 else None
    grid = {
        name: [_cell(inputs, rows, f"{POINTS}{index}].{name}", usual) for index in range(len(points))]
        for name in _FIGURES
    }
    # A field folded away for this view must not come back as a derived figure.
    kept = {
        name: cells
        for name, cells in grid.items()
        if any(cell.row for cell in cells)
        or (depth == "full" and _is_full(inputs, name) and any(c.text != _NOTHING for c in cells))
    }
    plain = not inputs.view.knows_hardware
    names = [words_for(f"{POINTS}*].{name}", plain=plain) for name in kept]
    heads = [_upper(point_name(inputs, point)) for point in points]
    texts = [[cell.text for cell in cells] for cells in kept.values()]
    if len(points) <= _MOST_COLUMNS:
        header, lines = ("At", *heads), [(name, *row) for name, row in zip(names, texts, strict=True)]
    else:
        header = ("At", *names)
        lines = [(head, *(row[index] for row in texts)) for index, head in enumerate(heads)]
    derived = any(cell.row is None and cell.text != _NOTHING for cells in kept.values() for cell in cells)
    notes = [*_notes(inputs, points, rows), *_notes_of_derived(inputs, points, kept)]
    if inputs.estimates.run_energy is not None and "energy" in kept and "energy" not in inputs.view.figures:
        notes.append(Note("Energy for the batch", inputs.estimates.run_energy))
    return TableBlock(
        caption="Operating points",
        header=header,
        numeric=tuple(range(1, len(header))),
        rows=tuple(lines),
        provenance=_provenance(usual, texts, derived=derived),
        notes=tuple(notes) if depth == "full" else (),
        paths=tuple(paths),
        shortened=depth != "full" and bool(notes),
    )


def _is_full(inputs: PageInputs, name: str) -> bool:
    return inputs.view.depth(f"{POINTS}*].{name}") == "full"


def _cell(inputs: PageInputs, rows: dict[str, FactRow], path: str, usual: str | None) -> _Cell:
    row = rows.get(path)
    if row is not None:
        stated = row.answer if usual is not None else f"{row.answer} ({row.provenance.text})"
        return _Cell(stated if row.agreement is None else f"{stated} {SYMBOLS[row.agreement.check]}", row)
    worked_out = derived_text(inputs.recomputed.get(path)) if path not in inputs.placed else None
    return _Cell(_NOTHING if worked_out is None else f"{worked_out} {WORKED_OUT}", None)


def _provenance(usual: str | None, texts: list[list[str]], *, derived: bool) -> str | None:
    stated = "" if usual is None else f"All {usual}{', unless a cell says otherwise' if derived else ''}."
    return (
        " ".join(part for part in (stated, unsigned_note(cell for row in texts for cell in row)) if part)
        or None
    )


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _notes(inputs: PageInputs, points: Sequence[OperatingPoint], rows: dict[str, FactRow]) -> Iterator[Note]:
    for path, row in rows.items():
        index = int(path.removeprefix(POINTS).partition("]")[0])
        about = f"{row.label}, {point_name(inputs, points[index])}" if len(points) > 1 else row.label
        if row.agreement is not None:
            yield Note(about, row.agreement.words)
        if row.note is not None:
            yield Note(about, row.note)
    for point in points:
        yield from _notes_of_point(inputs, point)


def _notes_of_derived(
    inputs: PageInputs, points: Sequence[OperatingPoint], kept: Mapping[str, Sequence[_Cell]]
) -> Iterator[Note]:
    """Yield what has to be known with figures that the sheet does not give: how they fit with those that it gives."""
    plain = not inputs.view.knows_hardware
    for name, cells in kept.items():
        for index, cell in enumerate(cells):
            fact = inputs.recomputed.get(f"{POINTS}{index}].{name}")
            if cell.row is None and cell.text != _NOTHING and fact is not None and fact.note:
                label = words_for(f"{POINTS}*].{name}", plain=plain)
                about = f"{label}, {point_name(inputs, points[index])}" if len(points) > 1 else label
                yield Note(f"{about}, derived here", f"{_upper(inputs.named_fields(fact.note)).rstrip('.')}.")


def _notes_of_point(inputs: PageInputs, point: OperatingPoint) -> Iterator[Note]:
    if point.counting is not None:
        yield Note("Operations counted as", f"{point.counting} ({point_name(inputs, point)})")
    if point.note is not None:
        yield Note(_upper(point_name(inputs, point)), " ".join(point.note.split()))
