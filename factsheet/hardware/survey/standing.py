"""Say where a claim stands among the published designs of its class, in operations of 1 bit.

Operations of unlike precision cannot be compared, so a claim is first multiplied by the bits of an input and of a
weight, as the survey does with its designs (Shanbhag and Roy, CICC 2022, section II). Where the bits are not known, the
claim is a range: from 1 bit, which makes it as low as it can be, to 8. A design counts once, with its best operating
point of the class.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from factsheet.hardware.survey.designs import DesignLevel, MemoryKind, SurveyPoint, survey
from factsheet.quantities.dimensions import dimension
from factsheet.quantities.interval import DUST, Interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FieldMetric = Literal["efficiency", "density"]
"""Operations per second and watt, and operations per second and area."""
Bound = Literal["", "at most", "at least"]
"""What a figure is of what can be."""
DIMENSIONS_OF_METRICS: dict[FieldMetric, str] = {
    "efficiency": "ops_per_second_per_watt",
    "density": "ops_per_second_per_area",
}
FEWEST = 10
"""Designs of a class that a claim can be compared with: among fewer the best of them says little."""
MOST_BITS = 8
"""Bits that are assumed at most where a sheet does not state them."""
_DIGITS, _WHOLE = 4, 1000
METRICS: tuple[FieldMetric, ...] = ("efficiency", "density")
_UNITS: dict[FieldMetric, tuple[str, float]] = {"efficiency": ("TOPS/W", 1e12), "density": ("TOPS/mm²", 1e18)}
UNITS_OF_METRICS: dict[FieldMetric, str] = {metric: unit for metric, (unit, _) in _UNITS.items()}
"""The units that all figures of the field are shown in, so that they can be compared."""
_LEVELS: dict[DesignLevel, str] = {
    "macro": "in-memory macros",
    "processor": "in-memory processors",
    "accelerator": "digital accelerators",
}
_MEMORIES: dict[MemoryKind, str] = {
    "static": "static memory",
    "non-volatile": "non-volatile memory",
    "dynamic": "dynamic memory",
    "digital": "",
}
_OF_TECHNOLOGY: dict[str, MemoryKind] = {
    "phase-change memory": "non-volatile",
    "resistive memory": "non-volatile",
    "flash memory": "non-volatile",
    "magnetic memory": "non-volatile",
    "ferroelectric memory": "non-volatile",
    "electrochemical memory": "non-volatile",
    "static memory": "static",
    "dynamic memory": "dynamic",
}
"""The kinds of memory of the survey, by the names of `hardware.technologies`."""


class Precision(NamedTuple):
    """How many bits an input or a weight has.

    Attributes:
        low: at least.
        high: at most.
        words: where that is known from, or that it is assumed.
    """

    low: float
    high: float
    words: str

    @property
    def known(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    @property
    def text(self) -> str:
        """The number, or the range."""
        return f"{self.low:g}" if self.known else f"{self.low:g} to {self.high:g}"


def assumed_precision() -> Precision:
    """Return the precision of inputs or weights whose bits nobody states: 1 to 8 bits."""
    return Precision(1, MOST_BITS, f"not stated, 1 to {MOST_BITS} assumed")


def surveyed_precision(profile: str, what: str) -> Precision | None:
    """Return the bits that the survey counts for the chip of a hardware profile; `None` for a chip that it has not.

    Args:
        profile: the name of the profile.
        what: inputs or weights.
    """
    number = survey().profiles.get(profile)
    for point in survey().points:
        bits = point.input_bits if what == "inputs" else point.weight_bits
        if point.design == number and bits is not None:
            return Precision(bits, bits, f"the survey, for {point.words}")
    return None


class FieldClaim(NamedTuple):
    """A figure to be compared with the field.

    Attributes:
        metric: what it is a figure of.
        value: as it was claimed, in the base unit; of a range, both ends.
        inputs: the bits of an input.
        weights: the bits of a weight.
        level: what it includes; `None` where that is more than a chip, of which the survey has none.
        memory: what holds the weights; `None` where that is not known.
        bound: `at most` or `at least` of a figure that is the end of what can be; empty of others.
    """

    metric: FieldMetric
    value: Interval
    inputs: Precision
    weights: Precision
    level: DesignLevel | None
    memory: MemoryKind | None = None
    bound: Bound = ""

    @property
    def one_bit(self) -> Interval:
        """The same in operations of 1 bit."""
        low, high = self.inputs.low * self.weights.low, self.inputs.high * self.weights.high
        return self.value * Interval(low, high)

    @property
    def precise(self) -> bool:
        """Whether it is one number in operations of 1 bit."""
        return self.one_bit.width == 0

    @property
    def one_bit_words(self) -> str:
        """The same with its unit, as one figure or as a range."""
        reach = self.one_bit
        high = one_bit_text(reach.high, self.metric)
        both = high if self.precise else f"{one_bit_text(reach.low, self.metric).partition(' ')[0]} to {high}"
        return f"{self.bound} {both}".lstrip()

    @property
    def factor(self) -> str:
        """The multiplication in words: `× 8 × 1 to 8 bits`."""
        return f"× {self.inputs.text} × {self.weights.text} bits"


class FieldClass(NamedTuple):
    """Designs that a claim is compared with.

    Attributes:
        level: what their figures include; `None` for macros and processors alike.
        memory: what holds their weights; `None` for all in-memory designs of the level.
    """

    level: DesignLevel | None
    memory: MemoryKind | None = None

    @property
    def words(self) -> str:
        """The class in words, in the plural."""
        level = "in-memory designs" if self.level is None else _LEVELS[self.level]
        memory = "" if self.memory is None else _MEMORIES[self.memory]
        return f"{level} with {memory}" if memory else level

    def holds(self, point: SurveyPoint) -> bool:
        """Return whether an operating point of the survey is of the class."""
        if self.level is None and point.level == "accelerator":
            return False
        return self.level in {None, point.level} and self.memory in {None, point.memory}


ALL_CLASSES = (
    FieldClass("macro", "static"),
    FieldClass("macro", "non-volatile"),
    FieldClass("macro"),
    FieldClass("processor"),
    FieldClass(None, "static"),
    FieldClass(None, "non-volatile"),
    FieldClass("accelerator"),
)
"""The classes that claims are compared within, as they are listed."""


class FieldStanding(NamedTuple):
    """Where a claim stands in one class.

    Attributes:
        claim: what was compared.
        within: the class.
        designs: how many designs of it have such a figure.
        below: how many of these do not reach the claim, for the claim at its lowest and at its highest.
        best: the operating point of the best of them.
        best_value: its figure, in operations of 1 bit.
    """

    claim: FieldClaim
    within: FieldClass
    designs: int
    below: tuple[int, int]
    best: SurveyPoint
    best_value: float

    @property
    def percentiles(self) -> tuple[float, float]:
        """Share of the designs, in per cent, that do not reach the claim at its lowest and at its highest."""
        return tuple(100 * count / self.designs for count in self.below)  # type: ignore[return-value]  # of two

    @property
    def beyond(self) -> bool:
        """Whether the claim is above every design, even with the fewest bits that it can have.

        What is at most so much need not be.
        """
        return self.times > 1 + DUST and self.claim.bound != "at most"

    @property
    def times(self) -> float:
        """The claim at its lowest over the best design."""
        return self.claim.one_bit.low / self.best_value

    @property
    def times_words(self) -> str:
        """The same in digits, for a sentence."""
        return f"{self.times:,.0f}" if self.times >= 100 else f"{self.times:.3g}"  # noqa: PLR2004  three digits

    @property
    def words(self) -> str:
        """The place in words, with the percentile: `above 3 to 16 of 19 in-memory processors (16 to 84 %)`.

        A claim beyond every design has no percentile among them: `beyond all 19 in-memory processors: 1.52 times the
        best`.
        """
        if self.beyond:
            return f"beyond all {self.designs} {self.within.words}: {self.times_words} times the best"
        count, share = (
            f"{low}" if low == high else f"{low} to {high}"
            for low, high in (self.below, tuple(f"{found:.0f}" for found in self.percentiles))
        )
        bound = f" {self.claim.bound}" if self.claim.bound else ""
        return f"above{bound} {count} of {self.designs} {self.within.words} ({share} %)"


@cache
def best_points(metric: FieldMetric, within: FieldClass) -> tuple[tuple[float, SurveyPoint], ...]:
    """Return the best operating point of each design of a class with its figure, from the lowest to the highest.

    Args:
        metric: the figure; designs without it are left out.
        within: the class.
    """
    found: dict[int, tuple[float, SurveyPoint]] = {}
    for point in survey().points:
        value: float | None = getattr(point, metric)
        if value is not None and within.holds(point) and value > found.get(point.design, (0.0, point))[0]:
            found[point.design] = (value, point)
    return tuple(sorted(found.values(), key=lambda entry: entry[0]))


def classes_of(claim: FieldClaim) -> Iterator[FieldClass]:
    """Yield the classes of a claim, the narrowest first; none of fewer than `FEWEST` designs.

    What is more than a chip is compared with processors: it takes more than a chip alone, and reaches less.
    """
    level: DesignLevel = claim.level or "processor"
    if claim.memory == "digital" or level == "accelerator":
        candidates = [FieldClass("accelerator")]
    elif claim.memory is None:
        candidates = [FieldClass(level)]
    elif len(best_points(claim.metric, own := FieldClass(level, claim.memory))) >= FEWEST:
        candidates = [own, FieldClass(level)]
    else:
        candidates = [FieldClass(level), FieldClass(None, claim.memory)]
    yield from (one for one in candidates if len(best_points(claim.metric, one)) >= FEWEST)


def standing_of(claim: FieldClaim, within: FieldClass) -> FieldStanding:
    """Return where a claim stands in a class, by operations of 1 bit.

    Raises:
        ValueError: no design of the class has such a figure.
    """
    ranked = best_points(claim.metric, within)
    if not ranked:
        raise ValueError(f"the survey has no {claim.metric} of {within.words}")
    values = [value for value, _ in ranked]
    reach = claim.one_bit
    below = tuple(bisect_left(values, end * (1 - DUST)) for end in (reach.low, reach.high))
    return FieldStanding(claim, within, len(ranked), (below[0], below[1]), ranked[-1][1], values[-1])


def standings_of(claim: FieldClaim) -> tuple[FieldStanding, ...]:
    """Return where a claim stands in each of its classes, the narrowest first."""
    return tuple(standing_of(claim, within) for within in classes_of(claim))


def memory_named(text: str) -> MemoryKind | None:
    """Return the kind of memory that a text names; `None` where it names none, or several."""
    from factsheet.hardware.technologies import technologies_in  # only where a technology is stated

    found = {_OF_TECHNOLOGY[kind] for kind in technologies_in(text)}
    return found.pop() if len(found) == 1 else None


def one_bit_text(value: float, metric: FieldMetric) -> str:
    """Return a figure in operations of 1 bit with its unit, which is the same for all so that they can be compared.

    Args:
        value: in the base unit of the metric.
        metric: what it is a figure of.
    """
    unit, size = _UNITS[metric]
    number = value / size
    return f"{number:,.0f} {unit}" if number >= _WHOLE else f"{number:.{_DIGITS}g} {unit}"


def place_data(claim: FieldClaim, standings: Sequence[FieldStanding]) -> dict[str, Any]:
    """Return a claim and its places as plain data for JSON; values are in the base unit that `unit` names."""
    reach = claim.one_bit
    return {
        "metric": claim.metric,
        "unit": dimension(DIMENSIONS_OF_METRICS[claim.metric]).base,
        "input_bits": [claim.inputs.low, claim.inputs.high],
        "weight_bits": [claim.weights.low, claim.weights.high],
        "bits_from": [claim.inputs.words, claim.weights.words],
        "bound": claim.bound or None,
        "one_bit_low": reach.low,
        "one_bit_high": reach.high,
        "places": [
            {
                "among": standing.within.words,
                "designs": standing.designs,
                "below_low": standing.below[0],
                "below_high": standing.below[1],
                "best": standing.best_value,
                "best_is": standing.best.words,
                "beyond": standing.beyond,
            }
            for standing in standings
        ],
    }
