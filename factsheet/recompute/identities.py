"""Identities between time, power, energy, throughput, efficiency and batch: they hold on every chip.

One table says what each figure equals. Each factor is an interval of its written digits, and so is what follows.
"""

from __future__ import annotations

from math import ceil, floor, inf, isfinite, isnan
from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.interval import Interval
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from factsheet.recompute.claims import Claim

    Factors: TypeAlias = Mapping[str, Sequence["Factor"]]
    """The figures that are known at a point, by name, those that count first in front."""

BATCH = "batch"
SEQ_LEN = "seq_len"
WORDS = {
    "execution_time": "execution time",
    "power": "power",
    "energy": "energy",
    "energy_per_inference": "energy per inference",
    "throughput": "throughput",
    "energy_efficiency": "energy efficiency",
    "total_ops": "total operations",
    "tops_per_watt": "operations per second and watt",
    BATCH: BATCH,
    SEQ_LEN: "sequence length",
}
DIMENSIONS = {
    "execution_time": "time",
    "power": "power",
    "energy": "energy",
    "energy_per_inference": "energy",
    "throughput": "throughput",
    "energy_efficiency": "inferences_per_second_per_watt",
    "tops_per_watt": "ops_per_second_per_watt",
}
"""The dimension of each figure that follows from others."""
IN_ROW = ("execution_time", "power", "energy", "throughput", "energy_efficiency", "total_ops")
"""Figures of an operating point's row."""
IN_SECTION = {
    "execution_time": ("performance", "classification_time"),
    "power": ("parameters", "power"),
    "energy_per_inference": ("performance", "energy_per_inference"),
    "throughput": ("performance", "throughput"),
    "energy_efficiency": ("performance", "energy_efficiency"),
    "tops_per_watt": ("performance", "tops_per_watt"),
}
"""Section and field of the figures that a sheet may state outside its operating points."""


class Identity(NamedTuple):
    """A fraction that equals a figure: factors above and below the line."""

    above: tuple[str, ...]
    below: tuple[str, ...] = ()
    anywhere: bool = False
    """Whether figures that do not state their operating point count at each one that they may hold at."""

    @property
    def formula(self) -> str:
        """The fraction in words: `batch / (execution time · power)`."""
        return fraction([WORDS[name] for name in self.above], [WORDS[name] for name in self.below])


IDENTITIES: Mapping[str, tuple[Identity, ...]] = {
    "throughput": (Identity((BATCH,), ("execution_time",)),),
    "energy_efficiency": (
        Identity((BATCH,), ("execution_time", "power"), anywhere=True),
        Identity(("throughput",), ("power",)),
    ),
    "energy": (Identity(("power", "execution_time")), Identity((BATCH,), ("energy_efficiency",))),
    "energy_per_inference": (
        Identity((), ("energy_efficiency",)),
        Identity(("power", "execution_time"), (BATCH,)),
        Identity(("energy",), (BATCH,)),
        Identity(("power",), ("throughput",)),
    ),
    "tops_per_watt": (
        Identity(("total_ops",), ("execution_time", "power"), anywhere=True),
        Identity(("total_ops",), ("energy",), anywhere=True),
    ),
}
"""What each figure equals. A figure's factors come before it, so that they are judged first."""
RECIPROCAL = IDENTITIES["energy_per_inference"][0]
SOLVED: Mapping[str, tuple[Identity, ...]] = {
    "throughput": (Identity(("power",), ("energy_per_inference",)),),
    "execution_time": (Identity((BATCH,), ("throughput",)),),
    "energy_per_inference": (RECIPROCAL, Identity(("power",), ("throughput",))),
    "energy_efficiency": (Identity((), ("energy_per_inference",)),),
    "power": (Identity(("energy_per_inference", "throughput")),),
    "tops_per_watt": (Identity(("total_ops", "energy_efficiency"), (BATCH,)),),
}
"""The same solved for what a sheet leaves out, where a claim of it is not judged but a figure is wanted."""
LEAST = frozenset({"execution_time"})
"""Figures of `SOLVED` that are the least there can be: inferences may overlap, and one then takes longer than the rate
leaves it."""
BATCH_OF_EFFICIENCY = IDENTITIES["energy_efficiency"][0]
"""The identity that also determines the batch."""
CONSISTENT_BATCH = Identity(("energy_efficiency", "execution_time", "power"))
"""The same, solved for the batch."""
_LARGEST_BATCH = 10**9
"""Beyond it no figures are said to fit: a bound such as `> 3 W` fits any batch that is large enough."""


