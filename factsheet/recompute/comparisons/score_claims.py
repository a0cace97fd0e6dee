"""Scores of result tables: means, gaps and the scores quoted from them, compared with what the sheet claims.

A gap has one definition: the mean of the analog system minus the mean of the digital one, over the tasks that both have
a score for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from factsheet.recompute.claims import claim_at, claim_of
from factsheet.recompute.comparisons.score_means import (
    Mean,
    mean,
    means_of,
    rows_of,
    scores_of,
    stated_averaging,
    tables,
)
from factsheet.recompute.comparisons.score_scales import table_scale, training_scale
from factsheet.recompute.verdict import judge, not_comparable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.quantities.interval import Interval
    from factsheet.quantities.quantity import Quantity
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.comparisons.score_scales import ScoreScale
    from factsheet.recompute.verdict import Verdict
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable, System
    from factsheet.source.document import KeyPath

TWO_SCALES = "some scores are in percent and others have no percent sign"


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
    scale: ScoreScale | None
    """`None` where the rows are of unlike metrics, whose mean means nothing."""
    rows: int
    mean: Mean | None
    """The mean that was compared; `None` without any score."""
    verdict: Verdict
    own_source: bool
    """Whether the average itself, not only its section, is said to be derived."""
    missing: int = 0
    """Rows that the system has no score in."""

    @property
    def rows_path(self) -> KeyPath:
        """Where the rows are."""
        return ("performance", "results", self.index, "tasks")


def compare_averages(sheet: SheetFields, *, only: ResultTable | None = None) -> Iterator[ComparedAverage]:
    """Compare every published average, or every one of `only` that table, with the mean of its rows."""
    for index, table in enumerate(tables(sheet)):
        stated = (table.averages or {}) if only is None or only is table else {}
        for system, fact in stated.items():
            claim = claim_of(sheet, fact, ("performance", "results", index, "averages", system))
            if claim is None:
                continue
            known, verdict = judge_average(sheet, table, system, claim)
            yield ComparedAverage(
                index=index,
                system=system,
                claim=claim,
                scale=table_scale(table),
                rows=len(scores_of(table, system)),
                mean=known,
                verdict=verdict,
                own_source=fact.source == "derived",
                missing=len(rows_of(table)) - len(scores_of(table, system)),
            )


def judge_average(
    sheet: SheetFields, table: ResultTable, system: str, claim: Claim
) -> tuple[Mean | None, Verdict]:
    """Compare a claim with the mean of a system's scores: the plain one, else the one that the sheet says, else any.

    A mean that is neither the plain one nor said to be taken is an interpretation of the sheet.
    """
    scores = scores_of(table, system)
    candidates = list(means_of(table, system))
    if not candidates:
        return None, not_comparable("no row has a score")
    if table_scale(table) is None:
        return candidates[0], not_comparable("the rows are of unlike metrics, whose mean means nothing")
    if lost_percent([*scores.values(), claim.quantity]):
        return candidates[0], not_comparable(TWO_SCALES)
    stated = stated_averaging(sheet, table, system)
    if table.averaging == "other":
        return candidates[0], not_comparable("the sheet says that it averages in another way")
    if table.averaging is not None:
        candidates = [known for known in candidates if known.over in stated]
        if not candidates:
            return None, not_comparable(f"what it takes for `{table.averaging}` is missing")
    judged = [(known, judge(claim, known.value, reach=known.reach)) for known in candidates]
    known, verdict = judged[0]
    if not verdict.fits:
        known, verdict = next((one for one in judged if one[1].fits), judged[0])
        if verdict.fits and known.over not in stated:
            verdict = replace(verdict, interpretation=_INTERPRETATIONS[known.over])
    if not verdict.fits and _may_know_more(table, system):
        return known, not_comparable(f"{claim.quantity.text} may be a mean over all rows")
    return known, verdict


_INTERPRETATIONS = {
    "mean over rows": "it is the mean over rows",
    "mean over tasks": "the rows of one task count once",
    "weighted by size": "tasks are weighted by their sizes",
}


def _may_know_more(table: ResultTable, system: str) -> bool:
    """Return whether an average may rest on scores that the table does not show; what was not evaluated is none."""
    facts = [task.scores.get(system) for task in table.tasks]
    return any(
        fact is None
        or (fact.quantity is None and (fact.absence is None or fact.absence.kind == "not_disclosed"))
        for fact in facts
    )


class Side(NamedTuple):
    """The average of one system, as published or else over rows."""

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
    scale: ScoreScale
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
        scale = table_scale(table)
        claim = claim_of(sheet, table.gap, ("performance", "results", index, "gap"))
        if claim is None or scale is None:
            continue
        claim = replace(claim, quantity=scale.own_points(claim.quantity))
        pairs = [
            sides
            for rows in ((None,) if table.averages else (None, _of_own_metric(table)))
            for analog in table.systems
            for digital in table.systems
            if analog.kind == "analog"
            and digital.kind == "digital"
            and (sides := gap_sides(sheet, index, analog, digital, among=rows)) is not None
        ]
        if not pairs:
            continue
        judged = [(judge(claim, a.value - d.value, reach=a.meant - d.meant), a, d) for a, d in pairs]
        verdict, analog, digital = next((known for known in judged if known[0].fits), judged[0])
        yield ComparedGap(
            index=index,
            claim=claim,
            scale=scale,
            analog=analog,
            digital=digital,
            value=analog.value - digital.value,
            reach=analog.meant - digital.meant,
            verdict=verdict,
            flipped=any(judge(claim, d.value - a.value, reach=d.meant - a.meant).fits for a, d in pairs),
        )


def common_rows(table: ResultTable, *systems: str) -> list[int]:
    """Return the rows that all of these systems have a score in."""
    known = [scores_of(table, system) for system in systems]
    return [row for row in rows_of(table) if all(row in scores for scores in known)]


def _of_own_metric(table: ResultTable) -> frozenset[int]:
    """Return the rows of the table's own metric; those of another (AP50 beside mAP) may be none of the gap's."""
    return frozenset(row for row, task in enumerate(table.tasks) if task.metric in (None, "", table.metric))


def gap_sides(
    sheet: SheetFields, index: int, analog: System, digital: System, *, among: frozenset[int] | None = None
) -> tuple[Side, Side] | None:
    """Return what a gap is the difference of: averages over the tasks that both systems have.

    They are the published averages where both are over the same tasks, else the means over those rows. `None` without
    a common row, and on two scales. Where rows are given, they are the means over those among them.
    """
    table = tables(sheet)[index]
    if among is None and len({frozenset(scores_of(table, system.id)) for system in (analog, digital)}) == 1:
        published = [_side(sheet, index, system.id, str(system.kind)) for system in (analog, digital)]
        if published[0] is not None and published[1] is not None:
            return published[0], published[1]
    rows = [row for row in common_rows(table, analog.id, digital.id) if among is None or row in among]
    scores = [scores_of(table, system.id) for system in (analog, digital)]
    both = [known[row] for known in scores for row in rows]
    if not both or lost_percent(both):
        return None
    sides = [mean(known[row] for row in rows) for known in scores]
    path = ("performance", "results", index, "tasks")
    first, second = (
        Side(str(system.kind), "", side.value, side.reach, path)
        for system, side in zip((analog, digital), sides, strict=True)
    )
    return first, second


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
        if judge_average(sheet, table, system, claim)[1].kind != "within_tolerance":
            return Side(kind, stated.text, stated.value, stated.meant, claim.path)
    if known is None or len(scores) < len(table.tasks) or table_scale(table) is None:
        return None  # a mean over some of the rows is another figure
    return Side(kind, "", known.value, known.reach, (*path, "tasks"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedQuote:
    """A score of the training section with the average of a result table that it is a copy of."""

    field: str
    claim: Claim
    scale: ScoreScale
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
                scale=table_scale(table) or training_scale(sheet, claim.quantity),
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
            and _same_metric(sheet, claim, table)
            and (average := _side(sheet, index, system.id, kind)) is not None
        ] or list(_mean_quoted(sheet, field, claim, kind))
        fitting = next((known for known in judged if known.verdict.fits), None)
        if fitting is None and judged and _is_a_score(sheet, claim, kind):
            continue  # it is the score of one task, not an average
        if judged:
            yield fitting or judged[0]


def _same_metric(sheet: SheetFields, claim: Claim, table: ResultTable) -> bool:
    """Return whether a score of the training section can be of the table's metric."""
    ours, theirs = training_scale(sheet, claim.quantity), table_scale(table)
    if theirs is None:
        return False
    return None in (ours.known, theirs.known) or ours.like(theirs)


