"""Derived facts: values with their arithmetic, block by block, and the verdict on what the sheet claims."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import format_value
from factsheet.quantities.units import APPROXIMATELY
from factsheet.recompute.verdict import judge, not_comparable, relative_difference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from factsheet.crossbar.cost.figures import Bound
    from factsheet.hardware.profile import Standing as ConstantStanding
    from factsheet.quantities.quantity import Quantity
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.verdict import Verdict


class Summand(NamedTuple):
    """One operator's share of a sum."""

    block: str
    label: str
    """Name within the block."""
    product: str
    """The factors, such as `2 · 768 · 768`; empty for a number that is no product."""
    value: int


def term(block: str, name: str, *factors: int) -> Summand:
    """Return the product of factors as one operator's share; factors of 1 in front are kept, they carry meaning."""
    value = 1
    for factor in factors:
        value *= factor
    product = " · ".join([f"{factor:,}" for factor in factors]) if len(factors) > 1 else ""
    return Summand(block, name.removeprefix(f"{block}."), product, value)


def written_out(terms: Iterable[Summand]) -> Iterator[str]:
    """Write one line a term, a sum for each block, and the sum over all; blocks that are alike are written once."""
    total = 0
    blocks = [(block, tuple(group)) for block, group in groupby(terms, key=lambda term: term.block)]
    for alike, run in groupby(
        blocks, key=lambda named: tuple((t.label, t.product, t.value) for t in named[1])
    ):
        names = [block for block, _ in run]
        together = sum(value for _, _, value in alike)
        yield names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}, {len(names)} alike, each:"
        for label, product, value in alike:
            yield f"  {label}: {product} = {value:,}" if product else f"  {label}: {value:,}"
        if len(names) > 1:
            yield f"  together {together:,}; {len(names)} · {together:,} = {len(names) * together:,}"
        elif len(alike) > 1:
            yield f"  together {together:,}"
        total += len(names) * together
    yield f"sum: {total:,}"


Standing = Literal["structure", "claims", "chip model"]
"""What a value rests on: the declared structure of the network, other figures that the sheet claims, or the cost model
of the chip that a hardware profile describes."""

_ROUNDED = frozenset(
    {"energy", "throughput", "inferences_per_second_per_watt", "ops_per_second_per_watt", "power", "time"}
)
_ROUNDS = ("agrees", "rounds_to")
_DIGITS = 4
"""Significant digits of what was derived from claims."""
_APPROXIMATE = re.compile(APPROXIMATELY)
DERIVED = "derived"
"""First part of the path of a fact that the sheet has no key for."""


class GivenNumber(NamedTuple):
    """One number that entered a derivation."""

    name: str
    text: str
    """As written in the sheet, or as derived."""
    source: str
    """Path in the sheet, or where else it comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic:
    """How a value came about."""

    formula: str
    inputs: tuple[GivenNumber, ...] = ()
    lines: tuple[str, ...] = ()
    """Steps of a short calculation."""
    standing: Standing = "structure"
    weakest: ConstantStanding | None = None
    """Of what a chip model computes with: the standing of the weakest constant."""
    prose: Callable[[], Iterable[str]] | None = field(default=None, repr=False, compare=False)
    """Gives the steps where they are no sum over the network and most runs only want the result."""
    terms: Callable[[], Iterable[Summand]] | None = field(default=None, repr=False, compare=False)
    """Gives the terms of a sum over the network. They are many, and most runs only want the result."""

    @property
    def steps(self) -> tuple[str, ...]:
        """The arithmetic, line by line."""
        if self.prose is not None:
            return (*self.prose(), *self.lines)
        return self.lines if self.terms is None else (*written_out(self.terms()), *self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedFact:
    """One derived fact; values are in the base unit of the dimension."""

    name: str
    """Short name, such as `analog_ops`."""
    path: str
    """Where the sheet would claim it, such as `parameters.operating_points[0].analog_ops`; `derived.…` where
    the sheet has no such key."""
    dimension: str
    claim: Claim | None
    """The claim, if the sheet makes one at the same operating point."""
    derived: float | None
    """A whole number is an `int`; `None` where the sheet does not let one derive it."""
    text: str
    """The derived value for people; empty where there is none."""
    verdict: Verdict
    arithmetic: Arithmetic
    note: str = ""
    """What a reader must know with it; why there is no value, where there is none."""
    reach: Interval | None = None
    """Every value that the digits of the claims it was derived from allow; `None` for exact inputs."""

    @property
    def claimed(self) -> Quantity | None:
        """The claimed quantity."""
        return None if self.claim is None else self.claim.quantity

    @property
    def relative_difference(self) -> float | None:
        """(derived - claimed) / |claimed|."""
        return None if self.derived is None else relative_difference(self.derived, self.claimed)

    @property
    def unit(self) -> str:
        """Base unit that `derived` is in; `1` for a pure number."""
        return DIMENSIONS[self.dimension].base

    @property
    def significant_text(self) -> str:
        """The value for readers, with no more digits than the claims that it was derived from allow.

        The last digit shown is the first that they leave open: with approx. 0.19 ms, 594.7 µJ are approx. 590 µJ. All
        are kept of what shows how the sheet rounded, and of scores, where averages are compared by their last digit.
        """
        if self.standing != "claims" or self.dimension not in _ROUNDED or self.verdict.kind in _ROUNDS:
            return self.text
        if self.reach is None or not self.derived:
            return self.text
        half = self.reach.width / 2
        if not 0 < half < math.inf:
            return self.text
        last = math.floor(math.log10(half))
        digits = math.floor(math.log10(abs(self.derived))) - last + 1
        if digits >= _DIGITS:
            return self.text
        shown = float(f"{self.derived:.{max(digits, 1) - 1}e}")
        about = "approx. " if any(_APPROXIMATE.match(given.text) for given in self.inputs) else ""
        return f"{about}{format_value(shown, self.dimension, _DIGITS)}"

    @property
    def formula(self) -> str:
        """How it is derived, in one line."""
        return self.arithmetic.formula

    @property
    def inputs(self) -> tuple[GivenNumber, ...]:
        """The numbers that entered it."""
        return self.arithmetic.inputs

    @property
    def steps(self) -> tuple[str, ...]:
        """The arithmetic, line by line."""
        return self.arithmetic.steps

    @property
    def standing(self) -> Standing:
        """What the value rests on."""
        return self.arithmetic.standing


class Key(NamedTuple):
    """What is derived: the fact's name, its path and its dimension."""

    name: str
    path: str
    dimension: str


