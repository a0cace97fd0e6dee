"""Claims that other figures of their operating point imply, judged figure by figure.

Of a figure's identities, the first whose factors the sheet states is compared with the claim. The others count as
well, but only as far as no figure that they are made of contradicts its own identity: a wrong figure is no witness
against another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.recompute.claims import claim_at, claim_of, points
from factsheet.recompute.identities import (
    BATCH,
    BATCH_OF_EFFICIENCY,
    IDENTITIES,
    IN_ROW,
    IN_SECTION,
    RECIPROCAL,
    SEQ_LEN,
    evaluate,
    exact_factor,
    factor_of,
    in_row,
)
from factsheet.recompute.verdict import judge, not_comparable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.quantities.interval import Interval
    from factsheet.recompute.claims import Claim, StatedPoint
    from factsheet.recompute.comparisons.inputs import Related
    from factsheet.recompute.identities import Factor, Identity, Outcome
    from factsheet.recompute.verdict import Verdict
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.parameters import OperatingPoint
    from factsheet.source.document import KeyPath


OVERLAP = "inferences overlap in time, as in a pipeline"
REST = "the chip rests between inferences, and what is averaged over time includes that"
SPANS = "power and throughput are averaged over different spans of time"
_OF_THE_SPAN = {
    "throughput": IDENTITIES["throughput"][0],
    "energy": IDENTITIES["energy"][0],
    "energy_per_inference": IDENTITIES["energy_per_inference"][1],
}
"""The identities that hold where the time of a run is also the time from one run to the next."""
PARTS = ("token", "frame", "sample")
"""Beginnings of units that count parts of an inference, or inferences: one of each comes with a sequence's position."""
MOST_OF_ONE_POINT = 20
"""Rows of one point whose figures are taken together; where there are more, each is judged by its own."""
ELSEWHERE = "it holds at another operating point of the sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Implied:
    """A claim with what other figures of its operating point imply for it."""

    name: str
    """As `factsheet derive` calls the figure."""
    claim: Claim
    outcome: Outcome
    verdict: Verdict
    point: StatedPoint
    """The operating point of the factors."""
    row: int | None = None
    """The operating point's row, where the identity holds for figures of sections as well."""
    possible: str = ""
    """Of a claim that differs, what the sheet does not say and would make it right; empty where nothing would."""

    @property
    def related(self) -> Related:
        """The places of the figures that imply it and of what places them at one point, each with its text."""
        claims = [factor.claim for factor in self.outcome.factors if factor.claim]
        figures = [(claim.path, claim.quantity.text) for claim in claims]
        return tuple(dict([*figures, *placed_by(self.claim, *claims, row=self.row)]).items())

    @property
    def batches(self) -> Interval:
        """The batches that an efficiency allows together with the time and power that it is judged by."""
        time, power = self.outcome.below
        return time.meant * power.meant * self.claim.quantity.meant

    @property
    def command(self) -> str:
        """The command that shows the arithmetic; the checks put the sheet's name for `SHEET`."""
        options = zip(("--seq-len", "--batch"), self.point, strict=True)
        given = [f"{option} {value}" for option, value in options if isinstance(value, int)]
        return " ".join([f"factsheet derive SHEET --explain {self.name}", *given])


def placed_by(*claims: Claim, row: int | None = None) -> Related:
    """Return the places that say which operating point these claims hold at.

    Args:
        claims: the claims.
        row: the operating point that figures of sections are read at, where there is one.
    """
    found: dict[KeyPath, str] = {}
    for claim in claims:
        holder = claim.path[:3] if in_row(claim) else (*claim.path, "at")
        for field, stated in zip(("seq_len", "batch"), claim.point, strict=True):
            if stated is not None:
                found[*holder, field] = f"`{field}` is {stated}"
    if row is not None:
        for field in ("seq_len", "batch"):
            found.setdefault(
                ("parameters", "operating_points", row, field), f"the `{field}` that it is read at"
            )
    return tuple(found.items())


def implied_claims(sheet: SheetFields) -> tuple[Implied, ...]:
    """Return every claim that other figures of the same operating point determine, with the verdict on it.

    Figures of sections belong to a point where they state it. For time, power and efficiency they are compared at every
    row that they do not contradict, and one that fits is enough: a figure that does not say where it holds need not
    hold everywhere.
    """
    if not _determines(sheet):
        return ()
    return tuple(_Judging(sheet).run())


