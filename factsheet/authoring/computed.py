"""Work out the facts that a sheet can be given without asking anybody: those that follow from what it states.

Two kinds follow: what the network and the sheet's own figures imply, and what the cost model estimates on a chip.
Both are `derived`, and the note of each says how it was computed and what it rests on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from factsheet.authoring.found import Found, fact_at
from factsheet.authoring.generation import OF_A_PASS, pass_in_words
from factsheet.authoring.score_averages import is_mean_of_unlike, mean_text
from factsheet.errors import DeriveError, UsageError, WorkloadError
from factsheet.recompute.claims import COMPUTED, ESTIMATED
from factsheet.recompute.engine import recompute
from factsheet.recompute.facts import DERIVED
from factsheet.recompute.request import Request
from factsheet.recompute.verdict import UNCLAIMED
from factsheet.sheet.answers import steps_of
from factsheet.sheet.parameters import OperatingPoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.facts import DerivedFact
    from factsheet.recompute.points import ChosenPoint
    from factsheet.recompute.verdict import Verdict
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath
    from factsheet.source.dumping import Data

_ROWS = ("parameters", "operating_points")
_COUNTED = ("digital_ops", "total_ops")
"""Figures that depend on the convention of counting."""
_MOST_EXACT = 10**15
"""Whole numbers up to this are written in full."""


class Computed(NamedTuple):
    """A fact that was computed, and how the sheet's own figure at its place compares."""

    found: Found
    verdict: Verdict


def computed_facts(sheet: SheetFields, request: Request | None = None) -> tuple[Found, ...]:
    """Return the facts that follow from a sheet, whether it states them already or not.

    Args:
        sheet: the sheet.
        request: an operating point, a chip, or a model to read the network from; by default all is as the sheet says.

    Raises:
        DeriveError: a sequence length or batch is out of range.
        WorkloadError: the request's model cannot be read.
        UsageError: the request names another chip than the sheet.
    """
    return tuple(one.found for one in computed_with_verdicts(sheet, request))


def computed_with_verdicts(sheet: SheetFields, request: Request | None = None) -> tuple[Computed, ...]:
    """Return the facts that follow from a sheet, each with the verdict on the sheet's own figure; see `computed_facts`.

    Of two that belong at one place, what the sheet's own figures imply comes before what the cost model estimates.

    Raises:
        FactsheetError: as `computed_facts`.
    """
    request = request or Request()
    first = recompute(sheet, request)
    if first.chip.another:
        stated = sheet.hardware.inference.profile if sheet.hardware and sheet.hardware.inference else None
        raise UsageError(
            f"the sheet is about the chip `{stated.words() if stated else ''}`, and another one is asked for",
            "a figure of another chip would be wrong in it",
            "leave --hardware out; `factsheet derive --hardware PROFILE` shows what another chip would give",
            place="--hardware",
        )
    facts: dict[KeyPath, Computed] = {}
    for derivation in (first, *_further_points(sheet, request, first)):
        for one in _of_point(sheet, derivation):
            facts.setdefault(one.found.path, one)
    return tuple(facts.values())


def _further_points(sheet: SheetFields, request: Request, first: Derivation) -> Iterator[Derivation]:
    if request.seq_len is not None or request.batch is not None:
        return
    for index, row in enumerate((sheet.parameters and sheet.parameters.operating_points) or ()):
        if index == first.point.index or not isinstance(row.batch, int):
            continue
        try:
            derivation = recompute(sheet, replace(request, seq_len=int(row.seq_len), batch=int(row.batch)))
        except (DeriveError, WorkloadError):  # the first point has shown that the rest can be worked out
            continue
        if derivation.point.index == index:
            yield derivation


def _of_point(sheet: SheetFields, derivation: Derivation) -> Iterator[Computed]:
    row = _new_row(sheet, derivation)
    convention = _convention(derivation, row)
    of_a_pass = pass_in_words(sheet, derivation.point)
    # What the cost model gave the sheet is its to renew, not that of identities over its own figures.
    renewed = {fact.path for fact in derivation.chip_facts if fact.text and _is_estimated(fact)}
    implied = (fact for fact in derivation.facts if not (_is_estimated(fact) and fact.path in renewed))
    for fact in (*implied, *derivation.chip_facts):
        assumed = _is_assumed(fact) or is_mean_of_unlike(sheet, fact)
        assumed = assumed or (derivation.chip.profile is not None and _rounds_estimates(sheet, fact))
        path = None if fact.derived is None or assumed else _place(fact, row)
        if path is not None and not (_is_at_point(path, fact) and _is_open(derivation.point)):
            if row is not None and path[:3] == row.path:
                yield Computed(row, UNCLAIMED)
            if convention is not None and path[:3] == convention.path[:3] and path[-1] in _COUNTED:
                yield Computed(convention, UNCLAIMED)
            passes = of_a_pass if fact.name in OF_A_PASS else ""
            yield Computed(
                _found(fact, path, derivation, mean_text(sheet, fact), passes=passes), fact.verdict
            )