def _is_a_score(sheet: SheetFields, claim: Claim, kind: str) -> bool:
    """Return whether a claim is the score of a system of this kind on one task, or one over time."""
    over_time = (sheet.robustness.over_time or ()) if sheet.robustness is not None else ()
    scores = [
        fact.quantity
        for table in tables(sheet)
        for system in table.systems
        if system.kind in {kind, None}
        for task in table.tasks
        if (fact := task.scores.get(system.id)) is not None
    ]
    scores += [point.score.quantity for point in over_time if kind == "analog"]
    return any(score is not None and judge(claim, score.value, reach=score.meant).fits for score in scores)


def _mean_quoted(sheet: SheetFields, field: str, claim: Claim, kind: str) -> Iterator[ComparedQuote]:
    quoted = quoted_table(sheet)
    system = None if quoted is None else first_system(quoted[1], kind)
    if quoted is None or system is None:
        return
    index, table = quoted
    known, verdict = judge_average(sheet, table, system.id, claim)
    if known is not None and verdict.fits is not None:
        path = ("performance", "results", index, "tasks")
        yield ComparedQuote(
            field=field,
            claim=claim,
            scale=table_scale(table) or training_scale(sheet, claim.quantity),
            text="",
            value=known.value,
            reach=known.reach,
            path=path,
            verdict=verdict,
        )


_OVER_RUNS = (
    r"\b(?:mean|average)[ds]?\s+(?:of|over|across)\s+(?:\S+\s+){1,3}?"
    r"(?:seeds?|runs?|chips?|trials?|repe\w+|programmings?|draws?|devices?|images?|samples?|examples?)\b"
)
"""A mean that is not one over tasks."""


def says_average(sheet: SheetFields) -> bool:
    """Return whether the training section says that its score is an average over tasks."""
    return re.search(r"\b(?:average[ds]?|means?)\b", _metric_of_training(sheet)) is not None


def _metric_of_training(sheet: SheetFields) -> str:
    fact = None if sheet.hwa_training is None else sheet.hwa_training.accuracy_metric
    return re.sub(_OVER_RUNS, " ", ((fact and fact.text) or "").casefold())


def quoted_table(sheet: SheetFields) -> tuple[int, ResultTable] | None:
    """Return the table whose average the training section quotes: the one it names, or the only one."""
    metric = _metric_of_training(sheet)
    if not says_average(sheet):
        return None
    known = list(enumerate(tables(sheet)))
    named = [(index, table) for index, table in known if table.name.casefold() in metric]
    if len(named) == 1:
        return named[0]
    return known[0] if len(known) == 1 else None
