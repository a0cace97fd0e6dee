"""Operations that a sheet claims at its operating points, compared with what the declared structure gives.

What the sheet leaves open (a counting convention, an answer of the declaration) may be any way, but it has to be the
same one for all figures of a point. A figure that is said to be derived is compared by itself.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import WorkloadError
from factsheet.quantities.interval import Interval
from factsheet.recompute.claims import claim_of, points
from factsheet.recompute.comparisons.inputs import point_inputs, structure_inputs
from factsheet.recompute.comparisons.placements import placements, some_sum_fits
from factsheet.recompute.comparisons.structure_readings import MOST_INTERPRETATIONS
from factsheet.recompute.interpretations import (
    affordable,
    declared,
    interpretations,
    network_of,
    operations_in,
    untried,
)
from factsheet.recompute.interpretations import operations as operations_of
from factsheet.recompute.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.networks.declared import Declaration
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.comparisons.inputs import Related
    from factsheet.recompute.interpretations import CompletedDeclaration, Operations
    from factsheet.recompute.verdict import Verdict
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.parameters import OperatingPoint
    from factsheet.source.document import KeyPath

FIELDS = ("analog_ops", "digital_ops", "total_ops")
DEFAULT = "consistent"
"""The convention that `factsheet derive` counts under where a sheet names none."""


class WayOfCounting(NamedTuple):
    """Operations by one interpretation under one convention."""

    operations: Operations
    interpretation: CompletedDeclaration
    words: str
    """How the sheet has to be read for it; empty for the way that `factsheet derive` takes."""
    unstated: bool = False
    """Whether the sheet would have to state that: another convention than the usual one, or another placement."""

    @property
    def convention(self) -> str:
        """The name of the convention."""
        return self.operations.convention

    def value(self, field: str) -> int:
        """Return the operations of one field."""
        value: int = getattr(self.operations, field)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedPoint:
    """One operating point of a whole batch that claims operations of a network that is declared."""

    index: int
    """Of the row."""
    seq_len: int
    batch: int
    convention: str | None
    """As the sheet names it."""
    claims: Mapping[str, Claim]
    """By field."""
    known: Declaration
    heads_of: SheetFields
    """The sheet whose tasks call for output layers."""
    points: int = 1
    """Of the sheet, that the declared network is compared at."""

    @property
    def path(self) -> KeyPath:
        """Where the row is."""
        return ("parameters", "operating_points", self.index)

    @property
    def another(self) -> str:
        """What would make its operations those of another network: the name of its own that a row has."""
        rows = (self.heads_of.parameters and self.heads_of.parameters.operating_points) or ()
        name = rows[self.index].name
        if name is None or len({row.name for row in rows}) == 1:
            return ""
        return f"`{name}` is of another network than the declared one"

    def counts(self, *, heads: bool = True, placed: bool = False) -> Iterator[WayOfCounting]:
        """Yield every way that the sheet leaves possible, that of `factsheet derive` first.

        Args:
            heads: whether an output layer, which the declaration has no key for, may count as well.
            placed: whether other placements, which the sheet does not state, come behind them.
        """
        chosen = self.convention or DEFAULT
        heads_of = self.heads_of if heads else None
        for interpretation in islice(
            interpretations(self.known, heads_of), affordable(self.known, self.points)
        ):
            counts = operations_of(interpretation.structure, self.seq_len, self.batch)
            named = [count for count in counts if count.convention == chosen]
            rest = [count for count in counts if count not in named] if self.convention is None else []
            for count in (*named, *rest):
                under = "" if count.convention == chosen else f"counted under `{count.convention}`"
                words = ", ".join(part for part in (under, interpretation.words) if part)
                yield WayOfCounting(count, interpretation, words, unstated=bool(under))
        if placed:
            yield from self._placed(chosen)

    def _placed(self, chosen: str) -> Iterator[WayOfCounting]:
        """Yield the counts of other placements, under the convention that is stated or else the usual one."""
        tried = min(MOST_INTERPRETATIONS, affordable(self.known, self.points))
        for interpretation in islice(interpretations(self.known), tried):
            try:
                network = network_of(interpretation.structure, self.seq_len)
            except WorkloadError:
                return  # a sequence that is longer than the model takes
            for placement in placements(network):
                words = " and ".join(part for part in (placement.words, interpretation.words) if part)
                for count in operations_in(placement.network, self.batch):
                    if count.convention == chosen:
                        yield WayOfCounting(count, interpretation, words, unstated=True)

    @property
    def related(self) -> Related:
        """Return every field that the operations depend on."""
        row = (
            (self.heads_of.parameters.operating_points or ())[self.index]
            if self.heads_of.parameters
            else None
        )
        return (
            *(() if row is None else point_inputs(row, self.path)),
            *structure_inputs(
                self.known, lambda structure: operations_of(structure, self.seq_len, self.batch)
            ),
        )

    def command(self, field: str) -> str:
        """Return the command that shows the arithmetic; the checks put the sheet's name for `SHEET`."""
        return f"factsheet derive SHEET --explain {field} --seq-len {self.seq_len} --batch {self.batch}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedOperations:
    """One claim of operations with what the declared structure gives for it."""

    point: CountedPoint
    field: str
    claim: Claim
    value: int
    """By `factsheet derive`'s way of counting; for a claim that is at odds with others, by theirs."""
    convention: str
    """The value's."""
    verdict: Verdict
    values: tuple[int, ...]
    """By every way of counting that was tried; the first one that fits is the last."""
    at_odds: tuple[str, ...] = ()
    """The other fields of the point whose way of counting does not explain this one."""

    @property
    def possible(self) -> str:
        """Of a claim that differs, what the sheet does not say and would make it right; empty where nothing would."""
        point, claim = self.point, self.claim
        if claim.derived or self.verdict.fits is not False:
            return ""
        return self._some_digital() or point.another or untried(point.known, point.heads_of, point.points)

    def _some_digital(self) -> str:
        point, claim = self.point, self.claim
        if self.field != "analog_ops" or self.at_odds:
            return ""
        network = network_of(point.known.structure, point.seq_len)
        macs = Counter(matrix.macs for matrix in network.analog)
        each = self.value / max(1, sum(matrix.macs for matrix in network.analog))
        meant = claim.quantity.meant
        fits = each > 0 and some_sum_fits(macs, meant.low / each, meant.high / each)
        return "some of its layers are digital" if fits else ""


