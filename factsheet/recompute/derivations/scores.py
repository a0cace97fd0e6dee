"""Derive averages of the result tables, the gap between analog and digital, and the scores quoted from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.recompute.comparisons.score_claims import (
    QUOTED,
    TWO_SCALES,
    common_rows,
    first_system,
    judge_average,
    lost_percent,
    quoted_table,
)
from factsheet.recompute.comparisons.score_means import mean, means_of, rows_of, scores_of, tables
from factsheet.recompute.comparisons.score_scales import table_scale
from factsheet.recompute.facts import DERIVED, Arithmetic, GivenNumber, Key, derived, underivable
from factsheet.recompute.registry import Registry
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.recompute.claims import Claim
    from factsheet.recompute.comparisons.score_claims import ComparedGap, ComparedQuote
    from factsheet.recompute.comparisons.score_scales import ScoreScale
    from factsheet.recompute.context import PointContext
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.performance import Averaging, ResultTable, System

SCORES = Registry()
_MEAN = "Σ scores / number of tasks"
_FORMULAS: dict[Averaging, str] = {
    "mean over rows": _MEAN,
    "mean over tasks": "Σ of the tasks' scores / number of tasks, a task with several rows counted once",
    "weighted by size": "Σ size · score / Σ size",
}
_DIGITS = 7  # a mean of eight scores of four digits has seven


@SCORES.derives("average")
def _averages(context: PointContext) -> Iterator[DerivedFact]:
    compared = {(known.index, known.system): known.claim for known in context.comparisons.averages}
    for index, table in enumerate(tables(context.sheet)):
        for system in table.systems:
            key = Key(f"average.{system.id}", f"performance.results[{index}].averages.{system.id}", "score")
            yield _average(context, key, (index, table), system, claim=compared.get((index, system.id)))


def _average(
    context: PointContext, key: Key, place: tuple[int, ResultTable], system: System, *, claim: Claim | None
) -> DerivedFact:
    """Derive the average of one system, which a claim is compared with if every task has a score."""
    index, table = place
    scores = scores_of(table, system.id)
    if not scores:
        return underivable(key, f"{table.name} has no score of {system.name}", claim=claim, standing="claims")
    scale = table_scale(table)
    if scale is None:
        reason = f"the rows of {table.name} are of unlike metrics, whose mean means nothing"
        return underivable(key, reason, claim=claim, standing="claims")
    verdict = None
    known = next(means_of(table, system.id))
    if claim is not None:
        compared, verdict = judge_average(context.sheet, table, system.id, claim)
        known = compared or known
    note = ""
    tasks = rows_of(table)
    skipped = len(tasks) - len(scores)
    if skipped:
        note = f"{skipped} of {len(tasks)} tasks have no score of {system.name}"
    if verdict is not None and verdict.fits is None:
        note = "; ".join(part for part in (note, f"{verdict.why}, and is not compared") if part)
    listed = " + ".join(score.text for score in scores.values())
    result = scale.text(known.value, _DIGITS)
    step = f"({listed}) / {len(scores)} = {result}"
    if known.over != "mean over rows":
        step = f"{known.over}, of {listed} = {result}"
    source = f"performance.results[{index}].tasks"
    arithmetic = Arithmetic(
        formula=_FORMULAS[known.over],
        inputs=(GivenNumber("scores", f"{len(scores)} tasks", source),),
        lines=(step,),
        standing="claims",
    )
    return derived(
        key._replace(dimension=scale.dimension),
        known.value,
        arithmetic,
        claim=claim,
        verdict=verdict,
        reach=known.reach,
        note=note,
        text=result,
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
    scale = gap.scale
    sides = [
        GivenNumber(f"{side.kind} average", side.text or scale.text(side.value), dotted(side.path))
        for side in (gap.analog, gap.digital)
    ]
    text = scale.difference(gap.value, _decimals(scale))
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
    both = common_rows(table, system.id, reference.id)
    if not both:
        return underivable(key, "no task has a score of both", formula=formula, standing="claims")
    scale = table_scale(table)
    if scale is None:
        reason = "the rows are of unlike metrics, whose mean means nothing"
        return underivable(key, reason, formula=formula, standing="claims")
    scores = [scores_of(table, one.id) for one in (system, reference)]
    if lost_percent([known[row] for known in scores for row in both]):
        return underivable(key, TWO_SCALES, formula=formula, standing="claims")
    minuend, subtrahend = (mean(known[row] for row in both) for known in scores)
    gap = minuend.value - subtrahend.value
    text = scale.difference(gap, _decimals(scale))
    ends = [scale.text(side.value, _DIGITS) for side in (minuend, subtrahend)]
    arithmetic = Arithmetic(
        formula=formula,
        inputs=(GivenNumber("scores", f"{len(both)} tasks", f"performance.results[{index}].tasks"),),
        lines=(f"{ends[0]} - {ends[1]} = {text}",),
        standing="claims",
    )
    better = scale.better(gap)
    note = "" if better is None else f"{system.name} is {'better' if better else 'worse'}"
    return derived(key, gap, arithmetic, reach=minuend.reach - subtrahend.reach, text=text, note=note)


def _decimals(scale: ScoreScale) -> int | None:
    return _DIGITS - 3 if scale.share else None


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
    text = compared.text or compared.scale.text(compared.value, _DIGITS)
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
        text=text,
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
    return _average(context, key, found, system, claim=claim)