def _determines(sheet: SheetFields) -> bool:
    """Return whether there are figures at all; most sheets in the making have none."""
    parameters, performance = sheet.parameters, sheet.performance
    return performance is not None or bool(parameters and parameters.operating_points)


def claims_by_point(sheet: SheetFields) -> dict[StatedPoint, dict[str, list[Claim]]]:
    """Return the claims by the operating point that is stated with them, rows before sections."""
    groups: dict[StatedPoint, dict[str, list[Claim]]] = {}
    for path, row in points(sheet):
        for name in IN_ROW:
            if getattr(row, name) is None:
                continue
            point = (row.seq_len, row.batch)
            claim = claim_of(sheet, getattr(row, name), (*path, name), point=point)
            if claim is not None:
                groups.setdefault(point, {}).setdefault(name, []).append(claim)
    for name, (section, field) in IN_SECTION.items():
        claim = claim_at(sheet, section, field)
        if claim is not None:
            groups.setdefault(claim.point, {}).setdefault(name, []).append(claim)
    return groups


def may_hold(point: StatedPoint, row: OperatingPoint) -> bool:
    """Return whether a figure stated for a point can hold at a row: nothing that both name differs."""
    seq_len, batch = point
    if seq_len is not None and seq_len != row.seq_len:
        return False
    return not (isinstance(batch, int) and isinstance(row.batch, int) and batch != row.batch)


def _over_time(identity: Identity) -> bool:
    return "execution_time" in (*identity.above, *identity.below)


def scales(claim: Claim, point: StatedPoint) -> tuple[int, ...]:
    """Return how many of a claim's units an inference can be: tokens are as many as a sequence has, or one a step."""
    seq_len = point[0]
    counted = (claim.of_part or claim.quantity.unit.startswith(PARTS)) and isinstance(seq_len, int)
    return (int(str(seq_len)), 1) if counted and seq_len != 1 else (1,)


def judge_scaled(claim: Claim, outcome: Outcome, point: StatedPoint) -> tuple[Outcome, Verdict]:
    """Judge a claim by an identity, in inferences or in the parts of one that its unit counts."""
    found: list[tuple[Outcome, Verdict]] = []
    for scale in scales(claim, point):
        scaled = outcome
        if scale != 1:
            length = exact_factor(SEQ_LEN, scale, "the sequence length")
            each = claim.path[-1] == "energy_per_inference"  # of one part
            factor = 1 / scale if each else scale
            scaled = outcome._replace(
                value=outcome.value * factor,
                reach=outcome.reach.scaled(factor),
                above=outcome.above if each else (*outcome.above, length),
                below=(*outcome.below, length) if each else outcome.below,
            )
        verdict = judge(claim, scaled.value, reach=scaled.reach)
        if verdict.fits:
            return scaled, verdict
        found.append((scaled, verdict))
    scaled, verdict = found[0]
    why = claim.incomparable(*(factor.claim for factor in outcome.factors if factor.claim))
    if not why and claim.of_part and not isinstance(point[0], int):
        why = "how many parts an inference has is not stated"
    return scaled, (not_comparable(why, verdict.difference) if why else verdict)