def counted_points(sheet: SheetFields) -> Iterator[CountedPoint]:
    """Return the operating points of a whole batch that claim operations of a network that is declared."""
    stated = list(_points_with_operations(sheet))
    known = declared(sheet) if stated else None
    if known is None:
        return
    stated = stated[: affordable(known)]
    for index, point, claims in stated:
        # Numbers of a sheet keep their digits; a plain one is quicker to compare.
        yield CountedPoint(
            index=index,
            seq_len=int(point.seq_len),
            batch=int(point.batch),
            convention=point.counting,
            claims=claims,
            known=known,
            heads_of=sheet,
            points=len(stated),
        )


def points_not_counted(sheet: SheetFields) -> tuple[KeyPath, ...]:
    """Return the operating points whose operations are not compared, as the declared network is too large for all."""
    stated = list(_points_with_operations(sheet))
    known = declared(sheet) if len(stated) > 1 else None
    rest = [] if known is None else stated[affordable(known) :]
    return tuple(("parameters", "operating_points", index) for index, *_ in rest)


def _points_with_operations(sheet: SheetFields) -> Iterator[tuple[int, OperatingPoint, dict[str, Claim]]]:
    for index, (path, point) in enumerate(points(sheet)):
        claims = _claims(sheet, point, path)
        if claims and isinstance(point.batch, int):
            yield index, point, claims


def _claims(sheet: SheetFields, point: OperatingPoint, path: KeyPath) -> dict[str, Claim]:
    stated = ((field, fact) for field in FIELDS if (fact := getattr(point, field)) is not None)
    found = ((field, claim_of(sheet, fact, (*path, field))) for field, fact in stated)
    return {field: claim for field, claim in found if claim is not None}