def _is_estimated(fact: DerivedFact) -> bool:
    return fact.claim is not None and fact.claim.estimated


def _new_row(sheet: SheetFields, derivation: Derivation) -> Found | None:
    """Return the row of an operating point that the sheet does not have; `None` where it has it or none is complete."""
    point = derivation.point
    known = point.index is not None and (point.row is None or point.row.batch == point.batch)
    if known or _is_open(point):
        return None
    number = len((sheet.parameters and sheet.parameters.operating_points) or ())
    length: dict[str, Data] = {} if point.without_length else {"seq_len": point.seq_len}
    return Found((*_ROWS, number), {**length, "batch": point.batch}, "the operating point asked for")


def _is_open(point: ChosenPoint) -> bool:
    """Return whether a size of the operating point is missing, or was assumed: nobody has said that it is run so."""
    if point.batch is None or point.batch_from == "assumed":
        return True
    return not point.without_length and (point.seq_len is None or point.seq_len_from == "assumed")


def _convention(derivation: Derivation, row: Found | None) -> Found | None:
    """Return how operations are counted, for a point that has no figure yet which somebody else counted."""
    point = derivation.point
    if row is None and (point.row is None or point.row.total_ops or point.row.digital_ops):
        return None
    path = (*_ROWS, point.index) if row is None else row.path
    if derivation.convention_is_stated and row is None:
        return None
    return Found((*path, "counting"), derivation.convention.name, "factsheet derive")


def _is_assumed(fact: DerivedFact) -> bool:
    """Return whether a value takes something for granted that nothing states, or repeats a single score."""
    sizes = fact.name == "size_on_disk" and all(given.name != "type" for given in fact.inputs)
    of_one = fact.name.startswith("average.") and any(one.text.startswith("1 ") for one in fact.inputs[:1])
    return sizes or of_one


def _rounds_estimates(sheet: SheetFields, fact: DerivedFact) -> bool:
    """Return whether a figure follows from rounded estimates alone: beside the chip's own it would differ in digits."""
    if fact.claim is not None or fact.arithmetic.standing != "claims":
        return False
    stated = [fact_at(sheet, steps_of(given.source)) for given in fact.inputs]
    return {one.source for one in stated if one is not None} == {"derived"}


def _place(fact: DerivedFact, row: Found | None) -> KeyPath | None:
    """Return where a sheet has a fact; `None` where it has no key for it."""
    if fact.claim is not None:
        return fact.claim.path
    if row is not None:
        field = fact.path.rpartition(".")[2]
        if fact.path.startswith((f"{DERIVED}.", "parameters.operating_points[")):
            return (*row.path, field) if field in OperatingPoint.model_fields else None
    if fact.path.startswith(f"{DERIVED}."):
        return None
    holder, averages, system = fact.path.partition(".averages.")  # an id of a system may hold dots
    path = steps_of(f"{holder}.averages" if averages else holder)
    return (*path, system) if averages else path


def _found(fact: DerivedFact, path: KeyPath, derivation: Derivation, text: str, *, passes: str) -> Found:
    whole = (
        isinstance(fact.derived, int) and fact.derived <= _MOST_EXACT and not fact.text.startswith("at least")
    )
    value: Data = fact.derived if whole else text
    if fact.name == "size_on_chip":
        value = f"{value} tiles"
    if fact.standing == "chip model":
        chip = derivation.chip.profile
        how = f"{ESTIMATED} {'a chip' if chip is None else chip.name}"
    else:
        how = COMPUTED
    counted = fact.name in _COUNTED and "counted under" not in fact.note
    under = f"counted under `{derivation.convention.name}`" if counted else ""
    words = "; ".join(
        part for part in (f"{how}: {fact.formula}", passes, under, fact.note.rstrip(".")) if part
    )
    if path[0] == "parameters" and path[-1] == "batch":
        return Found(path, value, "factsheet derive", None, "")
    point = derivation.point
    if _is_at_point(path, fact) and point.batch is not None:
        length = {} if point.without_length or point.seq_len is None else {"seq_len": point.seq_len}
        value = {"value": value, "at": {**length, "batch": point.batch}}
    return Found(path, value, "factsheet derive", "derived", f"{words}.")


def _is_at_point(path: KeyPath, fact: DerivedFact) -> bool:
    """Return whether a figure holds at one operating point and is in no row that says so."""
    return path[:-1] == ("performance",) and fact.standing != "structure"
