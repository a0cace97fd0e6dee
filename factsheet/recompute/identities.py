"""What time, power, energy, throughput and efficiency of one operating point say of each other, whatever the chip.

Each figure is an interval of its written digits, and so is what follows from it.
"""

from __future__ import annotations

from math import inf, isnan
from typing import TYPE_CHECKING, NamedTuple

from factsheet.recompute.claims import claim_at, claim_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.recompute.claims import Claim
    from factsheet.sheet.model import SheetFields

    Point = tuple[object, object]
    """Sequence length and batch as stated; `None` or `not stated` where they are not."""
    Group = dict[str, list[Claim]]
    """The claims that hold at one point, by the name of the figure."""

_IN_ROW = ("execution_time", "power", "energy", "energy_efficiency", "throughput")
_IN_SECTION = {
    ("parameters", "power"): "power",
    ("performance", "classification_time"): "execution_time",
    ("performance", "energy_efficiency"): "energy_efficiency",
    ("performance", "energy_per_inference"): "energy_per_inference",
    ("performance", "throughput"): "throughput",
}
BATCH = "batch"


class Identity(NamedTuple):
    """A fraction that equals a figure: factors above and below the line."""

    above: tuple[str, ...]
    below: tuple[str, ...] = ()
    explained: bool = False
    """Whether `factsheet derive` takes the same way, and so can show it."""


# Of a figure's identities, the first whose factors the sheet states is held against it. Time, power and efficiency at
# a known batch are FS207's.
_IDENTITIES: Mapping[str, tuple[Identity, ...]] = {
    "energy": (
        Identity(("power", "execution_time"), explained=True),
        Identity((BATCH,), ("energy_efficiency",)),
    ),
    "energy_per_inference": (
        Identity((), ("energy_efficiency",), explained=True),
        Identity(("power", "execution_time"), (BATCH,), explained=True),
        Identity(("energy",), (BATCH,)),
        Identity(("power",), ("throughput",)),
    ),
    "throughput": (Identity((BATCH,), ("execution_time",), explained=True),),
    "energy_efficiency": (Identity(("throughput",), ("power",)),),
}
_RECIPROCAL = _IDENTITIES["energy_per_inference"][0]


class Implied(NamedTuple):
    """A claim with what other claims of its operating point imply for it, in the base unit of its dimension."""

    name: str
    """As `factsheet.derive` calls the figure."""
    claim: Claim
    value: float
    low: float
    high: float
    formula: str
    """The arithmetic with the figures as written: `3.13 W · 0.19 ms`."""
    factors: tuple[Claim, ...]
    command: str
    """What shows the arithmetic; empty where nothing does."""

    @property
    def agrees(self) -> bool:
        """Whether some value that the factors allow agrees with the claim."""
        return self.claim.overlaps(self.low, self.high)


def implied(sheet: SheetFields, *, derived: bool) -> Iterator[Implied]:
    """Every claim that other claims of the same operating point determine.

    Args:
        sheet: the sheet.
        derived: whether to take the claims that the sheet says are derived, or the others.
    """
    for point, group in claims_by_point(sheet).items():
        for name in [name for name in _IDENTITIES if name in group]:
            for claim in group[name]:
                if claim.derived == derived:
                    found = (_evaluate(name, claim, identity, group, point) for identity in _IDENTITIES[name])
                    yield from [known for known in found if known is not None][:1]


def claims_by_point(sheet: SheetFields) -> dict[Point, Group]:
    """The claims by operating point; figures of sections belong to a point only where they state it."""
    groups: dict[Point, Group] = {}
    points = (sheet.parameters.operating_points or ()) if sheet.parameters else ()
    for index, row in enumerate(points):
        for name in _IN_ROW:
            fact = getattr(row, name)
            if fact is None:
                continue
            claim = claim_of(sheet, fact, ("parameters", "operating_points", index, name))
            if claim is not None:
                groups.setdefault((row.seq_len, row.batch), {}).setdefault(name, []).append(claim)
    for (section, field), name in _IN_SECTION.items():
        claim = claim_at(sheet, section, field)
        if claim is not None:
            at = claim.at
            point = (None, None) if at is None else (at.seq_len, at.batch)
            groups.setdefault(point, {}).setdefault(name, []).append(claim)
    return groups


def _evaluate(name: str, claim: Claim, identity: Identity, group: Group, point: Point) -> Implied | None:
    """What one identity gives; `None` where the sheet does not state its factors at the same point."""
    batch = point[1]
    if not isinstance(batch, int) and identity is not _RECIPROCAL:
        return (
            None  # side by side without a batch, only a figure and its reciprocal are sure to belong together
        )
    value = low = high = 1.0
    words: tuple[list[str], list[str]] = ([], [])
    factors = []
    for factor in (*identity.above, *identity.below):
        if factor == BATCH and isinstance(batch, int):
            text, least, middle, most = f"batch {batch}", float(batch), float(batch), float(batch)
        elif factor in group:
            stated = group[factor][0]
            meant = stated.quantity.meant
            text, least, middle, most = stated.quantity.text, meant.low, stated.quantity.value, meant.high
            factors.append(stated)
        else:
            return None
        under = factor in identity.below
        if under:
            if middle <= 0:
                return None
            least, middle, most = 1 / most, 1 / middle, 1 / least if least > 0 else inf
        value, low, high = value * middle, low * least, high * most
        words[under].append(text)
    if not value < inf or isnan(high):
        return None  # beyond every number, or nothing times everything
    formula = " / ".join(" · ".join(side) or "1" for side in words if side or side is words[0])
    command = _command(name, point) if identity.explained else ""
    return Implied(name, claim, value, low, high, formula, tuple(factors), command)


def _command(name: str, point: Point) -> str:
    options = zip(("--seq-len", "--batch"), point, strict=True)
    given = [f"{option} {value}" for option, value in options if isinstance(value, int)]
    return " ".join([f"factsheet derive --explain {name}", *given])
