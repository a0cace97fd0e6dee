"""How much work a network is, and how many operations that makes under a counting convention."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.workload.conventions import CONVENTIONS
from factsheet.workload.operators import ELEMENT_KINDS, DynamicMatmul, Elementwise, StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.sheet.quantity import Quantity
    from factsheet.workload.conventions import CountingConvention
    from factsheet.workload.operators import ElementKind, Network

Fit = Literal["rounds_to", "within", "differs"]


class Work(NamedTuple):
    """What one sequence takes, before any convention: MACs, and elements by kind."""

    analog_macs: int
    """MACs with weights on analog tiles."""
    digital_macs: int
    """MACs with stored weights in digital memory."""
    dynamic_macs: int
    """MACs of attention."""
    elements: Mapping[ElementKind, int]


class OpCount(NamedTuple):
    """Operations of one run of a batch, under one convention."""

    convention: CountingConvention
    analog: int
    digital_static: int
    """Products with stored weights in digital memory: pooler and head."""
    dynamic: int
    """Attention."""
    elementwise: Mapping[ElementKind, int]

    @property
    def digital(self) -> int:
        """Operations done in digital units."""
        return self.digital_static + self.dynamic + sum(self.elementwise.values())

    @property
    def total(self) -> int:
        """All operations."""
        return self.analog + self.digital


class Explanation(NamedTuple):
    """Which conventions a published number of operations could have been counted under."""

    claimed: Quantity
    counts: tuple[OpCount, ...]
    """Under every convention."""
    fits: Mapping[str, Fit]
    """By name of the convention: `rounds_to` where its total becomes the published digits, `within` where it
    only falls into what `approximately`, a range or a bound allows."""

    def fitting(self, *fits: Fit) -> tuple[str, ...]:
        """Names of the conventions that fit in one of these ways."""
        return tuple(name for name, fit in self.fits.items() if fit in fits)

    def words(self) -> str:
        """What the figure says about its convention, in one sentence."""
        exact, loose = self.fitting("rounds_to"), self.fitting("rounds_to", "within")
        if not loose:
            return f"no known convention explains {self.claimed.text}"
        if len(loose) == 1:
            return f"only `{loose[0]}` explains {self.claimed.text}"
        listed = ", ".join(f"`{name}`" for name in loose)
        first = f"`{'`, `'.join(exact)}` gives its digits; " if 0 < len(exact) < len(loose) else ""
        agree = f"{listed} all agree with {self.claimed.text}"
        return f"{first}{agree}: the figure does not determine its convention"


def work_of(network: Network) -> Work:
    """Add up the work of one sequence."""
    analog = digital = dynamic = 0
    elements: dict[ElementKind, int] = dict.fromkeys(ELEMENT_KINDS, 0)
    for operator in network.operators:
        if isinstance(operator, StaticMatmul):
            if operator.on == "analog":
                analog += operator.macs
            else:
                digital += operator.macs
            elements["bias"] += operator.bias_elements
        elif isinstance(operator, DynamicMatmul):
            dynamic += operator.macs
        elif isinstance(operator, Elementwise):
            elements[operator.kind] += operator.elements
    return Work(analog, digital, dynamic, MappingProxyType(elements))


def count_ops(work: Work, batch: int, convention: CountingConvention) -> OpCount:
    """Operations of one run of `batch` sequences."""
    factors = convention.ops_per_element
    return OpCount(
        convention,
        convention.ops_per_static_mac * work.analog_macs * batch,
        convention.ops_per_static_mac * work.digital_macs * batch,
        convention.ops_per_dynamic_mac * work.dynamic_macs * batch,
        MappingProxyType({kind: factors[kind] * count * batch for kind, count in work.elements.items()}),
    )


def count_under_all(work: Work, batch: int) -> tuple[OpCount, ...]:
    """Operations of one run of `batch` sequences under every convention."""
    return tuple(count_ops(work, batch, convention) for convention in CONVENTIONS.values())


def explain_total(network: Network | Work, batch: int, claimed: Quantity) -> Explanation:
    """Find the conventions whose total agrees with a published one.

    Args:
        network: the network, or its work.
        batch: sequences of one run.
        claimed: the published total, a quantity of `ops`.
    """
    work = network if isinstance(network, Work) else work_of(network)
    return explain_counts(count_under_all(work, batch), claimed)


def explain_counts(counts: tuple[OpCount, ...], claimed: Quantity) -> Explanation:
    """`explain_total` of counts that are known already."""
    fits = MappingProxyType({count.convention.name: _fit(count.total, claimed) for count in counts})
    return Explanation(claimed, counts, fits)


def _fit(total: int, claimed: Quantity) -> Fit:
    if claimed.kind == "point" and claimed.rounds_from(total):
        return "rounds_to"
    loose = claimed.approximate or claimed.kind != "point"
    return "within" if loose and claimed.meant.contains(total) else "differs"