def derived(
    key: Key,
    value: float,
    arithmetic: Arithmetic,
    *,
    claim: Claim | None = None,
    verdict: Verdict | None = None,
    reach: Interval | None = None,
    note: str = "",
    digits: int = 5,
    text: str = "",
    at_least: bool = False,
    at_most: bool = False,
) -> DerivedFact:
    """Return a fact with a value.

    Args:
        key: what it is.
        value: in the base unit.
        arithmetic: how it came about.
        claim: what the sheet says, if it says so at the same operating point.
        verdict: how the claim compares, where that takes more than this value.
        reach: every value that rounded inputs allow.
        note: what a reader must know with it.
        digits: significant digits of the text.
        text: the value for people, where the dimension's own unit would mislead.
        at_least: whether the value can be larger, since something that adds to it is unknown.
        at_most: whether it can be smaller.
    """
    if at_least or at_most:
        reach = Interval(value if at_least else 0.0, value if at_most else math.inf)
    kept = verdict if not at_least or (verdict and verdict.kind == "not_comparable") else None
    found = kept or judge(claim, value, reach=reach)
    words = text or format_value(value, key.dimension, digits)
    end = "at least " if at_least else "at most " if at_most else ""
    return DerivedFact(
        name=key.name,
        path=key.path,
        dimension=key.dimension,
        claim=claim,
        derived=value,
        text=f"{end}{words}",
        verdict=found,
        arithmetic=arithmetic,
        note="; ".join(part for part in (note, _explanation(found, note)) if part),
        reach=reach,
    )


def _explanation(verdict: Verdict, note: str) -> str:
    """Say what a verdict rests on, if the note does not."""
    if verdict.interpretation:
        return f"the claim fits if {verdict.interpretation}"
    if verdict.kind == "within_tolerance" and verdict.why:
        return f"the sheet accepts the difference: {verdict.why}"
    if verdict.kind == "not_comparable" and verdict.why not in note:
        return f"not compared: {verdict.why}"
    return ""


def modelled(
    key: Key,
    value: float,
    arithmetic: Arithmetic,
    *,
    claim: Claim | None = None,
    verdict: Verdict | None = None,
    note: str = "",
    bound: Bound | None = None,
) -> DerivedFact:
    """Return a fact that a model gives, to four digits: its constants have no more.

    Of one that is off by an unknown amount either way, no claim is judged.
    """
    if claim is not None and bound == "of the parts known" and verdict is None:
        verdict = not_comparable("the model leaves out parts of the chip that move it either way")
    return derived(
        key,
        value,
        arithmetic,
        claim=claim,
        verdict=verdict,
        note=note,
        digits=4,
        at_least=bound == "at least",
        at_most=bound == "at most",
    )


def underivable(
    key: Key,
    reason: str,
    *,
    formula: str = "",
    claim: Claim | None = None,
    standing: Standing = "structure",
) -> DerivedFact:
    """Return a fact that the sheet does not let one derive, with the reason."""
    return DerivedFact(
        name=key.name,
        path=key.path,
        dimension=key.dimension,
        claim=claim,
        derived=None,
        text="",
        verdict=not_comparable(reason),
        arithmetic=Arithmetic(formula=formula, standing=standing),
        note=reason,
    )
