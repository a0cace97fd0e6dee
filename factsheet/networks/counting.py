"""Count the operations of a network under conventions that say what a multiply-accumulate and an element are worth."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import WorkloadError
from factsheet.networks.operators import ELEMENT_KINDS, DynamicMatmul, Elementwise, StaticMatmul
from factsheet.networks.tables import unique_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.networks.operators import ElementKind, Network

DEFAULT = "consistent"

# max (compare), subtract, exp, sum (add), divide: the numerically stable softmax, each step once an element.
_SOFTMAX_STEPS = 5
# mean (add), subtract, square, variance (add), times the inverse deviation, times the gain, plus the offset.
# What is done once a row (the divisions by its length, the square root) vanishes beside that.
_LAYER_NORM_STEPS = 7


class CountingConvention(NamedTuple):
    """How many operations one MAC and one element are worth."""

    name: str
    title: str
    ops_per_static_mac: int
    """For products with stored weights, analog or digital."""
    ops_per_dynamic_mac: int
    """For products of two computed matrices: attention."""
    ops_per_element: Mapping[ElementKind, int]
    """For elementwise work, by kind."""
    source: str
    """Who counts like this, or why one would."""


# square, mean (add), times the inverse root, times the gain.
_RMS_NORM_STEPS = 4


class _Steps(NamedTuple):
    """Operations per element of what takes more than one step."""

    activation: int
    softmax: int
    layer_norm: int
    rms_norm: int
    batch_norm: int
    """Times one stored number, plus another: mean and variance are known before inference."""
    rotary: int
    """Two products and their sum."""
    scan: int
    """A product and a sum for each element of the state."""


def _factors(addition: int, steps: _Steps) -> Mapping[ElementKind, int]:
    """Return operations per element; whatever is one addition, product or comparison counts alike."""
    return MappingProxyType(
        {
            "bias": addition,
            "residual": addition,
            "embedding": addition,
            "product": addition,
            "pooling": addition,
            "routing": addition,
            "other": addition,
            "activation": steps.activation,
            "softmax": steps.softmax,
            "layer_norm": steps.layer_norm,
            "rms_norm": steps.rms_norm,
            "batch_norm": steps.batch_norm,
            "rotary": steps.rotary,
            "scan": steps.scan,
        }
    )


CONVENTIONS: Mapping[str, CountingConvention] = unique_table(
    "a counting convention",
    (
        (convention.name, convention)
        for convention in (
            CountingConvention(
                name="consistent",
                title="two ops a MAC everywhere, one an element; softmax five, layer normalisation seven",
                ops_per_static_mac=2,
                ops_per_dynamic_mac=2,
                # An activation function is one op because hardware reads it from a table.
                ops_per_element=_factors(
                    1,
                    _Steps(
                        activation=1,
                        softmax=_SOFTMAX_STEPS,
                        layer_norm=_LAYER_NORM_STEPS,
                        rms_norm=_RMS_NORM_STEPS,
                        batch_norm=2,
                        rotary=3,
                        scan=2,
                    ),
                ),
                source="the default: a multiplication and an addition count the same wherever they happen",
            ),
            CountingConvention(
                name="matmul-only",
                title="two ops a MAC, nothing else",
                ops_per_static_mac=2,
                ops_per_dynamic_mac=2,
                ops_per_element=_factors(
                    0,
                    _Steps(activation=0, softmax=0, layer_norm=0, rms_norm=0, batch_norm=0, rotary=0, scan=0),
                ),
                source="torch.utils.flop_counter, which counts matrix products and convolutions only",
            ),
            CountingConvention(
                name="one-op-per-element",
                title="two ops a MAC, one op an element whatever is done to it",
                ops_per_static_mac=2,
                ops_per_dynamic_mac=2,
                ops_per_element=_factors(
                    1,
                    _Steps(activation=1, softmax=1, layer_norm=1, rms_norm=1, batch_norm=1, rotary=1, scan=1),
                ),
                source="a bound from below on elementwise work that needs no factors",
            ),
            CountingConvention(
                name="attention-mac-is-one-op",
                title="two ops a MAC of stored weights, one a MAC of attention, one an element",
                ops_per_static_mac=2,
                ops_per_dynamic_mac=1,
                ops_per_element=_factors(
                    1,
                    _Steps(activation=1, softmax=1, layer_norm=1, rms_norm=1, batch_norm=1, rotary=1, scan=1),
                ),
                source="not consistent, since a MAC counts once here and twice there; for digital units that do a"
                " MAC in one step. It gives the 21.84 G ops published for BERT-base on analog hardware",
            ),
            CountingConvention(
                name="electra-factors",
                title="two ops a MAC, one an addition; activation eight, softmax five, layer normalisation five",
                ops_per_static_mac=2,
                ops_per_dynamic_mac=2,
                # That script knows no other normalisation; these follow it with one step for each mean and gain.
                ops_per_element=_factors(
                    1,
                    _Steps(activation=8, softmax=5, layer_norm=5, rms_norm=3, batch_norm=2, rotary=3, scan=2),
                ),
                source="flops_computation.py of Clark et al. 2020 (ELECTRA), without its dropout, attention scale"
                " and dense embedding products",
            ),
            CountingConvention(
                name="mult-adds",
                title="one op a MAC, nothing else",
                ops_per_static_mac=1,
                ops_per_dynamic_mac=1,
                ops_per_element=_factors(
                    0,
                    _Steps(activation=0, softmax=0, layer_norm=0, rms_norm=0, batch_norm=0, rotary=0, scan=0),
                ),
                source="multiply-adds as Howard et al. 2017 (MobileNets) and much of computer vision report them",
            ),
        )
    ),
)
"""Every convention, by name."""


def convention_named(name: str) -> CountingConvention:
    """Look up a convention.

    Raises:
        WorkloadError: there is none of this name.
    """
    convention = CONVENTIONS.get(name)
    if convention is None:
        from difflib import get_close_matches  # only for a name that is wrong

        close = get_close_matches(name, CONVENTIONS, 1)
        known = ", ".join(f"`{known}`" for known in CONVENTIONS)
        raise WorkloadError(
            f"there is no counting convention `{name}`",
            "a number of operations only means something under a known convention",
            f"did you mean `{close[0]}`? There are {known}" if close else f"there are {known}",
        )
    return convention


class NetworkWork(NamedTuple):
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


def work_of(network: Network) -> NetworkWork:
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
    return NetworkWork(analog, digital, dynamic, MappingProxyType(elements))


def count_ops(work: NetworkWork, batch: int, convention: CountingConvention) -> OpCount:
    """Count the operations of one run of `batch` sequences."""
    factors = convention.ops_per_element
    return OpCount(
        convention=convention,
        analog=convention.ops_per_static_mac * work.analog_macs * batch,
        digital_static=convention.ops_per_static_mac * work.digital_macs * batch,
        dynamic=convention.ops_per_dynamic_mac * work.dynamic_macs * batch,
        elementwise=MappingProxyType(
            {kind: factors[kind] * count * batch for kind, count in work.elements.items()}
        ),
    )


def count_under_all(work: NetworkWork, batch: int) -> tuple[OpCount, ...]:
    """Count the operations of one run of `batch` sequences under every convention."""
    return tuple(count_ops(work, batch, convention) for convention in CONVENTIONS.values())