class Factor(NamedTuple):
    """A figure that enters an identity: a claim, or a number without rounding."""

    name: str
    text: str
    value: float
    meant: Interval
    source: str
    """Path in the sheet, or where else it comes from."""
    claim: Claim | None = None


def factor_of(name: str, claim: Claim) -> Factor:
    """Return a claim as a factor."""
    quantity = claim.quantity
    return Factor(WORDS[name], quantity.text, quantity.value, quantity.meant, dotted(claim.path), claim)


def exact_factor(name: str, value: float, source: str) -> Factor:
    """Return a number without rounding as a factor."""
    return Factor(WORDS[name], f"{value:,}", value, Interval(value, value), source)


class Outcome(NamedTuple):
    """What an identity gives for its figure, in the base unit of its dimension."""

    identity: Identity
    value: float
    reach: Interval
    """Every value that the factors allow."""
    above: tuple[Factor, ...]
    below: tuple[Factor, ...]

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The factors, those above the line first."""
        return (*self.above, *self.below)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims among the factors."""
        return tuple(factor.claim for factor in self.factors if factor.claim is not None)

    @property
    def step(self) -> str:
        """The fraction with the figures in it: `3.13 W · 0.19 ms`."""
        return fraction([factor.text for factor in self.above], [factor.text for factor in self.below])

    @property
    def named_step(self) -> str:
        """The same with names for numbers that are no claims: `batch 4 / 0.19 ms`."""
        above, below = (
            [factor.text if factor.claim else f"{factor.name} {factor.text}" for factor in side]
            for side in (self.above, self.below)
        )
        return fraction(above, below)

    @property
    def unbounded(self) -> bool:
        """Whether a factor below the line may be zero, so that there is no largest value."""
        return any(factor.meant.low <= 0 for factor in self.below)


def fraction(above: Sequence[str], below: Sequence[str]) -> str:
    """Write a fraction in one line."""
    top, bottom = " · ".join(above) or "1", " · ".join(below)
    if not below:
        return top
    return f"{top} / ({bottom})" if len(below) > 1 else f"{top} / {bottom}"


def evaluate(identity: Identity, known: Factors) -> Outcome | None:
    """Evaluate an identity with the first figure of each name; `None` where one is missing, zero, or out of range."""
    if any(not known.get(name) for name in (*identity.above, *identity.below)):
        return None
    above = tuple(known[name][0] for name in identity.above)
    below = tuple(known[name][0] for name in identity.below)
    value = low = high = 1.0
    for factor in above:
        meant = factor.meant
        value, low, high = value * factor.value, low * meant.low, high * meant.high
    for factor in below:
        meant = factor.meant
        if factor.value <= 0:
            return None
        value, low = value / factor.value, low / meant.high
        high = high / meant.low if meant.low > 0 else inf
    if not isfinite(value) or isnan(low) or isnan(high):
        return None  # beyond every number, or nothing times everything
    return Outcome(identity, value, Interval(min(low, value), max(high, value)), above, below)


def solve(name: str, identity: Identity, known: Factors) -> Outcome | None:
    """Evaluate an identity of `SOLVED` for a figure, which has no largest value where it is the least there can be."""
    outcome = evaluate(identity, known)
    if outcome is None or name not in LEAST:
        return outcome
    return outcome._replace(reach=Interval(outcome.reach.low, inf))


def whole_batches(reach: Interval) -> range:
    """Return the whole batches inside an interval, up to the largest that is sensible."""
    first, last = floor(max(reach.low, 1.0)), ceil(min(reach.high, _LARGEST_BATCH))
    return range(first if reach.contains(first) else first + 1, last + 1 if reach.contains(last) else last)


def in_row(claim: Claim) -> bool:
    """Return whether a claim is a figure of an operating point's row."""
    return claim.path[1] == "operating_points"
