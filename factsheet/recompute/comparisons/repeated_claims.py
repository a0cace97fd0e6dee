"""Figures of time, power and operations that a sheet states more than once, or at points that should be in order.

A figure whose batch is not stated is compared with every operating point that it may hold at; what fits one of them, or
is between two, is not reported. Rows of different names may be of different networks, and are not compared.
"""

from __future__ import annotations

from itertools import combinations, islice
from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.interval import Interval
from factsheet.recompute.claims import claim_at, claim_of, points
from factsheet.recompute.comparisons.implied_claims import OVERLAP, REST, SPANS, may_hold, placed_by, scales
from factsheet.recompute.identities import IN_ROW, IN_SECTION, WORDS, whole_batches
from factsheet.recompute.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from factsheet.recompute.claims import Claim
    from factsheet.recompute.comparisons.inputs import Related
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.parameters import OperatingPoint

OPS = ("total_ops", "analog_ops", "digital_ops")
GROWING = (*OPS, "execution_time", "energy")
"""Figures of a run, which no longer sequence and no larger batch makes smaller."""
OF_THE_LENGTH = (*GROWING, "energy_efficiency", "throughput")
"""Figures that depend on the length of a sequence."""
MOST_ROWS = 150
"""Operating points that are compared with each other, one by one."""
_NAMES = {**WORDS, "analog_ops": "analog operations", "digital_ops": "digital operations"}


class _Row(NamedTuple):
    point: OperatingPoint
    claims: Mapping[str, Claim]


class Repeated(NamedTuple):
    """A figure that contradicts another statement of it.

    Attributes:
        what: the figure in words.
        claim: the one that is reported.
        others: the statements that it is compared with.
        certain: whether all are stated for the same point.
    """

    what: str
    claim: Claim
    others: tuple[Claim, ...]
    certain: bool = False

    @property
    def related(self) -> Related:
        """Return the other statements, and what places all of them."""
        texts = ((claim.path, claim.quantity.text) for claim in self.others)
        return tuple(dict([*texts, *placed_by(self.claim, *self.others)]).items())


class Unplaced(NamedTuple):
    """Figures without a common operating point that fit none.

    Attributes:
        claim: the one that is reported.
        others: the figures that it is compared with.
        reach: what they imply: batches, or the claim's own value.
        possible: what would make them right.
    """

    claim: Claim
    others: tuple[Claim, ...]
    reach: Interval
    possible: str

    @property
    def related(self) -> Related:
        """Return the other figures, and what places all of them."""
        texts = ((claim.path, claim.quantity.text) for claim in self.others)
        return tuple(dict([*texts, *placed_by(self.claim, *self.others)]).items())


def _rows(sheet: SheetFields) -> list[_Row]:
    found = []
    for path, point in islice(points(sheet), MOST_ROWS):
        stated = (point.seq_len, point.batch)
        claims = {
            name: claim
            for name in dict.fromkeys((*IN_ROW, *OPS))
            if (claim := claim_of(sheet, getattr(point, name), (*path, name), point=stated)) is not None
        }
        found.append(_Row(point, claims))
    return found


def first_of_each(found: Iterable[Repeated]) -> Iterator[Repeated]:
    """Yield one finding for each claim: a figure that contradicts many is one fault."""
    reported = set()
    for repeated in found:
        if repeated.claim.path not in reported:
            reported.add(repeated.claim.path)
            yield repeated


def stated_twice(sheet: SheetFields) -> Iterator[Repeated]:
    """Yield figures that are given twice for a point, and differ."""
    rows = _rows(sheet)
    for name, place in IN_SECTION.items():
        claim = claim_at(sheet, *place)
        known = [row for row in rows if name in row.claims and claim and may_hold(claim.point, row.point)]
        if claim is None or not known or any(_same(name, claim, row) for row in known):
            continue
        others = tuple(row.claims[name] for row in known)
        certain = all(isinstance(side, int) for side in claim.point)
        span = Interval(
            min(other.quantity.meant.low for other in others),
            max(other.quantity.meant.high for other in others),
        )
        if claim.quantity.meant.overlaps(span):
            continue  # between two points
        yield Repeated(_NAMES[name], claim, others, certain)
    for one, other in combinations(rows, 2):
        if (one.point.seq_len, one.point.batch, one.point.name) == (
            other.point.seq_len,
            other.point.batch,
            other.point.name,
        ) and one.point.counting == other.point.counting:
            for name, claim in other.claims.items():
                first = one.claims.get(name)
                if first is not None and not _agree(claim, first) and not claim.incomparable(first):
                    yield Repeated(_NAMES[name], claim, (first,), certain=True)


def _same(name: str, claim: Claim, row: _Row) -> bool:
    """Return whether a section's figure is that of a row: of its run or, for a time, of one inference of it."""
    other = row.claims[name]
    if scales(claim, claim.point) != scales(other, other.point) or claim.derived or claim.incomparable(other):
        return True  # tokens are not inferences, and FS310 judges what is derived
    if _agree(claim, other):
        return True
    batch = row.point.batch
    if name != "execution_time" or not isinstance(batch, int):
        return False
    each = other.quantity.meant
    return bool(
        judge(claim, other.quantity.value / batch, reach=Interval(each.low / batch, each.high / batch)).fits
    )


