"""A figure of a profile as pydantic reads it: a number and its unit, of one dimension, with standing and source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, model_validator

from factsheet.errors import QuantityError
from factsheet.facts.kind import refused
from factsheet.hardware.profile import Standing
from factsheet.quantities.dimensions import dimension
from factsheet.quantities.quantity import Quantity, parse_quantity
from factsheet.source.scalars import written

if TYPE_CHECKING:
    from pydantic_core import PydanticCustomError

Text = Annotated[str, Field(min_length=1, max_length=2000)]
_MOST = 10**9


def _as_written(raw: object) -> str:
    """Return the digits as they are in the file."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str) or not written(raw).strip():
        found = "nothing" if raw is None else "no number"
        raise refused(
            f"the value is {found}",
            "a figure without a number cannot be computed with",
            "write a number, or a range such as `5 to 7`; leave the whole figure out if it is not known",
        )
    return written(raw).strip()


class ProfilePart(BaseModel):
    """A mapping of a profile: unknown keys refused, no coercion, frozen once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Quoted(ProfilePart):
    """A figure; each subclass is one dimension of the sheet's unit table.

    Attributes:
        value: the number as written, or a range of two.
        unit: a unit of the dimension.
        standing: how far it can be relied on.
        source: where a reader finds it.
        formula: how an inferred figure follows from others.
        fitted_to: what a fitted one was chosen to bring out right.
        note: what a reader must know with it.
    """

    dimension: ClassVar[str]
    units: ClassVar[tuple[str, ...]] = ()
    """The units that make sense here, where the dimension counts things of any kind; all of its own otherwise."""

    value: Annotated[str, PlainValidator(_as_written)]
    unit: Annotated[str, Field(min_length=1, max_length=40)]
    standing: Standing
    source: Text
    formula: Text | None = None
    fitted_to: Text | None = None
    note: Text | None = None

    @property
    def quantity(self) -> Quantity:
        """The figure as a quantity of its dimension."""
        return parse_quantity(self.text, self.measured_in())

    @property
    def si(self) -> float:
        """The nominal value in the dimension's base unit: the middle of a range."""
        return self.quantity.value

    @property
    def text(self) -> str:
        """Number and unit as written."""
        return f"{self.value} {self.unit}"

    def measured_in(self) -> str:
        """Return the dimension's name in the unit table."""
        return self.dimension

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.units and self.unit not in self.units:
            raise refused(
                f"`{self.unit}` does not count what is here",
                "a number of rows, devices and bits look alike without their unit",
                f"write {' or '.join(f'`{unit}`' for unit in self.units)}",
                "unit",
            )
        try:
            quantity = self.quantity
        except QuantityError as error:
            if error.cause == "negative":
                raise self._not_positive() from None
            below = "unit" if error.cause in {"unit", "bare number"} else "value"
            raise refused(error.message, error.why, error.help, below) from None
        if quantity.value <= 0 or (quantity.kind == "range" and quantity.low <= 0):
            raise self._not_positive()
        if quantity.kind == "bound":
            raise refused(
                f"`{self.text}` is a bound and not a figure",
                "nothing can be computed from one end alone",
                "write a number, or a range with both ends",
                "value",
            )
        if self.measured_in() == "count" and (quantity.kind != "point" or not quantity.value.is_integer()):
            raise refused(
                f"`{self.text}` is no whole number",
                "what is here is counted one by one",
                "write a whole number",
                "value",
            )
        if self.measured_in() == "count" and quantity.value > _MOST:
            raise refused(
                f"`{self.text}` is more than any chip has",
                "totals of a chip are products of such numbers",
                "check the number against the source",
                "value",
            )
        self._standing_makes_sense()
        return self

    def _not_positive(self) -> PydanticCustomError:
        title = dimension(self.measured_in()).title
        return refused(
            f"`{self.text}` is not above zero",
            f"no {title} of a chip's part is zero or less; what is divided by it would have no value",
            "write the figure, or leave it out if it is not known: what follows from it is then not derived",
            "value",
        )

    def _standing_makes_sense(self) -> None:
        if (self.standing == "fitted") != (self.fitted_to is not None):
            raise refused(
                "a fitted figure does not say what it was fitted to"
                if self.fitted_to is None
                else f"`fitted_to` is given at a figure that is {self.standing}",
                "what a constant was fitted to cannot be used to check the model any more",
                "add `fitted_to: …`" if self.fitted_to is None else "remove it, or write `standing: fitted`",
                "standing",
            )
        if self.standing == "inferred" and self.formula is None:
            raise refused(
                "an inferred figure does not give its formula",
                "a reader could not tell arithmetic on published figures from a guess",
                "add `formula: …` with the figures that it follows from",
                "standing",
            )


class Weights(Quoted):
    """Weights along a side of a tile."""

    dimension, units = "count", ("weights", "weight")


class Devices(Quoted):
    """Devices, of one weight or of all."""

    dimension, units = "count", ("devices", "device")


class Columns(Quoted):
    """Physical columns of a tile."""

    dimension, units = "count", ("columns", "column")


class Bits(Quoted):
    """Bits of an input, a cell, a weight or a converter."""

    dimension, units = "count", ("bits", "bit")


class Count(Quoted):
    """Whatever else there are several of: phases, components, tiles of a chip."""

    dimension = "count"


class Length(Quoted):
    """The process node."""

    dimension = "length"


class Time(Quoted):
    """A time."""

    dimension = "time"


class Frequency(Quoted):
    """Conversions or cycles per second."""

    dimension = "frequency"


class Energy(Quoted):
    """An energy."""

    dimension = "energy"


class Power(Quoted):
    """A power."""

    dimension = "power"


class Area(Quoted):
    """An area."""

    dimension = "area"


class Rate(Quoted):
    """Operations per second, an addition and a multiplication being two."""

    dimension = "ops_per_second"


class Efficiency(Quoted):
    """Operations per joule."""

    dimension = "ops_per_second_per_watt"


class Density(Quoted):
    """Operations per second and area."""

    dimension = "ops_per_second_per_area"
