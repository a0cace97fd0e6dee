"""Lay out what the model can be compared with: digital systems, the model that it starts from, a GPU's figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.pages.content.results import RESULTS, column_provenance
from factsheet.pages.errata import errata_on
from factsheet.pages.marks import FactProvenance
from factsheet.pages.model import FactRow, TableBlock
from factsheet.pages.rows import answered
from factsheet.quantities.quantity import format_value
from factsheet.recompute.derivations.gains import (
    MILLION,
    energy_gain,
    in_watt_hours,
    speed_gain,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.derivations.gains import Rival

_BASELINE = "performance.energy_baseline"
_SPEED: tuple[tuple[Rival, str], ...] = (("throughput_gpu", "a CPU with a GPU"), ("throughput_cpu", "a CPU"))
_DIGITS = 3


def gains(inputs: PageInputs) -> Iterator[FactRow]:
    """Yield what is gained over digital hardware, as rows: only where the sheet gives both sides."""
    gain = energy_gain(inputs.sheet)
    if gain is not None:
        efficiency = format_value(gain.digital, "inferences_per_second_per_watt", _DIGITS)
        yield _row(
            "views.energy_of_a_million_baseline",
            "Energy of a million answers on the digital alternative",
            f"{in_watt_hours(MILLION / gain.digital)}, {gain.factor:.3g} times as much",
            f"1,000,000 ÷ {efficiency}, and 1 Wh is 3,600 J.",
        )
    for field, on in _SPEED:
        faster = speed_gain(inputs.sheet, field)
        if faster is not None:
            yield _row(
                f"views.speed_over_{field.rpartition('_')[2]}",
                f"Answers in the same time, compared with {on}",
                f"{faster.factor:.3g} times as many",
                None,
            )


def _row(path: str, label: str, text: str, note: str | None) -> FactRow:
    provenance = FactProvenance("derived from the figures of both", kind="derived")
    return FactRow(path, label, "figure", (text,), "full", provenance, note=note)


def comparison_table(inputs: PageInputs) -> TableBlock | None:
    """Return what to compare with, and where to find it; `None` where the sheet names nothing."""
    rows = list(_systems(inputs))
    for path, what in (
        ("model_architecture.base_model", "the model it was built from"),
        ("hwa_training.baseline_accuracy", "score of the digital baseline"),
        (_BASELINE, "energy efficiency of the digital baseline"),
    ):
        row = answered(inputs, path)
        if row is not None:
            known = "" if row.note is None else f"; {row.note}"
            rows.append((row.answer, f"{what}{known}", row.provenance.text))
    if not rows:
        return None
    return TableBlock("What to compare with", ("Compare with", "What it is", "From"), (), tuple(rows))


def _systems(inputs: PageInputs) -> Iterator[tuple[str, str, str]]:
    """Yield the digital systems of the result tables, each with its table and provenance."""
    performance = inputs.sheet.performance
    for index, table in enumerate(() if performance is None else performance.results or ()):
        for system in table.systems:
            if system.kind == "digital":
                errata = tuple(errata_on(inputs, f"{RESULTS}{index}].averages.{system.id}"))
                known = "; has an erratum, in words with the scores" if errata else ""
                yield (
                    system.name,
                    f"scores in the table “{table.name}”{known}",
                    column_provenance(inputs, system).text,
                )