def _agree(claim: Claim, other: Claim) -> bool:
    slack = other.tolerance * abs(other.quantity.value)
    meant = other.quantity.meant
    reach = Interval(meant.low - slack, meant.high + slack)
    return bool(judge(claim, other.quantity.value, reach=reach).fits)


def stated_elsewhere(sheet: SheetFields) -> Iterator[Repeated]:
    """Yield figures that depend on the length of a sequence, and are the same at another length."""
    rows = _rows(sheet)
    for name, place in IN_SECTION.items():
        claim = claim_at(sheet, *place)
        if claim is None or claim.point[0] is None or name not in OF_THE_LENGTH:
            continue
        if any(name in row.claims and may_hold(claim.point, row.point) for row in rows):
            continue
        others = tuple(
            row.claims[name]
            for row in rows
            if name in row.claims
            and row.claims[name].quantity.value == claim.quantity.value
            and row.point.seq_len != claim.point[0]
        )
        if others:
            yield Repeated(_NAMES[name], claim, others)
    for one, other in combinations(rows, 2):
        if one.point.seq_len == other.point.seq_len or one.point.batch != other.point.batch:
            continue
        for name in OF_THE_LENGTH:
            first, claim = one.claims.get(name), other.claims.get(name)
            if first is not None and claim is not None and first.quantity.value == claim.quantity.value:
                yield Repeated(_NAMES[name], claim, (first,))


def out_of_order(sheet: SheetFields) -> Iterator[Repeated]:
    """Yield figures of a run that are smaller at a larger point, and operations that a batch does not multiply."""
    rows = [row for row in _rows(sheet) if isinstance(row.point.batch, int)]
    for one, other in combinations(rows, 2):
        if one.point.name != other.point.name or one.point.counting != other.point.counting:
            continue
        small, large = sorted((one, other), key=lambda row: (row.point.seq_len, row.point.batch))
        if int(small.point.batch) > int(large.point.batch):
            continue  # longer but fewer
        same_length = small.point.seq_len == large.point.seq_len
        for name in GROWING:
            less, more = small.claims.get(name), large.claims.get(name)
            if less is None or more is None or less.point == more.point or less.incomparable(more):
                continue
            if more.quantity.meant.high < less.quantity.meant.low:
                yield Repeated(_NAMES[name], more, (less,))
            elif name in OPS and same_length:
                ratio = int(large.point.batch) / int(small.point.batch)
                meant = less.quantity.meant
                reach = Interval(meant.low * ratio, meant.high * ratio)
                if judge(more, less.quantity.value * ratio, reach=reach).fits is False:
                    yield Repeated(_NAMES[name], more, (less,))


def _unlike(power: Claim, efficiency: Claim) -> bool:
    """Return whether an efficiency is of something else than a power, or counts parts of an inference."""
    return efficiency.of_part or bool(efficiency.incomparable(power))


def without_batch(sheet: SheetFields) -> Iterator[Unplaced]:
    """Yield times, powers and efficiencies of an unstated batch that no whole batch makes agree."""
    for figures in _unplaced(sheet):
        time, power, efficiency = (
            figures.get(name) for name in ("execution_time", "power", "energy_efficiency")
        )
        if time is None or power is None or efficiency is None or _unlike(power, efficiency):
            continue
        stated = {claim.point[1] for claim in (time, power, efficiency) if isinstance(claim.point[1], int)}
        if len(stated) > 1 or all(isinstance(claim.point[1], int) for claim in (time, power, efficiency)):
            continue
        slack = 1 + efficiency.tolerance
        meant = efficiency.quantity.meant
        reach = time.quantity.meant * power.quantity.meant * Interval(meant.low / slack, meant.high * slack)
        if not whole_batches(reach) or not all(reach.contains(batch) for batch in stated):
            possible = REST if reach.high < 1 else OVERLAP
            yield Unplaced(efficiency, (time, power), reach, possible)


def _unplaced(sheet: SheetFields) -> Iterator[dict[str, Claim]]:
    """Yield the figures of sections that may hold at one point, then those of each row without a batch."""
    sections = {
        name: claim for name, place in IN_SECTION.items() if (claim := claim_at(sheet, *place)) is not None
    }
    lengths = {claim.point[0] for claim in sections.values() if claim.point[0] is not None}
    if len(lengths) <= 1:
        yield sections
    for row in _rows(sheet):
        if not isinstance(row.point.batch, int):
            yield dict(row.claims)


def rates_without_batch(sheet: SheetFields) -> Iterator[Unplaced]:
    """Yield efficiencies of sections that are not throughput over power, where no point is stated that they share."""
    for figures in _unplaced(sheet):
        rate, power, efficiency = (figures.get(name) for name in ("throughput", "power", "energy_efficiency"))
        if rate is None or power is None or efficiency is None or _unlike(power, efficiency):
            continue
        if all(isinstance(claim.point[1], int) for claim in (rate, power, efficiency)):
            continue  # FS306 judges what is stated for one point
        if rate.quantity.unit.split("/")[0] != efficiency.quantity.unit.split("/")[0]:
            continue
        low, high = power.quantity.meant.low, power.quantity.meant.high
        if low <= 0:
            continue
        meant = rate.quantity.meant
        reach = Interval(meant.low / high, meant.high / low)
        value = rate.quantity.value / power.quantity.value
        if judge(efficiency, value, reach=reach).fits is False:
            yield Unplaced(efficiency, (rate, power), reach, SPANS)