def compare_operations(sheet: SheetFields) -> Iterator[ComparedOperations]:
    """Compare every claim of operations."""
    for point in counted_points(sheet):
        together = [field for field, claim in point.claims.items() if not claim.derived]
        if together:
            yield from _compare_together(point, together)
        for field, claim in point.claims.items():
            if claim.derived:
                yield from _compare_alone(point, field, claim)


def _compare_alone(point: CountedPoint, field: str, claim: Claim) -> Iterator[ComparedOperations]:
    first: tuple[WayOfCounting, Verdict] | None = None
    values = []
    chosen: tuple[WayOfCounting, Verdict] | None = None
    for count in point.counts(heads=False):
        verdict = judge(claim, count.value(field))
        values.append(count.value(field))
        first = first or (count, verdict)
        if verdict.fits:
            chosen = (count, replace(verdict, interpretation=count.words, unstated=count.unstated))
            break
    if first is not None:
        yield ComparedOperations(
            point=point,
            field=field,
            claim=claim,
            value=first[0].value(field),
            convention=first[0].convention,
            verdict=(chosen or first)[1],
            values=tuple(values),
        )


class _Tried(NamedTuple):
    way: WayOfCounting
    verdicts: dict[str, Verdict]
    explained: tuple[str, ...]


def _compare_together(point: CountedPoint, fields: list[str]) -> Iterator[ComparedOperations]:
    tried: list[_Tried] = []
    unexplained = set(fields)
    for count in point.counts(placed=True):
        verdicts = {field: judge(point.claims[field], count.value(field)) for field in fields}
        explained = tuple(field for field in fields if verdicts[field].fits)
        tried.append(_Tried(count, verdicts, explained))
        unexplained -= set(explained)
        if len(explained) == len(fields):
            break
    if not tried:
        return  # a sequence that is longer than the model takes
    first = tried[0]
    best = max(tried, key=lambda known: (len(known.explained), "total_ops" in known.explained))
    for field in fields:
        by = first if field in unexplained else best
        verdict = by.verdicts[field]
        if verdict.fits:
            verdict = replace(verdict, interpretation=by.way.words, unstated=by.way.unstated)
        yield ComparedOperations(
            point=point,
            field=field,
            claim=point.claims[field],
            value=(first if verdict.fits else by).way.value(field),
            convention=(first if verdict.fits else by).way.convention,
            verdict=verdict,
            values=tuple(known.way.value(field) for known in tried),
            at_odds=() if verdict.fits or field in unexplained else best.explained,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedSum:
    """The claimed total of an operating point with the claimed parts of it."""

    index: int
    """Of the row."""
    total: Claim
    analog: Claim
    digital: Claim | None
    value: float
    """The sum of the parts that are claimed."""
    reach: Interval
    """Every total that the parts allow; without an upper end where only one is claimed."""
    analog_exceeds: bool
    """Whether the analog operations alone are more than the total."""
    verdict: Verdict
    """On the total."""


def compare_sums(sheet: SheetFields) -> Iterator[ComparedSum]:
    """Compare every claimed total with the analog and digital operations that are claimed beside it."""
    for index, (path, row) in enumerate(points(sheet)):
        claims = _claims(sheet, row, path)
        total, analog, digital = (claims.get(field) for field in ("total_ops", "analog_ops", "digital_ops"))
        if total is None or analog is None:
            continue
        least = _accepted(analog)
        exceeds = judge(total, analog.quantity.value, reach=Interval(least.low, inf)).fits is False
        if digital is None or exceeds:
            value, reach = analog.quantity.value, Interval(least.low, inf)
        else:
            value, reach = analog.quantity.value + digital.quantity.value, least + _accepted(digital)
        verdict = judge(total, value, reach=reach)
        if digital is not None or exceeds:
            yield ComparedSum(
                index=index,
                total=total,
                analog=analog,
                digital=None if exceeds else digital,
                value=value,
                reach=reach,
                analog_exceeds=exceeds,
                verdict=verdict,
            )


def _accepted(claim: Claim) -> Interval:
    """Return every value that a claim allows, its tolerance included."""
    meant, slack = claim.quantity.meant, claim.tolerance * abs(claim.quantity.value)
    return Interval(meant.low - slack, meant.high + slack)
