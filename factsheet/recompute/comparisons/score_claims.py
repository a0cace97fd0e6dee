"""Scores of result tables: means, gaps and the scores quoted from them, compared with what the sheet claims.

A mean is summed without rounding on the way; what the digits of the rows allow goes with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.interval import Interval
from factsheet.recompute.claims import claim_at, claim_of
from factsheet.recompute.verdict import judge, not_comparable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from factsheet.quantities.quantity import Quantity
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.verdict import Verdict
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable, System
    from factsheet.source.document import KeyPath

TWO_SCALES = "some scores are in percent and others have no percent sign"


class Mean(NamedTuple):
    """A mean of scores."""

    value: float
    reach: Interval
    """What the digits of the scores allow."""


def tables(sheet: SheetFields) -> Sequence[ResultTable]:
    """Return the result tables of a sheet."""
    return () if sheet.performance is None else sheet.performance.results or ()


def scores_of(table: ResultTable, system: str) -> dict[int, Quantity]:
    """Return the scores of a system by row; a row that it was not evaluated on has none."""
    facts = {row: task.scores[system] for row, task in enumerate(table.tasks) if system in task.scores}
    return {row: fact.quantity for row, fact in facts.items() if fact.quantity is not None}


def mean(scores: Iterable[Quantity]) -> Mean:
    """Return the mean of at least one score."""
    known = list(scores)
    count = len(known)
    meant = [score.meant for score in known]
    ends = ([one.low for one in meant], [score.value for score in known], [one.high for one in meant])
    low, value, high = (_mean(end, count) for end in ends)
    return Mean(value, Interval(low, high))


def _mean(values: Sequence[float], count: int) -> float:
    try:
        return fsum(values) / count
    except OverflowError:
        return fsum(value / count for value in values)  # which stays in range


def lost_percent(scores: Iterable[Quantity]) -> list[Quantity]:
    """Return scores above one without a sign among others in percent: `81.2` beside `80.57 %` is read as 8120 %."""
    known = list(scores)
    if not any(score.unit and abs(score.value) <= 1 for score in known):
        return []
    return [score for score in known if not score.unit and abs(score.value) > 1]


def first_system(table: ResultTable, kind: str) -> System | None:
    """Return the first system of a kind."""
    return next((system for system in table.systems if system.kind == kind), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedAverage:
    """A published average with the mean of its rows."""

    index: int
    """Of the table."""
    system: str
    claim: Claim
    rows: int
    mean: Mean | None
    """`None` without any score."""
    verdict: Verdict
    own_source: bool
    """Whether the average itself, not only its section, is said to be derived."""

    @property
    def rows_path(self) -> KeyPath:
        """Where the rows are."""
        return ("performance", "results", self.index, "tasks")


def compare_averages(sheet: SheetFields) -> Iterator[ComparedAverage]:
    """Compare every published average with the mean of its rows."""
    for index, table in enumerate(tables(sheet)):
        for system, fact in (table.averages or {}).items():
            claim = claim_of(sheet, fact, ("performance", "results", index, "averages", system))
            if claim is None:
                continue
            scores = list(scores_of(table, system).values())
            known = mean(scores) if scores else None
            yield ComparedAverage(
                index=index,
                system=system,
                claim=claim,
                rows=len(scores),
                mean=known,
                verdict=judge_mean(claim, known, scores, len(table.tasks)),
                own_source=fact.source == "derived",
            )


def judge_mean(claim: Claim, known: Mean | None, scores: Sequence[Quantity], rows: int) -> Verdict:
    """Compare a claim with the mean of scores, if every row has one and all are on one scale."""
    if known is None:
        return not_comparable("no row has a score")
    if len(scores) < rows:
        return not_comparable(f"{claim.quantity.text} may be a mean over all rows")
    if lost_percent([*scores, claim.quantity]):
        return not_comparable(TWO_SCALES)
    return judge(claim, known.value, reach=known.reach)


class Side(NamedTuple):
    """The average of one system, as published or else over its rows."""

    kind: str
    text: str
    """As published; empty for a mean over rows."""
    value: float
    meant: Interval
    path: KeyPath


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedGap:
    """A claimed gap with the difference of two averages, analog minus digital."""

    index: int
    """Of the table."""
    claim: Claim
    analog: Side
    digital: Side
    value: float
    reach: Interval
    verdict: Verdict
    flipped: bool
    """Whether it fits with the sign the other way round."""


def compare_gaps(sheet: SheetFields) -> Iterator[ComparedGap]:
    """Compare every claimed gap with the averages of an analog and a digital system; any pair will do."""
    for index, table in enumerate(tables(sheet)):
        path = ("performance", "results", index)
        claim = claim_of(sheet, table.gap, (*path, "gap"))
        if claim is None:
            continue
        sides = [
            side
            for system in table.systems
            if system.kind is not None and (side := _side(sheet, index, system.id, system.kind)) is not None
        ]
        pairs = [(a, d) for a in sides for d in sides if a.kind == "analog" and d.kind == "digital"]
        if not pairs:
            continue
        judged = [(judge(claim, a.value - d.value, reach=a.meant - d.meant), a, d) for a, d in pairs]
        verdict, analog, digital = next((known for known in judged if known[0].fits), judged[0])
        yield ComparedGap(
            index=index,
            claim=claim,
            analog=analog,
            digital=digital,
            value=analog.value - digital.value,
            reach=analog.meant - digital.meant,
            verdict=verdict,
            flipped=any(judge(claim, d.value - a.value, reach=d.meant - a.meant).fits for a, d in pairs),
        )


def _side(sheet: SheetFields, index: int, system: str, kind: str) -> Side | None:
    """Return a system's average; `None` without one, or on two scales.

    A published average that only a stated tolerance accepts is no basis for judging another figure.
    """
    table, path = tables(sheet)[index], ("performance", "results", index)
    scores = list(scores_of(table, system).values())
    claim = claim_of(sheet, (table.averages or {}).get(system), (*path, "averages", system))
    if lost_percent([*scores, *([claim.quantity] if claim else [])]):
        return None
    known = mean(scores) if scores else None
    if claim is not None:
        stated = claim.quantity
        if judge_mean(claim, known, scores, len(table.tasks)).kind != "within_tolerance":
            return Side(kind, stated.text, stated.value, stated.meant, claim.path)
    if known is None or len(scores) < len(table.tasks):
        return None  # a mean over some of the rows is another figure
    return Side(kind, "", known.value, known.reach, (*path, "tasks"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedQuote:
    """A score of the training section with the average of a result table that it is a copy of."""

    field: str
    claim: Claim
    text: str
    """The average as published; empty for a mean over rows."""
    value: float
    reach: Interval
    path: KeyPath
    """Of the average."""
    verdict: Verdict


QUOTED = {"accuracy": "analog", "baseline_accuracy": "digital"}
"""Fields of the training section, and the kind of system whose average each of them quotes."""


def compare_quotes(sheet: SheetFields) -> Iterator[ComparedQuote]:
    """Compare the scores of the training section with the published averages; one of them has to be the same figure.

    For an average that only a stated tolerance accepts, the mean of its rows counts; where none is published, the mean
    over the rows of the table that the section names.
    """
    for field, kind in QUOTED.items():
        claim = claim_at(sheet, "hwa_training", field)
        if claim is None:
            continue
        judged = [
            ComparedQuote(
                field=field,
                claim=claim,
                text=average.text,
                value=average.value,
                reach=average.meant,
                path=average.path,
                verdict=judge(claim, average.value, reach=average.meant),
            )
            for index, table in enumerate(tables(sheet))
            for system in table.systems
            if system.kind == kind
            and (published := (table.averages or {}).get(system.id)) is not None
            and (quantity := published.quantity) is not None
            and not lost_percent([claim.quantity, quantity])
            and (average := _side(sheet, index, system.id, kind)) is not None
        ] or list(_mean_quoted(sheet, field, claim, kind))
        if judged:
            yield next((known for known in judged if known.verdict.fits), judged[0])


def _mean_quoted(sheet: SheetFields, field: str, claim: Claim, kind: str) -> Iterator[ComparedQuote]:
    quoted = quoted_table(sheet)
    system = None if quoted is None else first_system(quoted[1], kind)
    if quoted is None or system is None:
        return
    index, table = quoted
    scores = list(scores_of(table, system.id).values())
    known = mean(scores) if scores else None
    verdict = judge_mean(claim, known, scores, len(table.tasks))
    if known is not None and verdict.fits is not None:
        path = ("performance", "results", index, "tasks")
        yield ComparedQuote(
            field=field,
            claim=claim,
            text="",
            value=known.value,
            reach=known.reach,
            path=path,
            verdict=verdict,
        )


def quoted_table(sheet: SheetFields) -> tuple[int, ResultTable] | None:
    """Return the table whose average the training section quotes: the one it names, or the only one."""
    fact = None if sheet.hwa_training is None else sheet.hwa_training.accuracy_metric
    metric = ((fact and fact.text) or "").casefold()
    if not any(word in metric for word in ("average", "mean")):
        return None
    known = list(enumerate(tables(sheet)))
    named = [(index, table) for index, table in known if table.name.casefold() in metric]
    if len(named) == 1:
        return named[0]
    return known[0] if len(known) == 1 else None
