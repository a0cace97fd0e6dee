"""Derive averages of the result tables, the gap between analog and digital, and the scores quoted from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.quantities.quantity import format_value
from factsheet.recompute.comparisons.score_claims import (
    QUOTED,
    first_system,
    judge_mean,
    mean,
    quoted_table,
    scores_of,
    tables,
)
from factsheet.recompute.facts import DERIVED, Arithmetic, GivenNumber, Key, derived, underivable
from factsheet.recompute.registry import Registry
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.recompute.claims import Claim
    from factsheet.recompute.comparisons.score_claims import ComparedGap, ComparedQuote
    from factsheet.recompute.context import PointContext
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.performance import ResultTable, System

SCORES = Registry()
_MEAN = "Σ scores / number of tasks"
_DIGITS = 7  # a mean of eight scores of four digits has seven


@SCORES.derives("average")
def _averages(context: PointContext) -> Iterator[DerivedFact]:
    compared = {(known.index, known.system): known.claim for known in context.comparisons.averages}
    for index, table in enumerate(tables(context.sheet)):
        for system in table.systems:
            key = Key(f"average.{system.id}", f"performance.results[{index}].averages.{system.id}", "score")
            yield _average(key, (index, table), system, compared.get((index, system.id)))


def _average(key: Key, place: tuple[int, ResultTable], system: System, claim: Claim | None) -> DerivedFact:
    """Derive the average of one system, which a claim is compared with if every task has a score."""
    index, table = place
    scores = list(scores_of(table, system.id).values())
    if not scores:
        return underivable(key, f"{table.name} has no score of {system.name}", claim=claim, standing="claims")
    known = mean(scores)
    verdict = None if claim is None else judge_mean(claim, known, scores, len(table.tasks))
    note = ""
    skipped = len(table.tasks) - len(scores)
    if skipped:
        note = f"{skipped} of {len(table.tasks)} tasks have no score of {system.name}"
    if verdict is not None and verdict.fits is None:
        note = "; ".join(part for part in (note, f"{verdict.why}, and is not compared") if part)
    step = (
        f"({' + '.join(score.text for score in scores)}) / {len(scores)}"
        f" = {format_value(known.value, 'score', _DIGITS)}"
    )
    source = f"performance.results[{index}].tasks"
    arithmetic = Arithmetic(
        formula=_MEAN,
        inputs=(GivenNumber("scores", f"{len(scores)} tasks", source),),
        lines=(step,),
        standing="claims",
    )
    return derived(
        key,
        known.value,
        arithmetic,
        claim=claim,
        verdict=verdict,
        reach=known.reach,
        note=note,
        digits=_DIGITS,
    )


@SCORES.derives("gap")
def _gaps(context: PointContext) -> Iterator[DerivedFact]:
    for index, table in enumerate(tables(context.sheet)):
        yield from (_claimed_gap(gap) for gap in context.comparisons.gaps if gap.index == index)
        reference = first_system(table, "digital")
        if reference is None:
            continue
        for system in table.systems:
            if system.kind == "analog":
                yield _gap(table, index, system, reference)


def _claimed_gap(gap: ComparedGap) -> DerivedFact:
    """Derive the gap that a table claims from the averages that it publishes."""
    sides = [
        GivenNumber(f"{side.kind} average", side.text or format_value(side.value, "score"), dotted(side.path))
        for side in (gap.analog, gap.digital)
    ]
    text = _points(gap.value)
    arithmetic = Arithmetic(
        formula="analog average - digital average",
        inputs=tuple(sides),
        lines=(f"{sides[0].text} - {sides[1].text} = {text}",),
        standing="claims",
    )
    return derived(
        Key("gap", dotted(gap.claim.path), gap.claim.quantity.dimension),
        gap.value,
        arithmetic,
        claim=gap.claim,
        verdict=gap.verdict,
        reach=gap.reach,
        text=text,
    )


def _gap(table: ResultTable, index: int, system: System, reference: System) -> DerivedFact:
    key = Key(f"gap.{system.id}", f"{DERIVED}.results[{index}].gap.{system.id}", "ratio")
    formula = f"mean of {system.name} - mean of {reference.name}, over the tasks that both have"
    ours, theirs = scores_of(table, system.id), scores_of(table, reference.id)
    both = [row for row in ours if row in theirs]
    if not both:
        return underivable(key, "no task has a score of both", formula=formula, standing="claims")
    minuend, subtrahend = (mean(scores[row] for row in both) for scores in (ours, theirs))
    gap = minuend.value - subtrahend.value
    text = _points(gap)
    ends = [format_value(side.value, "score", _DIGITS) for side in (minuend, subtrahend)]
    arithmetic = Arithmetic(
        formula=formula,
        inputs=(GivenNumber("scores", f"{len(both)} tasks", f"performance.results[{index}].tasks"),),
        lines=(f"{ends[0]} - {ends[1]} = {text}",),
        standing="claims",
    )
    return derived(key, gap, arithmetic, reach=minuend.reach - subtrahend.reach, text=text)


def _points(gap: float) -> str:
    return f"{100 * gap:+.{_DIGITS - 3}f} percentage points"


@SCORES.derives("accuracy")
def _accuracy(context: PointContext) -> Iterable[DerivedFact]:
    yield _quoted(context, "accuracy")


@SCORES.derives("baseline_accuracy")
def _baseline_accuracy(context: PointContext) -> Iterable[DerivedFact]:
    yield _quoted(context, "baseline_accuracy")


def _quoted(context: PointContext, field: str) -> DerivedFact:
    """Derive a score of the training section, where that is said to be the average of a result table."""
    key, claim = Key(field, f"hwa_training.{field}", "score"), context.claim("hwa_training", field)
    compared = next((known for known in context.comparisons.quotes if known.field == field), None)
    averaged = _averaged(context, key, claim)
    if compared is None or (averaged.derived is not None and averaged.verdict.fits == compared.verdict.fits):
        return averaged
    return _published(key, compared)


def _published(key: Key, compared: ComparedQuote) -> DerivedFact:
    text = compared.text or format_value(compared.value, "score", _DIGITS)
    arithmetic = Arithmetic(
        formula="the average that the result table publishes" if compared.text else _MEAN,
        inputs=(GivenNumber("average", text, dotted(compared.path)),),
        standing="claims",
    )
    return derived(
        key,
        compared.value,
        arithmetic,
        claim=compared.claim,
        verdict=compared.verdict,
        reach=compared.reach,
        digits=_DIGITS,
    )


def _averaged(context: PointContext, key: Key, claim: Claim | None) -> DerivedFact:
    """Derive the mean over the rows of the table that the training section names."""
    found = quoted_table(context.sheet)
    if found is None:
        reason = (
            "`hwa_training.accuracy_metric` does not say that it is the average of one of the result tables"
        )
        return underivable(key, reason, claim=claim, standing="claims")
    _, table = found
    kind = QUOTED[key.name]
    system = first_system(table, kind)
    if system is None:
        reason = f"{table.name} has no system of kind `{kind}`"
        return underivable(key, reason, claim=claim, standing="claims")
    return _average(key, found, system, claim)