class _Judging:
    """The claims of one sheet, judged figure by figure in the order of the table."""

    def __init__(self, sheet: SheetFields) -> None:
        self._groups = claims_by_point(sheet)
        self._rows = [row for _, row in points(sheet)]
        self._at: dict[StatedPoint, list[int]] = {}
        for index, row in enumerate(self._rows):
            self._at.setdefault((row.seq_len, row.batch), []).append(index)
        self._power = [
            (point, claim)
            for point, group in self._groups.items()
            for claim in group.get("power", ())
            if not in_row(claim)
        ]
        self._found: dict[tuple[StatedPoint, int | None], dict[str, list[Factor]]] = {}
        self._at_fault: set[KeyPath] = set()
        self._batches_at_fault: set[StatedPoint] = set()
        self._spans_at_fault: set[StatedPoint] = set()
        """Points whose time is not the span that power and throughput are taken over."""

    def run(self) -> Iterator[Implied]:
        """Judge every claim."""
        for name, identities in IDENTITIES.items():
            if name == "tops_per_watt":
                continue
            for group in self._groups.values():
                for claim in group.get(name, ()):
                    yield from self._at_stated_point(name, claim, identities)
                    if not in_row(claim):
                        yield from self._at_rows(name, claim, identities)

    def _at_stated_point(
        self, name: str, claim: Claim, identities: tuple[Identity, ...]
    ) -> Iterator[Implied]:
        point = claim.point
        rows = self._at.get(point, [])[:MOST_OF_ONE_POINT]
        row = int(claim.path[2]) if in_row(claim) else next(iter(rows), None)
        others = rows if self._apart(point) and not in_row(claim) else [row]
        judged = [(one, self._judged_at(claim, identities, one)) for one in others]
        chosen = [(one, found) for one, found in judged if found is not None]
        if chosen:
            row, best = next((each for each in chosen if each[1][1].fits), chosen[0])
            yield self._implied(name, claim, best, point=point, row=row)

    def _judged_at(
        self, claim: Claim, identities: tuple[Identity, ...], row: int | None
    ) -> tuple[Outcome, Verdict] | None:
        """Judge a claim at its point, by the figures of one of the rows there."""
        point = claim.point
        known = self._known(point, row)
        if BATCH not in known and in_row(claim):
            # Whatever the batch is, it is the same for all figures of a row.
            known = {
                factor: [one for one in claims if one.claim and one.claim.path[:3] == claim.path[:3]]
                for factor, claims in known.items()
            }
        elif BATCH not in known:
            # Side by side without a batch, only a figure and its reciprocal are sure to belong together.
            identities = tuple(identity for identity in identities if identity is RECIPROCAL)
        lent = known if row is None else self._with_lent(known, row)
        outcomes = [evaluate(identity, lent if identity.anywhere else known) for identity in identities]
        return self._chosen(claim, outcomes, point)

    def _at_rows(self, name: str, claim: Claim, identities: tuple[Identity, ...]) -> Iterator[Implied]:
        """Judge a section's figure at the rows that it may hold at."""
        identities = tuple(identity for identity in identities if identity.anywhere)
        found: list[tuple[int, StatedPoint, tuple[Outcome, Verdict]]] = []
        for index, row in enumerate(self._rows) if identities else ():
            point = (row.seq_len, row.batch)
            if point == claim.point or not may_hold(claim.point, row):
                continue
            known = self._known(point, index)
            own = self._groups.get(point, {}).get(name)
            if BATCH not in known or (own and len(self._rows) > 1):
                continue  # a row's own figure leaves the section's to another row
            lent = self._with_lent(known, index)
            chosen = self._chosen(claim, [evaluate(identity, lent) for identity in identities], point)
            if chosen is not None:
                found.append((index, point, chosen))
        fits = any(verdict.fits for *_, (_, verdict) in found)
        for index, stated, (outcome, judged) in found:
            verdict = judged
            if fits and judged.fits is False:
                verdict = not_comparable(ELSEWHERE, judged.difference)
            yield self._implied(name, claim, (outcome, verdict), point=stated, row=index)

    def _apart(self, point: StatedPoint) -> bool:
        """Return whether rows of one point have names of their own, so that they may be of several networks."""
        return len({self._rows[index].name for index in self._at.get(point, ())}) > 1

    def _known(self, point: StatedPoint, row: int | None = None) -> dict[str, list[Factor]]:
        """Return the figures of a point; where its rows may be of several networks, only those of one row."""
        known = self._found.get((point, row))
        if known is None:
            known = self._found[point, row] = self._worked_out(point, row)
        return known

    def _worked_out(self, point: StatedPoint, row: int | None) -> dict[str, list[Factor]]:
        group, apart = self._groups.get(point, {}), self._apart(point)
        known = {
            name: [
                factor_of(name, claim)
                for claim in claims
                if (len(claims) <= MOST_OF_ONE_POINT or not in_row(claim) or row in (None, claim.path[2]))
                and scales(claim, point) == (1,)
                and (not apart or not in_row(claim) or row in (None, claim.path[2]))
            ]
            for name, claims in group.items()
        }
        batch = point[1]
        if isinstance(batch, int):
            row = self._row_of(point) if row is None else row
            source = "stated with it" if row is None else f"parameters.operating_points[{row}].batch"
            known[BATCH] = [exact_factor(BATCH, int(batch), source)]
        return known

    def _row_of(self, point: StatedPoint) -> int | None:
        return next(iter(self._at.get(point, ())), None)

    def _with_lent(self, known: dict[str, list[Factor]], index: int) -> dict[str, list[Factor]]:
        """Return the figures of a row with the section's power where the row has none."""
        if "power" in known:
            return known
        held = (claim for point, claim in self._power if may_hold(point, self._rows[index]))
        return known | {"power": [factor_of("power", claim) for claim in held]}

    def _chosen(
        self, claim: Claim, outcomes: Iterable[Outcome | None], point: StatedPoint
    ) -> tuple[Outcome, Verdict] | None:
        """Return the outcome that decides on a claim, with the verdict: the first, unless a later one differs.

        Where the time of the point is not the span of power and throughput, what follows from them is left to another
        identity that the claim fits.
        """
        chosen: tuple[Outcome, Verdict] | None = None
        doubted: tuple[Outcome, Verdict] | None = None
        for outcome in outcomes:
            if outcome is None:
                continue
            judged = judge_scaled(claim, outcome, point)
            differs = judged[1].fits is False
            if judged[1].fits is None:
                doubted = doubted or judged
                continue
            if differs and _over_time(outcome.identity) and point in self._spans_at_fault:
                doubted = doubted or judged
                continue
            if (chosen or doubted) and not self._reliable(outcome, point) and (chosen or differs):
                continue
            if chosen is None or differs:
                chosen = judged
            if differs:
                break
        return chosen or doubted

    def _implied(
        self, name: str, claim: Claim, chosen: tuple[Outcome, Verdict], *, point: StatedPoint, row: int | None
    ) -> Implied:
        """Return a claim with its verdict, and remember it where it is at fault."""
        (outcome, verdict), possible = chosen, ""
        if verdict.fits is False:
            possible = self._possible(name, claim, outcome, point)
            if possible == OVERLAP and any(one.overlaps for one in (claim, *outcome.claims)):
                verdict = not_comparable(f"the sheet says that {OVERLAP}", verdict.difference)
            else:
                self._at_fault.add(claim.path)
            if possible:
                self._spans_at_fault.add(point)
            if outcome.identity is BATCH_OF_EFFICIENCY and not possible:
                self._batches_at_fault.add(point)
        return Implied(
            name=name, claim=claim, outcome=outcome, verdict=verdict, point=point, row=row, possible=possible
        )

    def _possible(self, name: str, claim: Claim, outcome: Outcome, point: StatedPoint) -> str:
        """Return what would make a claim right that differs: the time is not the span of power and throughput."""
        if claim.derived:
            return ""
        if not _over_time(outcome.identity):
            together = {"throughput", "power"} <= {*outcome.identity.above, *outcome.identity.below}
            return SPANS if together else ""
        if name == "throughput" and claim.quantity.value < outcome.value:
            return REST  # a sensor may be read less often than it could be
        if self._time_is_the_span(claim, point):
            return ""
        more = claim.quantity.value > outcome.value
        return OVERLAP if more == (name not in ("energy", "energy_per_inference")) else REST

    def _time_is_the_span(self, claim: Claim, point: StatedPoint) -> bool:
        """Return whether another figure of the point shows that inferences neither overlap nor pause."""
        for name, identity in _OF_THE_SPAN.items():
            for other in self._groups.get(point, {}).get(name, ())[:MOST_OF_ONE_POINT]:
                row = int(other.path[2]) if in_row(other) else None
                outcome = None if other.path == claim.path else evaluate(identity, self._known(point, row))
                if outcome is not None and judge(other, outcome.value, reach=outcome.reach).fits:
                    return True
        return False

    def _reliable(self, outcome: Outcome, point: StatedPoint) -> bool:
        if BATCH in (*outcome.identity.above, *outcome.identity.below) and point in self._batches_at_fault:
            return False
        return not any(claim.path in self._at_fault for claim in outcome.claims)
